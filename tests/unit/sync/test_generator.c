/* leash_generator_t: values, failures, closing, cancellation: CPython's test_asyncgen.py as far as there is such a
 * thing in C. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <stdio.h>
#include <string.h>
#include <trace_format.h>

#include "sink.h"

/* What happened, a word each. */
struct story {
    char words[512];
    char message[128];
    int until;     /* how many values */
    int fails;     /* what the body ends with */
    int cleans_up; /* what its deferred function returns */
    int rc[8];
    leash_generator_t generator;
};

static void say(struct story *story, const char *what)
{
    size_t length = strlen(story->words);
    snprintf(story->words + length, sizeof story->words - length, "%s%s", length ? " " : "", what);
}

static void say_number(struct story *story, long number)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", number);
    say(story, text);
}

static int hang_up(void *arg)
{
    struct story *story = arg;
    int rc = leash_sleep(0.01);
    say(story, rc < 0 ? "hang-up-cut" : "hang-up");
    return story->cleans_up < 0 ? leash_fail(story->cleans_up, "while hanging up") : rc;
}

/* 0, 1, 2, ..., a second apart. */
static int counts(void *arg)
{
    struct story *story = arg;
    int rc = leash_defer(hang_up, story);
    for (long i = 0; i < story->until && rc >= 0; i++) {
        rc = leash_yield(&i);
        if (rc >= 0)
            rc = leash_sleep(1);
    }
    if (rc < 0)
        say(story, rc == -ESHUTDOWN ? "shut" : "failed");
    if (rc >= 0 && story->fails < 0)
        return leash_fail(story->fails, "after %d", story->until);
    return rc < 0 ? rc : 5;
}

static int run(leash_fn_t fn, struct story *story)
{
    return run_virtual(fn, story);
}

/* ---- values ---- */

static int takes_all(void *arg)
{
    struct story *story = arg;
    long *number;
    leash_generator_t generator = leash_generator(counts, story);
    leash_for_each (generator, number)
        say_number(story, *number);
    say(story, "end");
    story->rc[0] = leash_next(generator, NULL);
    story->rc[1] = leash_generator_close(generator);
    story->rc[2] = leash_next(generator, NULL);
    story->rc[3] = leash_generator_close(generator);
    return 0;
}

static void test_values_in_order(void **state)
{
    struct story story = {.until = 3};
    (void)state;
    assert_int_equal(run(takes_all, &story), 0);
    assert_string_equal(story.words, "0 1 2 hang-up end");
    for (int i = 0; i < 4; i++)
        assert_int_equal(story.rc[i], 0);
}

static int takes_one_by_one(void *arg)
{
    struct story *story = arg;
    void *value = story;
    story->generator = leash_generator(counts, story);
    for (int i = 0; i < 5; i++) {
        story->rc[i] = leash_next(story->generator, &value);
        say(story, value == story ? "untouched" : "value");
        value = story;
        leash_sleep(0.5);
    }
    return 0;
}

static void test_next_says_whether_there_is_one(void **state)
{
    struct story story = {.until = 2};
    (void)state;
    assert_int_equal(run(takes_one_by_one, &story), 0);
    assert_string_equal(story.words, "value value hang-up untouched untouched untouched");
    const int rc[5] = {1, 1, 0, 0, 0};
    assert_memory_equal(story.rc, rc, sizeof rc);
}

static void test_one_without_values(void **state)
{
    struct story story = {.until = 0};
    (void)state;
    assert_int_equal(run(takes_all, &story), 0);
    assert_string_equal(story.words, "hang-up end");
}

static int takes_two(void *arg)
{
    struct story *story = arg;
    long *number;
    leash_generator_t generator = leash_generator(counts, story);
    leash_for_each (generator, number) {
        say_number(story, *number);
        if (*number == 1)
            break;
    }
    say(story, "break");
    leash_for_each (generator, number) /* it goes on where it was left */
        say_number(story, *number);
    return leash_generator_close(generator);
}

static void test_break_leaves_it_where_it_is(void **state)
{
    struct story story = {.until = 4};
    (void)state;
    assert_int_equal(run(takes_two, &story), 0);
    assert_string_equal(story.words, "0 1 break 2 3 hang-up");
}

