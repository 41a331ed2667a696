#!/bin/sh
# holders.sh SOURCE INCLUDE LIBRARIES COMPILER...: where handles are found, by what each compiler makes of the program at
# each level, without libleash_malloc, with it loaded before the program, and linked with it.
set -eu
source=$1 include=$2 libraries=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LEASH_OPTIONS=report=0:exitcode=0
failed=0
try() {
    what=$1
    shift
    code=0
    "$@" >"$work/said" 2>&1 || code=$?
    [ "$code" -ne 77 ] || exit 77
    [ "$code" -eq 0 ] || { echo "$what: exit $code"; cat "$work/said"; failed=1; }
}
for compiler; do
    command -v "$compiler" >/dev/null || continue
    for level in -O0 -O1 -O2 -O3; do
        "$compiler" -std=gnu11 -w $level -I"$include" "$source" -o "$work/plain" -L"$libraries" -lleash -lpthread -Wl,-rpath,"$libraries"
        try "$compiler $level" "$work/plain" plain
        try "$compiler $level, loaded" env LD_PRELOAD="$libraries/libleash_malloc.so" "$work/plain" heap
    done
    "$compiler" -std=gnu11 -w -O2 -I"$include" "$source" -o "$work/linked" -L"$libraries" -lleash_malloc -lleash -lpthread -Wl,-rpath,"$libraries"
    try "$compiler, linked" "$work/linked" heap
done
exit $failed
