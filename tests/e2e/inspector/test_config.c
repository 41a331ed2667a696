/* Flags, and what is configured beside them: who wins, what is refused. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LEAK                                                                                                           \
    "INSERT INTO site VALUES(2, 'src/a.c', 10, 'f', 'g');"                                                             \
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(5, 2, 7, 'created', 512);"

/* leak.db (a coroutine that was never started), an empty home of configurations. */
static int begin(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    fixture_make(fixture_name(fixture, "leak.db"), FIXTURE_RUN LEAK);
    assert_int_equal(mkdir(fixture_name(fixture, "home"), 0755), 0);
    assert_int_equal(mkdir(fixture_name(fixture, "home/leash"), 0755), 0);
    setenv("XDG_CONFIG_HOME", fixture_name(fixture, "home"), 1);
    return 0;
}

static void write_text(const struct fixture *fixture, const char *name, const char *text)
{
    if (text)
        fixture_write(fixture_name(fixture, name), text, strlen(text));
    else
        remove(fixture_name(fixture, name));
}

struct config_case {
    const char *user, *folder, *environment; /* NULL: none */
    const char *arguments[6];
    int code;
    const char *out, *err; /* what must be said */
};

static void expect(const struct fixture *fixture, const struct config_case *wanted)
{
    static struct said said;
    write_text(fixture, "home/leash/config", wanted->user);
    write_text(fixture, ".leash.conf", wanted->folder);
    if (wanted->environment)
        setenv("LEASH_OPTIONS", wanted->environment, 1);
    else
        unsetenv("LEASH_OPTIONS");
    leash_says(&said, fixture->dir, wanted->arguments);
    if (said.code != wanted->code || (wanted->out && !strstr(said.out, wanted->out)) ||
        (wanted->err && !strstr(said.err, wanted->err)))
        fail_msg("%s | %s | %s: exit %d, not %d\nout: %s\nerr: %s", wanted->user, wanted->folder, wanted->environment,
                 said.code, wanted->code, said.out, said.err);
}

#define CHECK                                                                                                          \
    {                                                                                                                  \
        "check", "leak.db"                                                                                             \
    }

