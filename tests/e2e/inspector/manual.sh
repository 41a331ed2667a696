#!/bin/bash
# manual.sh LEASH BUILT SOURCE: the manual pages render without a warning, at two widths, and tell what there is. Those
# that are filled in lie in the folder BUILT, the others in SOURCE/docs/man.
set -u
leash=$1 page=$2/leash.1 source=$3
pages=("$2"/*.[0-9] "$source"/docs/man/*.[0-9])
failures=0

fail() {
    printf 'FAILED: %s\n%s\n' "$1" "$2"
    failures=$((failures + 1))
}
# same WHAT WANTED GOT
same() { [ "$2" = "$3" ] || fail "$1 (<: not in the manual, >: only there)" "$(diff <(echo "$2") <(echo "$3") | grep '^[<>]')"; }
# The words in bold at the beginning of a tagged paragraph.
tagged() { sed 's/\\-/-/g; s/\\fR//g' "$1" | grep -A 1 -x '.TP' | grep -E '^\.(B|BR) ' | tr -d '",' | cut -d ' ' -f 2-; }

for file in "${pages[@]}"; do
    for width in 80 132; do
        said=$(groff -ww -man -Tutf8 -rLL=${width}n "$file" 2>&1 >/dev/null)
        [ -z "$said" ] || fail "groff -ww at $width" "$said"
        said=$(MANWIDTH=$width LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l "$file" 2>&1 >/dev/null)
        [ -z "$said" ] || fail "man --warnings at $width" "$said"
        said=$(groff -ww -man -Tascii -P-c -rLL=${width}n "$file" | sed 's/.\x08//g' | awk -v w=$width 'length($0) > w')
        [ -z "$said" ] || fail "wider than $width: $file" "$said"
    done
done

# libleash(3) names each function of the public headers and no other.
in_headers=$(cat "$source"/runtime/include/leash/*.h | tr '\n' ' ' |
    grep -oE '(#define +leash_[a-z]+[a-z_]*\(|LEASH_API [^;(]*\b\**leash_[a-z]+[a-z_]*\()' |
    grep -oE 'leash_[a-z]+[a-z_]*\($' | tr -d '(' | grep -v '^leash__' | sort -u)
in_page=$(tagged "$source/docs/man/libleash.3" | tr ' ' '\n' | grep '^leash_' | sort -u)
same "libleash(3)" "$in_headers" "$in_page"

# ... and each option of LEASH_OPTIONS.
options=$(sed -n '/^#define OPTIONS(X)/,/[^\\]$/p' "$source/runtime/core/options_text.c" | grep -oE 'X\([a-z_]+,' | tr -d 'X(,' | sort)
in_page=$(sed -n '/^.SH OPTIONS/,/^.SH ERRORS/p' "$source/docs/man/libleash.3" | grep -A 1 -x '.TP' | grep -oE '^\.BI? [a-z_]+=' |
    tr -d '=' | cut -d ' ' -f 2 | sort)
same "options of libleash(3)" "$options" "$in_page"

# leash-suppressions(5) tells the fields that are matched.
fields=$(grep -oE '^ +X\([A-Z_]+, "[a-z-]+"\)' "$source/inspector/model/accept/pattern.h" | grep -oE '"[a-z-]+"' | tr -d '"' | sort)
in_page=$(sed -n '/^.SH FIELDS/,/^.SH LIMITS/p' "$source/docs/man/leash-suppressions.5" | sed 's/\\-/-/g' |
    grep -oE '^\.B [a-z-]+=$' | tr -d '=' | cut -d ' ' -f 2 | sort)
same "leash-suppressions(5)" "$fields" "$in_page"

# leash(1) has every flag of every command, and every command.
shown=$(groff -man -Tascii -P-cbou -rLL=200n "$page")
commands=$("$leash" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 6 ] || fail "commands of --help" "$commands"
for command in $commands; do
    grep -qE "^ +leash $command" <<<"$shown" || fail "leash(1)" "no command $command"
    for flag in $("$leash" "$command" -h | grep -oE '^ +(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
        [ "$flag" = --help ] || grep -qE -- "^ +(-., )?$flag" <<<"$shown" || fail "leash(1)" "no flag $flag of $command"
    done
done
[ ${#pages[@]} -eq 4 ] || fail "pages" "${pages[*]}"
! grep '^@' "${pages[@]}" || fail "not filled in" "see above"

[ "$failures" -eq 0 ] && echo "manual: all right"
exit "$((failures > 0))"