/* Generators of generators, and a body that recurses with plain calls. */
static int evens(void *arg)
{
    struct story *story = arg;
    long *number;
    int rc = 0;
    leash_generator_t all = leash_generator(counts, story);
    leash_for_each (all, number)
        if (*number % 2 == 0 && (rc = leash_yield(number)) < 0)
            break;
    int closed = leash_generator_close(all);
    return rc < 0 ? rc : closed;
}

static int walk(int depth)
{
    int rc = depth > 0 ? walk(depth - 1) : 0;
    if (rc >= 0)
        rc = leash_yield(&depth);
    return rc >= 0 && depth > 0 ? walk(depth - 1) : rc;
}

static int walks(void *arg)
{
    return walk(*(int *)arg);
}

static int nests(void *arg)
{
    struct story *story = arg;
    long *number;
    int *depth, two = 2;
    leash_generator_t outer = leash_generator(evens, story);
    leash_for_each (outer, number) {
        say_number(story, *number);
        leash_generator_t tree = leash_generator(walks, &two);
        leash_for_each (tree, depth)
            say_number(story, -*depth);
    }
    return leash_generator_close(outer);
}

static void test_generators_nest(void **state)
{
    struct story story = {.until = 4};
    (void)state;
    assert_int_equal(run(nests, &story), 0);
    assert_string_equal(story.words, "0 0 -1 0 -2 0 -1 0 2 0 -1 0 -2 0 -1 0 hang-up");
}

/* ---- failures ---- */

static int reads_message(void *arg)
{
    struct story *story = arg;
    struct leash_failure failure;
    leash_coro_t coro = leash_coro(takes_two, story);
    leash_ref(coro);
    int rc = leash_await(coro, NULL);
    if (leash_failure(coro, &failure) == 0)
        snprintf(story->message, sizeof story->message, "%s", failure.message);
    leash_unref(coro);
    return rc;
}

static void test_close_tells_how_it_went(void **state)
{
    struct story story = {.until = 3, .fails = -EIO};
    (void)state;
    assert_int_equal(run(reads_message, &story), -EIO);
    assert_string_equal(story.words, "0 1 break 2 hang-up");
    assert_string_equal(story.message, "after 3");
    story = (struct story){.until = 2, .cleans_up = -EBADF};
    assert_int_equal(run(reads_message, &story), -EBADF);
    assert_string_equal(story.message, "while hanging up");
}

static int passes_it_on(void *arg)
{
    struct story *story = arg;
    void *value;
    int rc;
    leash_generator_t generator = leash_generator(counts, story);
    while ((rc = leash_next(generator, &value)) > 0)
        say(story, "value");
    story->rc[0] = rc;
    story->rc[1] = leash_next(generator, &value); /* it is over */
    leash_sleep(10);
    story->rc[2] = leash_generator_close(generator); /* and still knows why */
    story->rc[3] = leash_generator_close(generator);
    return rc;
}

static void test_a_failure_passes_through(void **state)
{
    struct story story = {.until = 1, .fails = -EIO};
    (void)state;
    assert_int_equal(run(passes_it_on, &story), -EIO);
    assert_string_equal(story.words, "value hang-up");
    assert_int_equal(story.rc[0], -EIO);
    assert_int_equal(story.rc[1], 0);
    assert_int_equal(story.rc[2], -EIO);
    assert_int_equal(story.rc[3], 0);
}

static int passes_it_on_unclosed(void *arg)
{
    leash_generator_t generator = leash_generator(counts, arg);
    int rc = leash_next(generator, NULL);
    return rc < 0 ? rc : leash_next(generator, NULL);
}

static int reads_what_next_said(void *arg)
{
    struct story *story = arg;
    struct leash_failure failure = {.message = "?"};
    leash_task_t task = leash_create_task(leash_coro(passes_it_on_unclosed, story));
    int rc = leash_await(task, NULL);
    leash_failure(task, &failure);
    snprintf(story->message, sizeof story->message, "%s", failure.message);
    return rc;
}

static void test_next_passes_the_message_on(void **state)
{
    struct story story = {.until = 1, .fails = -EIO};
    (void)state;
    assert_int_equal(run(reads_what_next_said, &story), -EIO);
    assert_string_equal(story.message, "after 1");
}

