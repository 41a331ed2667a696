/* From rows to groups, chains, fingerprints and a verdict. */
#include "buffer.h"
#include "fixture.h"
#include "show.h"
#include "test.h"
#include "trace.h"
#include "verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void load(struct fixture *fixture, const char *sql, struct model_snapshot *out)
{
    struct trace *trace = NULL;
    struct trace_error error;
    char why[300];
    remove(fixture->path);
    fixture_make(fixture->path, sql);
    if (trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error) != 0)
        fail_msg("%s", error.text);
    if (model_load(trace, NULL, out, why, sizeof why) != 0)
        fail_msg("%s", why);
    trace_close(trace);
}

static const struct model_group *group_of(const struct model_snapshot *snapshot, const char *class)
{
    for (size_t i = 0; i < snapshot->groups_count; i++)
        if (strcmp(snapshot->groups[i].class, class) == 0)
            return &snapshot->groups[i];
    fail_msg("there is no group of %s", class);
    return NULL;
}

/* "#1 main -> #7 server -> sleep 1.000s" */
static const char *chain_text(const struct model_chain *chain)
{
    static struct buffer text; /* lives as long as the tests */
    buffer_clear(&text);
    for (size_t i = 0; i < chain->count; i++)
        buffer_format(&text, "%s%s", i ? " -> " : "", chain->links[i].label);
    buffer_add(&text, chain->cycle ? " (cycle)" : "");
    return buffer_text(&text);
}

static char *shop(void)
{
    return fixture_text("shop.sql");
}

static void test_groups(void **state)
{
    struct model_snapshot snapshot;
    char *sql = shop();
    load(*state, sql, &snapshot);
    free(sql);
    assert_int_equal(snapshot.groups_count, 5);
    const struct model_group *never = group_of(&snapshot, "never-awaited");
    assert_int_equal(never->count, 3);
    assert_int_equal(never->first_ns, 1204000000);
    assert_int_equal(never->last_ns, 1310000000);
    assert_string_equal(never->names, "flush_cache");
    assert_string_equal(never->examples[0].subject.creator_label, "#7 server");
    const struct model_group *failed = group_of(&snapshot, "never-retrieved");
    assert_string_equal(failed->examples[0].subject.failure, "connection reset");
    assert_string_equal(failed->examples[0].subject.failure_site.func, "fetch_user");
    assert_int_equal(failed->examples[0].chain.count, 0);
    model_free(&snapshot);
}

static void test_victims(void **state)
{
    struct model_snapshot snapshot;
    char *sql = shop();
    load(*state, sql, &snapshot);
    free(sql);
    const struct model_group *pending = group_of(&snapshot, "pending-at-exit");
    assert_int_equal(pending->count, 2); /* #31 and #32; #12 only waits for #31 */
    assert_int_equal(pending->victims, 1);
    assert_string_equal(pending->names, "worker-*");
    assert_string_equal(chain_text(&pending->examples[0].chain), "#12 pool -> #31 worker-0 -> sleep 10.000s");
    assert_int_equal(pending->examples[0].chain.subject, 1);
    assert_string_equal(pending->examples[0].wait.stopped[0].func, "worker_loop");
    assert_int_equal(pending->examples[0].wait.until_ns, 10513000000);
    model_free(&snapshot);
}

#define PENDING(id, name, await)                                                                                       \
    "INSERT INTO task(id, name, site_id, coro_site_id, loop_id, created_ns, began_ns, state, facts, exit_await_id) "   \
    "VALUES(" #id ", '" name "', 1, 1, 1, " #id ", 5, 'cancelled', 1, " await ");"
#define AWAIT(id, task, kind, target)                                                                                  \
    "INSERT INTO await(id, task_id, target_kind, target_id, sleep_us, site_id, began_ns, ended_ns) VALUES(" #id        \
    ", " #task ", '" kind "', " #target ", 1000000, 1, 10, 4812000000);"

