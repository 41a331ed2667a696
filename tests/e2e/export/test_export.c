/* `leash export` of traces that programs wrote, and of traces in which nothing is as it should be. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Everything overlaps, lies outside the run, has no owner, an odd name or an odd id. */
#define ODD                                                                                                            \
    FIXTURE_RUN                                                                                                        \
    "INSERT INTO task(id, name, created_ns, began_ns, ended_ns, state, thread_id, site_id) VALUES"                     \
    "(7, 'a;b' || char(10) || '\"\\' || char(27) || '[2J', 500, 400, 300, 'done', 1, 99),"                             \
    "(8, x'ff41', -5, -5, 9223372036854775807, 'failed', 1, NULL), (9, NULL, NULL, NULL, NULL, 'pending', 2, NULL),"   \
    "(9223372036854775807, 'last', 10, 10, 10, 'done', 1, NULL), (-1, 'minus', 10, 10, 20, 'done', 1, NULL);"          \
    "INSERT INTO await(id, task_id, target_kind, target_id, sleep_us, began_ns, ended_ns) VALUES"                      \
    "(1, 1, 'task', 7, NULL, 100, 900), (2, 1, 'task', 8, NULL, 200, 300), (3, 1, 'task', 8, NULL, 100, NULL),"        \
    "(4, 5, 'task', 1, NULL, 100, 200), (5, 8, 'sleep', NULL, 9223372036854775807, 0, 5),"                             \
    "(6, 9, 'object', 3, NULL, 50, 90), (7, 9, 'wish', 3, NULL, NULL, 90), (8, 9, 'future', 3, NULL, 90, NULL),"       \
    "(9, 9223372036854775807, 'task', 9223372036854775807, NULL, 10, 10);"                                             \
    "INSERT INTO coro(id, awaiter_task_id, began_ns, ended_ns, state) VALUES(1, 1, 150, 850, 'done'),"                 \
    "(2, 1, 150, 9999999999, 'done'), (3, 1, 160, NULL, 'running'), (4, 77, 1, 2, 'done');"                            \
    "INSERT INTO object(id, kind, name) VALUES(3, 'queue', 'jobs\"');"                                                 \
    "INSERT INTO child VALUES(3, 0, 'task', 7);"                                                                       \
    "INSERT INTO thread VALUES(1, 4711, 'main'), (2, 4712, NULL);"                                                     \
    "INSERT INTO step VALUES(1, 1, 100, 300), (2, 7, 200, 250), (3, 8, 240, NULL), (4, 9, 0, 5), (5, 44, 0, 5);"       \
    "INSERT INTO cancel(id, subject_kind, subject_id, origin, at_ns) VALUES(1, 'task', 8, 'program', 4);"              \
    "INSERT INTO failure(id, subject_kind, subject_id, code, at_ns) VALUES(1, 'task', 8, -5, 4);"

static int shell(const struct fixture *fixture, const char *format, const char *argument)
{
    char line[1024], command[1200];
    snprintf(line, sizeof line, format, argument);
    snprintf(command, sizeof command, "cd '%s' && %s", fixture->dir, line);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect_shell(const struct fixture *fixture, const char *format, const char *argument)
{
    if (shell(fixture, format, argument) != 0)
        fail_msg("failed: %s %s", format, argument);
}

static void export_to(struct fixture *fixture, const char *format)
{
    static struct said said;
    SAYS(&said, fixture, "export", "--to", format, "-o", "out", "t.db");
    if (said.code != 0)
        fail_msg("exit %d: %s", said.code, said.err);
    assert_string_equal(said.out, "");
}

static void make_shop(const struct fixture *fixture)
{
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    free(sql);
}

static void record(struct fixture *fixture, const char *options)
{
    assert_int_equal(setenv("LEASH_TRACE", fixture->path, 1), 0);
    assert_int_equal(setenv("LEASH_OPTIONS", options, 1), 0);
    expect_shell(fixture, "%s >/dev/null", GATHER);
    unsetenv("LEASH_TRACE");
    unsetenv("LEASH_OPTIONS");
}

#define CHECK_CHROME "python3 " CHECKER " out >counts"

static void test_chrome(void **state)
{
    struct fixture *fixture = *state;
    make_shop(fixture);
    export_to(fixture, "chrome-trace");
    expect_shell(fixture, CHECK_CHROME, "");
    expect_shell(
        fixture, "jq -e '%s' out >/dev/null",
        "[.traceEvents[] | select(.cat == \"leak\" and .name == \"unreferenced\" and .tid == 77)] | length == 1");
    expect_shell(
        fixture, "jq -e '%s' out >/dev/null",
        "[.traceEvents[] | select(.ph == \"B\" and .name == \"await #31 worker-0\" and .tid == 12)] | length == 1");
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "[.traceEvents[] | select(.args.unfinished and .name == \"#7 server\")] | length == 1");
}

