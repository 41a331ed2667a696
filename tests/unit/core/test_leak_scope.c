/* leash_leaks_begin and leash_leaks_end: what belongs to a scope, when it is judged, and what of it is told. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>

#include "sink.h"

/* ---- what a scope tells, a word each ---- */

struct told {
    char words[1024];
    unsigned last_line;
};

static void tell(const struct leash_leak_info *leak, void *arg)
{
    struct told *told = arg;
    size_t length = strlen(told->words);
    told->last_line = leak->line;
    snprintf(told->words + length, sizeof told->words - length, "%s%s%s%s:%s in %s", length ? ", " : "",
             leak->class_name, *leak->also ? "+" : "", leak->also, leak->name, leak->test);
}

static int end_told(struct told *told)
{
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    *told = (struct told){0};
    options.each = tell;
    options.arg = told;
    return leash_leaks_end(&options);
}

#define assert_ends_with(count, expected)                                                                              \
    do {                                                                                                               \
        struct told what;                                                                                              \
        assert_int_equal(end_told(&what), count);                                                                      \
        assert_string_equal(what.words, expected);                                                                     \
    } while (0)

/* ---- bodies ---- */

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "broken");
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(100);
}

static leash_task_t start(leash_fn_t fn, void *arg, const char *name)
{
    return leash_create_task_named(leash_coro(fn, arg), name);
}

static leash_coro_t unused;
static _Thread_local leash_task_t held; /* tests run side by side */

static int forgets_coroutine(void *arg)
{
    (void)arg;
    unused = leash_coro(nothing, NULL);
    return 0;
}

static int forgets_task(void *arg)
{
    held = start(sleeps, NULL, arg ? arg : text("pending"));
    return leash_sleep(1);
}

static int forgets_in_a_child(void *arg)
{
    int rc = leash_await(start(forgets_task, arg, "child"), NULL);
    return rc < 0 ? rc : leash_await(leash_coro(forgets_coroutine, NULL), NULL);
}

/* ---- outside of a loop ---- */

static void test_a_clean_scope_tells_nothing(void **state)
{
    char report[64] = "old";
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    (void)state;
    options.text = report;
    options.text_size = sizeof report;
    assert_int_equal(leash_leaks_begin("clean"), 0);
    assert_int_equal(run_virtual(nothing, NULL), 0);
    assert_int_equal(leash_leaks_end(&options), 0);
    assert_string_equal(report, "");
}

static void test_what_children_make_belongs_to_it(void **state)
{
    (void)state;
    assert_int_equal(leash_leaks_begin("t"), 0);
    assert_int_equal(run_virtual(forgets_in_a_child, NULL), 0);
    assert_ends_with(2, "never-awaited:nothing in t, pending-at-exit:pending in t");
}

static void test_several_runs_and_what_met_no_loop(void **state)
{
    (void)state;
    assert_int_equal(leash_leaks_begin("t"), 0);
    assert_int_equal(run_virtual(forgets_coroutine, NULL), 0);
    assert_int_equal(run_virtual(forgets_task, NULL), 0);
    unused = leash_coro(sleeps, NULL);
    assert_ends_with(3, "never-awaited:nothing in t, pending-at-exit:pending in t, never-awaited:sleeps in t");
    assert_int_equal(leash_close(unused), 0);
}

static int ends_in_all_ways(void *arg)
{
    held = start(nothing, NULL, "unjoined");
    held = start(fails, NULL, "failed");
    leash_future_t future = leash_future();
    leash_future_set_failure(future, -EPIPE, "gone");
    (void)arg;
    return leash_sleep(1);
}

static void test_classes_of_what_has_ended(void **state)
{
    (void)state;
    assert_int_equal(leash_leaks_begin("t"), 0);
    assert_int_equal(run_virtual(ends_in_all_ways, NULL), 0);
    assert_ends_with(3, "never-retrieved:future in t, never-joined:unjoined in t, never-retrieved:failed in t");
}

static void test_what_was_made_before_is_not_judged(void **state)
{
    (void)state;
    unused = leash_coro(nothing, NULL);
    assert_int_equal(leash_leaks_begin("t"), 0);
    assert_ends_with(0, "");
    assert_int_equal(leash_close(unused), 0);
}

