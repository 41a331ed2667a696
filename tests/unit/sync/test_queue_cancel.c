/* leash_queue_t: what a cancellation on the way to an item, or to room for one, leaves behind. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <string.h>

#include "queues.h"
#include "sink.h"

#define QUEUE(maxsize) ((leash_queue_t)LEASH_QUEUE_INIT("items", maxsize))

/* ---- cancellation of a get ---- */

static int first_of_two_cancelled(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x"), y = start_get(story, "y");
    pass(1);
    leash_cancel(x, NULL);
    pass(1);
    int done = leash_done(x);
    leash_queue_put(&story->queue, text("a"));
    pass(1);
    return done == 1 && leash_await(x, NULL) == -ECANCELED ? leash_await(y, NULL) : -EPROTO;
}

static void test_a_cancelled_get_is_no_more_in_line(void **state)
{
    (void)state;
    check(first_of_two_cancelled, QUEUE(0), "x cancelled, y got a");
}

/* Cancelled but not run yet, it stands in line still: the put passes it by. */
static int passed_by(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x"), y = start_get(story, "y");
    pass(1);
    leash_cancel(x, NULL);
    leash_queue_put(&story->queue, text("a"));
    leash_await(x, NULL);
    return leash_await(y, NULL);
}

static void test_put_passes_a_cancelled_get_by(void **state)
{
    (void)state;
    check(passed_by, QUEUE(0), "x cancelled, y got a");
}

static int times_out(void *arg)
{
    struct story *story = arg;
    int rc = leash_wait_for(start_get(story, "x"), 0.1, NULL);
    if (rc != -ETIMEDOUT || leash_queue_destroy(&story->queue) != 0)
        return -EPROTO; /* -EBUSY: it is in line still */
    put_now(story, "a");
    return get_now(story) ? 0 : -EPROTO;
}

static void test_a_get_that_timed_out_leaves_nothing(void **state)
{
    (void)state;
    check(times_out, QUEUE(5), "x cancelled");
}

/* Woken for an item and cancelled before it could take it: the item is where it was. */
static int woken_and_cancelled(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x");
    pass(1);
    put_now(story, "1");
    put_now(story, "2");
    leash_cancel(x, NULL);
    if (leash_await(x, NULL) != -ECANCELED)
        return -EPROTO;
    return leash_await(start_get(story, "y"), NULL) == 0 && !strcmp(get_now(story), "2") ? 0 : -EPROTO;
}

static void test_a_cancelled_get_loses_no_item(void **state)
{
    (void)state;
    check(woken_and_cancelled, QUEUE(0), "x cancelled, y got 1");
}

static int passes_it_on(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x"), y = start_get(story, "y"), z = start_get(story, "z");
    pass(1);
    put_now(story, "1");
    put_now(story, "2");
    leash_cancel(x, NULL);
    if (leash_await(x, NULL) != -ECANCELED)
        return -EPROTO;
    return leash_gather_wait(NULL, y, z);
}

/* y, woken for 2, takes 1; z, woken by x in its place, 2. */
static void test_a_cancelled_get_wakes_the_next(void **state)
{
    (void)state;
    check(passes_it_on, QUEUE(0), "x cancelled, y got 1, z got 2");
}

/* x gave nothing up, so that it wakes nobody: z keeps its place before w. */
static int was_not_woken(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x"), y = start_get(story, "y"), z = start_get(story, "z"),
                 w = start_get(story, "w");
    pass(1);
    leash_cancel(x, NULL);
    put_now(story, "1");
    leash_await(x, NULL);
    leash_await(y, NULL);
    pass(1);
    put_now(story, "2");
    put_now(story, "3");
    return leash_gather_wait(NULL, z, w);
}

static void test_a_cancelled_get_that_was_not_woken_wakes_nobody(void **state)
{
    (void)state;
    check(was_not_woken, QUEUE(0), "x cancelled, y got 1, z got 2, w got 3");
}

/* Nor is there anything to hand on where another took it: y keeps its place before z. */
static int stolen_and_cancelled(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x"), y = start_get(story, "y"), z = start_get(story, "z");
    pass(1);
    put_now(story, "1");
    get_now(story);
    leash_cancel(x, NULL);
    leash_await(x, NULL);
    pass(1);
    put_now(story, "2");
    put_now(story, "3");
    return leash_gather_wait(NULL, y, z);
}

static void test_a_cancelled_get_without_an_item_wakes_nobody(void **state)
{
    (void)state;
    check(stolen_and_cancelled, QUEUE(0), "x cancelled, y got 2, z got 3");
}

