/* leash_generator_t as a C program meets it: arguments, misuse, what is left open, the end of the run, the trace. */
#include "test.h"

#include <cell.h>
#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>
#include <types.h>
#include <unistd.h>

#include "sink.h"

struct story {
    char words[512];
    int rc[10];
    int fails;
    bool at_once; /* no waiting in the clean-up */
    leash_generator_t generator, second;
    leash_task_t task;
    struct leash_local local;
};

static void say(struct story *story, const char *what)
{
    size_t length = strlen(story->words);
    snprintf(story->words + length, sizeof story->words - length, "%s%s", length ? " " : "", what);
}

static int hang_up(void *arg)
{
    struct story *story = arg;
    if (!story->at_once)
        leash_sleep(1);
    say(story, "hang-up");
    return story->fails < 0 ? leash_fail(story->fails, "while hanging up") : 0;
}

/* Gives values for ever. */
static int endless(void *arg)
{
    int rc = leash_defer(hang_up, arg);
    while (rc >= 0)
        rc = leash_yield(arg);
    return rc;
}

/* What the run says on stderr. */
static int run_aloud(leash_fn_t fn, void *arg, char *said, size_t size)
{
    FILE *file = tmpfile();
    int old = dup(STDERR_FILENO);
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    options.scan = 0;
    options.cleanup_timeout = 0.05;
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    int rc = leash_run_with(leash_coro(fn, arg), &options, NULL);
    fflush(stderr);
    dup2(old, STDERR_FILENO);
    close(old);
    rewind(file);
    said[fread(said, 1, size - 1, file)] = '\0';
    fclose(file);
    return rc;
}

/* ---- the argument ---- */

static void drop(void *arg)
{
    say(arg, "dropped");
}

static int none(void *arg)
{
    return arg ? 0 : -EPROTO;
}

static int sums(void *arg)
{
    const int *numbers = arg;
    int rc = leash_yield(arg);
    return rc < 0 ? rc : numbers[0] + numbers[1] == 7 ? 0 : -EPROTO;
}

static leash_generator_t with_a_copy(void)
{
    int numbers[2] = {3, 4};
    return leash_generator_copy(sums, numbers, sizeof numbers);
}

static int arguments(void *arg)
{
    struct story *story = arg;
    leash_generator_t unused = leash_generator_own(none, story, drop), used = leash_generator_own(none, story, drop);
    leash_generator_t copy = with_a_copy(), unused_copy = with_a_copy(), left = leash_generator_own(none, story, drop);
    story->rc[0] = leash_generator_close(unused); /* needs no task to run in */
    say(story, "closed");
    story->rc[1] = leash_next(used, NULL);
    story->rc[2] = leash_next(copy, NULL);
    story->rc[3] = leash_next(copy, NULL);
    story->rc[4] = leash_generator_close(unused_copy);
    story->rc[5] = leash_generator_own(NULL, story, drop) ? 0 : -errno;
    say(story, "end");
    return left ? 0 : -ENOMEM;
}

static void test_nothing_that_an_argument_owns_is_lost(void **state)
{
    struct story story = {.fails = 0};
    const int rc[6] = {0, 0, 1, 0, 0, -EINVAL};
    (void)state;
    assert_int_equal(run_virtual(arguments, &story), 0);
    assert_memory_equal(story.rc, rc, sizeof rc);
    assert_string_equal(story.words, "dropped closed dropped end dropped");
}

static int returns_a_result(void *arg)
{
    struct story *story = arg;
    return story->fails < 0 ? (leash_return_own(story, drop), story->fails) : leash_return_own(story, drop);
}

static int takes_a_result(void *arg)
{
    leash_generator_t generator = leash_generator(returns_a_result, arg);
    return leash_next(generator, NULL);
}

static void test_a_body_has_no_result(void **state)
{
    struct story story = {.fails = 0};
    (void)state;
    assert_int_equal(run_virtual(takes_a_result, &story), 0);
    assert_string_equal(story.words, "dropped");
    story = (struct story){.fails = -EIO};
    assert_int_equal(run_virtual(takes_a_result, &story), -EIO);
    assert_string_equal(story.words, "dropped");
}

