/* tree, timeline and summary: what they are asked, and real traces. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static struct said said;

/* waits.db: a made-up trace with all that can be drawn; crashed.db, empty.db. */
static int make_traces(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    char *sql = fixture_text("waits.sql");
    fixture_make(fixture_name(fixture, "waits.db"), sql);
    free(sql);
    fixture_make(fixture_name(fixture, "crashed.db"),
                 FIXTURE_RUN "UPDATE run SET end_kind = 'crashed', ended_ns = NULL;"
                             "INSERT INTO task(id, name, loop_id, created_ns, began_ns, state) VALUES"
                             "(2, 'busy', 1, 5, 5, 'pending');"
                             "INSERT INTO await(task_id, target_kind, sleep_us, began_ns) VALUES(2, 'sleep', 9, 6)");
    fixture_make(fixture_name(fixture, "empty.db"), NULL);
    return 0;
}

struct exit_case {
    int code;
    const char *arguments[8];
    const char *out, *err; /* what must be said; NULL: nothing is looked for */
};

static void expect(const struct fixture *fixture, const struct exit_case *wanted)
{
    leash_says(&said, fixture->dir, wanted->arguments);
    bool fits = said.code == wanted->code && (!wanted->out || strstr(said.out, wanted->out)) &&
                (!wanted->err || strstr(said.err, wanted->err));
    if (!fits)
        fail_msg("%s %s: exit %d, not %d\nout: %s\nerr: %s", wanted->arguments[0], wanted->arguments[1], said.code,
                 wanted->code, said.out, said.err);
}

static void test_answers(void **state)
{
    static const struct exit_case cases[] = {
        {0, {"tree", "waits.db"}, "^ CYCLE back to #55 reader", NULL},
        {0, {"tree", "waits.db", "--by", "waiters"}, "BLOCKER <- WAITER", NULL},
        {0, {"tree", "waits.db", "--by=spawn", "--limit", "3"}, "and 12 more", NULL},
        {0, {"tree", "#12", "waits.db"}, "1 root", NULL},
        {0, {"tree", "waits.db", "q3"}, "* queue #q3", NULL},
        {0, {"tree", "--at", "600ms", "waits.db"}, "at +0.600s   3 roots", NULL},
        {0, {"tree", "crashed.db"}, "(crash)", NULL},
        {0, {"tree", "empty.db"}, "nobody waits", NULL},
        {0, {"tree", "empty.db", "--by", "spawn"}, "no tasks", NULL},
        {2, {"tree"}, NULL, "one trace, please"},
        {2, {"tree", "waits.db", "crashed.db"}, NULL, "\"waits.db\" is no id"},
        {2, {"tree", "#99", "waits.db"}, NULL, "nothing in it is called #99"},
        {2, {"tree", "waits.db", "--by", "age"}, NULL, "waits, waiters or spawn"},
        {2, {"tree", "waits.db", "--at", "soon"}, NULL, "--at takes a time since the run began"},
        {2, {"tree", "waits.db", "--format", "junit"}, NULL, "no junit"},
        {2, {"tree", "nowhere.db"}, NULL, "nowhere.db"},
        {0, {"timeline", "waits.db"}, "LLLL", NULL},
        {0, {"timeline", "#12", "waits.db"}, "7 of 15", NULL},
        {0, {"timeline", "waits.db", "--from", "2s", "--to", "2.2s"}, "+2.000s .. +2.200s", NULL},
        {0, {"timeline", "crashed.db"}, "#2 busy", NULL},
        {0, {"timeline", "empty.db"}, "0 of 0", NULL},
        {0, {"timeline", "waits.db", "--limit", "2"}, "and 13 more tasks", NULL},
        {2, {"timeline", "waits.db", "--from", "2s", "--to", "1s"}, NULL, "--from +2.000s is not before --to +1.000s"},
        {2, {"timeline", "waits.db", "--from", "5s"}, NULL, "the run was over at +4.812s"},
        {2, {"timeline", "waits.db", "--width", "19"}, NULL, "a number from 20 to 1000"},
        {2, {"timeline", "waits.db", "--width", "1001"}, NULL, "a number from 20 to 1000"},
        {2, {"timeline", "#77777", "waits.db"}, NULL, "no task in it is called #77777"},
        {2, {"timeline", "#q3", "waits.db"}, NULL, "is no task"},
        {0, {"summary", "waits.db"}, "8 leaks in 7 groups", NULL},
        {0, {"summary", "crashed.db"}, "1 pending", NULL},
        {0, {"summary", "empty.db"}, "empty.db: no leaks", NULL},
        {2, {"summary"}, NULL, "one trace, please"},
        {2, {"summary", "waits.db", "--format", "sarif"}, NULL, "no sarif"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, &cases[i]);
}

/* Every line is as wide as was asked for, names and all. */
static void test_widths(void **state)
{
    static const char *const widths[] = {"20", "80", "1000"};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        const char *const arguments[] = {"timeline", "waits.db", "--width", widths[i], "--ascii", NULL};
        leash_says(&said, ((struct fixture *)*state)->dir, arguments);
        assert_int_equal(said.code, 0);
        char *end = strstr(said.out, "LL>\n");
        assert_non_null(end);
        end[3] = '\0';
        assert_int_equal(strlen(strrchr(said.out, '\n')) - 1, atoi(widths[i]));
    }
}

