#!/bin/sh
# exports.sh LIBRARY INCLUDE CC: the shared library exports exactly what the public headers mark LEASH_API.
set -eu
library=$1 include=$2 cc=$3
lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT
nm -D --defined-only "$library" | awk '$2 != "A" {print $3}' | sed 's/@.*//' | sort >"$lists/exported"
# A declaration's name is the last word before its first parenthesis, once the attributes are gone.
printf '#include <leash.h>\n' | "$cc" -I"$include" -E -P - | tr '\n' ' ' | tr ';' '\n' |
    grep 'visibility("default")' | sed 's/__attribute__((\(visibility("default")\|warn_unused_result\)))//g' |
    sed -n 's/^[^(]*\<\(leash_[a-z0-9_]*\) *(.*/\1/p' | sort -u >"$lists/declared"
[ -s "$lists/declared" ] || { echo "no LEASH_API declaration found under $include"; exit 1; }
if ! diff -u --label declared --label exported "$lists/declared" "$lists/exported"; then
    echo "+ is exported but not declared LEASH_API in a public header, - is declared but not exported"
    exit 1
fi
echo "$(wc -l <"$lists/declared") symbols"