/* The consumer's own failure is not the body's, nor the other way round. */
static int fails_before(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "the consumer's");
}

static int fails_plainly(void *arg)
{
    (void)arg;
    int rc = leash_yield(NULL);
    return rc < 0 ? rc : -EIO;
}

static int mixes_failures(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(fails_plainly, NULL);
    story->rc[0] = leash_next(generator, NULL);
    leash_await(leash_coro(fails_before, NULL), NULL);
    int rc = leash_next(generator, NULL);
    leash_generator_close(generator);
    return rc;
}

static int keeps_its_own(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(counts, story);
    int rc = leash_await(leash_coro(fails_before, NULL), NULL);
    story->rc[1] = leash_next(generator, NULL);
    story->rc[2] = leash_generator_close(generator);
    return rc;
}

static int compares_messages(void *arg)
{
    struct story *story = arg;
    struct leash_failure failure = {.message = "?"};
    leash_task_t mixes = leash_create_task(leash_coro(mixes_failures, story));
    leash_await(mixes, NULL);
    leash_failure(mixes, &failure);
    say(story, *failure.message ? failure.message : "silent");
    leash_task_t keeps = leash_create_task(leash_coro(keeps_its_own, story));
    leash_await(keeps, NULL);
    leash_failure(keeps, &failure);
    snprintf(story->message, sizeof story->message, "%s", failure.message);
    return 0;
}

static void test_failures_of_body_and_consumer_keep_apart(void **state)
{
    struct story story = {.until = 1};
    (void)state;
    assert_int_equal(run(compares_messages, &story), 0);
    assert_string_equal(story.words, "silent shut hang-up");
    assert_string_equal(story.message, "the consumer's");
}

/* ---- closing ---- */

static int closes_early(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(counts, story);
    story->rc[0] = leash_next(generator, NULL);
    story->rc[1] = leash_generator_close(generator);
    say(story, "closed");
    story->rc[2] = leash_next(generator, NULL);
    return story->rc[1];
}

static void test_close_runs_the_clean_up(void **state)
{
    struct story story = {.until = 3};
    (void)state;
    assert_int_equal(run(closes_early, &story), 0);
    assert_string_equal(story.words, "shut hang-up closed");
    assert_int_equal(story.rc[0], 1);
    assert_int_equal(story.rc[2], 0);
    story = (struct story){.until = 3, .cleans_up = -EBADF};
    assert_int_equal(run(closes_early, &story), -EBADF);
}

/* What it returns then does not matter, unless it is another failure. */
static int ends_with(void *arg)
{
    struct story *story = arg;
    leash_yield(NULL);
    return story->fails;
}

static int closes_what_ends_with(void *arg)
{
    leash_generator_t generator = leash_generator(ends_with, arg);
    leash_next(generator, NULL);
    return leash_generator_close(generator);
}

static void test_what_a_closed_body_returns(void **state)
{
    (void)state;
    assert_int_equal(run(closes_what_ends_with, &(struct story){.fails = 0}), 0);
    assert_int_equal(run(closes_what_ends_with, &(struct story){.fails = 9}), 0);
    assert_int_equal(run(closes_what_ends_with, &(struct story){.fails = -ESHUTDOWN}), 0);
    assert_int_equal(run(closes_what_ends_with, &(struct story){.fails = -EIO}), -EIO);
}

static int fails_with_that_code(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(ends_with, story);
    leash_next(generator, NULL);
    story->rc[0] = leash_next(generator, NULL);
    return leash_generator_close(generator);
}

static void test_that_code_is_a_failure_like_others_where_nobody_closes(void **state)
{
    struct story story = {.fails = -ESHUTDOWN};
    (void)state;
    assert_int_equal(run(fails_with_that_code, &story), -ESHUTDOWN);
    assert_int_equal(story.rc[0], -ESHUTDOWN);
}

static int will_not_end(void *arg)
{
    struct story *story = arg;
    while (story->until-- > 0) {
        story->rc[4] = leash_yield(story);
        leash_sleep(0.01);
    }
    return 0;
}

static int closes_who_will_not_end(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(will_not_end, story);
    leash_next(generator, NULL);
    story->rc[0] = leash_generator_close(generator);
    snprintf(story->message, sizeof story->message, "%s", leash_last_error());
    story->rc[1] = leash_next(generator, NULL);
    story->rc[2] = leash_generator_close(generator);
    return 0;
}