static void test_who_wins(void **state)
{
    static const struct config_case cases[] = {
        {NULL, NULL, NULL, CHECK, 1, NULL, NULL},
        {"exit-code = 11", NULL, NULL, CHECK, 11, NULL, NULL},
        {"exit-code = 11", "exit-code = 12", NULL, CHECK, 12, NULL, NULL},
        {"exit-code = 11", "exit-code = 12", "inspector.exit-code=13", CHECK, 13, NULL, NULL},
        {"exit-code = 11",
         "exit-code = 12",
         "inspector.exit-code=13",
         {"check", "--exit-code=14", "leak.db"},
         14,
         NULL,
         NULL},
        {"exit-code = 11\nexit-code = 15", NULL, NULL, CHECK, 15, NULL, NULL},
        /* what stands higher replaces a list, too; in one place its values add up */
        {"warn = never-awaited", NULL, NULL, CHECK, 0, "warning[never-awaited]", NULL},
        {"warn = never-awaited", "warn = deadlock", NULL, CHECK, 1, NULL, NULL},
        {NULL, "warn = never-awaited\nwarn = deadlock", NULL, CHECK, 0, NULL, NULL},
        {NULL, NULL, "inspector.warn='deadlock,never-awaited'", CHECK, 0, NULL, NULL},
        /* flags without a value */
        {"quiet", NULL, NULL, CHECK, 1, "leak.db: 1 leak (1 never-awaited)\n", NULL},
        {"quiet = yes", "quiet = no", NULL, CHECK, 1, "error[never-awaited]", NULL},
        {"quiet = yes", NULL, NULL, {"check", "--quiet=no", "leak.db"}, 1, "error[never-awaited]", NULL},
        /* the other half reads LEASH_OPTIONS as well */
        {NULL, NULL, "seed=7:inspector.exit-code=9:trace='a:inspector.exit-code=8'", CHECK, 9, NULL, NULL},
        {NULL, NULL, "nonsense:x=1", CHECK, 1, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, &cases[i]);
}

static void test_forms_of_flags(void **state)
{
    static const struct config_case cases[] = {
        {NULL, NULL, NULL, {"check", "--exit-code", "7", "leak.db"}, 7, NULL, NULL},
        {NULL, NULL, NULL, {"check", "--exit-code=7", "leak.db"}, 7, NULL, NULL},
        {NULL, NULL, NULL, {"check", "leak.db", "--exit-code=7"}, 7, NULL, NULL},
        {NULL, NULL, NULL, {"check", "--exit-code=7", "--exit-code=8", "leak.db"}, 8, NULL, NULL},
        {NULL, NULL, NULL, {"check", "--exit-code=7", "--", "leak.db"}, 7, NULL, NULL},
        {NULL, NULL, NULL, {"check", "--", "leak.db", "-q"}, 2, NULL, "-q: no such file"},
        {NULL, NULL, NULL, {"check", "-q", "-o", "out", "leak.db"}, 1, "", NULL},
        {NULL, NULL, NULL, {"check", "-q", "-oout", "leak.db"}, 1, "", NULL},
        {NULL, NULL, NULL, {"check", "-qo", "out", "leak.db"}, 2, "", "unknown flag -qo"},
        {NULL, NULL, NULL, {"check", "-o", "--format=json", "leak.db"}, 1, "", NULL}, /* a file of that name */
        {NULL, NULL, NULL, {"check", "--fail-on", "deadlock", "--fail-on=never-awaited", "leak.db"}, 1, NULL, NULL},
        {NULL, NULL, NULL, {"check", "--quiet=yes", "leak.db"}, 1, "leak.db: 1 leak (1 never-awaited)\n", NULL},
        {NULL, NULL, NULL, {"check", "--exit-code=", "leak.db"}, 2, "", "a number from 0 to 255, not \"\""},
        {NULL, NULL, NULL, {"check", "leak.db", "--exit-code"}, 2, "", "--exit-code needs a value: --exit-code N"},
        {NULL, NULL, NULL, {"check", "--exitcode=7", "leak.db"}, 2, "", "did you mean --exit-code?"},
        {NULL,
         NULL,
         NULL,
         {"check", "--columns=id", "leak.db"},
         2,
         "",
         "`leash list` takes it, `leash check` does not"},
        {NULL, NULL, NULL, {"check", "--=7", "leak.db"}, 2, "", "unknown flag --"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, &cases[i]);
}

static void test_files(void **state)
{
    static const struct config_case cases[] = {
        {NULL, "# a comment\n\n\t exit-code\t=  7 \r\n", NULL, CHECK, 7, NULL, NULL},
        {NULL, "[check]\nexit-code = 7\n[ list ]\nexit-code = 8\n", NULL, CHECK, 7, NULL, NULL},
        {NULL, "[list]\nexit-code = 8\n", NULL, CHECK, 1, NULL, NULL},
        {NULL, "sort = -id\nlimit = 1", NULL, CHECK, 1, NULL, NULL},
        {NULL, "limit = 0\ncolumns = id\nexit-code = 9", NULL, {"list", "coros", "leak.db"}, 0, "ID\n", NULL},
        {"", "verbose", NULL, CHECK, 1, NULL, "/home/leash/config, .leash.conf"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, &cases[i]);
}

static void test_saved_filters(void **state)
{
    static const struct config_case cases[] = {
        {"five = id:5\n",
         "[filters]\n# ids\nfive=id=6\nmine = @five | id:5\n[list]\nlimit = 9",
         NULL,
         {"list", "coros", "--columns=id", "--where=@mine", "leak.db"},
         2,
         "",
         "there is no flag \"five\""},
        {"[filters]\nfive = id:5\n",
         "[filters]\nmine = @five -state:done",
         NULL,
         {"list", "coros", "--columns=id", "--where=@mine id<9", "leak.db"},
         0,
         "#c5\n",
         NULL},
        {"[filters]\nfive = id:5\n",
         "[filters]\nfive = id:6",
         NULL,
         {"list", "coros", "--columns=id", "--where=@five", "leak.db"},
         0,
         "ID\n",
         "0 of 1 match: @five"},
        {"[filters]\nfive = id:5\n",
         NULL,
         NULL,
         {"list", "coros", "--where", "-@fvie", "leak.db"},
         2,
         "",
         "did you mean \"@five\"?\n  -@fvie\n   ^\n"},
        {NULL,
         "[filters]\nslow = wait>1s",
         NULL,
         {"list", "sites", "--where", "@slow", "leak.db"},
         2,
         "",
         "@slow (.leash.conf:2): sites have no field"},
        /* looked at when they are read */
        {NULL, "[filters]\nslow = wait>1", NULL, CHECK, 2, "", ".leash.conf:2: @slow: \"1\" is no time"},
        {NULL, "[filters]\n\na = @b\nb = @a", NULL, CHECK, 2, "",
         ".leash.conf:3: @a: @b (.leash.conf:4): @a (.leash.conf:3): @b (.leash.conf:4) stands in itself"},
        {NULL, "[filters]\nslow =", NULL, CHECK, 2, "", ".leash.conf:2: a saved filter is a line like"},
        {NULL, "[filters]\nso slow = id:1", NULL, CHECK, 2, "", ".leash.conf:2: a saved filter is a line like"},
        {NULL, "[filter]", NULL, CHECK, 2, "", "did you mean \"filters\"?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, &cases[i]);
}

static void test_what_is_wrong_is_named(void **state)
{
    static const struct config_case cases[] = {
        {NULL, "\nexit-cod = 7", NULL, CHECK, 2, "",
         ".leash.conf:2: there is no flag \"exit-cod\"; did you mean \"exit-code\"?"},
        {"exit-code = x", NULL, NULL, CHECK, 2, "",
         "leash/config:1: --exit-code takes a number from 0 to 255, not \"x\""},
        {NULL, "exit-code", NULL, CHECK, 2, "", ".leash.conf:1: --exit-code needs a value"},
        {NULL, "quiet = 3", NULL, CHECK, 2, "", ".leash.conf:1: --quiet takes no value but yes or no"},
        {NULL, "[chekc]", NULL, CHECK, 2, "",
         ".leash.conf:1: there is no subcommand \"chekc\"; did you mean \"check\"?"},
        {NULL, "[check", NULL, CHECK, 2, "", ".leash.conf:1: a section is a subcommand in brackets"},
        {NULL, "= 3", NULL, CHECK, 2, "", ".leash.conf:1: there is no flag \"\""},
        {NULL, "trace = /etc/passwd", NULL, CHECK, 2, "", ".leash.conf:1: --trace is for the command line only"},
        {NULL, "e\033[31m = 1", NULL, CHECK, 2, "", "\"e\\x1b[31m\""},
        {NULL, NULL, "inspector.colour=never", CHECK, 2, "", "LEASH_OPTIONS: inspector.colour: there is no flag"},
        {NULL, NULL, "inspector.exit-code=", CHECK, 2, "", "LEASH_OPTIONS: inspector.exit-code: --exit-code takes"},
        {NULL, NULL, "inspector.exit-code", CHECK, 2, "", "--exit-code needs a value"},
        {NULL, NULL, "inspector.exit-code='7'8", CHECK, 2, "", "--exit-code needs a value"},
        /* the command line is read all the same */
        {NULL, "exit-cod = 7", NULL, {"check", "-h"}, 0, "examples:", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, &cases[i]);
}

/* A folder that was fetched from somewhere may hold anything under that name. */
static void test_a_hostile_file(void **state)
{
    const struct fixture *fixture = *state;
    static struct said said;
    const char *const path = fixture_name(fixture, ".leash.conf");
    unsetenv("LEASH_OPTIONS");
    fixture_write(path, "quiet\0= 1", 9);
    SAYS(&said, fixture, "check", "leak.db");
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, ".leash.conf: a NUL byte is in it"));
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    SAYS(&said, fixture, "check", "leak.db");
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, "a configuration is a file of text"));
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    SAYS(&said, fixture, "check", "leak.db");
    assert_int_equal(said.code, 2);
    assert_int_equal(remove(path), 0);
}

#define WITH_TRACE(test) cmocka_unit_test_setup_teardown(test, begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_TRACE(test_forms_of_flags),
                                       WITH_TRACE(test_who_wins),
                                       WITH_TRACE(test_files),
                                       WITH_TRACE(test_saved_filters),
                                       WITH_TRACE(test_what_is_wrong_is_named),
                                       WITH_TRACE(test_a_hostile_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
