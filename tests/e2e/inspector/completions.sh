#!/bin/bash
# completions.sh LEASH FOLDER SCHEMA: what `leash completions words` answers, and what bash, zsh and fish make of it.
set -u
leash=$1 folder=$2 schema=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
mkdir bin && ln -s "$leash" bin/leash
PATH=$dir/bin:$PATH
unset LEASH_OPTIONS
failures=0

# The trace: two tasks, one with a name that would like to be run, and a site of the same mind.
sqlite3 t.db <"$schema" >/dev/null
sqlite3 t.db "
INSERT INTO run(id, pid, began_unix_ns, ended_ns, end_kind, level) VALUES(1, 1, 1, 9, 'complete', 'lifecycle');
INSERT INTO site VALUES(1, 'src/main.c', 22, 'main', 'app'), (2, '\$(touch pwned).c', 1, 'f', 'g'),
    (3, 'src/'||char(27)||'[31m.c', 1, 'f', 'g');
INSERT INTO task(id, name, site_id, state) VALUES(1, 'Task-1', 1, 'done'), (12, '\$(touch pwned)'||char(27)||'[2J', 2, 'done'),
    (2, 'two', 1, 'done');
INSERT INTO coro(id, site_id, state, facts) VALUES(5, 2, 'created', 512);"
echo text >notes.txt
mkdir sub

fail() {
    printf 'FAILED: %s\n  wanted: %s\n  got:    %s\n' "$1" "$2" "$3"
    failures=$((failures + 1))
}
# has NAME WANTED GOT: a line of GOT is WANTED
has() { grep -qxF -- "$2" <<<"$3" || fail "$1" "$2" "$3"; }
lacks() { ! grep -qF -- "$2" <<<"$3" || fail "$1" "not $2" "$3"; }
words() { leash completions words "$@"; }
# until_has LINE COMMAND...: what it prints, asked again until that line is there: after half a second a trace is given up,
# and that is no time on a busy machine.
until_has() {
    local line=$1 got
    for _ in {1..40}; do
        got=$("${@:2}")
        grep -qxF -- "$line" <<<"$got" && break
    done
    printf '%s\n' "$got"
}

# ---- the helper ----
tab=$'\t'
has command "check${tab}judge traces: a report and an exit code" "$(words 1 leash che)"
has command :files "$(words 1 leash '')"
has flag "--fail-on${tab}fail on these classes only (default: every error)" "$(words 2 leash check --fail)"
has "flag of a lone trace" --fail-on "$(words 2 leash t.db --fail | cut -f 1)"
has "letter" -o "$(words 2 leash check - | cut -f 1)"
has "value behind =" --color=never "$(words 2 leash check --color=n)"
has "value behind a blank" never "$(words 3 leash check --color n)"
has classes "never-awaited,deadlock${tab}error" "$(words 3 leash check --fail-on never-awaited,dead)"
has lists awaits "$(words 2 leash list aw)"
has columns id,name "$(words 4 leash list tasks --columns id,nam)"
has downwards -name "$(words 4 leash list tasks --sort -na)"
has fields "state:" "$(words 4 leash list tasks --where sta)"
has "fields stay open" :open "$(words 4 leash list tasks --where sta)"
has "of a field" "name:x -state:pending" "$(words 4 leash list tasks --where 'name:x -state:pen' t.db)"
has "one of several" "state:done|failed" "$(words 4 leash list tasks --where 'state:done|fai' t.db)"
has "classes in the trace" "leak:never-awaited${tab}error" "$(until_has "leak:never-awaited${tab}error" words 4 leash list coros --where 'leak:' t.db)"
lacks "no classes but those" leak:deadlock "$(until_has "leak:never-awaited${tab}error" words 4 leash list coros --where 'leak:' t.db)"
has "without a trace all classes" "leak:deadlock" "$(words 4 leash list coros --where 'leak:')"
has "any of them" "leak:any" "$(until_has "leak:never-awaited${tab}error" words 4 leash list coros --where 'leak:' t.db | cut -f 1)"
has "sites in the trace" "site:src/main.c:22" "$(until_has "site:src/main.c:22" words 4 leash list tasks --where 'site:s' t.db)"
# shellcheck disable=SC2016 # that is the point
has "a name that would be run is a word" 'site:$(touch pwned).c:1' "$(until_has 'site:$(touch pwned).c:1' words 4 leash list tasks --where 'site:' t.db)"
lacks "sites without control bytes" x1b "$(words 4 leash list tasks --where 'site:' t.db)"
has "formats of files" "junit=" "$(words 3 leash check --output ju)"
has "files of formats" :files "$(words 3 leash check --output junit=)"
has folders :folders "$(words 3 leash check --source '')"
has shells fish "$(words 2 leash completions f)"
# Each value of a flag is offered as something, but for what nobody could guess.
for command in $(leash --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    while read -r flag value; do
        case $value in N | TIME | WxH) continue ;; esac
        [ -n "$(words 4 leash "$command" tasks "$flag" '')" ] || fail "$command $flag $value" "something" ""
    done < <(leash "$command" -h | sed -nE 's/^ +(-., )?(--[a-z-]+) ([^ ]+) .*/\2 \3/p')