/* outer waits for a gather of three; the first member is done, the second hangs in a future. */
static void test_chain_through_gather(void **state)
{
    struct model_snapshot snapshot;
    load(*state,
         FIXTURE_RUN PENDING(2, "outer", "1") PENDING(4, "stuck", "2") PENDING(5, "idle", "NULL")
             AWAIT(1, 2, "object", 9) AWAIT(
                 2, 4, "future", 3) "INSERT INTO task(id, name, state) VALUES(3, 'fine', 'done');"
                                    "INSERT INTO object(id, kind) VALUES(9, 'gather');"
                                    "INSERT INTO future(id, name, state) VALUES(3, 'answer', 'pending');"
                                    "INSERT INTO child VALUES(9, 0, 'task', 3), (9, 1, 'task', 4), (9, 2, 'task', 5);",
         &snapshot);
    const struct model_group *group = group_of(&snapshot, "pending-at-exit");
    assert_int_equal(group->count, 2); /* stuck and idle; outer is a victim of stuck */
    assert_int_equal(group->victims, 1);
    assert_string_equal(chain_text(&group->examples[0].chain),
                        "#2 outer -> gather of 3 (#q9) -> #4 stuck -> future #f3 \"answer\"");
    assert_string_equal(chain_text(&group->examples[1].chain), "#2 outer -> gather of 3 (#q9) -> #5 idle");
    model_free(&snapshot);
}

static void test_cycle(void **state)
{
    struct model_snapshot snapshot;
    load(*state,
         FIXTURE_RUN PENDING(2, "reader", "1") PENDING(3, "writer", "2") AWAIT(1, 2, "task", 3) AWAIT(2, 3, "task", 2),
         &snapshot);
    const struct model_group *group = group_of(&snapshot, "pending-at-exit");
    assert_int_equal(group->count, 1); /* told once, by the first of them */
    assert_int_equal(group->victims, 1);
    assert_string_equal(chain_text(&group->examples[0].chain), "#2 reader -> #3 writer -> #2 reader (cycle)");
    model_free(&snapshot);
}

static void test_long_chain_ends(void **state)
{
    struct model_snapshot snapshot;
    struct buffer sql = {0};
    buffer_add(&sql, FIXTURE_RUN);
    for (int i = 2; i < 80; i++)
        buffer_format(&sql,
                      "INSERT INTO task(id, name, site_id, loop_id, state, facts, exit_await_id) VALUES(%d, 't', 1, 1, "
                      "'cancelled', 1, %d); INSERT INTO await(id, task_id, target_kind, target_id) VALUES(%d, %d, "
                      "'task', %d);",
                      i, i, i, i, i + 1);
    load(*state, buffer_text(&sql), &snapshot);
    assert_true(group_of(&snapshot, "pending-at-exit")->examples[0].chain.count <= 50);
    buffer_free(&sql);
    model_free(&snapshot);
}

/* ---- fingerprints ---- */

static uint32_t fingerprint(void **state, const char *class, const char *sql)
{
    struct model_snapshot snapshot;
    char all[4000];
    snprintf(all, sizeof all, "%s%s", FIXTURE_RUN, sql);
    load(*state, all, &snapshot);
    uint32_t value = group_of(&snapshot, class)->fingerprint;
    model_free(&snapshot);
    return value;
}

#define SITE(file, line, func, expr) "INSERT INTO site VALUES(2, '" file "', " #line ", '" func "', '" expr "');"
#define CORO(id)                     "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(" #id ", 2, 7, 'created', 512);"
#define TASK(id, facts)                                                                                                \
    "INSERT INTO task(id, site_id, coro_site_id, state, facts) VALUES(" #id ", 2, 2, 'pending', " #facts ");"