/* ---- part of the task ---- */

static int looks_around(void *arg)
{
    struct story *story = arg;
    story->rc[0] = leash_current_task() == story->task;
    story->rc[1] = leash_local_get(&story->local) == story;
    leash_local_set(&story->local, &story->rc);
    leash_sleep(0);
    story->rc[2] = leash_current_task() == story->task;
    return leash_yield(NULL);
}

static int is_looked_at(void *arg)
{
    struct story *story = arg;
    story->task = leash_current_task();
    leash_local_set(&story->local, story);
    leash_generator_t generator = leash_generator(looks_around, story);
    int rc = leash_next(generator, NULL);
    story->rc[3] = leash_local_get(&story->local) == &story->rc;
    story->rc[4] = (int)leash_all_tasks(NULL, 0);
    leash_generator_close(generator);
    return rc;
}

static void test_the_body_is_part_of_the_task(void **state)
{
    struct story story = {.local = LEASH_LOCAL_INIT};
    (void)state;
    assert_int_equal(run_virtual(is_looked_at, &story), 1);
    for (int i = 0; i < 5; i++)
        assert_int_equal(story.rc[i], 1);
}

/* ---- misuse ---- */

static int sleeps_then_yields(void *arg)
{
    int rc = leash_sleep(1);
    return rc < 0 ? rc : leash_yield(arg);
}

static int takes(void *arg)
{
    struct story *story = arg;
    return leash_next(story->generator, NULL);
}

static int two_at_once(void *arg)
{
    struct story *story = arg;
    story->generator = leash_generator(sleeps_then_yields, story);
    leash_task_t task = leash_create_task(leash_coro(takes, story));
    leash_sleep(0.5);
    story->rc[0] = leash_next(story->generator, NULL);
    story->rc[1] = leash_generator_close(story->generator);
    story->rc[2] = leash_await(task, NULL);
    story->rc[3] = leash_next(story->generator, NULL);
    return leash_generator_close(story->generator);
}

static void test_two_tasks_at_once_are_refused(void **state)
{
    struct story story = {.fails = 0};
    const int rc[4] = {-EBUSY, -EBUSY, 1, 0};
    (void)state;
    assert_int_equal(run_virtual(two_at_once, &story), 0);
    assert_memory_equal(story.rc, rc, sizeof rc);
}

static int enters_itself(void *arg)
{
    struct story *story = arg;
    story->rc[0] = leash_next(story->generator, NULL);
    story->rc[1] = leash_generator_close(story->generator);
    /* Nor through another that it runs. */
    story->second = leash_generator(takes, story);
    story->rc[2] = leash_next(story->second, NULL);
    leash_generator_close(story->second);
    return 0;
}

static int is_entered(void *arg)
{
    struct story *story = arg;
    story->generator = leash_generator(enters_itself, story);
    return leash_next(story->generator, NULL);
}

