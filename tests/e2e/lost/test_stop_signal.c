/* A program with threads where nobody may trace them: its lost tasks are found if it names a signal, while it runs and
 * at its end; else it says what would help. */
#include "forbid.h"
#include "test.h"
#include "watched.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOST    "SELECT count(*) FROM leak WHERE class = 'unreferenced' AND name = 'sleeper'"
#define PENDING "SELECT count(*) FROM leak WHERE class = 'pending-at-exit' AND name = 'sleeper'"

static struct watched program;
static int errors; /* its stderr */

static void tell(char letter)
{
    char answer = 0;
    assert_int_equal(write(program.to, &letter, 1), 1);
    assert_int_equal(read(program.from, &answer, 1), 1);
    assert_int_equal(answer, letter);
}

/* With a thread of its own, a worker of the library's, and a task that nobody holds. */
static void start(const char *options)
{
    int own = dup(STDERR_FILENO);
    errors = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    assert_true(errors >= 0);
    dup2(errors, STDERR_FILENO);
    watched_start(&program, PROGRAM, options);
    dup2(own, STDERR_FILENO);
    close(own);
    tell('t');
    tell('j');
    tell('h');
}

/* What it said on stderr. */
static const char *end(void)
{
    static char said[4096];
    assert_int_equal(watched_end(&program, 0), 0);
    ssize_t size = pread(errors, said, sizeof said - 1, 0);
    said[size > 0 ? size : 0] = '\0';
    close(errors);
    return said;
}

static int clean(void **state)
{
    (void)state;
    watched_clean(&program);
    return 0;
}

static void without_it(void **state)
{
    (void)state;
    start("");
    assert_true(watched_becomes(&program, "SELECT group_concat(DISTINCT reason) FROM scan", "threads"));
    const char *said = end();
    assert_string_equal(watched_ask(&program, "SELECT group_concat(DISTINCT reason) FROM scan"), "threads");
    assert_string_equal(watched_ask(&program, LOST), "0");
    assert_string_equal(watched_ask(&program, PENDING), "1");
    if (!strstr(said, "the scan for lost tasks is incomplete") || !strstr(said, "LEASH_OPTIONS=stop_signal=N"))
        fail_msg("it said \"%s\"", said);
}

static void with_it(void **state)
{
    (void)state;
    start("stop_signal=40");
    assert_true(watched_becomes(&program, LOST, "1")); /* while it runs */
    const char *said = end();
    assert_string_equal(watched_ask(&program, "SELECT group_concat(DISTINCT reason) FROM scan"), "complete");
    assert_string_equal(watched_ask(&program, LOST), "1");
    assert_string_equal(watched_ask(&program, PENDING), "0");
    assert_string_equal(said, "");
}

/* In a snapshot, as it has a map of malloc's blocks. */
static void with_it_block_by_block(void **state)
{
    (void)state;
    setenv("LD_PRELOAD", MALLOC, 1);
    start("stop_signal=40");
    unsetenv("LD_PRELOAD");
    assert_true(watched_becomes(&program, LOST, "1"));
    const char *said = end();
    assert_string_equal(watched_ask(&program, "SELECT group_concat(DISTINCT reason) FROM scan"), "complete");
    assert_string_equal(watched_ask(&program, LOST), "1");
    assert_string_equal(said, "");
}

static void not_where_it_is_used(void **state)
{
    (void)state;
    (void)signal(40, SIG_IGN); /* and in what is started */
    start("stop_signal=40");
    const char *said = end();
    (void)signal(40, SIG_DFL);
    assert_string_equal(watched_ask(&program, LOST), "0");
    assert_non_null(strstr(said, "handled already"));
}

/* Not under a sanitizer or Valgrind. */
static bool can_scan(void)
{
    watched_start(&program, PROGRAM, "");
    tell('h');
    watched_end(&program, 0);
    bool can = strcmp(watched_ask(&program, "SELECT reason FROM scan"), "complete") == 0;
    watched_clean(&program);
    return can;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(without_it, clean),
        cmocka_unit_test_teardown(with_it, clean),
        cmocka_unit_test_teardown(with_it_block_by_block, clean),
        cmocka_unit_test_teardown(not_where_it_is_used, clean),
    };
    signal(SIGPIPE, SIG_IGN);
    if (!can_scan() || !forbid_calls(SYS_ptrace, 0)) /* also of what is started from now on */
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
