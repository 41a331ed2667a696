/* Commands, flags, exit codes, messages. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAK                                                                                                           \
    "INSERT INTO site VALUES(2, 'src/a.c', 10, 'f', 'g');"                                                             \
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(5, 2, 7, 'created', 512);"
#define WARNING "INSERT INTO task(id, site_id, state, ended_ns, facts) VALUES(9, 1, 'done', 5, 64);"

/* clean.db, leak.db, warn.db, crashed.db, dropped.db, newer.db, junk.db, empty.db in the fixture's folder. */
static int make_traces(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    fixture_make(fixture_name(fixture, "clean.db"), FIXTURE_RUN);
    fixture_make(fixture_name(fixture, "leak.db"), FIXTURE_RUN LEAK);
    fixture_make(fixture_name(fixture, "warn.db"), FIXTURE_RUN WARNING);
    fixture_make(fixture_name(fixture, "crashed.db"), FIXTURE_RUN "UPDATE run SET end_kind = 'crashed'");
    fixture_make(fixture_name(fixture, "dropped.db"), FIXTURE_RUN "UPDATE run SET dropped = 3");
    fixture_make(fixture_name(fixture, "newer.db"), FIXTURE_RUN "PRAGMA user_version = 9");
    fixture_write(fixture_name(fixture, "junk.db"), "junk", 4);
    fixture_write(fixture_name(fixture, "empty.db"), "", 0);
    return 0;
}

