/* leash_queue_t: what becomes of items that are left, how long a queue lives, and misuse. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queues.h"
#include "sink.h"

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* ---- what is left ---- */

static char dropped[256];
static leash_queue_t *drop_asks;

static void drops(void *item)
{
    size_t length = strlen(dropped);
    snprintf(dropped + length, sizeof dropped - length, "%s%s", length ? " " : "", (const char *)item);
    if (drop_asks)
        leash_queue_destroy(drop_asks); /* a drop that takes the ground away */
    if (leash_current_task())
        snprintf(dropped, sizeof dropped, "in a task");
}

/* Sorted: in which order a priority queue drops is not said. */
static const char *dropped_letters(void)
{
    static char letters[sizeof dropped];
    size_t count = 0;
    for (const char *at = "abcdefgh"; *at; at++)
        if (strchr(dropped, *at))
            letters[count++] = *at;
    letters[count] = '\0';
    return strchr(dropped, 't') ? dropped : letters;
}

static int fills(void *arg)
{
    struct story *story = arg;
    leash_queue_set_drop(&story->queue, drops);
    put_now(story, "a");
    put_now(story, "b");
    put_now(story, "c");
    get_now(story);
    return 0;
}

static int destroys(void *arg)
{
    struct story *story = arg;
    fills(arg);
    return leash_queue_destroy(&story->queue);
}

static int shuts(void *arg)
{
    struct story *story = arg;
    fills(arg);
    if (leash_queue_shutdown(&story->queue, true) != 0 || !*dropped)
        return -EPROTO;
    return leash_queue_destroy(&story->queue);
}

static int shuts_and_is_destroyed_meanwhile(void *arg)
{
    struct story *story = arg;
    drop_asks = &story->queue;
    return shuts(arg);
}

static int gets_nowhere(void *arg)
{
    struct story *story = arg;
    fills(arg);
    return leash_queue_get(&story->queue, NULL) == 0 ? leash_queue_get_nowait(&story->queue, NULL) : -EPROTO;
}

static void check_dropped(leash_fn_t body)
{
    *dropped = '\0';
    check(body, (leash_queue_t)LEASH_QUEUE_INIT("items", 0), "");
    assert_string_equal(dropped, "b c");
    *dropped = '\0';
    check(body, (leash_queue_t)LEASH_LIFO_QUEUE_INIT("items", 0), "");
    assert_string_equal(dropped_letters(), "ab");
    *dropped = '\0';
    check(body, (leash_queue_t)LEASH_PRIORITY_QUEUE_INIT("items", 0, by_text), "");
    assert_string_equal(dropped_letters(), "bc");
    drop_asks = NULL;
}

static void test_what_is_left_is_dropped(void **state)
{
    (void)state;
    check_dropped(fills); /* with the loop */
    check_dropped(destroys);
    check_dropped(shuts);
    check_dropped(shuts_and_is_destroyed_meanwhile);
    check_dropped(gets_nowhere);
}

static int forgets_the_drop(void *arg)
{
    struct story *story = arg;
    fills(arg);
    return leash_queue_set_drop(&story->queue, NULL);
}

static void test_drop_can_be_taken_back(void **state)
{
    (void)state;
    *dropped = '\0';
    check(forgets_the_drop, (leash_queue_t)LEASH_QUEUE_INIT("items", 0), "");
    assert_string_equal(dropped, "");
}

/* ---- life ---- */

static int takes_two(void *arg)
{
    leash_queue_t *queue = arg;
    void *first = NULL, *second = NULL;
    if (leash_queue_get(queue, &first) != 0 || leash_queue_get(queue, &second) != 0)
        return -EPROTO;
    leash_queue_put_nowait(queue, text("left"));
    return first && !strcmp(first, "a") && second && !strcmp(second, "b") ? 0 : -EPROTO;
}