static void test_chrome_of_a_program(void **state)
{
    struct fixture *fixture = *state;
    record(fixture, "steps=1:virtual_time=1");
    export_to(fixture, "chrome-trace");
    expect_shell(fixture, CHECK_CHROME, "");
    /* main waits for the gather of 2 and 3, which ends with task 2 */
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "[.traceEvents[] | select(.ph == \"s\" and .tid == 2) or (.ph == \"f\" and .tid == 1)] | length > 0");
    expect_shell(fixture, "jq -e '%s' out >/dev/null", "[.traceEvents[] | select(.ph == \"s\")] | length == 1");
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "[.traceEvents[] | select(.cat == \"step\" and .pid == 2)] | length >= 6");
}

static void test_chrome_of_nonsense(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, ODD);
    export_to(fixture, "chrome-trace");
    expect_shell(fixture, CHECK_CHROME, "");
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "[.traceEvents[] | select(.tid == \"9223372036854775807\")] | length > 0");
}

/* A task waits for one thing at a time: what did not end, ends by the next wait. */
static void test_chrome_of_waits_that_overlap(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN
                 "INSERT INTO await(id, task_id, target_kind, sleep_us, began_ns, ended_ns) VALUES"
                 "(1, 1, 'sleep', 1, 100, 900), (2, 1, 'sleep', 1, 200, 300), (3, 1, 'sleep', 1, 400, NULL)");
    export_to(fixture, "chrome-trace");
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "[.traceEvents[] | select(.tid == 1 and .ts) | \"\\(.ph)\\(.ts * 1000 | round)\"]"
                 " == [\"B0\", \"B100\", \"E200\", \"B200\", \"E300\", \"B400\", \"E4811000000\", \"E4811000000\"]");
}

/* The checker must find what it is there to find. */
static void test_checker(void **state)
{
    static const char *const edits[] = {
        "del(.displayTimeUnit)",
        ".traceEvents |= map(select(.ph != \"E\" or .tid != 31))",
        ".traceEvents |= map(select(.ph != \"B\" or .tid != 31))",
        ".traceEvents |= map(select(.ph != \"M\"))",
        ".traceEvents |= map(if .ph == \"E\" then .ts = 0 else . end)",
        ".traceEvents |= map(if .ph == \"B\" then .ts = \"1\" else . end)",
        ".traceEvents |= map(if .ph == \"B\" then del(.cat) else . end)",
        ".traceEvents |= map(select(.ph != \"s\"))",
        ".traceEvents |= map(if .ph == \"f\" then .id = 77 else . end)",
        ".traceEvents |= map(if .ph == \"s\" then .tid = 555 else . end)",
        ".traceEvents |= map(if .ph == \"f\" then .ts = 99999999 else . end)",
        ".traceEvents |= map(if .ph == \"i\" then .s = \"x\" else . end)",
        ".traceEvents |= map(if .ph == \"i\" then .ts = -1 else . end)",
        ".traceEvents |= map(if .ph == \"i\" then .ph = \"Q\" else . end)",
    };
    struct fixture *fixture = *state;
    make_shop(fixture);
    fixture_sql(fixture->path, "INSERT INTO await(id, task_id, target_kind, target_id, began_ns, ended_ns)"
                               " VALUES(9, 1, 'task', 78, 600000000, 900000000)");
    export_to(fixture, "chrome-trace");
    expect_shell(fixture, CHECK_CHROME, "");
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        expect_shell(fixture, "jq '%s' out >edited", edits[i]);
        if (shell(fixture, "python3 %s edited >counts 2>wrong", CHECKER) != 1)
            fail_msg("nothing wrong found after: %s", edits[i]);
    }
}

static void test_json(void **state)
{
    struct fixture *fixture = *state;
    make_shop(fixture);
    export_to(fixture, "json");
    expect_shell(
        fixture, "jq -e '%s' out >/dev/null",
        ".schema == \"leash.export/1\" and .run.ending == \"complete\" and .run.pid == 4711"
        " and (.tasks | length) == 8 and (.awaits | length) == 4 and (.failures[0].message) == \"connection reset\""
        " and (.tasks[] | select(.id == 203) | .coro == \"fetch_user\" and .code == -5)");
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "[.findings[] | select(.class == \"unreferenced\" and .subject_id == 77)] | length == 1");
    expect_shell(fixture, "jq -e '%s' out >/dev/null", ".run.began_unix_ns == \"1700000000000000000\"");
}

