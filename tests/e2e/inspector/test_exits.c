/* Every row of the table of exit codes, by the program itself. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAK                                                                                                           \
    "INSERT INTO site VALUES(2, 'src/a.c', 10, 'f', 'g');"                                                             \
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(5, 2, 7, 'created', 512);"
#define WARNING       "INSERT INTO task(id, site_id, state, ended_ns, facts) VALUES(9, 1, 'done', 5, 64);"
#define RECORD(trace) "cp " trace " \"$(echo \"$LEASH_TRACE\" | sed s/%p/$$/)\"; "

static int make_traces(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    static const struct {
        const char *name, *sql;
    } traces[] = {
        {"clean.db", FIXTURE_RUN},
        {"leak.db", FIXTURE_RUN LEAK},
        {"warn.db", FIXTURE_RUN WARNING},
        {"crashed.db", FIXTURE_RUN "UPDATE run SET end_kind = 'crashed'"},
        {"unfinished.db", FIXTURE_RUN "UPDATE run SET end_kind = 'running'"},
        {"dropped.db", FIXTURE_RUN "UPDATE run SET dropped = 3"},
        {"dropped_leak.db", FIXTURE_RUN LEAK "UPDATE run SET dropped = 3"},
        {"newer.db", FIXTURE_RUN "PRAGMA user_version = 9"},
    };
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++)
        fixture_make(fixture_name(fixture, traces[i].name), traces[i].sql);
    fixture_write(fixture_name(fixture, "junk.db"), "junk", 4);
    fixture_write(fixture_name(fixture, "empty.db"), "", 0);
    fixture_write(fixture_name(fixture, "g.supp"), "never-awaited:coro=g\n", 21);
    fixture_write(fixture_name(fixture, "unused.supp"), "never-awaited:coro=h\n", 21);
    fixture_write(fixture_name(fixture, "bad.supp"), "never-awaitd:coro=g\n", 20);
    return setenv("TMPDIR", fixture->dir, 1);
}

struct exit_case {
    int code;
    const char *arguments[10];
    const char *out, *err; /* what must be said; NULL: nothing is looked for */
};

static void expect(const struct fixture *fixture, const struct exit_case *wanted)
{
    static struct said said;
    leash_says(&said, fixture->dir, wanted->arguments);
    bool right = said.code == wanted->code && (!wanted->out || strstr(said.out, wanted->out)) &&
                 (!wanted->err || strstr(said.err, wanted->err));
    if (right)
        return;
    for (size_t i = 0; wanted->arguments[i]; i++)
        print_message("%s ", wanted->arguments[i]);
    fail_msg("exit %d, not %d\nout: %s\nerr: %s", said.code, wanted->code, said.out, said.err);
}

static void expect_all(const struct fixture *fixture, const struct exit_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect(fixture, &cases[i]);
}
#define EXPECT_ALL(fixture, cases) expect_all((fixture), (cases), sizeof(cases) / sizeof *(cases))

static void test_clean(void **state)
{
    static const struct exit_case cases[] = {
        {0, {"check", "clean.db"}, "No leaks", NULL},
        {0, {"check", "warn.db"}, "1 warning", NULL},
        {0, {"check", "--suppressions", "g.supp", "leak.db"}, "1 suppressed", NULL},
        {0, {"check", "--warn", "never-awaited", "leak.db"}, "warning[never-awaited]", NULL},
        {0, {"check", "--fail-on", "deadlock", "leak.db"}, NULL, NULL},
        {0, {"check", "--max-leaks", "1", "leak.db"}, "1 allowed", NULL},
        {0, {"clean.db"}, "No leaks", NULL},
    };
    EXPECT_ALL(*state, cases);
}