/* What was put before the loop is there; what is left in it is not there in the next. */
static void test_a_queue_is_filled_before_its_loop(void **state)
{
    static leash_queue_t queue = LEASH_QUEUE_INIT("static", 2);
    (void)state;
    for (int round = 0; round < 3; round++) {
        assert_int_equal(leash_queue_qsize(&queue), 0);
        assert_int_equal(leash_queue_put_nowait(&queue, text("a")), 0);
        assert_int_equal(leash_queue_put_nowait(&queue, text("b")), 0);
        assert_int_equal(leash_queue_put_nowait(&queue, text("c")), -EAGAIN);
        assert_int_equal(leash_queue_full(&queue), 1);
        assert_int_equal(run_virtual(takes_two, &queue), 0);
    }
    assert_int_equal(leash_queue_shutdown(&queue, false), 0);
    assert_int_equal(leash_queue_put_nowait(&queue, text("a")), -ESHUTDOWN);
    assert_int_equal(leash_queue_destroy(&queue), 0);
    assert_int_equal(leash_queue_put_nowait(&queue, text("a")), 0); /* as if new */
    assert_int_equal(leash_queue_destroy(&queue), 0);
}

static int waits_on(void *arg)
{
    return leash_queue_get(arg, NULL);
}

static int joins_on(void *arg)
{
    return leash_queue_join(arg);
}

/* The structs lie on main's stack, and main is gone when the clean-up cancels those who wait. */
static int main_leaves(void *arg)
{
    leash_queue_t empty = LEASH_QUEUE_INIT("gone", 0), full = LEASH_QUEUE_INIT("gone too", 1);
    leash_task_t *tasks = arg;
    tasks[0] = leash_create_task(leash_coro(waits_on, &empty));
    tasks[1] = leash_create_task(leash_coro(waits_on, &empty));
    tasks[2] = leash_create_task(leash_coro(joins_on, &full));
    leash_queue_put(&full, NULL);
    leash_sleep(0);
    leash_queue_put(&empty, NULL); /* the first is woken; the clean-up cancels it before it runs */
    memset(&empty, 0xa5, sizeof empty);
    memset(&full, 0xa5, sizeof full);
    return 0;
}

static void test_a_queue_outlives_its_struct(void **state)
{
    leash_task_t tasks[3];
    (void)state;
    assert_int_equal(run_virtual(main_leaves, tasks), 0);
}

/* A task that was woken stands in no line, but has the queue in its hands until it runs. */
static int destroys_while_waited_for(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x");
    pass(1);
    int waiting = leash_queue_destroy(&story->queue);
    put_now(story, "a");
    int woken = leash_queue_destroy(&story->queue);
    if (waiting != -EBUSY || woken != -EBUSY || leash_await(x, NULL) < 0)
        return -EPROTO;
    leash_task_t y = start_join(story, "y");
    pass(1);
    int joined = leash_queue_destroy(&story->queue);
    leash_queue_task_done(&story->queue);
    int rc = leash_await(y, NULL);
    return joined == -EBUSY && rc == 0 ? leash_queue_destroy(&story->queue) : -EPROTO;
}

static void test_destroy_refuses_while_somebody_waits(void **state)
{
    (void)state;
    check(destroys_while_waited_for, (leash_queue_t)LEASH_QUEUE_INIT("items", 0), "x got a, y joined");
}

/* ---- misuse ---- */

static void test_outside_of_tasks(void **state)
{
    leash_queue_t queue = LEASH_QUEUE_INIT(NULL, 0);
    void *item = &queue;
    (void)state;
    assert_int_equal(leash_queue_put(&queue, NULL), -EPERM);
    assert_int_equal(leash_queue_get(&queue, &item), -EPERM);
    assert_int_equal(leash_queue_join(&queue), -EPERM);
    assert_ptr_equal(item, &queue);
    assert_int_equal(leash_queue_qsize(&queue), 0);
}

