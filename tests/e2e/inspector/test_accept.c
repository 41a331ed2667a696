/* What a user accepts, on traces that a program really wrote: suppressions, the source, the program itself, a baseline,
 * a rule; and that a finding is known again after its lines have moved. */
#include "buffer.h"
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct said said;

static void expect(int code, const char *out)
{
    if (said.code != code || (out && !strstr(said.out, out)))
        fail_msg("exit %d, not %d, or no \"%s\"\nout: %s\nerr: %s", said.code, code, out ? out : "", said.out,
                 said.err);
}

static void expect_complaint(int code, const char *words)
{
    if (said.code != code || !strstr(said.err, words))
        fail_msg("exit %d, not %d, or no \"%s\"\nout: %s\nerr: %s", said.code, code, words, said.out, said.err);
}

static void write_text(const struct fixture *fixture, const char *name, const char *text)
{
    fixture_write(fixture_name(fixture, name), text, strlen(text));
}

/* leaky.db and clean.db. */
static int begin(void **state)
{
    fixture_begin(state);
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "-q", "-o", "leaky.db", "--", FORGETFUL, "leak");
    expect(1, NULL);
    SAYS(&said, fixture, "run", "-q", "-o", "clean.db", "--", FORGETFUL);
    expect(0, NULL);
    return 0;
}

static void test_suppressions(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, "a.supp",
               "# leash suppressions 1\nnever-awaited:coro=failing\n*:name=worker max=3 # it stays\n");
    SAYS(&said, fixture, "check", "--suppressions", "a.supp", "leaky.db");
    expect(1, "leaky.db: 1 leak (1 never-retrieved)\n");
    expect(1, "2 suppressed");
    expect(
        1,
        "Suppressions used:\n      1  never-awaited:coro=failing  a.supp:2\n      1  *:name=worker max=3  a.supp:3\n");
    assert_string_equal(said.err, "");
    write_text(fixture, ".leash.supp", "never-retrieved:err=EIO\n");
    SAYS(&said, fixture, "check", "-q", "--suppressions", "a.supp", "leaky.db");
    expect(0, "no leaks");
    SAYS(&said, fixture, "run", "-q", "--suppressions", "a.supp", "--", FORGETFUL, "leak");
    expect(0, NULL);
    SAYS(&said, fixture, "check", "-q", "--suppressions", "a.supp", "clean.db");
    expect_complaint(0, "a.supp:2: suppressed nothing: never-awaited:coro=failing\n");
    SAYS(&said, fixture, "check", "-q", "--strict-suppressions", "leaky.db");
    expect_complaint(2, ".leash.supp:1:1: reason= is missing");
    write_text(fixture, ".leash.supp", "never-retrieved:err=EIO reason=flaky disk\n");
    SAYS(&said, fixture, "check", "-q", "--strict-suppressions", "leaky.db");
    expect(1, NULL);
    SAYS(&said, fixture, "check", "--suppressions", "./.leash.supp", "leaky.db"); /* read once, not twice */
    expect(1, "      1  never-retrieved:err=EIO reason=flaky disk  ./.leash.supp:1\n");
    assert_string_equal(said.err, "");
    SAYS(&said, fixture, "check", "-q", "--strict-suppressions", "clean.db");
    expect_complaint(2, "suppressed nothing");
}

static void test_bad_files(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, "a.supp", "\n\tnever-awaited:\x1b[31mx nam=y\n");
    SAYS(&said, fixture, "check", "--suppressions", "a.supp", "leaky.db");
    expect_complaint(2, "leash check: a.supp:2:23: there is no field \"nam\"; did you mean \"name\"?\n"
                        "   never-awaited:\\x1b[31mx nam=y\n"
                        "                           ^\n");
    assert_string_equal(said.out, "");
    SAYS(&said, fixture, "check", "--suppressions", "nowhere", "leaky.db");
    expect_complaint(2, "nowhere: cannot be read: No such file or directory");
    SAYS(&said, fixture, "check", "--baseline", "a.supp", "leaky.db");
    expect_complaint(2, "a.supp:1:1: not a baseline");
}

static void test_expiry(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, "a.supp", "*:* until=2027-01-31\n");
    setenv("SOURCE_DATE_EPOCH", "1801439999", 1); /* its last second */
    SAYS(&said, fixture, "check", "-q", "--suppressions", "a.supp", "leaky.db");
    expect(0, NULL);
    setenv("SOURCE_DATE_EPOCH", "1801440000", 1);
    SAYS(&said, fixture, "check", "-q", "--suppressions", "a.supp", "leaky.db");
    expect_complaint(1, "a.supp:1: expired, and suppresses nothing any more: *:* until=2027-01-31");
    unsetenv("SOURCE_DATE_EPOCH");
}