static void test_entering_itself_is_refused(void **state)
{
    struct story story = {.fails = 0};
    (void)state;
    assert_int_equal(run_virtual(is_entered, &story), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(story.rc[i], -EBUSY);
}

static int yields(void *arg)
{
    struct story *story = arg;
    story->rc[4] = leash_yield(story);
    return 0;
}

static int yields_elsewhere(void *arg)
{
    struct story *story = arg;
    leash_await(leash_coro(yields, story), NULL);
    story->rc[5] = story->rc[4];
    return leash_defer(yields, story);
}

static void from_the_loop(void *arg)
{
    struct story *story = arg;
    story->rc[6] = leash_yield(story);
    story->rc[7] = leash_next(story->generator, NULL);
    story->rc[8] = leash_generator_close(story->generator); /* has not begun: that is fine */
}

static int misuses(void *arg)
{
    struct story *story = arg;
    leash_timeout_t scope = leash_timeout_begin(-1);
    story->rc[0] = leash_generator(NULL, story) ? 0 : -errno;
    story->rc[1] = leash_next(NULL, NULL);
    story->rc[2] = leash_generator_close((leash_generator_t)scope);
    story->rc[3] = leash_yield(story);
    story->generator = leash_generator(endless, story);
    leash_call_soon(from_the_loop, story);
    leash_sleep(0);
    leash_generator_t elsewhere = leash_generator(yields_elsewhere, story);
    story->rc[9] = leash_next(elsewhere, NULL);
    return leash_timeout_end(scope, 0);
}

static void test_misuse(void **state)
{
    struct story story = {.fails = 0};
    (void)state;
    assert_null(leash_generator(endless, NULL));
    assert_int_equal(errno, EPERM);
    assert_int_equal(leash_next(NULL, NULL), -EPERM);
    assert_int_equal(leash_generator_close(NULL), -EINVAL);
    assert_int_equal(leash_yield(NULL), -EPERM);
    assert_int_equal(run_virtual(misuses, &story), 0);
    const int rc[10] = {-EINVAL, -EINVAL, -EINVAL, -EPERM, -EINVAL, -EINVAL, -EPERM, -EPERM, 0, 0};
    assert_memory_equal(story.rc, rc, sizeof rc);
}

static int remembers(void *arg)
{
    struct story *story = arg;
    story->generator = leash_generator(endless, story);
    return leash_next(story->generator, NULL);
}

static int uses_anothers(void *arg)
{
    struct story *story = arg;
    story->rc[0] = leash_next(story->generator, NULL);
    story->rc[1] = leash_generator_close(story->generator);
    return 0;
}

static void test_a_handle_from_before_is_over(void **state)
{
    struct story story = {.fails = 0};
    (void)state;
    assert_int_equal(run_virtual(remembers, &story), 1);
    story.rc[0] = story.rc[1] = 5;
    assert_int_equal(run_virtual(uses_anothers, &story), 0);
    assert_int_equal(story.rc[0], 0);
    assert_int_equal(story.rc[1], 0);
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "of the consumer's");
}

static int how_long_it_lives(void *arg)
{
    struct story *story = arg;
    leash_generator_t well = leash_generator(none, story), badly = leash_generator(fails, story);
    story->rc[0] = leash_next(well, NULL);
    story->rc[1] = leash_next(badly, NULL);
    story->rc[2] = leash__handle_is_stale(well);
    leash_sleep(0);
    story->rc[3] = leash__handle_is_stale(well);
    story->rc[4] = leash__handle_is_stale(badly);
    story->rc[5] = leash_generator_close(badly);
    story->rc[6] = leash__handle_is_stale(badly);
    return 0;
}

static void test_what_ended_well_goes_by_itself(void **state)
{
    struct story story = {.fails = 0};
    const int rc[7] = {0, -EIO, 0, 1, 0, -EIO, 1};
    (void)state;
    assert_int_equal(run_virtual(how_long_it_lives, &story), 0);
    assert_memory_equal(story.rc, rc, sizeof rc);
}

/* ---- left open ---- */

static int leaves_two_open(void *arg)
{
    struct story *story = arg;
    leash_generator_t a = leash_generator(endless, story), b = leash_generator(endless, story);
    leash_generator_t never_begun = leash_generator(endless, story), closed = leash_generator(endless, story);
    if (leash_next(a, NULL) != 1 || leash_next(b, NULL) != 1 || !never_begun || leash_next(closed, NULL) != 1)
        return -EPROTO;
    int rc = leash_generator_close(closed);
    say(story, "main-ends");
    return rc;
}