static void test_leaks(void **state)
{
    static const struct exit_case cases[] = {
        {1, {"check", "leak.db"}, "FAILED (exit 1)", NULL},
        {1, {"leak.db"}, "never-awaited", NULL},
        {1, {"--format", "json", "leak.db"}, "leash.check/1", NULL},
        {1, {"check", "--", "leak.db"}, NULL, NULL},
        {1, {"check", "dropped_leak.db"}, "3 events dropped", NULL}, /* a leak is a leak, whatever else is lost */
        {1, {"check", "--fail-on=deadlock,never-joined", "warn.db"}, "error[never-joined]", NULL},
        {1, {"check", "--max-leaks", "0", "leak.db"}, NULL, NULL},
        {1, {"check", "--suppressions", "unused.supp", "leak.db"}, NULL, "unused.supp:1"},
        /* --exit-code changes this one, and no other */
        {0, {"check", "--exit-code", "0", "leak.db"}, "FAILED (exit 0)", NULL},
        {1, {"check", "--exit-code", "1", "leak.db"}, NULL, NULL},
        {42, {"check", "--exit-code=42", "leak.db"}, "exit 42", NULL},
        {255, {"check", "--exit-code=255", "leak.db", "clean.db"}, NULL, NULL},
        {0, {"check", "--exit-code=42", "clean.db"}, NULL, NULL},
        {2, {"check", "--exit-code=42", "none.db"}, NULL, NULL},
        {2, {"check", "--exit-code=0", "none.db"}, NULL, NULL},
        {2, {"check", "--exit-code=0", "leak.db", "none.db"}, NULL, NULL},
        {3, {"check", "--exit-code=42", "crashed.db"}, NULL, NULL},
        {3, {"check", "--exit-code=0", "crashed.db"}, NULL, NULL},
    };
    EXPECT_ALL(*state, cases);
}

static void test_trouble(void **state)
{
    static const struct exit_case cases[] = {
        /* usage */
        {2, {NULL}, NULL, "commands:"},
        {2, {"check"}, NULL, "which trace?"},
        {2, {"check", "--allow-incomplete"}, NULL, "which trace?"},
        {2, {"check", ""}, NULL, "a trace needs a name"},
        {2, {"check", "--fail-no", "deadlock", "leak.db"}, NULL, "did you mean --fail-on?"},
        {2, {"check", "--exit-code", "256", "leak.db"}, NULL, "0 to 255"},
        /* nothing matched */
        {2, {"check", "*.sqlite"}, NULL, "the pattern matched nothing"},
        {2, {"check", "clean.db", "traces/*.db"}, NULL, "the pattern matched nothing"},
        /* not readable */
        {2, {"check", "none.db"}, NULL, "none.db: no such file"},
        {2, {"check", "."}, NULL, NULL},
        {2, {"check", "junk.db"}, NULL, "junk.db: not a leash trace"},
        {2, {"check", "empty.db"}, NULL, "the file is empty"},
        {2, {"check", "newer.db"}, NULL, "schema 9, this build reads 2: upgrade"},
        {2, {"check", "--allow-incomplete", "none.db"}, NULL, NULL},
        /* not writable */
        {2, {"check", "-o", "none/report", "clean.db"}, NULL, "cannot be written"},
        {2, {"check", "-o", "/dev/full", "clean.db"}, NULL, "could not be written"},
        /* suppressions */
        {2, {"check", "--suppressions", "none.supp", "clean.db"}, NULL, "none.supp"},
        {2, {"check", "--suppressions", "bad.supp", "clean.db"}, NULL, "bad.supp:1:1"},
        {2, {"check", "--strict-suppressions", "--suppressions", "unused.supp", "leak.db"}, NULL, "unused.supp:1"},
    };
    EXPECT_ALL(*state, cases);
}

static void test_inconclusive(void **state)
{
    static const struct exit_case cases[] = {
        {3, {"check", "crashed.db"}, "CRASHED at +4.812s", NULL},
        {3, {"check", "dropped.db"}, "3 events dropped", NULL},
        {3, {"check", "unfinished.db"}, "no end mark", NULL},
        {3, {"check", "--max-leaks", "5", "dropped_leak.db"}, NULL, NULL},
        {0, {"check", "--allow-incomplete", "crashed.db"}, ": no leaks\n", NULL}, /* and not that all tasks ended */
        {3, {"diff", "clean.db", "crashed.db"}, "0 the same  INCONCLUSIVE (exit 3)\n", "not a whole trace"},
        {0, {"check", "--allow-incomplete", "dropped.db"}, NULL, NULL},
        {0, {"check", "--allow-incomplete", "unfinished.db"}, NULL, NULL},
        {1, {"check", "--allow-incomplete", "dropped_leak.db"}, NULL, NULL},
    };
    EXPECT_ALL(*state, cases);
}

