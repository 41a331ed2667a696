/* Baselines: the file, what a trace holds of it, the difference of two traces, and accepting one group. */
#include "accept/append.h"
#include "accept/baseline.h"
#include "accept/diff.h"
#include "fixture.h"
#include "source.h"
#include "test.h"
#include "trace.h"
#include "verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int parse(struct baseline *baseline, const char *text, struct accept_fault *fault)
{
    return baseline_parse(baseline, &(struct accept_text){"b", text, strlen(text)}, fault);
}

static struct baseline *baseline_of(const char *text)
{
    struct accept_fault fault;
    struct baseline *baseline = baseline_new();
    if (parse(baseline, text, &fault) != 0)
        fail_msg("%s: %s", text, fault.words);
    return baseline;
}

static void expect_text(const struct baseline *baseline, const char *text)
{
    struct buffer now = {0};
    baseline_text(baseline, &now);
    assert_string_equal(buffer_text(&now), text);
    buffer_free(&now);
}

#define HEAD "# leash baseline 1\n"

static void test_faults(void **state)
{
    static const struct {
        const char *text;
        int line, column;
        const char *words;
    } cases[] = {
        {"", 1, 1, "not a baseline"},
        {"deadlock 0000002a count=1 a.c f\n", 1, 1, "not a baseline"},
        {"# leash suppressions 1\n", 1, 1, "not a baseline"},
        {"# leash baseline 2\n", 1, 18, "a newer version"},
        {"# leash baseline 10\n", 1, 18, "a newer version"},
        {HEAD "deadlock 0000002a count=1 a.c\n", 2, 1, "a class, a fingerprint"},
        {HEAD "deadlock 0000002a count=1 a.c f g\n", 2, 1, "a class, a fingerprint"},
        {HEAD "\n  deadlock 2a count=1 a.c f\n", 3, 12, "8 digits like 9f3c21d8, not \"2a\""},
        {HEAD "deadlock 0000002G count=1 a.c f\n", 2, 10, "8 digits"},
        {HEAD "deadlock 0000002a 1 a.c f\n", 2, 19, "count=N belongs here"},
        {HEAD "deadlock 0000002a count=0 a.c f\n", 2, 19, "not \"count=0\""},
        {HEAD "deadlock 0000002a count=-1 a.c f\n", 2, 19, "not \"count=-1\""},
        {HEAD "deadlock 0000002a count=99999999999999999999 a.c f\n", 2, 19, "count=N"},
        {HEAD "<<<<<<< HEAD\n", 2, 1, "a merge was not finished here"},
        {HEAD "=======\n", 2, 1, "a merge was not finished here"},
        {HEAD ">>>>>>> other\n", 2, 1, "a merge was not finished here"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct accept_fault fault;
        struct baseline *baseline = baseline_new();
        if (parse(baseline, cases[i].text, &fault) != -EINVAL)
            fail_msg("taken: %s", cases[i].text);
        if (fault.line != cases[i].line || fault.column != cases[i].column || !strstr(fault.words, cases[i].words))
            fail_msg("%s: %d:%d %s", cases[i].text, fault.line, fault.column, fault.words);
        baseline_free(baseline);
    }
}

/* Sorted, comments with what they are about, of two lines of a merge the larger one. */
static void test_text(void **state)
{
    (void)state;
    struct baseline *baseline = baseline_of(HEAD "# about the file\n"
                                                 "\n"
                                                 "never-awaited 0000002b count=1 a.c f\r\n"
                                                 "# until the pool is rewritten\n"
                                                 "# by spring\n"
                                                 "deadlock 0000002a count=3 b.c g\n"
                                                 "\n"
                                                 "# the other side\n"
                                                 "deadlock 0000002a count=2 b.c g\n"
                                                 "deadlock 00000001 count=1 - -\n"
                                                 "# the end");
    expect_text(baseline, HEAD "# about the file\n"
                               "\n"
                               "deadlock 00000001 count=1 - -\n"
                               "# until the pool is rewritten\n"
                               "# by spring\n"
                               "# the other side\n"
                               "deadlock 0000002a count=3 b.c g\n"
                               "never-awaited 0000002b count=1 a.c f\n"
                               "# the end\n");
    struct buffer text = {0};
    baseline_text(baseline, &text);
    baseline_free(baseline);
    baseline = baseline_of(buffer_text(&text)); /* what was written reads as the same */
    expect_text(baseline, buffer_text(&text));
    baseline_free(baseline);
    buffer_free(&text);
}

/* ---- against traces ---- */

static void load(struct fixture *fixture, struct model_snapshot *out)
{
    struct trace *trace;
    struct trace_error error;
    char why[300];
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error), 0);
    if (model_load(trace, NULL, out, why, sizeof why) != 0)
        fail_msg("%s", why);
    trace_close(trace);
}

