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

/* LEASH_PAGER of what is started. */
static const char *pager = "";

static pid_t start_on_terminal(const struct fixture *fixture, const char *const *arguments, const char *terminal,
                               const char *no_color, int *master)
{
    const char *words[10] = {LEASH_PROGRAM};
    for (size_t i = 0; i < 8 && arguments[i]; i++)
        words[i + 1] = arguments[i];
    pid_t pid = forkpty(master, NULL, NULL, NULL);
    if (pid == 0) {
        setenv("TERM", terminal, 1);
        setenv("LEASH_PAGER", pager, 1);
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
    assert_false(is_coloured(fixture, "", "", NULL));
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

static int says_on_terminal(const struct fixture *fixture, const char *with, const char *const *arguments, char *text,
                            size_t room)
{
    int master;
    pager = with;
    pid_t pid = start_on_terminal(fixture, arguments, "xterm", "1", &master);
    pager = "";
    return read_to_end(pid, master, text, room);
}

#define LEAK                                                                                                           \
    "INSERT INTO site VALUES(2, 'src/a.c', 10, 'f', 'g');"                                                             \
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(5, 2, 7, 'created', 512);"
#define MANY_TASKS                                                                                                     \
    "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"                                  \
    "INSERT INTO task(id, site_id, state, ended_ns, facts) SELECT i, 1, 'done', 5, 0 FROM n;"

static void test_what_is_long_is_paged(void **state)
{
    struct fixture *fixture = *state;
    char text[8192];
    fixture_make(fixture_name(fixture, "leak.db"), FIXTURE_RUN LEAK);
    static const struct {
        const char *pager, *arguments[6];
        bool paged;
    } cases[] = {
        {"sed s/^/paged:/", {"check", "leak.db"}, true},
        {" sed\ts/^/paged:/ ", {"sql", "leak.db", "SELECT 1"}, true},
        {"sed s/^/paged:/", {"check", "--no-pager", "leak.db"}, false},
        {"sed s/^/paged:/", {"check", "-o", "/dev/tty", "leak.db"}, false},
        {"", {"check", "leak.db"}, false},
        {"cat", {"check", "leak.db"}, false},
        {"/none/such", {"check", "leak.db"}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int code = says_on_terminal(fixture, cases[i].pager, cases[i].arguments, text, sizeof text);
        bool paged = strstr(text, "paged:") != NULL;
        if (paged != cases[i].paged || code != (strcmp(cases[i].arguments[0], "check") == 0))
            fail_msg("%s: exit %d, %s", cases[i].pager, code, text);
    }
}

/* less would warn, and wait for a key. */
static void test_no_pager_on_a_dumb_terminal(void **state)
{
    static const char *const terminals[] = {"dumb", ""};
    static const char *const arguments[] = {"check", "leak.db", NULL};
    struct fixture *fixture = *state;
    char text[8192];
    int master;
    fixture_make(fixture_name(fixture, "leak.db"), FIXTURE_RUN LEAK);
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
        pager = "sed s/^/paged:/";
        pid_t pid = start_on_terminal(fixture, arguments, terminals[i], "", &master);
        pager = "";
        assert_int_equal(read_to_end(pid, master, text, sizeof text), 1);
        assert_int_equal(strncmp(text, "error[never-awaited]", 20), 0);
    }
}

/* A pager is started by its words: nothing in them is a shell's. */
static void test_no_shell_reads_the_pager(void **state)
{
    struct fixture *fixture = *state;
    const char *const arguments[] = {"check", "clean.db", NULL};
    char text[8192];
    fixture_make(fixture_name(fixture, "clean.db"), FIXTURE_RUN);
    assert_int_equal(says_on_terminal(fixture, "tee out; touch injected", arguments, text, sizeof text), 0);
    assert_int_equal(access(fixture_name(fixture, "out;"), F_OK), 0);
    FILE *injected = fopen(fixture_name(fixture, "injected"), "r"); /* tee's third file, with the report in it */
    assert_non_null(injected);
    assert_int_not_equal(fgetc(injected), EOF);
    fclose(injected);
}

/* Who has seen enough leaves: that is no failure, and changes no verdict. */
static void test_a_pager_is_left_early(void **state)
{
    struct fixture *fixture = *state;
    char text[8192];
    fixture_make(fixture_name(fixture, "leak.db"), FIXTURE_RUN LEAK MANY_TASKS);
    const char *const check[] = {"check", "leak.db", NULL}, *const list[] = {"list", "tasks", "leak.db", NULL};
    assert_int_equal(says_on_terminal(fixture, "true", check, text, sizeof text), 1);
    assert_string_equal(text, "");
    assert_int_equal(says_on_terminal(fixture, "head -n 1", list, text, sizeof text), 0);
    assert_null(strstr(text, "could not be written"));
}

/* A lone trace is shown where that can be done, and checked where it cannot. */
static void test_a_lone_trace(void **state)
{
    struct fixture *fixture = *state;
    const char *const arguments[] = {"clean.db", NULL}, *const more[] = {"clean.db", "--ascii", NULL};
    static char text[65536];
    int master;
    fixture_make(fixture_name(fixture, "clean.db"), FIXTURE_RUN);
    pid_t pid = start_on_terminal(fixture, arguments, "xterm", "1", &master);
    assert_int_equal(write(master, "q", 1), 1);
    assert_int_equal(read_to_end(pid, master, text, sizeof text), 0);
    assert_non_null(strstr(text, "\033[?1049h"));
    pid = start_on_terminal(fixture, arguments, "dumb", "1", &master);
    assert_int_equal(read_to_end(pid, master, text, sizeof text), 0);
    assert_null(strchr(text, '\033'));
    assert_non_null(strstr(text, "No leaks"));
    pid = start_on_terminal(fixture, more, "xterm", "1", &master); /* flags of a check: a check */
    assert_int_equal(read_to_end(pid, master, text, sizeof text), 0);
    assert_null(strchr(text, '\033'));
    assert_non_null(strstr(text, "No leaks"));
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_colours),
                                       WITH_FIXTURE(test_interrupt_is_not_passed_on),
                                       WITH_FIXTURE(test_a_lone_trace),
                                       WITH_FIXTURE(test_what_is_long_is_paged),
                                       WITH_FIXTURE(test_no_pager_on_a_dumb_terminal),
                                       WITH_FIXTURE(test_no_shell_reads_the_pager),
                                       WITH_FIXTURE(test_a_pager_is_left_early)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
