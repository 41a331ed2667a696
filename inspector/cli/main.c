/* leash: the inspector's command line. */
#include "command.h"
#include "suggest.h"
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
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

/* `leash help`, `leash help check`, `leash --help check`. */
static int help(const char *name)
{
    const struct command *command = name ? command_named(name) : NULL;
    if (name && !command)
        return unknown(name);
    if (command)
        help_command(stdout, command);
    else
        help_program(stdout);
    return EXIT_CLEAN;
}

static int run(int argc, char **argv)
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
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        return help(argv[2]);
    const struct command *command = command_named(word);
    if (command)
        return command->run(argc - 1, argv + 1);
    if (*word == '-' || looks_like_trace(word)) {
        bool shown = argc == 2 && *word != '-' && is_interactive();
        return shown ? cmd_tui(argc, argv) : cmd_check(argc, argv);
    }
    return unknown(word);
}

/* A file that is opened takes the lowest number that is free: with standard output closed, a report meant for it would
 * go into another file. What stands there instead refuses to be written, and commands that are run do not get it. */
static void hold_standard_files(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    hold_standard_files();
    int code = run(argc, argv);
    int failed = fflush(stdout) != 0 ? errno : ferror(stdout) ? EIO : 0;
    if (!failed || code == EXIT_TROUBLE)
        return code; /* trouble was told where it was met */
    complain(NULL, "standard output: cannot be written: %s", strerror(failed));
    return EXIT_TROUBLE;
}