/* ---- cancellation of a put ---- */

static int put_woken_and_cancelled(void *arg)
{
    struct story *story = arg;
    put_now(story, "1");
    leash_task_t b = start_put(story, "2");
    pass(1);
    if (strcmp(get_now(story), "1") != 0)
        return -EPROTO;
    leash_cancel(b, NULL);
    if (leash_await(b, NULL) != -ECANCELED || !leash_queue_empty(&story->queue))
        return -EPROTO;
    int rc = leash_await(start_put(story, "2"), NULL);
    return rc == 0 && !strcmp(get_now(story), "2") && leash_queue_empty(&story->queue) ? 0 : -EPROTO;
}

static void test_a_cancelled_put_puts_nothing(void **state)
{
    (void)state;
    check(put_woken_and_cancelled, QUEUE(1), "2 cancelled, put 2");
}

static int last_of_three_cancelled(void *arg)
{
    struct story *story = arg;
    leash_task_t a = start_put(story, "a"), b = start_put(story, "b"), c = start_put(story, "c");
    pass(1);
    if (!leash_done(a) || leash_done(b))
        return -EPROTO;
    leash_cancel(c, NULL);
    pass(1);
    say(story, "got %s", get_now(story));
    pass(1);
    say(story, "got %s", get_now(story));
    leash_await(c, NULL);
    return leash_gather_wait(NULL, a, b);
}

static void test_a_cancelled_put_is_no_more_in_line(void **state)
{
    (void)state;
    check(last_of_three_cancelled, QUEUE(1), "put a, c cancelled, got a, put b, got b");
}

static int put_in_line_cancelled(void *arg)
{
    struct story *story = arg;
    put_now(story, "full");
    leash_task_t b = start_put(story, "b");
    pass(1);
    int busy = leash_queue_destroy(&story->queue);
    leash_cancel(b, NULL);
    int rc = leash_await(b, NULL);
    return busy == -EBUSY && rc == -ECANCELED ? leash_queue_destroy(&story->queue) : -EPROTO;
}

static void test_a_cancelled_put_leaves_nothing(void **state)
{
    (void)state;
    check(put_in_line_cancelled, QUEUE(1), "b cancelled");
}

static int put_passes_it_on(void *arg)
{
    struct story *story = arg;
    put_now(story, "full");
    leash_task_t b = start_put(story, "b"), c = start_put(story, "c");
    pass(1);
    get_now(story);
    leash_cancel(b, NULL);
    if (leash_await(b, NULL) != -ECANCELED)
        return -EPROTO;
    return leash_await(c, NULL) == 0 && !strcmp(get_now(story), "c") ? 0 : -EPROTO;
}

static void test_a_cancelled_put_wakes_the_next(void **state)
{
    (void)state;
    check(put_passes_it_on, QUEUE(1), "b cancelled, put c");
}

/* Cancelled before its first wait: delivered there, and it never stood in line. */
static int cancels_itself(void *arg)
{
    struct story *story = arg;
    leash_cancel(leash_current_task(), NULL);
    int rc = leash_queue_get(&story->queue, NULL);
    leash_uncancel(leash_current_task());
    put_now(story, "a");
    return rc == -ECANCELED && get_now(story) ? leash_queue_destroy(&story->queue) : -EPROTO;
}

static void test_a_cancellation_that_came_before(void **state)
{
    (void)state;
    check(cancels_itself, QUEUE(0), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_a_cancelled_get_is_no_more_in_line),
        leash_cmocka_unit_test(test_put_passes_a_cancelled_get_by),
        leash_cmocka_unit_test(test_a_get_that_timed_out_leaves_nothing),
        leash_cmocka_unit_test(test_a_cancelled_get_loses_no_item),
        leash_cmocka_unit_test(test_a_cancelled_get_wakes_the_next),
        leash_cmocka_unit_test(test_a_cancelled_get_that_was_not_woken_wakes_nobody),
        leash_cmocka_unit_test(test_a_cancelled_get_without_an_item_wakes_nobody),
        leash_cmocka_unit_test(test_a_cancelled_put_puts_nothing),
        leash_cmocka_unit_test(test_a_cancelled_put_is_no_more_in_line),
        leash_cmocka_unit_test(test_a_cancelled_put_leaves_nothing),
        leash_cmocka_unit_test(test_a_cancelled_put_wakes_the_next),
        leash_cmocka_unit_test(test_a_cancellation_that_came_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
