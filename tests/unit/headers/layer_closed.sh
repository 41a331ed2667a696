#!/bin/sh
# layer_closed.sh OWN FORBIDDEN... -- COMPILER FLAG...: with the flags that files of layer OWN are compiled with, no
# header below a FORBIDDEN folder can be included, and no file of the layer climbs out of its folder with "../".
# No include path may lead there either: a header could be named by a longer path.
# headers_alone.sh shows that the same flags are good for the layer's own headers: else a refusal would prove nothing.
set -u
own=$1
shift
headers=$(mktemp)
folders=$(mktemp)
trap 'rm -f "$headers" "$folders"' EXIT
while [ "$1" != -- ]; do
    [ ! -d "$1" ] || find "$1" -name '*.h' >>"$headers"
    printf '%s\n' "$1" >>"$folders"
    shift
done
shift
failed=0
for flag; do
    case $flag in -I*) ;; *) continue ;; esac
    path=$(realpath -m "${flag#-I}")
    while IFS= read -r folder; do
        case $path/ in "$folder"/*)
            echo "$own is compiled with $flag, which leads into $folder"
            failed=1
            ;;
        esac
    done <"$folders"
done
# All at once: what is found is included, and -M names the file. A layer may have a header of the same name: what counts
# is which file that was.
found=$(sed 's|.*/||' "$headers" | sort -u | sed 's|.*|#if __has_include("&")\n#include "&"\n#endif|' |
    "$@" -x c -M -MG - | tr ' ' '\n' | grep -xF -f "$headers")
if [ -n "$found" ]; then
    printf '%s can include headers of layers that it must not know:\n%s\n' "$own" "$found"
    failed=1
fi
if grep -rn --include='*.[ch]' '#include "\.\./' "$own"; then
    echo "$own: an include climbs out of the folder"
    failed=1
fi
echo "$own: $(wc -l <"$headers") foreign headers tried"
[ "$failed" -eq 0 ]