static void test_colours(void **state)
{
    struct fixture *fixture = *state;
    static const char *const commands[] = {"tree", "timeline", "summary"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        SAYS(&said, fixture, commands[i], "waits.db", "--color", "always");
        assert_non_null(strstr(said.out, "\033["));
        SAYS(&said, fixture, commands[i], "waits.db");
        assert_null(strchr(said.out, 27));
    }
}

static json_t *parsed(void)
{
    json_error_t error;
    json_t *object = said.code == 0 ? json_loads(said.out, 0, &error) : NULL;
    if (!object)
        fail_msg("exit %d, %s %s", said.code, said.out, said.err);
    return object;
}

static void test_forgetful(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "-o", "t.db", "--", FORGETFUL, "leak");
    SAYS(&said, fixture, "tree", "t.db");
    assert_non_null(strstr(said.out, "v #3 pool  waiter"));
    assert_non_null(strstr(said.out, "v #2 worker  sleeper"));
    assert_non_null(strstr(said.out, "ROOT CAUSE: would free 2 tasks"));
    SAYS(&said, fixture, "timeline", "t.db", "--format", "json", "--width", "60");
    json_t *timeline = parsed();
    assert_int_equal(json_array_size(json_object_get(timeline, "lanes")), 4);
    json_decref(timeline);
    SAYS(&said, fixture, "summary", "t.db", "--format", "json");
    json_t *summary = parsed(), *figures = json_object_get(summary, "figures");
    assert_int_equal(json_integer_value(json_object_get(figures, "pending")), 2);
    assert_int_equal(json_integer_value(json_object_get(figures, "coroutines")), 1);
    assert_int_equal(json_integer_value(json_object_get(figures, "awaited")), 0);
    assert_int_equal(json_integer_value(json_object_get(figures, "retrieved")), 0);
    json_decref(summary);
}

static void test_steps(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(setenv("LEASH_OPTIONS", "steps=1:virtual_time=1", 1), 0);
    SAYS(&said, fixture, "run", "-o", "t.db", "--", GATHERING);
    unsetenv("LEASH_OPTIONS");
    SAYS(&said, fixture, "timeline", "t.db");
    assert_non_null(strstr(said.out, "loop busy"));
    assert_non_null(strstr(said.out, "ready queue"));
    SAYS(&said, fixture, "tree", "--at", "200ms", "t.db");
    assert_non_null(strstr(said.out, "gather of 2"));
    SAYS(&said, fixture, "summary", "t.db");
    assert_non_null(strstr(said.out, "longest run"));
}

#define WITH_TRACES(test)  cmocka_unit_test_setup_teardown(test, make_traces, fixture_end)
#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_TRACES(test_answers), WITH_TRACES(test_widths), WITH_TRACES(test_colours),
                                       WITH_FIXTURE(test_forgetful), WITH_FIXTURE(test_steps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