/* ---- nesting ---- */

static void test_the_innermost_tells(void **state)
{
    (void)state;
    assert_int_equal(leash_leaks_begin("outer"), 0);
    run_virtual(forgets_coroutine, NULL);
    assert_int_equal(leash_leaks_begin("inner"), 0);
    run_virtual(forgets_task, NULL);
    assert_ends_with(1, "pending-at-exit:pending in inner");
    run_virtual(forgets_task, text("second"));
    assert_ends_with(2, "never-awaited:nothing in outer, pending-at-exit:second in outer");
    assert_int_equal(leash_leaks_end(NULL), -EINVAL);
}

static void test_what_a_filter_leaves_goes_outwards(void **state)
{
    struct leash_leaks_options errors = LEASH_LEAKS_OPTIONS_INIT, classes = LEASH_LEAKS_OPTIONS_INIT;
    (void)state;
    errors.errors_only = 1;
    classes.classes = "never-awaited, never-joined";
    assert_int_equal(leash_leaks_begin("outermost"), 0);
    assert_int_equal(leash_leaks_begin("outer"), 0);
    assert_int_equal(leash_leaks_begin("inner"), 0);
    run_virtual(ends_in_all_ways, NULL);
    assert_int_equal(leash_leaks_end(&errors), 2);
    run_virtual(forgets_task, NULL);
    assert_int_equal(leash_leaks_end(&classes), 1);
    assert_ends_with(1, "pending-at-exit:pending in outer");
}