static void test_fingerprint(void **state)
{
    uint32_t first = fingerprint(state, "never-awaited", SITE("src/a.c", 10, "f", "g") CORO(5));
    assert_int_equal(first, fingerprint(state, "never-awaited", SITE("/elsewhere/a.c", 99, "f", "g") CORO(77)));
    assert_int_not_equal(first, fingerprint(state, "never-awaited", SITE("src/b.c", 10, "f", "g") CORO(5)));
    assert_int_not_equal(first, fingerprint(state, "never-awaited", SITE("src/a.c", 10, "h", "g") CORO(5)));
    assert_int_not_equal(first, fingerprint(state, "never-awaited", SITE("src/a.c", 10, "f", "h") CORO(5)));
    uint32_t lost = fingerprint(state, "unreferenced", SITE("src/a.c", 10, "f", "g") TASK(5, 321));
    assert_int_equal(lost, fingerprint(state, "pending-at-exit", SITE("src/a.c", 11, "f", "g") TASK(8, 1)));
    assert_int_not_equal(lost, first);
}

#define FRAMES                                                                                                         \
    "INSERT INTO module(id, path) VALUES(1, '/usr/bin/shop'), (2, '/usr/lib/libleash.so.0');"                          \
    "INSERT INTO frame(id, module_id, offset, func, file, line) VALUES(1, 1, 16, 'f', 'src/a.c', 10),"                 \
    "(2, 1, 32, 'outer', 'src/a.c', 90), (3, 2, 48, 'run', NULL, NULL), (4, 1, 64, 'leash__start', NULL, NULL);"       \
    "INSERT INTO stack VALUES(1, 2), (2, 4);"                                                                          \
    "INSERT INTO stack_frame VALUES(1, 0, 1), (1, 1, 2), (2, 0, 4), (2, 1, 1), (2, 2, 2), (2, 3, 3);"
#define STACKED(stack)                                                                                                 \
    SITE("src/a.c", 10, "f", "g")                                                                                      \
    FRAMES "INSERT INTO coro(id, site_id, created_ns, state, facts, stack_id) VALUES(5, 2, 7, 'created', 512, " #stack \
           ");"

static void test_fingerprint_of_stacks(void **state)
{
    uint32_t first = fingerprint(state, "never-awaited", STACKED(1));
    assert_int_equal(first, fingerprint(state, "never-awaited", STACKED(2))); /* the runtime's frames do not count */
    assert_int_not_equal(
        first, fingerprint(state, "never-awaited", STACKED(1) "UPDATE frame SET func = 'other' WHERE id = 2;"));
}

/* ---- stacks ---- */

static const char *words_of(const struct model_stack *stack)
{
    static char text[200];
    *text = '\0';
    for (size_t i = 0; i < stack->count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " < " : "", stack->frames[i].func);
    return text;
}

/* A call's site and stack are its own, not those of the task that made it; without a site it is where it was made. */
static void test_calls(void **state)
{
    struct model_snapshot snapshot;
    load(*state,
         FIXTURE_RUN FRAMES
         "INSERT INTO misuse(id, kind, task_id, message, at_ns, stack_id) VALUES(1, 'awaited-twice', 1, 'used', 7, 2),"
         "(2, 'wrong-thread', NULL, 'not here', 8, 1); UPDATE misuse SET thread_id = 1, site_id = 1 WHERE id = 2;"
         "UPDATE task SET stack_id = 1, exit_stack_id = 1",
         &snapshot);
    const struct model_subject *twice = &group_of(&snapshot, "awaited-twice")->examples[0].subject;
    assert_string_equal(words_of(&twice->stack), "leash__start < f < outer < run");
    assert_string_equal(twice->site.func, "f");
    assert_string_equal(twice->site.file, "src/a.c");
    assert_int_equal(twice->site.line, 10);
    assert_int_equal(twice->stood.count, 0);
    const struct model_subject *wrong = &group_of(&snapshot, "wrong-thread")->examples[0].subject;
    assert_string_equal(words_of(&wrong->stack), "f < outer");
    assert_string_equal(wrong->site.file, "src/main.c");
    model_free(&snapshot);
}