static void test_the_end_of_the_run_closes_them(void **state)
{
    struct story story = {.fails = 0};
    char said[1024];
    (void)state;
    sink_on(false);
    assert_int_equal(run_aloud(leaves_two_open, &story, said, sizeof said), 0);
    assert_string_equal(story.words, "hang-up main-ends hang-up hang-up");
    assert_null(strstr(said, "closed at the end"));
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sink_find(LEASH_EV_JUDGED, i)->b, LEASH_SUBJECT_OBJECT);
        assert_int_equal(sink_find(LEASH_EV_JUDGED, i)->c, LEASH_FACT_LEFT_OPEN);
    }
    assert_int_equal(sink_count_of(LEASH_EV_OBJECT_DONE), 3); /* all but the one that never began */
    /* Both at the same time, each in a task of its own. */
    assert_int_equal(sink_count_of(LEASH_EV_TASK), 3);
    assert_int_equal(sink_count_of(LEASH_EV_DONE), 3);
    sink_on(false);
    story.fails = -EIO;
    assert_int_equal(run_aloud(leaves_two_open, &story, said, sizeof said), -EIO);
    assert_int_equal(sink_count_of(LEASH_EV_FAILED), 3); /* main, and the tasks that closed them: the run has looked */
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 3);
    sink_off();
    assert_non_null(strstr(said, "a generator of endless (tests/unit/sync/test_generator_life.c:"));
    assert_non_null(strstr(said, "failed when it was closed at the end of the run: Input/output error"));
}

/* One that another one closes as it is closed; a consumer that the clean-up cancels in the body of a third. */
static int over_another(void *arg)
{
    struct story *story = arg;
    void *value;
    int rc = 0;
    leash_generator_t inner = leash_generator(endless, story);
    leash_for_each (inner, value)
        if ((rc = leash_yield(value)) < 0)
            break;
    int closed = leash_generator_close(inner);
    say(story, "closed-inner");
    return rc < 0 ? rc : closed;
}

static int waits_for_ever(void *arg)
{
    int rc = leash_defer(hang_up, arg);
    return rc < 0 ? rc : leash_sleep(1e9);
}

static int consumes(void *arg)
{
    leash_generator_t generator = leash_generator(waits_for_ever, arg);
    int rc = leash_next(generator, NULL);
    leash_generator_close(generator);
    return rc;
}

static int leaves_nested(void *arg)
{
    struct story *story = arg;
    leash_generator_t outer = leash_generator(over_another, story);
    story->task = leash_create_task(leash_coro(consumes, story));
    leash_sleep(1);
    return leash_next(outer, NULL) == 1 ? 0 : -EPROTO;
}

static void test_the_end_of_the_run_closes_one_in_another(void **state)
{
    struct story story = {.fails = 0};
    (void)state;
    assert_int_equal(run_virtual(leaves_nested, &story), 0);
    assert_string_equal(story.words, "hang-up hang-up closed-inner");
    story = (struct story){.at_once = true};
    assert_int_equal(run_virtual(leaves_nested, &story), 0);
    assert_string_equal(story.words, "hang-up hang-up closed-inner");
}

static int will_not_end(void *arg)
{
    int rc = leash_defer(hang_up, arg);
    leash_yield(arg);
    for (;;)
        leash_sleep(rc + 10);
    return 0;
}

static int leaves_the_stubborn(void *arg)
{
    leash_generator_t generator = leash_generator(will_not_end, arg);
    return leash_next(generator, NULL);
}

static void test_what_will_not_end_is_given_up(void **state)
{
    struct story story = {.fails = 0};
    char said[2048];
    (void)state;
    assert_int_equal(run_aloud(leaves_the_stubborn, &story, said, sizeof said), 1);
    assert_string_equal(story.words, "");
    assert_non_null(strstr(said, "did not end in the clean-up after main"));
    assert_non_null(strstr(said, "was given up: deferred functions that did not run: 1"));
}

static int stands_still(void *arg)
{
    struct story *story = arg;
    leash_generator_t resting = leash_generator(endless, story);
    leash_next(resting, NULL);
    leash_future_t never = leash_future();
    story->rc[0] = leash_await(never, NULL);
    leash_unref(never);
    return 0;
}

static int waits_inside(void *arg)
{
    leash_generator_t outer = leash_generator(stands_still, arg);
    leash_await(leash_coro(fails, NULL), NULL);
    int rc = leash_defer(hang_up, arg);
    return rc < 0 ? rc : leash_next(outer, NULL);
}