static void test_suppressions(void **state)
{
    static const struct {
        const char *text;
        int left;
    } cases[] = {
        {NULL, 2},
        {"", 2},
        {"# leash suppressions 1\n\n*:*\n", 0},
        {"never-awaited:nothing", 1},
        {"never-awaited:^noth", 1},
        {"never-awaited:oth$", 2},
        {"never-awaited:pending", 2},
        {"pending-at-exit:name=pend?ng", 1},
        {"never-awaited,pending-at-exit:file=test_leak_scope.c reason=on purpose", 0},
        {"*:file=unit/**.c test=t", 0},
        {"*:file=^unit/**.c", 2},
        {"*:file=tests/*/core/test_leak_*.c", 0},
        {"*:file=tests/*/test_leak_*.c", 2},
        {"*:name=p?nd\\x69ng", 1},
        {"*:name=pend\\*", 2},
        {"*:test=other", 2},
        {"pending-at-exit:waits-for=sleep", 1},
        {"pending-at-exit:waits-for=lock", 2},
        {"*:fn=forgets_* until=2999-01-01", 1},
        {"*:fn=forgets_* until=2001-01-01", 2},
        {"pending-at-exit:name=pending max=5", 2},           /* cannot be counted here */
        {"{\n  *:*\n  class=never-awaited\n}\n*:name=x", 2}, /* nor can a block be read */
        {"  never-awaited:coro=\"nothing\"  # why\r\npending-at-exit:coro=fn", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
        options.suppressions = cases[i].text;
        assert_int_equal(leash_leaks_begin("t"), 0);
        run_virtual(forgets_in_a_child, NULL);
        int left = leash_leaks_end(&options);
        if (left != cases[i].left)
            print_error("%s\n", cases[i].text);
        assert_int_equal(left, cases[i].left);
    }
}

/* ---- inside of a loop ---- */

struct inside {
    struct told first, second;
    int counts[4];
    double took;
};

static int a_scope_in_a_task(void *arg)
{
    struct inside *inside = arg;
    leash_task_t outside = start(sleeps, NULL, "outside");
    leash_leaks_begin("in loop");
    held = start(sleeps, NULL, "inside");
    leash_coro_t coro = leash_coro(nothing, NULL);
    double began = leash_time();
    inside->counts[0] = end_told(&inside->first);
    inside->took = leash_time() - began;
    leash_close(coro);
    leash_cancel(outside, NULL);
    leash_await(outside, NULL);
    return 0;
}

static void test_a_scope_in_a_task_judges_what_is_pending(void **state)
{
    struct inside inside = {0};
    (void)state;
    assert_int_equal(leash_leaks_begin("around"), 0);
    assert_int_equal(run_virtual(a_scope_in_a_task, &inside), 0);
    assert_string_equal(inside.first.words, "pending-at-exit:inside in in loop, never-awaited:nothing in in loop");
    assert_int_equal(inside.counts[0], 2);
    assert_true(inside.took > 0.099 && inside.took < 0.101);
    assert_ends_with(0, ""); /* it is told once */
}

static int naps(void *arg)
{
    return leash_sleep(*(double *)arg);
}

static int a_scope_waits_for_its_tasks(void *arg)
{
    static double soon = 0.05, later = 0.5;
    struct inside *inside = arg;
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    leash_leaks_begin("soon");
    leash_detach(start(naps, &soon, "soon"));
    leash_detach(start(nothing, NULL, "at once"));
    inside->counts[0] = leash_leaks_end(NULL);
    leash_leaks_begin("later");
    leash_detach(start(naps, &later, "later"));
    options.patience = 0;
    double began = leash_time();
    inside->counts[1] = leash_leaks_end(&options);
    inside->took = leash_time() - began;
    leash_leaks_begin("patient");
    leash_detach(start(naps, &later, "later"));
    options.patience = 1;
    inside->counts[2] = leash_leaks_end(&options);
    leash_leaks_begin("daemon");
    leash_task_daemon(start(sleeps, NULL, "daemon"));
    inside->counts[3] = leash_leaks_end(NULL);
    return 0;
}

static void test_patience(void **state)
{
    struct inside inside = {.counts = {-1, -1, -1, -1}};
    (void)state;
    assert_int_equal(run_virtual(a_scope_waits_for_its_tasks, &inside), 0);
    assert_int_equal(inside.counts[0], 0);
    assert_int_equal(inside.counts[1], 1);
    assert_true(inside.took == 0);
    assert_int_equal(inside.counts[2], 0);
    assert_int_equal(inside.counts[3], 0);
}

static int is_cancelled_while_it_waits(void *arg)
{
    struct inside *inside = arg;
    leash_leaks_begin("cut short");
    held = start(sleeps, NULL, "pending");
    inside->counts[0] = leash_leaks_end(NULL);
    inside->counts[1] = end_told(&inside->first);
    return 0;
}

static int cancels_the_end(void *arg)
{
    leash_task_t task = start(is_cancelled_while_it_waits, arg, "ends");
    leash_sleep(0.01);
    leash_cancel(task, NULL);
    return leash_await(task, NULL);
}

static void test_a_cancelled_end_leaves_it_open(void **state)
{
    struct inside inside = {0};
    (void)state;
    run_virtual(cancels_the_end, &inside);
    assert_int_equal(inside.counts[0], -ECANCELED);
    assert_int_equal(inside.counts[1], 1);
    assert_string_equal(inside.first.words, "pending-at-exit:pending in cut short");
}

static int waits_for(void *arg)
{
    return leash_await((leash_task_t)arg, NULL);
}

static int victims(void *arg)
{
    struct inside *inside = arg;
    leash_task_t outside = start(sleeps, NULL, "outside");
    leash_leaks_begin("t");
    leash_task_t root = start(sleeps, NULL, "root");
    leash_detach(start(waits_for, root, "victim"));
    leash_detach(start(waits_for, outside, "of one outside"));
    inside->counts[0] = end_told(&inside->first);
    leash_cancel(root, NULL);
    leash_cancel(outside, NULL);
    leash_sleep(1);
    return 0;
}

static void test_victims_are_not_told_but_for_one_outside(void **state)
{
    struct inside inside = {0};
    (void)state;
    run_virtual(victims, &inside);
    assert_string_equal(inside.first.words, "pending-at-exit:root in t, pending-at-exit:of one outside in t");
}

/* Two tasks have a scope each at the same time, and what each makes is its own. */
static int scope_of_one(void *arg)
{
    struct told *told = arg;
    leash_leaks_begin(told->words);
    leash_sleep(1);
    leash_coro_t coro = leash_coro(nothing, NULL);
    leash_sleep(1);
    int count = end_told(told);
    leash_close(coro);
    return count;
}

static int two_at_once(void *arg)
{
    struct inside *inside = arg;
    snprintf(inside->first.words, sizeof inside->first.words, "a");
    snprintf(inside->second.words, sizeof inside->second.words, "b");
    return leash_gather_wait(NULL, start(scope_of_one, &inside->first, "a"), start(scope_of_one, &inside->second, "b"));
}

static void test_tasks_have_scopes_of_their_own(void **state)
{
    struct inside inside = {0};
    (void)state;
    assert_true(run_virtual(two_at_once, &inside) >= 0);
    assert_string_equal(inside.first.words, "never-awaited:nothing in a");
    assert_string_equal(inside.second.words, "never-awaited:nothing in b");
}

static void makes_coroutine(void *arg)
{
    *(leash_coro_t *)arg = leash_coro(nothing, NULL);
}

static int a_callback(void *arg)
{
    struct inside *inside = arg;
    static leash_coro_t coro;
    leash_leaks_begin("t");
    leash_callback_t callback = leash_call_later(0.5, makes_coroutine, &coro);
    (void)callback;
    leash_sleep(1);
    inside->counts[0] = end_told(&inside->first);
    leash_close(coro);
    return 0;
}

static void test_callbacks_inherit(void **state)
{
    struct inside inside = {0};
    (void)state;
    run_virtual(a_callback, &inside);
    assert_string_equal(inside.first.words, "never-awaited:nothing in t");
}

/* ---- what outlives its scope ---- */

static int makes_later(void *arg)
{
    (void)arg;
    leash_sleep(2);
    held = start(sleeps, NULL, "late");
    return leash_sleep(1);
}

static int outlives(void *arg)
{
    (void)arg;
    leash_leaks_begin("short");
    leash_task_daemon(start(makes_later, NULL, "daemon"));
    int count = leash_leaks_end(NULL);
    return count ? count : leash_sleep(3);
}

static void test_what_is_made_after_the_end_is_of_the_scope_around(void **state)
{
    (void)state;
    assert_int_equal(leash_leaks_begin("around"), 0);
    run_virtual(outlives, NULL);
    assert_ends_with(1, "pending-at-exit:late in around");
}

/* A task that ends without ending its scope. */
static int leaves_a_scope_open(void *arg)
{
    (void)arg;
    leash_leaks_begin("left open");
    unused = leash_coro(nothing, NULL);
    return leash_sleep(10);
}

static int cancels_such_a_task(void *arg)
{
    leash_task_t task = start(leaves_a_scope_open, arg, "it");
    leash_sleep(1);
    leash_cancel(task, NULL);
    leash_await(task, NULL);
    return 0;
}

static void test_a_scope_left_open_is_of_the_one_around(void **state)
{
    (void)state;
    assert_int_equal(leash_leaks_begin("around"), 0);
    run_virtual(cancels_such_a_task, NULL);
    assert_ends_with(1, "never-awaited:nothing in around");
}

/* ---- threads ---- */

static void *leaves_one_open_with_its_end(void *arg)
{
    leash_leaks_begin(arg);
    run_virtual(forgets_task, NULL);
    return NULL;
}

static void test_a_scope_of_a_thread_that_ended_is_over(void **state)
{
    pthread_t thread;
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&thread, NULL, leaves_one_open_with_its_end, text("of a thread")), 0);
        pthread_join(thread, NULL);
        assert_int_equal(leash_leaks_end(NULL), -EINVAL);
    }
}