static void test_objects(void **state)
{
    struct model_snapshot snapshot;
    load(*state,
         FIXTURE_RUN FRAMES "INSERT INTO object(id, kind, site_id, facts, stack_id) VALUES(1, 'queue', 1, 8192, 1);"
                            "INSERT INTO object(id, kind, facts, first_use_stack_id) VALUES(2, 'generator', 4096, 1);",
         &snapshot);
    const struct model_subject *made = &group_of(&snapshot, "items-left")->examples[0].subject;
    assert_string_equal(words_of(&made->stack), "f < outer");
    assert_int_equal(made->first_use.count, 0);
    const struct model_subject *declared = &group_of(&snapshot, "generator-left-open")->examples[0].subject;
    assert_string_equal(words_of(&declared->first_use), "f < outer");
    assert_int_equal(declared->stack.count, 0);
    model_free(&snapshot);
}

/* What blocks a loop stands in a task, or in a callback of its thread. */
static void test_blocks(void **state)
{
    struct model_snapshot snapshot;
    load(*state,
         FIXTURE_RUN FRAMES
         "INSERT INTO block(id, loop_id, task_id, kind, stack_id, lasted_us) VALUES(1, 1, 1, 'step', NULL, 5),"
         "(2, 1, 1, 'step', 1, 6), (3, 1, NULL, 'step', 2, 7);",
         &snapshot);
    const struct model_group *groups = group_of(&snapshot, "blocked-loop");
    assert_int_equal(snapshot.groups_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(words_of(&groups[i].examples[0].subject.stood),
                            groups[i].examples[0].subject.ref.kind == MODEL_TASK ? "f < outer"
                                                                                 : "leash__start < f < outer < run");
    model_free(&snapshot);
}

/* ---- verdicts ---- */

struct verdict_case {
    const char *sql;
    struct model_policy policy;
    int code;
    size_t leaks, warnings;
};

static uint32_t class_bit(const char *class)
{
    return 1u << model_class_index(class);
}

#define LEAK    SITE("src/a.c", 10, "f", "g") CORO(5) CORO(6)
#define WARNING "INSERT INTO task(id, site_id, state, facts) VALUES(9, 1, 'done', 64);"
#define DROPPED "UPDATE run SET dropped = 3;"
#define CRASHED "UPDATE run SET end_kind = 'crashed';"

static void test_verdicts(void **state)
{
    const struct verdict_case cases[] = {
        {"", {0}, EXIT_CLEAN, 0, 0},
        {WARNING, {0}, EXIT_CLEAN, 0, 1},
        {LEAK, {0}, EXIT_LEAKS, 2, 0},
        {LEAK WARNING, {0}, EXIT_LEAKS, 2, 1},
        {LEAK, {.warn = class_bit("never-awaited")}, EXIT_CLEAN, 0, 2},
        {LEAK, {.fail_on_given = true, .fail_on = class_bit("deadlock")}, EXIT_CLEAN, 0, 2},
        {LEAK WARNING, {.fail_on_given = true, .fail_on = class_bit("never-joined")}, EXIT_LEAKS, 1, 2},
        {LEAK, {.max_leaks = 2}, EXIT_CLEAN, 2, 0},
        {LEAK, {.max_leaks = 1}, EXIT_LEAKS, 2, 0},
        {DROPPED, {0}, EXIT_INCONCLUSIVE, 0, 0},
        {DROPPED LEAK, {0}, EXIT_LEAKS, 2, 0},
        {DROPPED, {.allow_incomplete = true}, EXIT_CLEAN, 0, 0},
        {CRASHED, {0}, EXIT_INCONCLUSIVE, 0, 0},
        {CRASHED, {.allow_incomplete = true}, EXIT_CLEAN, 0, 0},
        {"UPDATE run SET end_kind = 'running';", {0}, EXIT_INCONCLUSIVE, 0, 0},
        {"UPDATE run SET end_kind = 'exited', exit_code = 3;", {0}, EXIT_CLEAN, 0, 0},
        {"INSERT INTO dropped VALUES(1, 7, 0, 'full disk');", {0}, EXIT_INCONCLUSIVE, 0, 0},
        {"DELETE FROM run;", {0}, EXIT_INCONCLUSIVE, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model_snapshot snapshot;
        char sql[4000];
        snprintf(sql, sizeof sql, "%s%s", FIXTURE_RUN, cases[i].sql);
        load(*state, sql, &snapshot);
        struct model_verdict verdict = model_judge(&snapshot, &cases[i].policy);
        if (verdict.code != cases[i].code || verdict.leaks != cases[i].leaks || verdict.warnings != cases[i].warnings)
            fail_msg("case %zu (%s): code %d, %zu leaks, %zu warnings", i, cases[i].sql, verdict.code, verdict.leaks,
                     verdict.warnings);
        model_free(&snapshot);
    }
}

static void test_graver(void **state)
{
    (void)state;
    static const int order[] = {EXIT_CLEAN, EXIT_INCONCLUSIVE, EXIT_LEAKS, EXIT_TROUBLE};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            assert_int_equal(model_graver(order[i], order[j]), order[i > j ? i : j]);
}

static void test_running_at_a_crash(void **state)
{
    struct model_snapshot snapshot;
    load(*state,
         FIXTURE_RUN CRASHED "INSERT INTO task(id, name, site_id, loop_id, state) VALUES(2, 'busy', 1, 1, 'pending'),"
                             "(3, 'asleep', 1, 1, 'pending');"
                             "INSERT INTO await(id, task_id, target_kind, sleep_us, site_id, began_ns) VALUES"
                             "(1, 3, 'sleep', 2000000, 1, 5);",
         &snapshot);
    assert_int_equal(snapshot.run.ending, MODEL_CRASHED);
    assert_int_equal(snapshot.run.pending, 2);
    assert_int_equal(snapshot.running_count, 2);
    assert_null(snapshot.running[0].wait.label);
    assert_string_equal(snapshot.running[1].wait.label, "sleep 2.000s");
    assert_int_equal(snapshot.groups_count, 0);
    model_free(&snapshot);
}

static void test_detail(void **state)
{
    struct fixture *fixture = *state;
    struct trace *trace = NULL;
    struct trace_error error;
    struct model_detail detail;
    char why[300], *sql = shop();
    fixture_make(fixture->path, sql);
    free(sql);
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error), 0);
    assert_int_equal(model_detail_load(trace, (struct model_ref){MODEL_TASK, 999}, &detail, why, sizeof why), -ENOENT);
    assert_non_null(strstr(why, "#999"));
    assert_int_equal(model_detail_load(trace, (struct model_ref){MODEL_TASK, 31}, &detail, why, sizeof why), 0);
    assert_string_equal(detail.example.subject.coro, "worker_loop");
    assert_string_equal(detail.facts[0].label, "waited by");
    assert_string_equal(detail.facts[0].text, "#12 pool");
    model_detail_free(&detail);
    trace_close(trace);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_groups),
                                       WITH_FIXTURE(test_victims),
                                       WITH_FIXTURE(test_chain_through_gather),
                                       WITH_FIXTURE(test_cycle),
                                       WITH_FIXTURE(test_long_chain_ends),
                                       WITH_FIXTURE(test_fingerprint),
                                       WITH_FIXTURE(test_fingerprint_of_stacks),
                                       WITH_FIXTURE(test_calls),
                                       WITH_FIXTURE(test_objects),
                                       WITH_FIXTURE(test_blocks),
                                       WITH_FIXTURE(test_verdicts),
                                       cmocka_unit_test(test_graver),
                                       WITH_FIXTURE(test_running_at_a_crash),
                                       WITH_FIXTURE(test_detail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