/* What is generated suppresses all that it came from. */
static void test_generated(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "check", "--gen-suppressions", "leaky.db");
    expect(1, "# leash suppressions 1\n");
    write_text(fixture, "a.supp", said.out);
    SAYS(&said, fixture, "check", "-q", "--suppressions", "a.supp", "leaky.db");
    expect(0, NULL);
    assert_string_equal(said.err, "");
    SAYS(&said, fixture, "check", "--gen-suppressions", "--suppressions", "a.supp", "leaky.db");
    expect(0, NULL);
    assert_string_equal(said.out, "# leash suppressions 1\n");
}

static void test_the_program_accepts(void **state)
{
    struct fixture *fixture = *state;
    setenv("FORGETFUL_SUPPRESSIONS", "*:failing\npending-at-exit:name=worker\n", 1);
    SAYS(&said, fixture, "run", "-o", "t.db", "--", FORGETFUL, "leak");
    expect(0, "1  pending-at-exit:name=worker  the program:2");
    setenv("FORGETFUL_SUPPRESSIONS", "nonsense", 1);
    SAYS(&said, fixture, "run", "-o", "t.db", "--", FORGETFUL, "leak");
    expect_complaint(2, "the program:1:1: an entry is a class, a colon and what to match");
    unsetenv("FORGETFUL_SUPPRESSIONS");
}

/* The lines of forgetful.c, with a comment at the one that makes the worker. */
static void test_the_source_accepts(void **state)
{
    struct fixture *fixture = *state;
    struct buffer text = {0};
    char line[400];
    FILE *in = fopen(SOURCE_FOLDER "/tests/e2e/inspector/forgetful.c", "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        bool here = strstr(line, "\"worker\");");
        buffer_format(&text, "%s%s\n", line, here ? " // leash: allow(pending-at-exit) it sleeps on purpose" : "");
    }
    fclose(in);
    write_text(fixture, "forgetful.c", buffer_text(&text));
    buffer_free(&text);
    SAYS(&said, fixture, "check", "--source", ".", "leaky.db");
    expect(1, "1  leash: allow(pending-at-exit) it sleeps on purpose  ");
    expect(1, "1 suppressed");
}

static void test_baseline(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "baseline", "write", "-o", "b", "leaky.db");
    expect(0, NULL);
    char *first = strdup(said.err);
    assert_non_null(strstr(first, "b: 3 known, 0 before"));
    free(first);
    SAYS(&said, fixture, "check", "--baseline", "b", "leaky.db");
    expect(0, "3 in the baseline");
    SAYS(&said, fixture, "check", "--baseline", "b", "clean.db");
    expect(0, "fixed: 3, run `leash baseline prune -o b TRACE...`\n");
    SAYS(&said, fixture, "check", "--baseline", "b", "--format", "jsonl", "clean.db");
    expect_complaint(0, "fixed: 3, run `leash baseline prune -o b TRACE...`\n");
    SAYS(&said, fixture, "check", "--baseline", "b", "--ratchet", "clean.db");
    expect_complaint(1, "b: allows more than there is, 3 times (--ratchet)");
    SAYS(&said, fixture, "check", "-q", "--baseline", "b", "--ratchet", "leaky.db");
    expect(0, NULL);
    SAYS(&said, fixture, "baseline", "prune", "-o", "b", "clean.db");
    expect(0, NULL);
    SAYS(&said, fixture, "check", "--baseline", "b", "leaky.db");
    expect(1, "]: NEW ");
    SAYS(&said, fixture, "baseline", "accept", "deadbeef", "-o", "b", "leaky.db");
    expect_complaint(2, "nothing is found of deadbeef in leaky.db");
    SAYS(&said, fixture, "baseline", "accept", "#2", "-o", "b", "leaky.db");
    expect(0, NULL);
    SAYS(&said, fixture, "check", "-q", "--baseline", "b", "leaky.db");
    expect(1, "1 in the baseline");
    SAYS(&said, fixture, "check", "-q", "--baseline", "leaky.db", "leaky.db");
    expect(0, NULL); /* an older trace serves as well */
    SAYS(&said, fixture, "check", "--baseline", "leaky.db", "clean.db");
    expect(0, "fixed: 3 since leaky.db\n");
    SAYS(&said, fixture, "check", "-q", "--baseline", "clean.db", "leaky.db");
    expect(1, NULL);
}

