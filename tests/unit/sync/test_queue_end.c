/* leash_queue_t: task_done and join, and shutdown. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queues.h"
#include "sink.h"

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The same for all three kinds: 0 no bound. */
static void check_all(leash_fn_t body, size_t maxsize, const char *expected)
{
    check(body, (leash_queue_t)LEASH_QUEUE_INIT("items", maxsize), expected);
    check(body, (leash_queue_t)LEASH_LIFO_QUEUE_INIT("items", maxsize), expected);
    check(body, (leash_queue_t)LEASH_PRIORITY_QUEUE_INIT("items", maxsize, by_text), expected);
}

/* ---- task_done and join ---- */

enum { JOBS = 100 };

struct work {
    leash_queue_t queue;
    char jobs[JOBS][4];
    int done;
};

static int worker(void *arg)
{
    struct work *work = arg;
    void *job;
    for (;;) {
        int rc = leash_queue_get(&work->queue, &job);
        if (rc < 0)
            return rc == -ESHUTDOWN ? 0 : rc;
        work->done += atoi(job);
        leash_queue_task_done(&work->queue);
    }
}

/* join returns when all is done; the workers end with the queue. */
static int works(void *arg)
{
    struct work *work = arg;
    for (int i = 0; i < JOBS; i++) {
        snprintf(work->jobs[i], sizeof work->jobs[i], "%d", i);
        leash_queue_put_nowait(&work->queue, work->jobs[i]);
    }
    leash_task_t a = leash_create_task(leash_coro(worker, work)), b = leash_create_task(leash_coro(worker, work));
    int rc = leash_queue_join(&work->queue);
    if (rc < 0 || work->done != 4950)
        return -EPROTO;
    leash_queue_shutdown(&work->queue, false);
    return leash_gather_wait(NULL, a, b);
}

static void test_join_waits_for_all_that_was_put(void **state)
{
    (void)state;
    struct work in_order = {.queue = LEASH_QUEUE_INIT("jobs", 0)}, pile = {.queue = LEASH_LIFO_QUEUE_INIT("jobs", 0)},
                sorted = {.queue = LEASH_PRIORITY_QUEUE_INIT("jobs", 0, by_text)};
    assert_int_equal(run_virtual(works, &in_order), 0);
    assert_int_equal(run_virtual(works, &pile), 0);
    assert_int_equal(run_virtual(works, &sorted), 0);
}

static int joins_nothing(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_join(story, "x");
    int rc = leash_queue_join(&story->queue);
    say(story, "main"); /* did not wait: x has not run */
    return rc < 0 || leash_queue_join(&story->queue) < 0 ? -EPROTO : leash_await(x, NULL);
}

static void test_nothing_to_join(void **state)
{
    (void)state;
    check_all(joins_nothing, 0, "main, x joined");
}

static int too_often(void *arg)
{
    struct story *story = arg;
    int before = leash_queue_task_done(&story->queue);
    put_now(story, "a");
    get_now(story);
    int once = leash_queue_task_done(&story->queue), twice = leash_queue_task_done(&story->queue);
    if (!strstr(leash_last_error(), "queue \"items\": nothing that was put is unfinished"))
        return -EPROTO;
    return before == -EINVAL && once == 0 && twice == -EINVAL ? 0 : -EPROTO;
}

static void test_task_done_too_often(void **state)
{
    (void)state;
    check_all(too_often, 0, "");
}

/* All that join wake together, in order, though another item was put meanwhile. */
static int join_together(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    put_now(story, "b");
    leash_task_t x = start_join(story, "x"), y = start_join(story, "y"), z = start_join(story, "z");
    pass(1);
    leash_queue_task_done(&story->queue);
    pass(1);
    leash_cancel(y, NULL);
    leash_queue_task_done(&story->queue);
    put_now(story, "c");
    leash_await(y, NULL);
    leash_gather_wait(NULL, x, z);
    leash_queue_task_done(&story->queue);
    return leash_queue_shutdown(&story->queue, true);
}

static void test_joiners_wake_in_order(void **state)
{
    (void)state;
    check_all(join_together, 0, "y cancelled, x joined, z joined");
}

/* ---- shutdown ---- */

/* All four ways in and out. */
static bool is_shut(struct story *story)
{
    void *item = story;
    return leash_queue_put(&story->queue, NULL) == -ESHUTDOWN &&
           leash_queue_put_nowait(&story->queue, NULL) == -ESHUTDOWN &&
           leash_queue_get(&story->queue, &item) == -ESHUTDOWN &&
           leash_queue_get_nowait(&story->queue, &item) == -ESHUTDOWN && item == story;
}

static int shut_empty(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x"), y = start_get(story, "y");
    pass(1);
    if (leash_queue_shutdown(&story->queue, false) != 0 || leash_queue_join(&story->queue) != 0)
        return -EPROTO;
    pass(1);
    if (!leash_done(x) || !leash_done(y) || !is_shut(story))
        return -EPROTO;
    return leash_gather_wait(NULL, x, y);
}

