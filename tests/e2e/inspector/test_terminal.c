/* What is different on a terminal: colours, and signals that it sends to all who run in it. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECORD_CLEAN "cp clean.db \"$(echo \"$LEASH_TRACE\" | sed s/%p/$$/)\"; "

static pid_t start_on_terminal(const struct fixture *fixture, const char *const *arguments, const char *terminal,
                               const char *no_color, int *master)
{
    const char *words[10] = {LEASH_PROGRAM};
    for (size_t i = 0; i < 8 && arguments[i]; i++)
        words[i + 1] = arguments[i];
    pid_t pid = forkpty(master, NULL, NULL, NULL);
    if (pid == 0) {
        setenv("TERM", terminal, 1);
        setenv("NO_COLOR", no_color, 1);
        setenv("TMPDIR", fixture->dir, 1);
        if (chdir(fixture->dir) == 0)
            execv(words[0], (char **)words);
        _exit(99);
    }
    assert_true(pid > 0);
    return pid;
}

/* All that is printed until the end; the exit code. */
static int read_to_end(pid_t pid, int master, char *text, size_t room)
{
    size_t length = 0;
    ssize_t got;
    int status;
    while (length < room - 1 && (got = read(master, text + length, room - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    close(master);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool is_coloured(const struct fixture *fixture, const char *terminal, const char *no_color, const char *flag)
{
    char text[8192];
    int master;
    const char *const arguments[] = {"check", "clean.db", flag, NULL};
    pid_t pid = start_on_terminal(fixture, arguments, terminal, no_color, &master);
    assert_int_equal(read_to_end(pid, master, text, sizeof text), 0);
    assert_non_null(strstr(text, "No leaks"));
    return strchr(text, '\033') != NULL;
}

static void test_colours(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture_name(fixture, "clean.db"), FIXTURE_RUN);
    assert_true(is_coloured(fixture, "xterm", "", NULL));
    assert_false(is_coloured(fixture, "xterm", "1", NULL));
    assert_false(is_coloured(fixture, "dumb", "", NULL));
    assert_false(is_coloured(fixture, "xterm", "", "--color=never"));
    assert_true(is_coloured(fixture, "dumb", "1", "--color=always"));
}

/* Ctrl-C reaches a command in the terminal's foreground by itself; a second one from us would mean "at once" to it.
 * This one has left the terminal, so that what it gets can only come from us: nothing for Ctrl-C, but the SIGTERM that
 * we are sent. */
static void test_interrupt_is_not_passed_on(void **state)
{
    struct fixture *fixture = *state;
    char byte, text[8192] = "";
    int master;
    fixture_make(fixture_name(fixture, "clean.db"), FIXTURE_RUN);
    assert_int_equal(mkfifo(fixture_name(fixture, "ready"), 0600), 0);
    const char *const arguments[] = {
        "run",
        "--",
        "setsid",
        "sh",
        "-c",
        "trap 'echo int >> got' INT; trap 'echo term >> got; on=' TERM; on=1; echo > ready;"
        "while [ $on ]; do :; done; " RECORD_CLEAN,
        NULL};
    pid_t pid = start_on_terminal(fixture, arguments, "xterm", "1", &master);
    int fd = open(fixture_name(fixture, "ready"), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, &byte, 1), 1);
    close(fd);
    assert_int_equal(write(master, "\003", 1), 1);
    while (strchr(text, '^') == NULL) /* the terminal echoes ^C once it has sent the signal */
        text[read(master, text, sizeof text - 1)] = '\0';
    assert_int_equal(kill(pid, SIGTERM), 0);
    assert_int_equal(read_to_end(pid, master, text, sizeof text), 0);
    FILE *got = fopen(fixture_name(fixture, "got"), "r");
    assert_non_null(got);
    text[fread(text, 1, 100, got)] = '\0';
    fclose(got);
    assert_string_equal(text, "term\n");
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_colours), WITH_FIXTURE(test_interrupt_is_not_passed_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