static void test_json_of_nonsense(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, ODD);
    export_to(fixture, "json");
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "(.tasks | length) == 6 and ([.tasks[] | select(.name == \"\\\\xffA\")] | length) == 1");
    assert_int_equal(shell(fixture, "LC_ALL=C grep -q '%s' out", "[^ -~]"), 1); /* nothing but ASCII */
}

/* Waits in a circle, for itself, for what is not there; names that mean something to Graphviz. */
#define KNOT                                                                                                           \
    FIXTURE_RUN                                                                                                        \
    "INSERT INTO task(id, name, state, facts, creator_task_id, exit_await_id) VALUES"                                  \
    "(10, 'a\"];\\', 'pending', 1, 1, 1), (11, char(10) || '\\N\\G<b>' || char(27), 'pending', 1, 10, 2),"             \
    "(12, '->', 'pending', 1, 12, 3), (13, x'80', 'pending', 1, 99, 4), (14, '', 'pending', 1, 13, 5);"                \
    "INSERT INTO await(id, task_id, target_kind, target_id) VALUES(1, 10, 'task', 11), (2, 11, 'task', 10),"           \
    "(3, 12, 'task', 12), (4, 13, 'object', 7), (5, 14, 'future', -9);"                                                \
    "INSERT INTO object(id, kind, name) VALUES(7, 'lo\"ck', '\\\\\"');"

static void test_dot(void **state)
{
    struct fixture *fixture = *state;
    make_shop(fixture);
    export_to(fixture, "dot");
    expect_shell(fixture, "dot -Tcanon out >canon && dot -Tsvg out | xmllint --noout -%s", "");
    expect_shell(fixture, "grep -q '%s' canon", "t12 -> t31");
    expect_shell(fixture, "grep -q '%s' canon", "t31 -> s31");
    expect_shell(fixture, "grep -A5 'style=dashed' out | grep -q '%s'", "t12 -> t31");
    expect_shell(fixture, "tr -d '\\n' <canon | grep -q '%s'", "t77[^]]*unreferenced");
    static struct said said;
    SAYS(&said, fixture, "export", "--to", "dot", "--limit", "2", "t.db");
    assert_int_equal(said.code, 0);
    assert_non_null(strstr(said.err, "not all waits are shown"));
    assert_non_null(strstr(said.out, "more\""));
}

static void test_dot_of_nonsense(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, KNOT);
    export_to(fixture, "dot");
    expect_shell(fixture, "dot -Tcanon out >canon && dot -Tsvg out | xmllint --noout -%s", "");
    expect_shell(fixture, "grep -q '%s' canon", "t11 -> t10");
    expect_shell(fixture, "grep -q '%s' canon", "t12 -> t12");
    expect_shell(fixture, "grep -qF '%s' out", "\\\\N\\\\G<b>"); /* Graphviz would put the node's name there */
    assert_int_equal(shell(fixture, "LC_ALL=C grep -q '%s' out", "[^ -~]"), 1);
}

#define A_PATH "^[^ ].* [0-9]+$"

static void test_folded(void **state)
{
    struct fixture *fixture = *state;
    make_shop(fixture);
    export_to(fixture, "folded");
    expect_shell(fixture, "grep -qx 'app;pool;pool;worker_loop;%s' out",
                 "\\[sleep\\] 8598000"); /* two tasks of 4.299 s */
    assert_int_equal(shell(fixture, "grep -qvE '%s' out", A_PATH), 1);
    expect_shell(fixture, "%s export --to folded --weight count t.db >count", LEASH_PROGRAM);
    expect_shell(fixture, "grep -qx 'app;pool;pool;worker_loop 2' count%s", "");
    expect_shell(fixture, "%s export --to folded --weight life t.db >life", LEASH_PROGRAM);
    expect_shell(fixture, "grep -qx 'app;pool;fetch_user 377000' life%s", "");
}

