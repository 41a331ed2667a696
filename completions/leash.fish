# fish completion for leash. What may be typed is asked of leash itself, which also looks into the trace on the line;
# fish quotes what it adds.
function __leash_words
    set -l before (commandline -opc)
    set -l current (string replace -ra '[\\\\\'"]' '' -- (commandline -ct))
    set -l all (commandline -o)
    set -l behind
    set -l next (math (count $before) + 2)
    if test $next -le (count $all)
        set behind $all[$next..-1]
    end
    for line in (command leash completions words (count $before) $before "$current" $behind 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current"
            case :open
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c leash -f -a '(__leash_words)'
