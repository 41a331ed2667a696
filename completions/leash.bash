# bash completion for leash. What may be typed is asked of leash itself, which also looks into the trace on the line;
# nothing of an answer is ever read by the shell as more than a word.
_leash() {
    local -a words=()
    local word glued='' cur prefix line candidate open='' i index=0
    # bash cuts words at '=' and ':'; leash wants them whole.
    for ((i = 0; i <= COMP_CWORD || i < ${#COMP_WORDS[@]}; i++)); do
        word=${COMP_WORDS[i]-}
        if ((${#words[@]})) && [[ $word == [=:] || $glued ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        [[ $word == [=:] ]] && glued=1 || glued=''
        ((i == COMP_CWORD)) && index=$((${#words[@]} - 1))
    done
    cur=${words[index]}
    local quote=''
    [[ $cur == [\'\"]* ]] && quote=${cur:0:1}
    for i in "${!words[@]}"; do # what was quoted, as leash will see it
        words[i]=${words[i]//[\\\"\']/}
    done
    cur=${words[index]}
    prefix=''
    if [[ -z $quote && $cur == *[=:]* ]]; then # readline replaces only what stands behind the last of them
        prefix=${cur%"${cur##*[=:]}"}
    fi

    local -a plain=()
    local files=''
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        :files) files=-f ;;
        :folders) files=-d ;;
        :open) open=1 ;;
        *) candidate=${line%%$'\t'*} plain+=("${candidate#"$prefix"}") ;;
        esac
    done < <(command leash completions words "$index" "${words[@]}" 2>/dev/null)
    for candidate in "${plain[@]}"; do
        if [[ $candidate != *[!A-Za-z0-9_.,:=/%+@-]* ]]; then
            COMPREPLY+=("$candidate")
        elif [[ -z $quote && -z $files ]]; then # beside files readline itself quotes
            printf -v candidate %q "$candidate"
            COMPREPLY+=("$candidate")
        elif [[ ($quote == \' && $candidate != *\'*) || ($quote == '"' && $candidate != *[\"\$\`\\!]*) ]]; then
            COMPREPLY+=("$candidate") # within quotes nothing can be quoted: left out if it would have to be
        fi
    done
    if [[ $files ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r candidate; do
            COMPREPLY+=("$candidate")
        done < <(compgen "$files" -- "${cur#"$prefix"}")
    fi
    [[ -z $open ]] || compopt -o nospace 2>/dev/null
}
complete -F _leash leash
