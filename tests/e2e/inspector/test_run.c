/* `leash run`: the command's exit code, signals, its process tree, where traces stay. The commands are shell scripts
 * that put a ready-made trace where LEASH_TRACE says. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAK                                                                                                           \
    "INSERT INTO site VALUES(2, 'src/a.c', 10, 'f', 'g');"                                                             \
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(5, 2, 7, 'created', 512);"
#define RECORD_CLEAN "cp clean.db \"$(echo \"$LEASH_TRACE\" | sed s/%p/$$/)\"; "
#define RECORD_LEAK  "cp leak.db \"$(echo \"$LEASH_TRACE\" | sed s/%p/$$/)\"; "

static struct said said;

static int make_traces(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    fixture_make(fixture_name(fixture, "clean.db"), FIXTURE_RUN);
    fixture_make(fixture_name(fixture, "leak.db"), FIXTURE_RUN LEAK);
    assert_int_equal(mkdir(fixture_name(fixture, "tmp"), 0755), 0);
    return setenv("TMPDIR", fixture_name(fixture, "tmp"), 1);
}

static size_t matches(const struct fixture *fixture, const char *pattern)
{
    glob_t found;
    size_t count = glob(fixture_name(fixture, pattern), GLOB_PERIOD, NULL, &found) == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return count;
}

static void expect_code(int code)
{
    if (said.code != code)
        fail_msg("exit %d, not %d\nout: %s\nerr: %s", said.code, code, said.out, said.err);
}

static void test_codes(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "--", "sh", "-c", RECORD_CLEAN "true");
    expect_code(0);
    SAYS(&said, fixture, "run", "--", "sh", "-c", RECORD_LEAK "true");
    expect_code(1);
    SAYS(&said, fixture, "run", "--exit-code=9", "sh", "-c", RECORD_LEAK "true");
    expect_code(9);
    SAYS(&said, fixture, "run", "--exit-code=0", "--", "sh", "-c", RECORD_LEAK "true");
    expect_code(0);
    SAYS(&said, fixture, "run", "--", "sh", "-c", RECORD_LEAK "exit 7");
    expect_code(7);
    assert_non_null(strstr(said.out, "never-awaited"));
    assert_non_null(strstr(said.err, "sh exited with 7"));
    SAYS(&said, fixture, "run", "--", "sh", "-c", RECORD_CLEAN "kill -SEGV $$");
    expect_code(128 + SIGSEGV);
    assert_non_null(strstr(said.err, "(SIGSEGV)"));
}

static void test_no_trace(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "--", "true");
    expect_code(2);
    assert_non_null(strstr(said.err, "was it built with leash?"));
    SAYS(&said, fixture, "run", "--", "sh", "-c", "exit 5");
    expect_code(5);
    SAYS(&said, fixture, "run", "--", "./no-such-program");
    expect_code(127);
    assert_non_null(strstr(said.err, "cannot be run: No such file"));
    SAYS(&said, fixture, "run", "--", "./clean.db");
    expect_code(126);
    assert_int_equal(matches(fixture, "tmp/leash-*"), 0);
}

static void test_where_traces_stay(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "--", "sh", "-c", RECORD_CLEAN);
    expect_code(0);
    assert_int_equal(matches(fixture, "tmp/leash-*"), 0); /* clean: nothing is kept, and no path to it is told */
    assert_int_equal(strncmp(said.out, "sh-", 3), 0);
    assert_null(strstr(said.out, "tmp/leash-"));
    SAYS(&said, fixture, "run", "--", "sh", "-c", RECORD_LEAK);
    expect_code(1);
    assert_int_equal(matches(fixture, "tmp/leash-*/sh-*.db"), 1);
    assert_non_null(strstr(said.err, "the trace is kept in"));
    SAYS(&said, fixture, "run", "--exit-code", "0", "--", "sh", "-c", RECORD_LEAK);
    expect_code(0);
    assert_int_equal(matches(fixture, "tmp/leash-*/sh-*.db"), 2); /* the report names it */
    SAYS(&said, fixture, "run", "-o", "kept.db", "--", "sh", "-c", RECORD_LEAK);
    expect_code(1);
    assert_int_equal(matches(fixture, "kept.db"), 1);
    assert_int_equal(matches(fixture, ".leash-*"), 0);
    assert_non_null(strstr(said.out, "kept.db: 1 leak"));
    SAYS(&said, fixture, "check", "kept.db");
    expect_code(1);
    SAYS(&said, fixture, "run", "-o", "kept.db", "--", "sh", "-c", RECORD_CLEAN); /* in its place */
    expect_code(0);
    SAYS(&said, fixture, "check", "kept.db");
    expect_code(0);
}