static void test_shutdown_wakes_getters(void **state)
{
    (void)state;
    check_all(shut_empty, 0, "x shut out, y shut out");
}

static int shut_with_items(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    leash_task_t x = start_join(story, "x"), b = start_put(story, "b"), c = start_put(story, "c");
    pass(1);
    leash_queue_shutdown(&story->queue, false);
    pass(1);
    if (!leash_done(b) || !leash_done(c) || leash_queue_qsize(&story->queue) != 1)
        return -EPROTO;
    if (leash_queue_put(&story->queue, NULL) != -ESHUTDOWN || !get_now(story))
        return -EPROTO;
    pass(1);
    if (leash_done(x) || !is_shut(story))
        return -EPROTO;
    int done = leash_queue_task_done(&story->queue);
    pass(1);
    if (!leash_done(x) || done != 0 || leash_queue_task_done(&story->queue) != -EINVAL)
        return -EPROTO;
    return leash_gather_wait(NULL, x, b, c);
}

static void test_what_is_in_a_shut_queue_can_be_got(void **state)
{
    (void)state;
    check_all(shut_with_items, 1, "b shut out, c shut out, x joined");
}

static int shut_at_once(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    put_now(story, "b");
    leash_task_t x = start_join(story, "x");
    pass(1);
    leash_queue_shutdown(&story->queue, true);
    if (leash_queue_qsize(&story->queue) != 0)
        return -EPROTO;
    pass(1);
    return leash_done(x) && is_shut(story) && leash_queue_task_done(&story->queue) == -EINVAL ? leash_await(x, NULL)
                                                                                              : -EPROTO;
}

static void test_shutdown_at_once(void **state)
{
    (void)state;
    check_all(shut_at_once, 0, "x joined");
}

/* What was got is still to be done. */
static int shut_while_unfinished(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    put_now(story, "b");
    leash_task_t x = start_join(story, "x");
    get_now(story);
    leash_queue_shutdown(&story->queue, true);
    pass(2);
    if (leash_done(x) || !is_shut(story))
        return -EPROTO;
    int done = leash_queue_task_done(&story->queue), again = leash_queue_task_done(&story->queue);
    pass(1);
    return done == 0 && again == -EINVAL && leash_done(x) ? leash_await(x, NULL) : -EPROTO;
}

static void test_shutdown_at_once_while_unfinished(void **state)
{
    (void)state;
    check_all(shut_while_unfinished, 0, "x joined");
}

/* More was done than was got: asyncio's counter stops at 0. */
static int done_before_got(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    put_now(story, "b");
    leash_queue_task_done(&story->queue);
    leash_queue_shutdown(&story->queue, false);
    leash_queue_shutdown(&story->queue, true); /* later on, all the same */
    return leash_queue_task_done(&story->queue) == -EINVAL ? leash_queue_join(&story->queue) : -EPROTO;
}

static void test_shutdown_counts_no_further_than_nothing(void **state)
{
    (void)state;
    check_all(done_before_got, 0, "");
}

/* Joiners, then getters, then putters, each in their order. */
static int who_wakes_first(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    leash_task_t b = start_put(story, "b"), c = start_put(story, "c"), x = start_join(story, "x");
    pass(1);
    leash_queue_shutdown(&story->queue, true);
    return leash_gather_wait(NULL, b, c, x);
}

static void test_shutdown_wakes_joiners_first(void **state)
{
    (void)state;
    check_all(who_wakes_first, 1, "x joined, b shut out, c shut out");
}

static int woken_then_shut(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x"), y = start_get(story, "y");
    pass(1);
    put_now(story, "a");
    leash_queue_shutdown(&story->queue, false);
    leash_cancel(x, NULL);
    leash_await(x, NULL);
    return leash_await(y, NULL);
}

static void test_a_cancelled_get_leaves_its_item_to_another(void **state)
{
    (void)state;
    check_all(woken_then_shut, 0, "x cancelled, y got a");
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join_waits_for_all_that_was_put),
        cmocka_unit_test(test_nothing_to_join),
        cmocka_unit_test(test_task_done_too_often),
        cmocka_unit_test(test_joiners_wake_in_order),
        cmocka_unit_test(test_shutdown_wakes_getters),
        cmocka_unit_test(test_what_is_in_a_shut_queue_can_be_got),
        cmocka_unit_test(test_shutdown_at_once),
        cmocka_unit_test(test_shutdown_at_once_while_unfinished),
        cmocka_unit_test(test_shutdown_counts_no_further_than_nothing),
        cmocka_unit_test(test_shutdown_wakes_joiners_first),
        cmocka_unit_test(test_a_cancelled_get_leaves_its_item_to_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