static int shop_begin(void **state)
{
    fixture_begin(state);
    struct fixture *fixture = *state;
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    free(sql);
    return 0;
}

static const struct model_group *group_of(const struct model_snapshot *snapshot, const char *class)
{
    for (size_t i = 0; i < snapshot->groups_count; i++)
        if (strcmp(snapshot->groups[i].class, class) == 0)
            return &snapshot->groups[i];
    fail_msg("no %s", class);
    return NULL;
}

static void test_standing(void **state)
{
    struct model_snapshot snapshot;
    struct baseline *baseline = baseline_new();
    load(*state, &snapshot);
    baseline_add(baseline, &snapshot, NULL);
    baseline_forget(baseline);
    assert_int_equal(baseline_count(baseline), snapshot.groups_count);
    assert_int_equal(baseline_fixed(baseline), snapshot.groups_count);
    baseline_compare(baseline, &snapshot);
    assert_int_equal(baseline_fixed(baseline), 0);
    struct model_verdict verdict = model_judge(&snapshot, &(struct model_policy){0});
    assert_int_equal(verdict.code, EXIT_CLEAN);
    assert_int_equal(verdict.leaks + verdict.warnings, 0);
    assert_int_equal(verdict.known, 8);
    model_free(&snapshot);

    /* One more of what is known, one of what is not. */
    fixture_sql(((struct fixture *)*state)->path,
                "INSERT INTO coro(id, site_id, creator_task_id, created_ns, state, facts) VALUES"
                "(10, 2, 7, 1, 'created', 512), (11, 9, 7, 1, 'created', 512)");
    load(*state, &snapshot);
    baseline_compare(baseline, &snapshot);
    verdict = model_judge(&snapshot, &(struct model_policy){0});
    assert_int_equal(verdict.code, EXIT_LEAKS);
    assert_int_equal(verdict.leak_groups, 2);
    for (size_t i = 0; i < snapshot.groups_count; i++) {
        const struct model_group *group = &snapshot.groups[i];
        bool grew = group->ids[0] == 5, new = group->ids[0] == 11 && group->count == 1;
        assert_int_equal(group->standing, grew ? MODEL_STANDING_GREW : new ? MODEL_STANDING_NEW : MODEL_STANDING_KNOWN);
        assert_int_equal(group->fails, grew || new);
        if (grew) {
            assert_int_equal(group->accepted, 3);
            assert_int_equal(group->count, 4);
        }
    }
    struct buffer text = {0};
    baseline_text(baseline, &text);
    assert_int_equal(baseline_prune(baseline), 0); /* it can only shrink */
    expect_text(baseline, buffer_text(&text));
    buffer_free(&text);
    baseline_free(baseline);
    model_free(&snapshot);
}

/* It depends on the build whether a scan could tell that nobody refers to a pending task. */
static void test_unreferenced_is_pending(void **state)
{
    struct model_snapshot snapshot;
    struct fixture *fixture = *state;
    load(fixture, &snapshot);
    uint32_t fingerprint = group_of(&snapshot, "unreferenced")->fingerprint;
    struct baseline *baseline = baseline_new();
    baseline_add(baseline, &snapshot, NULL);
    model_free(&snapshot);
    fixture_sql(fixture->path, "UPDATE task SET facts = 1 WHERE id = 77");
    load(fixture, &snapshot);
    bool found = false;
    for (size_t i = 0; i < snapshot.groups_count; i++) {
        assert_string_not_equal(snapshot.groups[i].class, "unreferenced");
        found = found || snapshot.groups[i].fingerprint == fingerprint;
    }
    assert_true(found);
    baseline_compare(baseline, &snapshot);
    assert_int_equal(model_judge(&snapshot, &(struct model_policy){0}).leaks, 0);
    baseline_free(baseline);
    model_free(&snapshot);
}