static void *a_test_of_its_own(void *arg)
{
    struct told *told = arg;
    char name[2] = {(char)('a' + told->last_line), '\0'};
    for (int i = 0; i < 50; i++) {
        if (leash_leaks_begin(name) < 0)
            break;
        run_virtual(forgets_task, name);
        if (end_told(told) != 1)
            break;
    }
    return NULL;
}

static void test_threads_run_tests_side_by_side(void **state)
{
    struct told told[4] = {0};
    pthread_t threads[4];
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        told[i].last_line = i;
        assert_int_equal(pthread_create(&threads[i], NULL, a_test_of_its_own, &told[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        char expected[64];
        pthread_join(threads[i], NULL);
        snprintf(expected, sizeof expected, "pending-at-exit:%c in %c", 'a' + (int)i, 'a' + (int)i);
        assert_string_equal(told[i].words, expected);
    }
}

/* ---- misuse ---- */

static int ends_that_of_another(void *arg)
{
    *(int *)arg = leash_leaks_end(NULL);
    return leash_leaks_discard();
}

static void in_a_callback(void *arg)
{
    int *rc = arg;
    rc[0] = leash_leaks_begin("callback");
    rc[1] = leash_leaks_end(NULL);
}

static int from_a_callback(void *arg)
{
    leash_callback_t callback = leash_call_soon(in_a_callback, arg);
    (void)callback;
    return leash_sleep(1);
}

static void test_refused(void **state)
{
    struct leash_leaks_options options = {0};
    int rc[2] = {1, 1};
    (void)state;
    assert_int_equal(leash_leaks_end(NULL), -EINVAL);
    assert_non_null(strstr(leash_last_error(), "leash_leaks_begin()"));
    assert_int_equal(leash_leaks_discard(), -EINVAL);
    assert_int_equal(leash_leaks_begin(NULL), -EINVAL);
    assert_int_equal(leash_leaks_begin("t"), 0);
    assert_int_equal(leash_leaks_end(&options), -EINVAL);
    assert_int_equal(run_virtual(ends_that_of_another, rc), -EPERM);
    assert_int_equal(rc[0], -EPERM);
    assert_int_equal(run_virtual(from_a_callback, rc), 0);
    assert_int_equal(rc[0], -EPERM);
    assert_int_equal(rc[1], -EPERM);
    assert_int_equal(leash_leaks_end(NULL), 0);
}

static void test_a_program_of_older_headers_has_shorter_options(void **state)
{
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    (void)state;
    options.size = offsetof(struct leash_leaks_options, patience);
    options.errors_only = 1;
    options.each = tell; /* beyond its end: not looked at */
    assert_int_equal(leash_leaks_begin("t"), 0);
    run_virtual(ends_in_all_ways, NULL);
    assert_int_equal(leash_leaks_end(&options), 2);
}

static void test_discarded(void **state)
{
    (void)state;
    assert_int_equal(leash_leaks_begin("around"), 0);
    assert_int_equal(leash_leaks_begin("failed"), 0);
    run_virtual(forgets_in_a_child, NULL);
    assert_int_equal(leash_leaks_discard(), 0);
    assert_ends_with(0, "");
}

/* ---- the text ---- */

static void test_the_report(void **state)
{
    char report[4096], small[16];
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    FILE *file = tmpfile();
    (void)state;
    options.text = report;
    options.text_size = sizeof report;
    options.to = file;
    assert_int_equal(leash_leaks_begin("says what"), 0);
    run_virtual(forgets_in_a_child, NULL);
    assert_int_equal(leash_leaks_end(&options), 2);
    assert_non_null(
        strstr(report, "leash: error[pending-at-exit]: task \"pending\" was pending when the loop stopped\n"));
    assert_non_null(strstr(report, "test_leak_scope.c:"));
    assert_non_null(strstr(report, " in start\n  waits for   sleep"));
    assert_non_null(strstr(report, "  in test     says what\n"));
    assert_non_null(strstr(report, "leash: 2 leaks (1 pending-at-exit, 1 never-awaited), 0 warnings, in 2 groups, in "
                                   "test \"says what\"\n"));
    assert_int_equal(ftell(file), strlen(report));
    fclose(file);
    options = (struct leash_leaks_options)LEASH_LEAKS_OPTIONS_INIT;
    options.text = small;
    options.text_size = sizeof small;
    assert_int_equal(leash_leaks_begin("cut"), 0);
    run_virtual(forgets_in_a_child, NULL);
    assert_int_equal(leash_leaks_end(&options), 2);
    assert_memory_equal(small, "leash: error[ne", sizeof small);
}

static int many(void *arg)
{
    (void)arg;
    for (int i = 0; i < 1500; i++)
        unused = leash_coro(nothing, NULL);
    return 0;
}

static void test_many_are_counted(void **state)
{
    char report[4096];
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    (void)state;
    options.text = report;
    options.text_size = sizeof report;
    assert_int_equal(leash_leaks_begin("many"), 0);
    run_virtual(many, NULL);
    assert_int_equal(leash_leaks_end(&options), 1500);
    assert_non_null(strstr(report, "`nothing` was created 1000 times"));
    assert_non_null(strstr(report, "500 of them only counted"));
}

/* ---- leash_assert_no_leaks ---- */

static char asserted[4096];
static void note(const char *report)
{
    snprintf(asserted, sizeof asserted, "%s", report);
}
#undef LEASH_ASSERT_FAIL
#define LEASH_ASSERT_FAIL(text) note(text)

static void test_as_an_assertion(void **state)
{
    (void)state;
    assert_int_equal(leash_leaks_begin("clean"), 0);
    leash_assert_no_leaks();
    assert_string_equal(asserted, "");
    assert_int_equal(leash_leaks_begin("leaks"), 0);
    run_virtual(forgets_coroutine, NULL);
    leash_assert_no_leaks();
    assert_non_null(strstr(asserted, "test_leak_scope.c:"));
    assert_non_null(strstr(asserted, "leash: error[never-awaited]"));
    leash_assert_no_leaks();
    assert_non_null(strstr(asserted, "no scope is open here"));
}

/* ---- what the trace hears ---- */

static void test_the_trace_hears_of_scopes_and_members(void **state)
{
    (void)state;
    sink_on(false);
    run_virtual(nothing, NULL); /* records from here on */
    assert_int_equal(leash_leaks_begin("outer"), 0);
    assert_int_equal(leash_leaks_begin("inner"), 0);
    run_virtual(forgets_task, NULL);
    assert_int_equal(leash_leaks_end(NULL), 1); /* a trace's rules do not stand in for it */
    assert_int_equal(leash_leaks_end(NULL), 0);
    const struct sink_event *outer = sink_find(LEASH_EV_TEST_BEGIN, 0), *inner = sink_find(LEASH_EV_TEST_BEGIN, 1);
    assert_non_null(outer);
    assert_non_null(inner);
    assert_string_equal(outer->text, "outer");
    assert_string_equal(inner->text, "inner");
    assert_int_equal(outer->b, 0);
    assert_int_equal(inner->b, outer->a);
    const struct sink_event *ended = sink_find(LEASH_EV_TEST_END, 0);
    assert_non_null(ended);
    assert_int_equal(ended->a, inner->a);
    assert_int_equal(ended->b, 1);
    assert_int_equal(sink_count_of(LEASH_EV_TEST_END), 2);
    size_t tasks = 0;
    for (size_t i = 0; i < sink_count_of(LEASH_EV_TEST_MEMBER); i++) {
        const struct sink_event *member = sink_find(LEASH_EV_TEST_MEMBER, i);
        assert_int_equal(member->b, inner->a);
        tasks += member->c == LEASH_SUBJECT_TASK;
    }
    assert_int_equal(tasks, 2); /* main and the one that it forgets */
    sink_off();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_clean_scope_tells_nothing),
        cmocka_unit_test(test_what_children_make_belongs_to_it),
        cmocka_unit_test(test_several_runs_and_what_met_no_loop),
        cmocka_unit_test(test_classes_of_what_has_ended),
        cmocka_unit_test(test_what_was_made_before_is_not_judged),
        cmocka_unit_test(test_the_innermost_tells),
        cmocka_unit_test(test_what_a_filter_leaves_goes_outwards),
        cmocka_unit_test(test_suppressions),
        cmocka_unit_test(test_a_scope_in_a_task_judges_what_is_pending),
        cmocka_unit_test(test_patience),
        cmocka_unit_test(test_a_cancelled_end_leaves_it_open),
        cmocka_unit_test(test_victims_are_not_told_but_for_one_outside),
        cmocka_unit_test(test_tasks_have_scopes_of_their_own),
        cmocka_unit_test(test_callbacks_inherit),
        cmocka_unit_test(test_what_is_made_after_the_end_is_of_the_scope_around),
        cmocka_unit_test(test_a_scope_left_open_is_of_the_one_around),
        cmocka_unit_test(test_a_scope_of_a_thread_that_ended_is_over),
        cmocka_unit_test(test_threads_run_tests_side_by_side),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_a_program_of_older_headers_has_shorter_options),
        cmocka_unit_test(test_discarded),
        cmocka_unit_test(test_the_report),
        cmocka_unit_test(test_many_are_counted),
        cmocka_unit_test(test_as_an_assertion),
        cmocka_unit_test(test_the_trace_hears_of_scopes_and_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