static void test_a_standstill_frees_them_unrun(void **state)
{
    struct story story = {.fails = 0};
    char said[2048];
    (void)state;
    assert_int_equal(run_aloud(waits_inside, &story, said, sizeof said), -EDEADLK);
    assert_string_equal(story.words, "");
    assert_non_null(strstr(said, "leash: a generator of endless ("));
    assert_non_null(strstr(said, "task #"));
}

/* ---- what the trace and the dump tell ---- */

static int dumps(void *arg)
{
    struct story *story = arg;
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    say(story, strstr(text, "for sleep at tests/unit/sync/test_generator_life.c:") ? "dumped" : text);
    free(text);
    return 0;
}

static int traced(void *arg)
{
    leash_generator_t generator = leash_generator(sleeps_then_yields, arg);
    leash_task_t task = leash_create_task(leash_coro(dumps, arg));
    while (leash_next(generator, NULL) > 0)
        ;
    return leash_await(task, NULL);
}

static void test_trace_and_dump(void **state)
{
    struct story story = {.fails = 0};
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(traced, &story), 0);
    assert_string_equal(story.words, "dumped");
    assert_int_equal(sink_find(LEASH_EV_OBJECT, 0)->b, LEASH_OBJECT_GENERATOR);
    assert_int_equal(sink_count_of(LEASH_EV_OBJECT_DONE), 1);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->a, sink_find(LEASH_EV_OBJECT, 0)->a);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->b, 0);
    assert_int_equal(sink_find(LEASH_EV_AWAIT_SLEEP, 0)->a, sink_find(LEASH_EV_TASK, 0)->a); /* its own wait */
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 0);
    sink_off();
}

static int fails_at_once(void *arg)
{
    (void)arg;
    return -EIO;
}

static int traced_failure(void *arg)
{
    leash_generator_t generator = leash_generator(fails_at_once, arg);
    leash_next(generator, NULL);
    return leash_generator_close(generator);
}

static void test_the_end_is_told_once(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(traced_failure, NULL), -EIO);
    assert_int_equal(sink_count_of(LEASH_EV_OBJECT_DONE), 1);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->b, EIO);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 0);
    sink_off();
}

/* A rule must know: what a generator does for a clean-up is clean-up. */
static int looks_at_the_mark(void *arg)
{
    struct story *story = arg;
    story->rc[0] = (int)leash__running()->current->deferring;
    leash_yield(NULL);
    story->rc[1] = (int)leash__running()->current->deferring;
    return 0;
}

static int takes_in_a_clean_up(void *arg)
{
    struct story *story = arg;
    leash_next(story->generator, NULL);
    return leash_generator_close(story->generator);
}

static int defers_a_generator(void *arg)
{
    struct story *story = arg;
    story->generator = leash_generator(looks_at_the_mark, story);
    return leash_defer(takes_in_a_clean_up, story);
}

static void test_the_mark_of_a_clean_up_is_the_tasks(void **state)
{
    struct story story = {.fails = 0};
    (void)state;
    assert_int_equal(run_virtual(defers_a_generator, &story), 0);
    assert_int_equal(story.rc[0], 1);
    assert_int_equal(story.rc[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_that_an_argument_owns_is_lost),
        cmocka_unit_test(test_a_body_has_no_result),
        cmocka_unit_test(test_the_body_is_part_of_the_task),
        cmocka_unit_test(test_two_tasks_at_once_are_refused),
        cmocka_unit_test(test_entering_itself_is_refused),
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_a_handle_from_before_is_over),
        cmocka_unit_test(test_what_ended_well_goes_by_itself),
        cmocka_unit_test(test_the_end_of_the_run_closes_them),
        cmocka_unit_test(test_the_end_of_the_run_closes_one_in_another),
        cmocka_unit_test(test_what_will_not_end_is_given_up),
        cmocka_unit_test(test_a_standstill_frees_them_unrun),
        cmocka_unit_test(test_trace_and_dump),
        cmocka_unit_test(test_the_end_is_told_once),
        cmocka_unit_test(test_the_mark_of_a_clean_up_is_the_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