static void test_a_body_that_yields_instead_of_ending(void **state)
{
    struct story story = {.until = 1000};
    (void)state;
    assert_int_equal(run(closes_who_will_not_end, &story), 0);
    assert_int_equal(story.rc[0], -EPROTO);
    assert_int_equal(story.rc[1], 0);
    assert_int_equal(story.rc[2], -EPROTO);
    assert_int_equal(story.rc[4], -ESHUTDOWN);
    assert_int_equal(story.until, 998);
    assert_non_null(strstr(story.message, "yields again"));
}

/* ---- cancellation ---- */

static int waits_in_the_body(void *arg)
{
    struct story *story = arg;
    long *number;
    leash_generator_t generator = leash_generator(counts, story);
    leash_for_each (generator, number)
        say_number(story, *number);
    story->rc[0] = leash_generator_close(generator);
    return story->rc[0];
}

static int waits_outside(void *arg)
{
    struct story *story = arg;
    long *number;
    int rc = 0;
    leash_generator_t generator = leash_generator(counts, story);
    leash_for_each (generator, number)
        if ((rc = leash_sleep(5)) < 0)
            break;
    story->rc[0] = rc;
    story->rc[1] = leash_generator_close(generator);
    return rc;
}

static int cancel_consumer(struct story *story, leash_fn_t consumer, double when)
{
    leash_task_t task = leash_create_task(leash_coro(consumer, story));
    leash_sleep(when);
    leash_cancel(task, NULL);
    int rc = leash_await(task, NULL);
    story->rc[7] = leash_cancelled(task);
    return rc;
}

static int cancels_in_the_body(void *arg)
{
    return cancel_consumer(arg, waits_in_the_body, 0.5);
}

static void test_cancelled_while_the_body_waits(void **state)
{
    struct story story = {.until = 3};
    (void)state;
    assert_int_equal(run(cancels_in_the_body, &story), -ECANCELED);
    assert_string_equal(story.words, "0 failed hang-up");
    assert_int_equal(story.rc[0], -ECANCELED); /* close passes it on, so that the consumer ends cancelled */
    assert_int_equal(story.rc[7], 1);
}

static int cancels_outside(void *arg)
{
    return cancel_consumer(arg, waits_outside, 0.5);
}

static void test_cancelled_outside_of_the_body(void **state)
{
    struct story story = {.until = 3};
    (void)state;
    assert_int_equal(run(cancels_outside, &story), -ECANCELED);
    assert_string_equal(story.words, "shut hang-up");
    assert_int_equal(story.rc[0], -ECANCELED);
    assert_int_equal(story.rc[1], 0);
    assert_int_equal(story.rc[7], 1);
}

static int shrugs(void *arg)
{
    struct story *story = arg;
    int rc = leash_sleep(5);
    say(story, rc == -ECANCELED ? "shrug" : "?");
    rc = leash_yield(NULL);
    return rc;
}

static int consumes_who_shrugs(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(shrugs, story);
    story->rc[0] = leash_next(generator, NULL);
    return leash_generator_close(generator);
}

static int cancels_who_shrugs(void *arg)
{
    return cancel_consumer(arg, consumes_who_shrugs, 1);
}

static void test_a_body_may_swallow_it(void **state)
{
    struct story story = {.until = 0};
    (void)state;
    assert_int_equal(run(cancels_who_shrugs, &story), 0);
    assert_string_equal(story.words, "shrug");
    assert_int_equal(story.rc[0], 1);
}

static int cancels_during_close(void *arg)
{
    return cancel_consumer(arg, closes_early, 0.005);
}

static void test_cancelled_while_it_closes(void **state)
{
    struct story story = {.until = 3};
    (void)state;
    assert_int_equal(run(cancels_during_close, &story), -ECANCELED);
    assert_string_equal(story.words, "shut hang-up-cut closed");
    assert_int_equal(story.rc[1], -ECANCELED);
}

/* ---- scopes ---- */

static int limits_itself(void *arg)
{
    struct story *story = arg;
    leash_timeout_t scope = leash_timeout_begin(2);
    int rc = leash_yield(NULL);
    if (rc >= 0)
        rc = leash_timeout_end(scope, leash_sleep(100));
    story->rc[0] = rc;
    return rc;
}