/* Lines, ids, times, folders and frames of the runtime may change; functions, files and coroutines may not. */
static void test_fingerprints(void **state)
{
    static const struct {
        const char *sql;
        bool same;
    } cases[] = {
        {"UPDATE site SET line = line + 100; UPDATE frame SET line = 7, offset = offset + 4096", true},
        {"UPDATE task SET id = 900 WHERE id = 203; UPDATE failure SET subject_id = 900", true},
        {"UPDATE task SET created_ns = 5, ended_ns = 6", true},
        {"UPDATE site SET file = '/build/' || file", true},
        {"DELETE FROM stack_frame WHERE position = 0", true}, /* leash__create_task */
        {"UPDATE frame SET func = 'put_user' WHERE id = 1", false},
        {"UPDATE site SET file = 'src/net.c' WHERE id = 9", false},
        {"UPDATE site SET expr = 'fetch_order' WHERE id = 9", false},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model_snapshot before, after;
        load(fixture, &before);
        fixture_copy(fixture->path, fixture_name(fixture, "kept"));
        fixture_sql(fixture->path, cases[i].sql);
        load(fixture, &after);
        bool same =
            group_of(&before, "never-retrieved")->fingerprint == group_of(&after, "never-retrieved")->fingerprint;
        if (same != cases[i].same)
            fail_msg("%s", cases[i].sql);
        fixture_copy(fixture_name(fixture, "kept"), fixture->path);
        model_free(&before);
        model_free(&after);
    }
}

static void test_prune(void **state)
{
    struct model_snapshot snapshot;
    load(*state, &snapshot);
    uint32_t fingerprint = group_of(&snapshot, "never-awaited")->fingerprint;
    struct buffer text = {0};
    buffer_format(&text, HEAD "# why\nnever-awaited %08x count=9 a.c f\n# gone\ndeadlock 0000002a count=1 a.c f\n",
                  fingerprint);
    struct baseline *baseline = baseline_of(buffer_text(&text));
    baseline_compare(baseline, &snapshot);
    assert_int_equal(baseline_fixed(baseline), 2);
    assert_int_equal(baseline_prune(baseline), 2);
    buffer_clear(&text);
    buffer_format(&text, HEAD "# why\nnever-awaited %08x count=3 a.c f\n", fingerprint);
    expect_text(baseline, buffer_text(&text));
    buffer_free(&text);
    baseline_free(baseline);
    model_free(&snapshot);
}

/* What is suppressed is neither known nor new. */
static void test_suppressed(void **state)
{
    struct model_snapshot snapshot;
    struct model_diff diff;
    struct baseline *baseline = baseline_new();
    load(*state, &snapshot);
    for (size_t i = 0; i < snapshot.groups_count; i++)
        snapshot.groups[i].suppressed_by = strcmp(snapshot.groups[i].class, "unreferenced") == 0 ? NULL : "*:*";
    baseline_add(baseline, &snapshot, NULL);
    assert_int_equal(baseline_count(baseline), 1);
    model_diff_make(&diff, &snapshot, &snapshot);
    assert_int_equal(diff.count, 1);
    baseline_compare(baseline, &snapshot);
    struct model_verdict verdict = model_judge(&snapshot, &(struct model_policy){0});
    assert_int_equal(verdict.known, 1);
    assert_int_equal(verdict.suppressed, 7);
    model_diff_free(&diff);
    baseline_free(baseline);
    model_free(&snapshot);
}

static void test_diff(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot before, after;
    struct model_diff diff;
    load(fixture, &before);
    fixture_sql(fixture->path, "UPDATE coro SET facts = 0 WHERE id = 5; UPDATE task SET facts = 0 WHERE id = 203;"
                               "INSERT INTO task(id, name, site_id, coro_site_id, state, facts) VALUES"
                               "(33, 'worker-2', 3, 4, 'cancelled', 1), (34, 'new', 1, 1, 'cancelled', 1)");
    load(fixture, &after);
    model_judge(&before, &(struct model_policy){0});
    model_judge(&after, &(struct model_policy){0});
    model_diff_make(&diff, &before, &after);
    static const struct {
        enum model_change change;
        const char *class;
        size_t before, now;
    } wanted[] = {{MODEL_NEW, "pending-at-exit", 0, 1},  {MODEL_GREW, "pending-at-exit", 2, 3},
                  {MODEL_SHRANK, "never-awaited", 3, 2}, {MODEL_FIXED, "never-retrieved", 1, 0},
                  {MODEL_SAME, "unreferenced", 1, 1},    {MODEL_SAME, "never-joined", 1, 1}};
    assert_int_equal(diff.count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < diff.count; i++) {
        assert_int_equal(diff.items[i].change, wanted[i].change);
        assert_string_equal(diff.items[i].group->class, wanted[i].class);
        assert_int_equal(diff.items[i].before, wanted[i].before);
        assert_int_equal(diff.items[i].now, wanted[i].now);
    }
    assert_int_equal(diff.changes[MODEL_SAME], 2);
    model_diff_free(&diff);
    model_free(&before);
    model_free(&after);
}

