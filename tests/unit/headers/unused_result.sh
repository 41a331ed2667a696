#!/bin/sh
# unused_result.sh SOURCE COMPILER FLAG...: the compiler warns of every line marked DROPPED, and of no other.
# gcc needs -ftrack-macro-expansion=0, to name the line where the macro stands.
set -u
source=$1
shift
diagnostics=$("$@" -S -o /dev/null "$source" 2>&1)
wanted=$(grep -n DROPPED "$source" | grep -v 'unused_result.sh' | cut -d: -f1)
warned=$(printf '%s\n' "$diagnostics" |
    sed -n 's/^[^ ]*unused_result\.c:\([0-9]*\):.*warning: .*\[-Wunused-result\].*/\1/p' | sort -nu)
if [ -n "$wanted" ] && [ "$wanted" = "$warned" ]; then
    echo "warned of $(echo "$wanted" | wc -l) dropped results"
    exit 0
fi
printf '%s\n' "$diagnostics"
printf "dropped in lines:\n%s\nwarned of in lines:\n%s\n" "$wanted" "$warned"
exit 1