/* 2 > 1 > 3 > 0, in any order and number. */
static void test_several_traces(void **state)
{
    static const struct {
        int weight, code;
        const char *trace;
    } kinds[] = {{0, 0, "clean.db"}, {1, 3, "crashed.db"}, {2, 1, "leak.db"}, {3, 2, "none.db"}};
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 4; j++) {
            size_t graver = kinds[i].weight > kinds[j].weight ? i : j;
            expect(*state,
                   &(struct exit_case){
                       kinds[graver].code, {"check", "warn.db", kinds[i].trace, kinds[j].trace}, "3 traces: ", NULL});
        }
    }
}

#define RUN(...)                                                                                                       \
    {                                                                                                                  \
        "run", __VA_ARGS__                                                                                             \
    }

static void test_run(void **state)
{
    static const struct exit_case cases[] = {
        /* a command that passes gets ours */
        {0, RUN("--", "sh", "-c", RECORD("clean.db") "true"), NULL, NULL},
        {1, RUN("--", "sh", "-c", RECORD("leak.db") "true"), NULL, NULL},
        {0, RUN("--suppressions", "g.supp", "--", "sh", "-c", RECORD("leak.db") "true"), NULL, NULL},
        {9, RUN("--exit-code=9", "--", "sh", "-c", RECORD("leak.db") "true"), NULL, NULL},
        {0, RUN("--exit-code=0", "--", "sh", "-c", RECORD("leak.db") "true"), NULL, NULL},
        {2, RUN("--", "true"), NULL, "recorded no trace"},
        {2, RUN("--", "sh", "-c", RECORD("junk.db") "true"), NULL, "not a leash trace"},
        {2, RUN("--"), NULL, "which command?"},
        {3, RUN("--", "sh", "-c", RECORD("crashed.db") "true"), NULL, NULL},
        {0, RUN("--allow-incomplete", "--", "sh", "-c", RECORD("crashed.db") "true"), NULL, NULL},
        /* one that fails keeps its own, whatever its trace says */
        {7, RUN("--", "sh", "-c", RECORD("clean.db") "exit 7"), NULL, "sh exited with 7"},
        {7, RUN("--", "sh", "-c", RECORD("leak.db") "exit 7"), "never-awaited", NULL},
        {7, RUN("--exit-code=9", "--", "sh", "-c", RECORD("leak.db") "exit 7"), NULL, NULL},
        {5, RUN("--", "sh", "-c", "exit 5"), NULL, "recorded no trace"},
        {128 + SIGSEGV, RUN("--", "sh", "-c", RECORD("leak.db") "kill -SEGV $$"), NULL, "(SIGSEGV)"},
        {128 + SIGKILL, RUN("--", "sh", "-c", "kill -KILL $$"), NULL, "(SIGKILL)"},
        {127, RUN("--", "./no-such-program"), NULL, "cannot be run"},
        {126, RUN("--", "./clean.db"), NULL, "cannot be run"},
    };
    EXPECT_ALL(*state, cases);
}

/* Commands that do not judge: 0, or 2. */
static void test_other_commands(void **state)
{
    static const struct exit_case cases[] = {
        {0, {"list", "leaks", "leak.db"}, "never-awaited", NULL},
        {0, {"show", "c5", "leak.db"}, NULL, NULL},
        {0, {"sql", "leak.db", "SELECT 1"}, NULL, NULL},
        {0, {"--version"}, NULL, NULL},
        {0, {"check", "-h"}, NULL, NULL},
        {2, {"list", "leaks", "none.db"}, NULL, NULL},
        {2, {"show", "c77", "leak.db"}, NULL, NULL},
        {2, {"sql", "leak.db", "SELEC 1"}, NULL, NULL},
        {2, {"frobnicate"}, NULL, NULL},
    };
    EXPECT_ALL(*state, cases);
}

#define WITH_TRACES(test) cmocka_unit_test_setup_teardown(test, make_traces, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TRACES(test_clean),          WITH_TRACES(test_leaks),          WITH_TRACES(test_trouble),
        WITH_TRACES(test_inconclusive),   WITH_TRACES(test_several_traces), WITH_TRACES(test_run),
        WITH_TRACES(test_other_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