/* ---- accepting one group ---- */

static char *read_text(const char *path)
{
    struct accept_fault fault;
    char *bytes;
    size_t length;
    if (accept_read(path, &bytes, &length, &fault) != 0)
        fail_msg("%s", fault.words);
    return bytes;
}

static void test_append(void **state)
{
    struct fixture *fixture = *state;
    const char *path = fixture_name(fixture, "accepted");
    struct model_snapshot snapshot;
    struct accept_fault fault;
    struct buffer line = {0};
    load(fixture, &snapshot);
    const struct model_group *group = group_of(&snapshot, "never-awaited");
    accept_line(&line, ACCEPT_SUPPRESSION, &snapshot, group, "it \"is\"\n so", NULL);
    assert_string_equal(buffer_text(&line), "never-awaited:coro=flush_cache reason=\"it \\\"is\\\"\\x0a so\"");
    fixture_write(path, "deadlock:x", 10); /* its last line has no end */
    assert_int_equal(accept_append(path, ACCEPT_SUPPRESSION, &snapshot, group, "it \"is\"\n so", NULL, &fault), 0);
    char *text = read_text(path);
    assert_memory_equal(text, "deadlock:x\n", 11);
    assert_memory_equal(text + 11, buffer_text(&line), line.length);
    assert_string_equal(text + 11 + line.length, "\n");
    free(text);
    fixture_write(path, "nonsense\n", 9); /* nothing is added to what is no such file */
    assert_int_equal(accept_append(path, ACCEPT_SUPPRESSION, &snapshot, group, NULL, NULL, &fault), -EINVAL);
    assert_int_equal(accept_append(path, ACCEPT_BASELINE, &snapshot, group, NULL, NULL, &fault), -EINVAL);
    assert_int_equal(fixture_size(path), 9);
    remove(path);

    buffer_clear(&line);
    accept_line(&line, ACCEPT_BASELINE, &snapshot, group, NULL, NULL);
    for (int i = 0; i < 2; i++) /* the second time changes nothing */
        assert_int_equal(accept_append(path, ACCEPT_BASELINE, &snapshot, group, NULL, NULL, &fault), 0);
    text = read_text(path);
    assert_memory_equal(text, HEAD, strlen(HEAD));
    assert_memory_equal(text + strlen(HEAD), buffer_text(&line), line.length);
    assert_string_equal(text + strlen(HEAD) + line.length, "\n");
    free(text);
    assert_int_equal(accept_append("/nowhere/b", ACCEPT_BASELINE, &snapshot, group, NULL, NULL, &fault), -ENOENT);
    buffer_free(&line);
    model_free(&snapshot);
}

/* Names of a trace cannot make words or lines of their own. */
static void test_hostile_words(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot snapshot;
    struct buffer text = {0};
    fixture_sql(fixture->path, "UPDATE site SET file = 'a b' || char(10) || 'deadlock 00000000 count=1 x y' || char(27)"
                               "|| hex(zeroblob(3000)), func = ' ' WHERE id = 2");
    load(fixture, &snapshot);
    struct baseline *baseline = baseline_new();
    baseline_add(baseline, &snapshot, NULL);
    baseline_text(baseline, &text);
    for (const char *at = buffer_text(&text); *at; at++)
        assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
    size_t count = baseline_count(baseline);
    baseline_free(baseline);
    baseline = baseline_of(buffer_text(&text));
    assert_int_equal(baseline_count(baseline), count);
    expect_text(baseline, buffer_text(&text));
    baseline_free(baseline);
    buffer_free(&text);
    model_free(&snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_text),
        cmocka_unit_test_setup_teardown(test_standing, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_unreferenced_is_pending, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_fingerprints, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_prune, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_suppressed, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_diff, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_append, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_hostile_words, shop_begin, fixture_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
