#!/bin/sh
# headers_alone.sh FOLDER COMPILER FLAG...: every header below FOLDER compiles as the only include of a file. A folder in
# it that is built by itself has flags of its own.
set -u
folder=$1
shift
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT
find "$folder" -mindepth 1 -type d -exec test -f '{}/CMakeLists.txt' ';' -prune -o -name '*.h' -print | sort >"$headers"
count=0 failed=0
while IFS= read -r header; do
    # cxx.h says so itself: it is for C++ only.
    case "$header $*" in */leash/cxx.h*"-x c "*) continue ;; esac
    count=$((count + 1))
    if ! printf '#include "%s"\nextern int leash_not_empty;\n' "$header" | "$@" -fsyntax-only -; then
        echo "$header does not compile alone with: $*"
        failed=$((failed + 1))
    fi
done <"$headers"
[ "$count" -gt 0 ] || { echo "no header in $folder"; exit 1; }
echo "$count headers, $failed do not compile alone"
[ "$failed" -eq 0 ]
