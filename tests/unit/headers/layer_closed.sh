#!/bin/sh
# layer_closed.sh OWN FORBIDDEN... -- COMPILER FLAG...: with the flags that files of layer OWN are compiled with, no
# header of a FORBIDDEN folder can be included, and no file of the layer climbs out of it with "../".
set -u
own=$1
shift
forbidden=
while [ "$1" != -- ]; do
    forbidden="$forbidden $1"
    shift
done
shift
failed=0 count=0
# The flags must be good for the layer's own headers, or a refusal below would prove nothing.
for header in "$own"/*.h; do
    [ -e "$header" ] || continue
    if ! printf '#include "%s"\n' "$(basename "$header")" | "$@" -x c -fsyntax-only -; then
        echo "$own: its own header $(basename "$header") does not compile with: $*"
        failed=1
    fi
done
for folder in $forbidden; do
    for header in "$folder"/*.h; do
        [ -e "$header" ] || continue
        count=$((count + 1))
        name=$(basename "$header")
        # A layer may have a header of the same name: what counts is which file is found.
        if printf '#include "%s"\n' "$name" | "$@" -x c -M - 2>/dev/null | tr ' ' '\n' | grep -qxF "$header"; then
            echo "$own can include $header, a layer that it must not know"
            failed=1
        fi
    done
done
if grep -n '#include "\.\./' "$own"/*.[ch] 2>/dev/null; then
    echo "$own: an include climbs out of the layer"
    failed=1
fi
echo "$own: $count foreign headers tried"
[ "$failed" -eq 0 ]