static void test_misuse(void **state)
{
    leash_queue_t queue = LEASH_QUEUE_INIT(NULL, 3);
    (void)state;
    assert_int_equal(leash_queue_put_nowait(NULL, NULL), -EINVAL);
    assert_int_equal(leash_queue_get_nowait(NULL, NULL), -EINVAL);
    assert_int_equal(leash_queue_task_done(NULL), -EINVAL);
    assert_int_equal(leash_queue_shutdown(NULL, false), -EINVAL);
    assert_int_equal(leash_queue_set_drop(NULL, drops), -EINVAL);
    assert_int_equal(leash_queue_qsize(NULL), -EINVAL);
    assert_int_equal(leash_queue_maxsize(NULL), -EINVAL);
    assert_int_equal(leash_queue_empty(NULL), -EINVAL);
    assert_int_equal(leash_queue_full(NULL), -EINVAL);
    assert_int_equal(leash_queue_destroy(NULL), -EINVAL);
    assert_int_equal(leash_queue_maxsize(&queue), 3);
    assert_int_equal(leash_queue_empty(&queue), 1);
    assert_int_equal(leash_queue_full(&queue), 0);
    assert_int_equal(leash_queue_destroy(&queue), 0);
    assert_int_equal(leash_queue_destroy(&queue), 0);
    queue.object.state = &queue; /* was never initialised */
    assert_int_equal(leash_queue_put_nowait(&queue, NULL), -EINVAL);
    assert_int_equal(leash_queue_qsize(&queue), -EINVAL);
}

static int takes_a_lock(void *arg)
{
    leash_queue_t *queue = arg;
    leash_lock_t lock = LEASH_LOCK_INIT("lock");
    leash_lock_acquire(&lock);
    queue->object.state = lock.object.state;
    int put = leash_queue_put(queue, NULL), get = leash_queue_get_nowait(queue, NULL);
    leash_lock_release(&lock);
    return put == -EINVAL && get == -EINVAL && strstr(leash_last_error(), "it is a lock") ? 0 : -EPROTO;
}

static void test_a_lock_is_no_queue(void **state)
{
    leash_queue_t queue = LEASH_QUEUE_INIT("queue", 0);
    (void)state;
    assert_int_equal(run_virtual(takes_a_lock, &queue), 0);
}

struct elsewhere {
    leash_queue_t queue;
    int put, got, put_now, size;
};

static int elsewhere(void *arg)
{
    struct elsewhere *other = arg;
    other->put = leash_queue_put(&other->queue, NULL);
    other->got = leash_queue_get(&other->queue, NULL);
    other->put_now = leash_queue_put_nowait(&other->queue, NULL);
    other->size = (int)leash_queue_qsize(&other->queue);
    return 0;
}

static void *run_elsewhere(void *arg)
{
    run_virtual(elsewhere, arg);
    return NULL;
}

static int shares(void *arg)
{
    struct elsewhere *other = arg;
    pthread_t thread;
    leash_queue_put(&other->queue, NULL);
    pthread_create(&thread, NULL, run_elsewhere, other);
    pthread_join(thread, NULL);
    return leash_queue_get(&other->queue, NULL);
}

static void test_another_loop_is_refused(void **state)
{
    struct elsewhere other = {.queue = LEASH_QUEUE_INIT("shared", 0)};
    (void)state;
    assert_int_equal(run_virtual(shares, &other), 0);
    assert_int_equal(other.put, -EPERM);
    assert_int_equal(other.got, -EPERM);
    assert_int_equal(other.put_now, -EPERM);
    assert_int_equal(other.size, -EPERM);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_left_is_dropped),
        cmocka_unit_test(test_drop_can_be_taken_back),
        cmocka_unit_test(test_a_queue_is_filled_before_its_loop),
        cmocka_unit_test(test_a_queue_outlives_its_struct),
        cmocka_unit_test(test_destroy_refuses_while_somebody_waits),
        cmocka_unit_test(test_outside_of_tasks),
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_a_lock_is_no_queue),
        cmocka_unit_test(test_another_loop_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
