/* Loops that are blocked, from end to end: the programs block until the watchdog has noticed, so that nothing hangs on
 * how fast the machine is. */
#include "test.h"

#include <fold.h>
#include <names.h>
#include <replay.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/test_blocked.XXXXXX", path[64], said[64];

static void remove_files(void)
{
    char command[200];
    snprintf(command, sizeof(command), "rm -f %s* %s", path, said);
    assert_int_equal(system(command), 0);
}

static int run(const char *program, const char *way, const char *options, bool traced)
{
    char command[1000];
    remove_files();
    snprintf(command, sizeof(command), "%s%s LEASH_OPTIONS=%s %s %s 2>%s", traced ? "LEASH_TRACE=" : "",
             traced ? path : "", options, program, way, said);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The rows of a query, columns divided by bars. */
static const char *ask(const char *sql)
{
    static char answer[2000];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    answer[0] = '\0';
    for (size_t length = 0; sqlite3_step(statement) == SQLITE_ROW; length = strlen(answer))
        snprintf(answer + length, sizeof(answer) - length, "%s%s", length ? "\n" : "",
                 (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

static const char *stderr_text(void)
{
    static char text[8000];
    FILE *in = fopen(said, "r");
    size_t length = in ? fread(text, 1, sizeof(text) - 1, in) : 0;
    if (in)
        fclose(in);
    text[length] = '\0';
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

#define FINDINGS                                                                                                       \
    "SELECT class || '|' || severity || '|' || subject_kind || '|' || coalesce(name, '') FROM leak WHERE class = "     \
    "'blocked-loop'"
/* From the program's innermost frame on: what is in the C library has other names elsewhere. */
#define STACK                                                                                                          \
    "SELECT group_concat(func, ' < ') FROM (SELECT f.func FROM block b JOIN stack_frame s ON s.stack_id = b.stack_id " \
    "JOIN frame f ON f.id = s.frame_id JOIN module m ON m.id = f.module_id WHERE m.path LIKE '%blocking_%' AND b.id "  \
    "= (SELECT min(id) FROM block) ORDER BY s.position)"

static void expect(const char *program, const char *way, const char *name, const char *stack, const char *detail)
{
    char finding[100];
    assert_int_equal(run(program, way, "report=1", true), 0);
    snprintf(finding, sizeof(finding), "blocked-loop|warning|%s|%s", *name ? "task" : "unknown", name);
    assert_has(ask(FINDINGS), finding);
    assert_has(ask(STACK), stack);
    assert_has(ask("SELECT detail FROM leak WHERE class = 'blocked-loop'"), detail);
    assert_has(ask("SELECT count(*) FROM block WHERE ended_ns IS NULL OR lasted_us < 100000"), "0");
}

static const char *const programs[] = {PROGRAM_SHARED, PROGRAM_STATIC};

/* A sleep that is looked at lasts as long as it was to: the program looks at what sleep() returned. */
static void in_a_call_of_the_program(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct timespec begun, ended;
        clock_gettime(CLOCK_MONOTONIC, &begun);
        expect(programs[i], "sleep", "sleeps", "sleeps", "called by sleeps at ");
        clock_gettime(CLOCK_MONOTONIC, &ended);
        assert_true((double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9 >= 1);
        assert_has(ask("SELECT detail FROM leak WHERE class = 'blocked-loop'"), " at program.c:25,");
        assert_string_equal(ask("SELECT kind || ' ' || state FROM block"), "step waiting");
        assert_has(stderr_text(), " has kept loop 1 from running for ");
        assert_has(stderr_text(), "called by sleeps ");
    }
}

static void through_a_helper(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        expect(programs[i], "helper", "calls_a_helper", "fetch_slowly < calls_a_helper", "called by fetch_slowly at ");
        expect(programs[i], "inline", "awaits_one_that_blocks",
               "fetch_slowly < calls_a_helper < awaits_one_that_blocks", "called by fetch_slowly at ");
        assert_has(ask("SELECT detail FROM leak WHERE class = 'blocked-loop'"), " at program.c:33,");
    }
}

static void on_the_processor(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run(programs[i], "compute", "report=1", true), 0);
        assert_has(ask(FINDINGS), "blocked-loop|warning|task|computes");
        assert_has(ask(STACK), "compute < computes"); /* or in what compute calls just then */
    }
}

static void by_many_steps_of_one_iteration(void **state)
{
    (void)state;
    assert_int_equal(run(PROGRAM_SHARED, "many", "report=1", true), 0);
    assert_has(ask(FINDINGS), "blocked-loop|warning|task|one_of_many");
    assert_has(ask("SELECT detail FROM leak WHERE class = 'blocked-loop'"), "many steps of one iteration, at last ");
    assert_has(ask("SELECT kind FROM block"), "iteration");
    assert_has(ask("SELECT count(*) > 0 FROM block b JOIN late l ON l.block_id = b.id WHERE b.late >= 8"), "1");
}

static void in_a_callback(void **state)
{
    (void)state;
    expect(PROGRAM_SHARED, "callback", "", "fetch_slowly < from_a_callback < run < main", "called by fetch_slowly");
}

static void on_another_thread(void **state)
{
    (void)state;
    expect(PROGRAM_SHARED, "thread", "sleeps", "sleeps", "called by sleeps at ");
}

static void who_was_late(void **state)
{
    (void)state;
    assert_int_equal(run(PROGRAM_SHARED, "sleep", "report=1", true), 0);
    assert_string_equal(ask("SELECT s.expr FROM late l JOIN task t ON t.id = l.task_id JOIN site s ON s.id = "
                            "t.coro_site_id"),
                        "beat");
    assert_has(ask("SELECT detail FROM leak WHERE class = 'blocked-loop'"), "; late: #2 beat");
    assert_has(ask("SELECT group_concat(kind) FROM event WHERE kind LIKE 'block%'"), "block-noticed,block-ended");
}

static void under_the_virtual_clock_real_time_counts(void **state)
{
    (void)state;
    assert_int_equal(run(PROGRAM_SHARED, "sleep", "virtual_time=1", true), 0);
    assert_has(ask(FINDINGS), "blocked-loop|warning|task|sleeps");
    assert_string_equal(ask("SELECT count(*) FROM block WHERE lasted_us < 100000"), "0");
}

static void without_a_trace(void **state)
{
    (void)state;
    assert_int_equal(run(PROGRAM_SHARED, "sleep", "report=1", false), 0);
    assert_has(stderr_text(), " kept its loop from running for too long");
    assert_has(stderr_text(), "called by sleeps ");
    assert_has(stderr_text(), "1 task was late");
}

static void nothing_is_found_of_what_is_short_or_not_looked_at(void **state)
{
    (void)state;
    assert_int_equal(run(PROGRAM_SHARED, "short", "blocked_ms=600000", true), 0);
    assert_string_equal(ask("SELECT count(*) FROM block"), "0");
    assert_string_equal(stderr_text(), "");
    assert_int_equal(run(PROGRAM_SHARED, "short", "blocked_ms=0", true), 0);
    assert_string_equal(ask("SELECT count(*) FROM block"), "0");
}

/* What hangs and is killed: the trace tells where. */
static void a_program_that_hangs(void **state)
{
    (void)state;
    struct leash_names *names;
    struct leash_replay replay = {0};
    remove_files();
    pid_t child = fork();
    if (child == 0) {
        setenv("LEASH_TRACE", path, 1);
        if (!freopen(said, "w", stderr))
            _exit(1);
        execl(PROGRAM_SHARED, PROGRAM_SHARED, "forever", (char *)NULL);
        _exit(1);
    }
    while (!*stderr_text())
        usleep(10000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(leash_names_new(&names), 0);
    assert_int_equal(leash_replay(path, leash_names_frame, names, &replay), 0);
    leash_names_free(names);
    leash_replay_release(&replay);
    assert_string_equal(ask("SELECT end_kind FROM run"), "crashed");
    assert_string_equal(ask(STACK), "for_good");
    assert_has(ask("SELECT detail FROM leak WHERE class = 'blocked-loop'"), "called by for_good at ");
    assert_has(ask("SELECT detail FROM leak WHERE class = 'blocked-loop'"), "for more than ");
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/t.db", folder);
    snprintf(said, sizeof(said), "%s/said.txt", folder);
    return 0;
}

static int tear_down(void **state)
{
    char command[100];
    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_a_call_of_the_program),
        cmocka_unit_test(through_a_helper),
        cmocka_unit_test(on_the_processor),
        cmocka_unit_test(by_many_steps_of_one_iteration),
        cmocka_unit_test(in_a_callback),
        cmocka_unit_test(on_another_thread),
        cmocka_unit_test(who_was_late),
        cmocka_unit_test(under_the_virtual_clock_real_time_counts),
        cmocka_unit_test(without_a_trace),
        cmocka_unit_test(nothing_is_found_of_what_is_short_or_not_looked_at),
        cmocka_unit_test(a_program_that_hangs),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