static int is_limited(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(limits_itself, story);
    leash_timeout_t outer = leash_timeout_begin(50); /* opened before and closed after the body's */
    int rc = leash_next(generator, NULL);
    leash_timeout_t between = leash_timeout_begin(10);
    leash_sleep(1);
    rc = leash_next(generator, NULL);
    story->rc[1] = rc;
    story->rc[2] = leash_timeout_end(between, 0);
    story->rc[3] = leash_time() == 2;
    story->rc[4] = leash_generator_close(generator);
    return leash_timeout_end(outer, 0);
}

static void test_a_timeout_of_the_body(void **state)
{
    struct story story = {.until = 0};
    (void)state;
    assert_int_equal(run(is_limited, &story), 0);
    assert_int_equal(story.rc[0], -ETIMEDOUT);
    assert_int_equal(story.rc[1], -ETIMEDOUT);
    assert_int_equal(story.rc[2], 0);
    assert_int_equal(story.rc[3], 1);
    assert_int_equal(story.rc[4], -ETIMEDOUT);
}

static int sleeps_outside(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(limits_itself, story);
    leash_next(generator, NULL);
    story->rc[1] = leash_sleep(100); /* asyncio's too: a timeout cancels the task that opened it, wherever that is */
    story->rc[2] = leash_generator_close(generator);
    return leash_cancelling(leash_current_task());
}

static void test_a_timeout_of_the_body_reaches_its_consumer(void **state)
{
    struct story story = {.until = 0};
    (void)state;
    assert_int_equal(run(sleeps_outside, &story), 0); /* its end took the request back */
    assert_int_equal(story.rc[0], -ESHUTDOWN);
    assert_int_equal(story.rc[1], -ECANCELED);
    assert_int_equal(story.rc[2], 0);
}

static int works_longer(void *arg)
{
    struct story *story = arg;
    int rc = leash_sleep(1.5);
    say(story, rc < 0 ? "cancelled-too" : "worked-longer");
    return rc;
}

static int works(void *arg)
{
    struct story *story = arg;
    int rc = leash_sleep(1);
    say(story, rc < 0 ? "cancelled" : "worked");
    return rc < 0 ? rc : story->fails;
}

static int has_a_group(void *arg)
{
    struct story *story = arg;
    leash_group_t group = leash_group_begin();
    int rc = leash_group_spawn(group, leash_coro(works, story));
    if (rc >= 0)
        rc = leash_yield(NULL);
    return leash_group_end(group, rc);
}

static int uses_a_group(void *arg)
{
    struct story *story = arg;
    leash_generator_t generator = leash_generator(has_a_group, story);
    story->rc[0] = leash_next(generator, NULL);
    if (story->until)
        story->rc[1] = leash_sleep(0.5);
    else
        story->rc[1] = leash_next(generator, NULL);
    return leash_generator_close(generator);
}

static void test_a_group_of_the_body(void **state)
{
    struct story story = {.until = 0};
    (void)state;
    assert_int_equal(run(uses_a_group, &story), 0);
    assert_string_equal(story.words, "worked");
    story = (struct story){.until = 1}; /* closed: the body fails in its group */
    assert_int_equal(run(uses_a_group, &story), 0);
    assert_string_equal(story.words, "cancelled");
    story = (struct story){.fails = -EIO};
    assert_int_equal(run(uses_a_group, &story), -EIO);
    assert_int_equal(story.rc[1], -EIO);
}

/* ---- from task to task ---- */

static int takes_one(void *arg)
{
    struct story *story = arg;
    long *number = NULL;
    int rc = leash_next(story->generator, (void **)&number);
    if (rc == 1)
        say_number(story, *number);
    return rc;
}

static int takes_in_turn(void *arg)
{
    struct story *story = arg;
    story->generator = leash_generator(counts, story);
    for (int i = 0; i < 4; i++)
        story->rc[i] = leash_await(leash_create_task(leash_coro(takes_one, story)), NULL);
    return leash_generator_close(story->generator);
}