done
has ids "#1${tab}done Task-1" "$(until_has "#1${tab}done Task-1" words 2 leash show '#' t.db)"
has "bare ids" "12" "$(until_has "1${tab}done Task-1" words 2 leash show 1 t.db | cut -f 1)"
has "ids by kind" '#c5' "$(until_has "#c5${tab}created g" words 2 leash show '#c' t.db | cut -f 1)"
has "trace before the id" "2" "$(until_has "2${tab}done two" words 3 leash show t.db '' | cut -f 1)"
lacks "ids that begin otherwise" 2 "$(words 2 leash show '#1' t.db | cut -f 1 | sed s/12//)"
has "a trace behind other words" :files "$(words 4 leash baseline write t.db '')"
has views leaks "$(words 3 leash tui --view l)"
has "no trace yet" :files "$(words 2 leash show '')"
has "a command's own words" :files "$(words 4 leash run -- make -)"
lacks "no control byte" $'\033' "$(words 2 leash show '#' t.db)"
[ -z "$(words 9 leash check 2>&1)$(words 2 leash check $'\033' 2>&1)$(words 0 leash 2>&1)" ] || fail "silent" "" "something"
echo junk >junk.db
[ -z "$(words 2 leash show '#' junk.db 2>&1)" ] || fail "silent about what is no trace" "" "$(words 2 leash show '#' junk.db 2>&1)"
echo 'nonsense = 1' >.leash.conf # what is wrong there is said by commands, not while somebody types
has "with a broken configuration" check "$(words 1 leash chec | cut -f 1)"
rm .leash.conf

# ---- bash ----
bash_says() { # WORD... : the last is being typed
    bash --norc -c '
        source "$1"; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        compopt() { :; }
        _leash && ((${#COMPREPLY[@]})) && printf "%s\n" "${COMPREPLY[@]}"' bash "$folder/leash.bash" "$@" 2>&1
}
has "bash: command" check "$(bash_says leash ch)"
has "bash: flag" --fail-on "$(bash_says leash check --f)"
has "bash: cut at =" never "$(bash_says leash check --color = n)"
has "bash: nothing behind =" never "$(bash_says leash check --color = '')"
has "bash: quoted for the shell" '\#1' "$(until_has '\#1' bash_says leash show t.db '\#')"
has "bash: file" notes.txt "$(bash_says leash check no)"
has "bash: folder" sub "$(bash_says leash check --source s)"
has "bash: within quotes" '#1' "$(until_has '#1' bash_says leash show t.db "'#")"
lacks "bash: within quotes nothing that needs some" touch "$(bash_says leash list tasks t.db --where '"site:')"
has "bash: what would be run is quoted" '\$\(touch\ pwned\).c:1' "$(until_has '\$\(touch\ pwned\).c:1' bash_says leash list tasks t.db --where site :)"
has "bash: registered" "complete -F _leash leash" "$(bash --norc -c 'source "$1"; complete -p leash' bash "$folder/leash.bash")"
has "bash: printed by leash" "complete -F _leash leash" "$(leash completions bash)"

# ---- zsh ----
zsh_says() {
    zsh -fc '
        script=$1; shift
        words=("$@") CURRENT=$#
        compdef() { }
        compadd() { print -rl -- $plain "compadd ${(j:,:)@}" }
        _files() { print files $* }
        source $script; _leash' zsh "$folder/_leash" "$@" 2>&1
}
has "zsh: command" check "$(zsh_says leash ch)"
has "zsh: flag" --fail-on "$(zsh_says leash check --f)"
has "zsh: value" --color=never "$(zsh_says leash check --color=n)"
has "zsh: what was quoted" '#1' "$(until_has '#1' zsh_says leash show t.db "'#")"
has "zsh: no blank behind a field" "compadd -l,-S,,-d,shown,-a,plain" "$(zsh_says leash list tasks --where "'stat")"
has "zsh: files" files "$(zsh_says leash check '')"
has "zsh: folders" "files -/" "$(zsh_says leash check --source '')"

# ---- fish ----
# shellcheck disable=SC2016 # fish expands it
fish_says() { fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$folder/leash.fish" "$1" 2>&1; }
export HOME=$dir
has "fish: command" "check${tab}judge traces: a report and an exit code" "$(fish_says 'leash chec')"
has "fish: flag" --fail-on "$(fish_says 'leash check --f' | cut -f 1)"
has "fish: value" --color=never "$(fish_says 'leash check --color=n')"
has "fish: id" "#1${tab}done Task-1" "$(until_has "#1${tab}done Task-1" fish_says "leash show t.db '#")"
has "fish: file" notes.txt "$(fish_says 'leash check no')"

[ ! -e pwned ] || fail "nothing of a trace is run" "" pwned
[ "$failures" -eq 0 ] && echo "completions: all right"
exit "$((failures > 0))"
