#include "complete.h"
#include "flags.h"
#include "manual.h"
#include "scripts.h"
#include "values.h"

#include <string.h>

static int print_script(const char *shell)
{
    for (const struct script *script = scripts; script->shell; script++) {
        if (strcmp(script->shell, shell) == 0) {
            fputs(script->text, stdout);
            return EXIT_CLEAN;
        }
    }
    complain("completions", "there are completions for bash, zsh and fish, not for \"%s\"", shell);
    return EXIT_TROUBLE;
}

/* `words N leash ...` is what the scripts ask, and `manual` what fills in the manual when it is built. */
int cmd_completions(int argc, char **argv)
{
    int64_t index;
    if (argc > 2 && strcmp(argv[1], "words") == 0) {
        if (value_number(argv[2], 0, argc, &index))
            complete_line(stdout, argv + 3, (size_t)argc - 3, (size_t)index);
        return EXIT_CLEAN;
    }
    if (argc == 2 && strcmp(argv[1], "manual") == 0)
        return manual_fill(stdin, stdout);
    if (argc == 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
        help_command(stdout, command_named("completions"));
        return EXIT_CLEAN;
    }
    if (argc == 2)
        return print_script(argv[1]);
    complain("completions", "for which shell? (usage: %s)", command_named("completions")->usage);
    return EXIT_TROUBLE;
}