static void test_tasks_take_turns(void **state)
{
    struct story story = {.until = 3};
    (void)state;
    assert_int_equal(run(takes_in_turn, &story), 0);
    assert_string_equal(story.words, "0 1 2 hang-up");
    const int rc[4] = {1, 1, 1, 0};
    assert_memory_equal(story.rc, rc, sizeof rc);
}

/* The scopes of the body outlive the task that it was part of when it opened them. */
static int opens_and_yields(void *arg)
{
    struct story *story = arg;
    leash_timeout_t scope = leash_timeout_begin(story->until);
    leash_group_t group = leash_group_begin();
    int rc = leash_group_spawn(group, leash_coro(works, story));
    rc = rc < 0 ? rc : leash_group_spawn(group, leash_coro(works_longer, story));
    rc = rc < 0 ? rc : leash_defer(hang_up, story);
    if (rc >= 0)
        rc = leash_yield(story);
    if (rc >= 0)
        rc = leash_sleep(2);
    rc = leash_group_end(group, rc);
    story->rc[0] = rc;
    return leash_timeout_end(scope, rc);
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(5);
}

static int first_taker(void *arg)
{
    struct story *story = arg;
    return leash_next(story->generator, NULL);
}

static int hands_on(void *arg)
{
    struct story *story = arg;
    story->generator = leash_generator(opens_and_yields, story);
    story->rc[1] = leash_await(leash_create_task(leash_coro(first_taker, story)), NULL);
    leash_sleep(0);
    leash_task_t bystander = leash_create_task(leash_coro(sleeps, story)); /* where that task was, if it is gone */
    story->rc[2] = leash_next(story->generator, NULL);
    int rc = leash_generator_close(story->generator);
    story->rc[3] = leash_await(bystander, NULL);
    return rc;
}

static void test_scopes_outlive_the_task_that_opened_them(void **state)
{
    struct story story = {.until = 10};
    (void)state;
    assert_int_equal(run(hands_on, &story), 0);
    assert_string_equal(story.words, "worked worked-longer hang-up");
    assert_int_equal(story.rc[1], 1);
    assert_int_equal(story.rc[2], 0);
    sink_on(false);
    story = (struct story){.until = 1}; /* the timeout finds nobody to cancel: that task has ended */
    assert_int_equal(run(hands_on, &story), 0);
    assert_int_equal(story.rc[3], 0);
    assert_int_equal(sink_count_of(LEASH_EV_CANCEL_TIMEOUT), 0);
    sink_off();
    story = (struct story){.until = 10, .fails = -EIO}; /* CPython's group then cancels nobody; but it fails */
    assert_int_equal(run(hands_on, &story), -EIO);
    assert_string_equal(story.words, "worked worked-longer hang-up");
    assert_int_equal(story.rc[3], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_values_in_order),
        leash_cmocka_unit_test(test_next_says_whether_there_is_one),
        leash_cmocka_unit_test(test_one_without_values),
        leash_cmocka_unit_test(test_break_leaves_it_where_it_is),
        leash_cmocka_unit_test(test_generators_nest),
        leash_cmocka_unit_test(test_close_tells_how_it_went),
        leash_cmocka_unit_test(test_a_failure_passes_through),
        leash_cmocka_unit_test(test_next_passes_the_message_on),
        leash_cmocka_unit_test(test_failures_of_body_and_consumer_keep_apart),
        leash_cmocka_unit_test(test_close_runs_the_clean_up),
        leash_cmocka_unit_test(test_what_a_closed_body_returns),
        leash_cmocka_unit_test(test_that_code_is_a_failure_like_others_where_nobody_closes),
        leash_cmocka_unit_test(test_a_body_that_yields_instead_of_ending),
        leash_cmocka_unit_test(test_cancelled_while_the_body_waits),
        leash_cmocka_unit_test(test_cancelled_outside_of_the_body),
        leash_cmocka_unit_test(test_a_body_may_swallow_it),
        leash_cmocka_unit_test(test_cancelled_while_it_closes),
        leash_cmocka_unit_test(test_a_timeout_of_the_body),
        leash_cmocka_unit_test(test_a_timeout_of_the_body_reaches_its_consumer),
        leash_cmocka_unit_test(test_a_group_of_the_body),
        leash_cmocka_unit_test(test_tasks_take_turns),
        leash_cmocka_unit_test(test_scopes_outlive_the_task_that_opened_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
