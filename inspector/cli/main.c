/* leash: the inspector's command line. */
#include "command.h"
#include "suggest.h"
#include "terminal.h"

#include <string.h>
#include <trace_format.h>
#include <unistd.h>

static void version(void)
{
    printf("leash %s (reads trace schema %d)\n", LEASH_VERSION, LEASH_SCHEMA_VERSION);
}

/* Something that is meant to be a trace and not a mistyped subcommand. */
static bool looks_like_trace(const char *word)
{
    return strpbrk(word, "./") || access(word, F_OK) == 0;
}

/* Somebody sits there who can be shown the trace: else a lone trace is checked. */
static bool is_interactive(void)
{
    char why[128];
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && terminal_suits(why, sizeof why);
}

static int unknown(const char *word)
{
    struct suggestion near;
    suggest_begin(&near, word);
    for (size_t i = 0; command_at(i); i++)
        suggest_offer(&near, command_at(i)->name);
    if (near.best)
        complain(NULL, "no command and no trace is called \"%s\"; did you mean `leash %s`?", word, near.best);
    else
        complain(NULL, "no command and no trace is called \"%s\" (`leash --help` names the commands)", word);
    return EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help_program(stderr);
        return EXIT_TROUBLE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0) {
        version();
        return EXIT_CLEAN;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        help_program(stdout);
        return EXIT_CLEAN;
    }
    const struct command *command = command_named(word);
    if (command)
        return command->run(argc - 1, argv + 1);
    if (*word == '-' || looks_like_trace(word)) {
        bool shown = argc == 2 && *word != '-' && is_interactive();
        return shown ? cmd_tui(argc, argv) : cmd_check(argc, argv);
    }
    return unknown(word);
}