/* What cannot tell what was fixed changes nothing. */
static void test_baseline_of_a_part(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "baseline", "write", "-o", "b", "leaky.db");
    SAYS(&said, fixture, "run", "-q", "-o", "killed.db", "--", FORGETFUL, "kill");
    SAYS(&said, fixture, "baseline", "prune", "-o", "b", "killed.db");
    expect_complaint(3, "killed.db: not a whole trace");
    SAYS(&said, fixture, "check", "--baseline", "b", "--ratchet", "killed.db");
    expect(3, NULL);
    assert_null(strstr(said.out, "fixed"));
    SAYS(&said, fixture, "check", "-q", "--baseline", "b", "leaky.db");
    expect(0, NULL);
    static const char *const wrong[][5] = {{"baseline", "prunee", "-o", "b", "leaky.db"},
                                           {"baseline", "write", "leaky.db"},
                                           {"baseline", "write", "-o", "b"},
                                           {"baseline", "prune", "-o", "nowhere", "leaky.db"},
                                           {"baseline", "write", "-o", "leaky.db", "leaky.db"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *words[6] = {NULL};
        memcpy(words, wrong[i], sizeof wrong[i]);
        leash_says(&said, fixture->dir, words);
        expect(2, NULL);
    }
    SAYS(&said, fixture, "check", "-q", "leaky.db"); /* still a trace */
    expect(1, NULL);
}

static void test_diff(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "diff", "clean.db", "leaky.db");
    expect(1, "clean.db -> leaky.db: 3 new, 0 grew, 0 shrank, 0 fixed, 0 the same  FAILED (exit 1)\n");
    SAYS(&said, fixture, "diff", "leaky.db", "clean.db");
    expect(0, "0 new, 0 grew, 0 shrank, 3 fixed, 0 the same  OK (exit 0)\n");
    SAYS(&said, fixture, "diff", "--format", "json", "leaky.db", "leaky.db");
    expect(0, "\"same\":3");
    SAYS(&said, fixture, "diff", "leaky.db");
    expect(2, NULL);
    SAYS(&said, fixture, "diff", "leaky.db", "nowhere.db");
    expect(2, NULL);
    SAYS(&said, fixture, "diff", "--format", "junit", "leaky.db", "clean.db");
    expect(2, NULL);
}

/* The same program with ten lines more at its top, with and without recorded stacks. */
static void test_lines_move(void **state)
{
    struct fixture *fixture = *state;
    static const char *const options[] = {"stacks=0", "stacks=1"};
    for (size_t i = 0; i < 2; i++) {
        setenv("LEASH_OPTIONS", options[i], 1);
        SAYS(&said, fixture, "run", "-q", "-o", "before.db", "--", FORGETFUL, "leak");
        expect(1, NULL);
        SAYS(&said, fixture, "run", "-q", "-o", "after.db", "--", FORGETFUL_MOVED, "leak");
        expect(1, NULL);
        unsetenv("LEASH_OPTIONS");
        SAYS(&said, fixture, "diff", "before.db", "after.db");
        expect(0, "0 new, 0 grew, 0 shrank, 0 fixed, 3 the same");
        SAYS(&said, fixture, "list", "leaks", "--columns", "site", "before.db");
        char *sites = strdup(said.out);
        SAYS(&said, fixture, "list", "leaks", "--columns", "site", "after.db");
        assert_string_not_equal(sites, said.out); /* they did move */
        free(sites);
    }
}

static void test_rule(void **state)
{
    struct fixture *fixture = *state;
    write_text(fixture, "my.sql",
               "-- class: named\n-- severity: warning\n-- title: has a name\n-- hint: none\n"
               "SELECT 'task' AS subject_kind, id AS subject_id, name, site_id, stack_id, created_ns AS at_ns,\n"
               "  name AS detail, code FROM task WHERE name = 'pool'\n");
    SAYS(&said, fixture, "check", "-q", "--fail-on", "named", "--rule", "my.sql", "leaky.db");
    expect(1, "1 leak (1 named)");
    write_text(fixture, "a.supp", "named:name=pool\n");
    SAYS(&said, fixture, "check", "-q", "--fail-on", "named", "--rule", "my.sql", "--suppressions", "a.supp",
         "leaky.db");
    expect(0, NULL);
    SAYS(&said, fixture, "check", "-q", "--fail-on", "named", "leaky.db");
    expect_complaint(2, "there is no class \"named\"");
    write_text(fixture, "my.sql",
               "-- class: named\n-- severity: warning\n-- title: has a name\n-- hint: none\nSELECT nope FROM task");
    SAYS(&said, fixture, "check", "-q", "--rule", "my.sql", "leaky.db");
    expect_complaint(2, "my.sql:5:8: no such column: nope");
}

#define WITH_TRACES(test) cmocka_unit_test_setup_teardown(test, begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TRACES(test_suppressions),
        WITH_TRACES(test_bad_files),
        WITH_TRACES(test_expiry),
        WITH_TRACES(test_generated),
        WITH_TRACES(test_the_program_accepts),
        WITH_TRACES(test_the_source_accepts),
        WITH_TRACES(test_baseline),
        WITH_TRACES(test_baseline_of_a_part),
        WITH_TRACES(test_diff),
        WITH_TRACES(test_lines_move),
        WITH_TRACES(test_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