static void test_foreign_files_are_not_overwritten(void **state)
{
    struct fixture *fixture = *state;
    fixture_write(fixture_name(fixture, "thesis"), "precious", 8);
    SAYS(&said, fixture, "run", "-o", "thesis", "--", "sh", "-c", "touch ran;" RECORD_CLEAN);
    expect_code(2);
    assert_non_null(strstr(said.err, "not overwritten"));
    assert_int_equal(fixture_size(fixture_name(fixture, "thesis")), 8);
    assert_int_equal(matches(fixture, "ran"), 0);
    SAYS(&said, fixture, "run", "-o", "none/t.db", "--", "true");
    expect_code(2);
    assert_non_null(strstr(said.err, "no directory for traces"));
}

/* libleash_malloc comes before what the user preloads. */
static void test_heap(void **state)
{
    struct fixture *fixture = *state;
#ifdef LEASH_HAS_MALLOC
    setenv("LD_PRELOAD", "libc.so.6", 1);
    SAYS(&said, fixture, "run", "--heap", "--", "sh", "-c", "echo \"$LD_PRELOAD\";" RECORD_CLEAN);
    unsetenv("LD_PRELOAD");
    expect_code(0);
    assert_non_null(strstr(said.out, "/libleash_malloc.so:libc.so.6\n"));
#else /* with a sanitizer, which wants to be the first that is preloaded */
    SAYS(&said, fixture, "run", "--heap", "--", "true");
    expect_code(2);
    assert_non_null(strstr(said.err, "--heap: libleash_malloc.so is not installed"));
#endif
}

/* The command records, its child does, and a grandchild that outlives both. */
static void test_process_tree(void **state)
{
    struct fixture *fixture = *state;
    const char *script = RECORD_CLEAN "sh -c '" RECORD_CLEAN "'; "
                                      "sh -c 'while kill -0 '$$' 2>/dev/null; do :; done; " RECORD_LEAK "' & exit 0";
    SAYS(&said, fixture, "run", "-o", "tree.db", "--", "sh", "-c", script);
    expect_code(1);
    assert_int_equal(matches(fixture, "tree.db"), 1);
    assert_int_equal(matches(fixture, "tree.db.*"), 2);
    assert_non_null(strstr(said.out, "3 traces: 2 clean, 1 with leaks"));
    assert_non_null(strstr(said.out, "tree.db: No leaks")); /* the command's own trace is the first */
    assert_int_equal(strncmp(said.out, "tree.db: ", 9), 0);
}

/* Waits for a byte in the fifo: the command is ready. */
static void wait_ready(const char *fifo)
{
    char byte;
    int fd = open(fifo, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, &byte, 1), 1);
    close(fd);
}

static void test_signals_are_passed_on(void **state)
{
    struct fixture *fixture = *state;
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    const char *fifo = fixture_name(fixture, "ready");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        const char *const arguments[] = {
            "run", "--", "sh", "-c", RECORD_CLEAN "trap 'exit 5' TERM INT HUP; echo > ready; while :; do :; done",
            NULL};
        pid_t pid = leash_start(fixture->dir, arguments);
        wait_ready(fixture_name(fixture, "ready"));
        assert_int_equal(kill(pid, signals[i]), 0);
        leash_wait(pid, fixture->dir, &said);
        expect_code(5);
    }
}

static void test_signal_ends_the_wait_for_what_was_left(void **state)
{
    struct fixture *fixture = *state;
    char text[32] = {0};
    assert_int_equal(mkfifo(fixture_name(fixture, "ready"), 0600), 0);
    const char *const arguments[] = {
        "run",
        "--",
        "sh",
        "-c",
        RECORD_CLEAN
        "(while kill -0 $$ 2>/dev/null; do :; done; sh -c 'echo $PPID' > left; echo > ready; exec sleep 600) & exit 0",
        NULL};
    pid_t pid = leash_start(fixture->dir, arguments);
    wait_ready(fixture_name(fixture, "ready"));
    assert_int_equal(kill(pid, SIGINT), 0);
    leash_wait(pid, fixture->dir, &said);
    expect_code(0);
    int fd = open(fixture_name(fixture, "left"), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && read(fd, text, sizeof text - 1) > 0);
    close(fd);
    kill((pid_t)atoi(text), SIGKILL);
}

static void test_json(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "--format", "json", "-o", "t.db", "--", "sh", "-c",
         "echo from the command; " RECORD_LEAK);
    expect_code(1);
    assert_int_equal(strncmp(said.out, "from the command\n{\"schema\":", 25), 0);
    assert_non_null(strstr(said.out, "\"path\":\"t.db\""));
}

#define WITH_TRACES(test) cmocka_unit_test_setup_teardown(test, make_traces, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_TRACES(test_codes),
                                       WITH_TRACES(test_no_trace),
                                       WITH_TRACES(test_where_traces_stay),
                                       WITH_TRACES(test_foreign_files_are_not_overwritten),
                                       WITH_TRACES(test_heap),
                                       WITH_TRACES(test_process_tree),
                                       WITH_TRACES(test_signals_are_passed_on),
                                       WITH_TRACES(test_signal_ends_the_wait_for_what_was_left),
                                       WITH_TRACES(test_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