/* Chains longer than a path, creators in a circle, names with what separates names. */
static void test_folded_of_nonsense(void **state)
{
    struct fixture *fixture = *state;
    char sql[65536] = FIXTURE_RUN "INSERT INTO site VALUES(5, 'f', 1, 'f', 'a;b' || char(10) || ' 7');"
                                  "INSERT INTO task(id, state, creator_task_id, coro_site_id, created_ns) VALUES"
                                  "(5000, 'done', 5001, 5, 0), (5001, 'done', 5000, 5, 0), (5002, 'done', 5002, 5, 0)";
    for (int i = 2; i < 1000; i++)
        snprintf(sql + strlen(sql), 60, ", (%d, 'done', %d, 1, 0)", i, i - 1);
    fixture_make(fixture->path, sql);
    static struct said said;
    SAYS(&said, fixture, "export", "--to", "folded", "--weight", "count", "-o", "out", "t.db");
    assert_int_equal(said.code, 0);
    assert_non_null(strstr(said.err, "count for their beginning"));
    assert_int_equal(shell(fixture, "grep -qvE '%s' out", A_PATH), 1);
    expect_shell(fixture, "test $(awk '{ n += $NF } END { print n }' out) = 1002%s", "");
    expect_shell(fixture, "grep -qF '%s' out", "a\\x3bb\\x0a 7");
}

static void export_where(struct fixture *fixture, const char *format, const char *where)
{
    static struct said said;
    SAYS(&said, fixture, "export", "--to", format, "--where", where, "-o", "out", "t.db");
    if (said.code != 0)
        fail_msg("exit %d: %s", said.code, said.err);
}

static void test_where(void **state)
{
    struct fixture *fixture = *state;
    make_shop(fixture);
    export_where(fixture, "chrome-trace", "name:worker-*");
    expect_shell(fixture, CHECK_CHROME, "");
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "[.traceEvents[] | select(.name == \"thread_name\") | .tid] == [0, 31, 32]");
    export_where(fixture, "folded", "name:worker-0");
    expect_shell(fixture, "grep -q 'worker_loop;.* 4299000' out && test $(wc -l <out) = 1%s", "");
    export_where(fixture, "json", "state:failed");
    expect_shell(fixture, "jq -e '%s' out >/dev/null",
                 "[.tasks[].id] == [203] and .awaits == [] and (.coros | length) == 3");
    export_where(fixture, "json", "name:nobody");
    expect_shell(fixture, "jq -e '%s' out >/dev/null", ".tasks == []");
}

static void test_usage(void **state)
{
    static const struct {
        const char *arguments[8], *words;
    } cases[] = {
        {{"export", "t.db"}, "to what?"},
        {{"export", "--to", "jsn", "t.db"}, "did you mean \"json\"?"},
        {{"export", "--to", "perfetto", "t.db"}, "there is no \"perfetto\""},
        {{"export", "--to", "folded", "--weight", "gold", "t.db"}, "wait, life or count"},
        {{"export", "--to", "json"}, "one trace, please"},
        {{"export", "--to", "dot", "--where", "x", "t.db"}, "--where does not go with --to dot"},
        {{"export", "--to", "json", "--where", "stat:x", "t.db"}, "did you mean"},
        {{"export", "--to", "json", "none.db"}, "no such file"},
        {{"export", "--to", "json", "-o", "none/out", "t.db"}, "cannot be written"},
        {{"export", "--to", "json", "-o", "/dev/full", "t.db"}, "No space left"},
    };
    struct fixture *fixture = *state;
    static struct said said;
    fixture_make(fixture->path, FIXTURE_RUN);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        leash_says(&said, fixture->dir, cases[i].arguments);
        if (said.code != 2 || !strstr(said.err, cases[i].words))
            fail_msg("exit %d, \"%s\" says nothing of \"%s\"", said.code, said.err, cases[i].words);
    }
    SAYS(&said, fixture, "export", "-h");
    assert_int_equal(said.code, 0);
    assert_non_null(strstr(said.out, "ui.perfetto.dev"));
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_chrome),
                                       WITH_FIXTURE(test_chrome_of_a_program),
                                       WITH_FIXTURE(test_chrome_of_nonsense),
                                       WITH_FIXTURE(test_chrome_of_waits_that_overlap),
                                       WITH_FIXTURE(test_checker),
                                       WITH_FIXTURE(test_json),
                                       WITH_FIXTURE(test_json_of_nonsense),
                                       WITH_FIXTURE(test_dot),
                                       WITH_FIXTURE(test_dot_of_nonsense),
                                       WITH_FIXTURE(test_folded),
                                       WITH_FIXTURE(test_folded_of_nonsense),
                                       WITH_FIXTURE(test_where),
                                       WITH_FIXTURE(test_usage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