struct exit_case {
    int code;
    const char *arguments[8];
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

/* A long filter is shown around the place where it is wrong. */
#define TEN    "aaaaaaaaaa"
#define SPACES "                                                                      "

static void test_bad_usage(void **state)
{
    static const struct exit_case cases[] = {
        {2, {NULL}, NULL, "commands:"},
        {2, {"chekc", "leak.db"}, NULL, "did you mean `leash check`?"},
        {2, {"frobnicate"}, NULL, "no command and no trace"},
        {2, {"check", "--fail-no", "deadlock", "leak.db"}, NULL, "unknown flag --fail-no; did you mean --fail-on?"},
        {2, {"check", "--zzz", "leak.db"}, NULL, "unknown flag --zzz"},
        {2, {"check", "-z", "leak.db"}, NULL, "unknown flag -z"},
        {2, {"check", "--fail-on", "never-awaitd", "leak.db"}, NULL, "did you mean \"never-awaited\"?"},
        {2, {"check", "--format", "jsn", "leak.db"}, NULL, "did you mean \"json\"?"},
        {2, {"check", "leak.db", "--format"}, NULL, "--format needs a value"},
        {2, {"check", "--ascii=1", "leak.db"}, NULL, "--ascii takes no value"},
        {2, {"check", "--color", "blue", "leak.db"}, NULL, "auto, always or never"},
        {2, {"check", "--exit-code", "900", "leak.db"}, NULL, "0 to 255"},
        {2, {"check", "--grace", "soon", "leak.db"}, NULL, "a time like 200ms"},
        {2, {"check", "--max-leaks", "-1", "leak.db"}, NULL, "takes a number"},
        {2, {"check", "--source", "/none", "leak.db"}, NULL, "--source /none: No such file"},
        {2, {"check", "--map-path", "x", "leak.db"}, NULL, "OLD=NEW"},
        {2, {"check", "--where", "x", "leak.db"}, NULL, "unknown flag --where"},
        {2, {"list", "leak.db"}, NULL, "there is no list"},
        {2, {"list", "task", "leak.db"}, NULL, "did you mean \"tasks\"?"},
        {2, {"list", "tasks"}, NULL, "one trace, please"},
        {2, {"list", "tasks", "--columns", "nam", "leak.db"}, NULL, "did you mean \"name\"?"},
        {2, {"list", "tasks", "--sort", "-agee", "leak.db"}, NULL, "did you mean \"age\"?"},
        {2, {"list", "tasks", "--where", "nmae:x", "leak.db"}, NULL, "did you mean \"name\"?\n  nmae:x\n  ^\n"},
        {2, {"list", "tasks", "--where", "a wait>1", "leak.db"}, NULL, "  a wait>1\n         ^\n"},
        {2,
         {"list", "tasks", "--where", TEN TEN TEN TEN TEN TEN TEN TEN " nmae:x " TEN TEN TEN TEN TEN, "leak.db"},
         NULL,
         "\n  ...aaaaaaaaa" TEN TEN TEN TEN TEN TEN " nmae:x " TEN TEN "aaa...\n  " SPACES "   ^\n"},
        {2, {"list", "awaits", "--where", "root:#1", "leak.db"}, NULL, "awaits have no field \"root\"; tasks do"},
        {2, {"list", "tasks", "--limit", "x", "leak.db"}, NULL, "takes a number"},
        {2, {"list", "tasks", "none.db"}, NULL, "no such file"},
        {2, {"show", "leak.db"}, NULL, "an id and one trace"},
        {2, {"show", "nothing", "leak.db"}, NULL, "is no id"},
        {2, {"show", "#77", "leak.db"}, NULL, "nothing in it is called #77 (`leash list tasks` names"},
        {2, {"show", "#c77", "leak.db"}, NULL, "nothing in it is called #c77 (`leash list coros` names"},
        {2, {"show", "#1", "none.db"}, NULL, "no such file"},
        {2, {"sql", "leak.db"}, NULL, "one statement"},
        {2, {"sql", "leak.db", "SELEC 1"}, NULL, "syntax error"},
        {2, {"sql", "leak.db", "DELETE FROM task"}, NULL, "not authorized: a trace is only read"},
        {2, {"export", "--to", "zzz", "leak.db"}, NULL, "there are chrome-trace, dot, folded and json"},
        {2, {"completions", "tcsh"}, NULL, "there are completions for bash, zsh and fish"},
        {2, {"help", "chekc"}, NULL, "did you mean `leash check`?"},
        {2, {"run"}, NULL, "which command?"},
        {2, {"run", "--"}, NULL, "which command?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, &cases[i]);
}

static void test_answers(void **state)
{
    static const struct exit_case cases[] = {
        {0, {"--version"}, "leash ", NULL},
        {0, {"--help"}, "exit codes:", NULL},
        {0, {"-h"}, "examples:", NULL},
        {0, {"help", "show"}, "usage: leash show ", NULL},
        {0, {"--help", "show"}, "usage: leash show ", NULL},
        {0, {"list", "tasks", "warn.db"}, "#9", NULL},
        {0, {"list", "tasks", "warn.db", "--columns", "id", "--sort=-id", "--limit=1"}, "ID\n#9\n", NULL},
        {0, {"list", "leaks", "leak.db"}, "never-awaited", NULL},
        {0, {"list", "coros", "leak.db"}, "#c5", NULL},
        {0, {"list", "awaits", "leak.db"}, "WAITS-FOR", NULL},
        {0, {"list", "events", "leak.db"}, "loop-begin", NULL},
        {0, {"list", "sites", "leak.db"}, "src/a.c:10", NULL},
        {0, {"list", "objects", "leak.db"}, "KIND", NULL},
        {0, {"list", "tasks", "warn.db", "--where", "leak:never-joined", "--columns=id"}, "ID\n#9\n", NULL},
        {0, {"list", "tasks", "warn.db", "--where", "id>1 -leak:any"}, NULL, "0 of 2 match: id>1 -leak:any\n"},
        {0, {"list", "tasks", "warn.db", "--where", "state:ruhning"}, NULL, "; did you mean \"running\"?\n"},
        {0, {"list", "tasks", "warn.db", "--format", "json"}, "{\"id\":\"#1\"", NULL},
        {0, {"show", "#1", "clean.db"}, "task #1 `app`  (Task-1)  done", NULL},
        {0, {"show", "clean.db", "1"}, "task #1", NULL},
        {0, {"show", "c5", "leak.db"}, "coroutine `g`  #c5  created", NULL},
        {0, {"show", "1", "clean.db", "--format=json"}, "leash.show/1", NULL},
        {0, {"sql", "leak.db", "SELECT count(*) AS n FROM task"}, "N\n1\n", NULL},
        {0, {"sql", "SELECT count(*) AS n FROM task", "leak.db"}, "N\n1\n", NULL},
        {0, {"sql", "newer.db", "SELECT count(*) AS n FROM task"}, "N\n1\n", NULL},
        {2,
         {"sql", "--timeout", "100ms", "leak.db",
          "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"},
         NULL,
         "took too long"},
        {1, {"check", "-q", "leak.db"}, "leak.db: 1 leak (1 never-awaited)\n", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, &cases[i]);
}

/* The lines of a help text from `at` on, up to an empty one. */
static size_t count_lines(const char *at)
{
    size_t count = 0;
    for (; *at && *at != '\n'; count++)
        at += strcspn(at, "\n") + 1;
    return count;
}

static void check_help(const struct fixture *fixture, const char *command)
{
    static struct said said;
    SAYS(&said, fixture, command, "-h");
    assert_int_equal(said.code, 0);
    assert_int_equal(strncmp(said.out, "examples:\n", 10), 0);
    if (count_lines(said.out + 10) < 3)
        fail_msg("%s -h: fewer than three examples", command);
    assert_non_null(strstr(said.out, "usage: leash"));
    assert_non_null(strstr(said.out, "--help"));
    for (char *line = strtok(said.out, "\n"); line; line = strtok(NULL, "\n"))
        if (strlen(line) > 100)
            fail_msg("%s -h: too wide: %s", command, line);
}

static void test_help_opens_with_examples(void **state)
{
    static struct said said;
    char command[32];
    size_t count = 0;
    SAYS(&said, (const struct fixture *)*state, "--help");
    const char *at = strstr(said.out, "commands:\n");
    assert_non_null(at);
    for (at = strchr(at, '\n') + 1; sscanf(at, " %31[a-z] ", command) == 1 && *at != '\n'; at = strchr(at, '\n') + 1) {
        check_help(*state, command);
        count++;
    }
    assert_true(count > 8);
}

static void test_no_escapes_without_a_terminal(void **state)
{
    struct fixture *fixture = *state;
    static struct said said;
    SAYS(&said, fixture, "check", "leak.db", "none.db");
    assert_null(strchr(said.out, '\033'));
    assert_null(strchr(said.err, '\033'));
    SAYS(&said, fixture, "check", "--color=always", "leak.db");
    assert_non_null(strchr(said.out, '\033'));
    SAYS(&said, fixture, "check", "no\033[31msuch.db");
    assert_null(strchr(said.err, '\033'));
    assert_non_null(strstr(said.err, "no\\x1b[31msuch.db"));
}

#define BEYOND_ASCII                                                                                                   \
    "UPDATE run SET argv = './sh\303\266p';"                                                                           \
    "INSERT INTO site VALUES(2, 'src/\303\274.c', 10, 'f\303\274', 'g\303\266');"                                      \
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(5, 2, 7, 'created', 512);"                         \
    "INSERT INTO task(id, name, site_id, coro_site_id, loop_id, created_ns, began_ns, state, facts) VALUES"            \
    "(12, 'w\303\266rker', 2, 2, 1, 10, 20, 'pending', 4);"

static bool has_beyond_ascii(const char *text)
{
    while (*text && !(*text & 0x80))
        text++;
    return *text;
}

/* --ascii holds for whatever is printed, and --color for whatever is coloured. */
static void test_ascii_and_colours_everywhere(void **state)
{
    static const struct {
        const char *arguments[4];
        bool plain; /* is never coloured */
    } cases[] = {
        {{"check", "u.db"}, false},
        {{"check", "u.db", "--format=md"}, true},
        {{"check", "u.db", "--format=github"}, true},
        {{"check", "u.db", "--format=csv"}, true},
        {{"check", "u.db", "--format=json"}, true},
        {{"check", "u.db", "--format=jsonl"}, true},
        {{"check", "u.db", "--format=junit"}, true},
        {{"check", "u.db", "--format=sarif"}, true},
        {{"check", "u.db", "--gen-suppressions"}, true},
        {{"list", "tasks", "u.db"}, false},
        {{"list", "sites", "u.db", "--format=md"}, true},
        {{"list", "leaks", "u.db", "--format=csv"}, true},
        {{"list", "events", "u.db"}, false},
        {{"show", "#12", "u.db"}, false},
        {{"tree", "u.db"}, false},
        {{"timeline", "u.db"}, false},
        {{"sql", "u.db", "SELECT name FROM task"}, false},
        {{"check", "n\303\266ne.db"}, true},
    };
    struct fixture *fixture = *state;
    static struct said said;
    fixture_make(fixture_name(fixture, "u.db"), FIXTURE_RUN BEYOND_ASCII);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const *words = cases[i].arguments;
        SAYS(&said, fixture, words[0], "--ascii", "--color=always", words[1], words[2], words[3]);
        if (has_beyond_ascii(said.out) || has_beyond_ascii(said.err))
            fail_msg("%s %s: beyond ASCII: %s%s", words[0], words[1], said.out, said.err);
        if (!strchr(said.out, '\033') != cases[i].plain)
            fail_msg("%s %s: --color=always: %s", words[0], words[1], said.out);
        SAYS(&said, fixture, words[0], "--color=never", words[1], words[2], words[3]);
        assert_null(strchr(said.out, '\033'));
    }
}

static void test_output_file(void **state)
{
    struct fixture *fixture = *state;
    static struct said said;
    json_error_t error;
    SAYS(&said, fixture, "check", "--format=json", "-o", "report.json", "leak.db");
    assert_int_equal(said.code, 1);
    assert_string_equal(said.out, "");
    json_t *report = json_load_file(fixture_name(fixture, "report.json"), 0, &error);
    assert_non_null(report);
    assert_int_equal(json_integer_value(json_object_get(report, "exit")), 1);
    json_decref(report);
    SAYS(&said, fixture, "check", "-o", "none/report", "leak.db");
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, "cannot be written"));
    SAYS(&said, fixture, "check", "-o", "/dev/full", "clean.db");
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, "could not be written: No space left"));
}

static void test_source_flags(void **state)
{
    struct fixture *fixture = *state;
    static struct said said;
    assert_int_equal(mkdir(fixture_name(fixture, "code"), 0755), 0);
    fixture_write(fixture_name(fixture, "code/a.c"), "1\n2\n3\n4\n5\n6\n7\n8\n9\ng();\n", 24);
    SAYS(&said, fixture, "check", "leak.db");
    assert_non_null(strstr(said.out, "source      not found (--source DIR)"));
    SAYS(&said, fixture, "check", "--source", "code", "leak.db");
    assert_non_null(strstr(said.out, ">   10 | g();"));
    SAYS(&said, fixture, "check", "--map-path", "src=code", "leak.db");
    assert_non_null(strstr(said.out, ">   10 | g();"));
}

#define WITH_TRACES(test) cmocka_unit_test_setup_teardown(test, make_traces, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_TRACES(test_bad_usage),
                                       WITH_TRACES(test_answers),
                                       WITH_TRACES(test_help_opens_with_examples),
                                       WITH_TRACES(test_no_escapes_without_a_terminal),
                                       WITH_TRACES(test_ascii_and_colours_everywhere),
                                       WITH_TRACES(test_output_file),
                                       WITH_TRACES(test_source_flags)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
