/* leash_queue_t: what is put and got in which order, who waits and who is woken. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <string.h>

#include "queues.h"
#include "sink.h"

#define QUEUE(maxsize) ((leash_queue_t)LEASH_QUEUE_INIT("items", maxsize))

/* ---- without waiting ---- */

static int first_in_first_out(void *arg)
{
    struct story *story = arg;
    void *item = NULL;
    const char *const items[] = {"1", "3", "2"};
    for (int i = 0; i < 3; i++)
        if (leash_queue_put(&story->queue, text(items[i])) != 0)
            return -EPROTO;
    while (leash_queue_qsize(&story->queue) > 0 && leash_queue_get(&story->queue, &item) == 0)
        say(story, "%s", (const char *)item);
    return 0;
}

static void test_first_in_first_out(void **state)
{
    (void)state;
    check(first_in_first_out, QUEUE(0), "1, 3, 2");
}

/* 36 items through a queue that grows meanwhile, wherever its oldest item lies then. */
static int grows(void *arg)
{
    struct story *story = arg;
    static int items[64];
    int in = 0, out = 0;
    void *item = NULL;
    for (int round = 1; round <= 8; round++) {
        for (int i = 0; i < round; i++)
            leash_queue_put(&story->queue, &items[in++]);
        for (int i = 0; i < round / 2; i++)
            if (leash_queue_get(&story->queue, &item) != 0 || item != &items[out++])
                return -EPROTO;
    }
    while (leash_queue_get_nowait(&story->queue, &item) == 0)
        if (item != &items[out++])
            return -EPROTO;
    return in == 36 && out == in ? 0 : -EPROTO;
}

static void test_order_outlives_growth(void **state)
{
    (void)state;
    check(grows, QUEUE(0), "");
}

static int sizes(void *arg)
{
    struct story *story = arg;
    leash_queue_t *queue = &story->queue;
    say(story, "%ld of %ld", leash_queue_qsize(queue), leash_queue_maxsize(queue));
    for (int i = 0; i < 2; i++) {
        say(story, "%s%s", leash_queue_empty(queue) ? "empty" : "", leash_queue_full(queue) ? "full" : "");
        leash_queue_put(queue, NULL);
    }
    say(story, "%s%s", leash_queue_empty(queue) ? "empty" : "", leash_queue_full(queue) ? "full" : "");
    say(story, "%ld of %ld", leash_queue_qsize(queue), leash_queue_maxsize(queue));
    void *item = story;
    if (leash_queue_get(queue, &item) != 0 || item != NULL || leash_queue_full(queue))
        return -EPROTO;
    leash_queue_get(queue, NULL);
    return leash_queue_empty(queue) == 1 ? 0 : -EPROTO;
}

static void test_sizes(void **state)
{
    (void)state;
    check(sizes, QUEUE(2), "0 of 2, empty, , full, 2 of 2");
    check(sizes, QUEUE(0), "0 of 0, empty, , , 2 of 0");
    check(sizes, QUEUE((size_t)-1), "0 of 0, empty, , , 2 of 0");
}

static int at_once(void *arg)
{
    struct story *story = arg;
    void *item = story;
    int none = leash_queue_get_nowait(&story->queue, &item);
    if (none != -EAGAIN || item != story || !put_now(story, "a"))
        return -EPROTO;
    if (leash_queue_put_nowait(&story->queue, story) != -EAGAIN || leash_queue_qsize(&story->queue) != 1)
        return -EPROTO;
    return leash_queue_get_nowait(&story->queue, &item) == 0 && !strcmp(item, "a") ? 0 : -EPROTO;
}

static void test_nowait_refuses_when_it_would_wait(void **state)
{
    (void)state;
    check(at_once, QUEUE(1), "");
}

struct pair {
    int a, b;
};

static int puts_a_literal(void *arg)
{
    struct story *story = arg;
    void *item = NULL;
    leash_queue_put(&story->queue, &(struct pair){1, 2});
    leash_queue_put_nowait(&story->queue, &(struct pair){3, 4});
    for (int i = 0; i < 2 && leash_queue_get(&story->queue, &item) == 0; i++)
        say(story, "%d %d", ((struct pair *)item)->a, ((struct pair *)item)->b);
    return 0;
}

static void test_an_item_may_be_a_literal(void **state)
{
    (void)state;
    check(puts_a_literal, QUEUE(0), "1 2, 3 4");
}

/* ---- waiting ---- */

static int puts_three(void *arg)
{
    struct story *story = arg;
    const char *const items[] = {"0", "1", "2"};
    for (int i = 0; i < 3; i++) {
        leash_queue_put(&story->queue, text(items[i]));
        say(story, "put %s", items[i]);
    }
    return 0;
}

static int a_full_queue_holds_up(void *arg)
{
    struct story *story = arg;
    leash_task_t task = leash_create_task(leash_coro(puts_three, story));
    pass(2);
    say(story, "got %s", get_now(story));
    pass(1);
    say(story, "got %s", get_now(story));
    say(story, "got %s", get_now(story));
    return leash_result(task, NULL);
}

static void test_a_full_queue_holds_up(void **state)
{
    (void)state;
    check(a_full_queue_holds_up, QUEUE(2), "put 0, put 1, got 0, put 2, got 1, got 2");
}

static int puts_around(void *arg)
{
    struct story *story = arg;
    leash_task_t task = start_put(story, "a");
    void *item = NULL;
    if (leash_queue_get(&story->queue, &item) != 0)
        return -EPROTO;
    say(story, "got %s", (const char *)item);
    return leash_result(task, NULL);
}

static void test_get_waits_for_a_put(void **state)
{
    (void)state;
    check(puts_around, QUEUE(0), "put a, got a");
}

static int gets_what_waits(void *arg)
{
    struct story *story = arg;
    leash_task_t a = start_put(story, "a"), b = start_put(story, "b"), x = start_get(story, "x"),
                 y = start_get(story, "y");
    return leash_gather_wait(NULL, a, b, x, y);
}

static void test_get_makes_room_for_a_put(void **state)
{
    (void)state;
    check(gets_what_waits, QUEUE(1), "put a, x got a, put b, y got b");
}

static int a_getter_waits(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x");
    pass(1);
    leash_queue_put(&story->queue, text("a"));
    return leash_await(x, NULL);
}

static void test_put_serves_who_waits(void **state)
{
    (void)state;
    check(a_getter_waits, QUEUE(0), "x got a");
}

static void put_a(void *arg)
{
    put_now(arg, "a");
}

static void take_one(void *arg)
{
    get_now(arg);
}

static int a_callback_puts(void *arg)
{
    struct story *story = arg;
    leash_call_later(0.01, put_a, story);
    leash_task_t x = start_get(story, "x");
    pass(3);
    if (leash_done(x))
        return -EPROTO;
    int rc = leash_await(x, NULL);
    return rc == 0 && leash_time() == 0.01 ? 0 : -EPROTO;
}

static void test_a_callback_puts(void **state)
{
    (void)state;
    check(a_callback_puts, QUEUE(0), "x got a");
}

static int a_callback_gets(void *arg)
{
    struct story *story = arg;
    put_now(story, "full");
    leash_call_later(0.01, take_one, story);
    leash_task_t b = start_put(story, "b");
    pass(3);
    if (leash_done(b))
        return -EPROTO;
    int rc = leash_await(b, NULL);
    return rc == 0 && leash_time() == 0.01 && !strcmp(get_now(story), "b") ? 0 : -EPROTO;
}

static void test_a_callback_gets(void **state)
{
    (void)state;
    check(a_callback_gets, QUEUE(1), "put b");
}

enum { MANY = 5 };

static int produces(void *arg)
{
    struct story *story = arg;
    for (int i = 0; i < MANY; i++) {
        leash_queue_put(&story->queue, NULL);
        say(story, "%d", i);
    }
    return 0;
}

static int consumes(void *arg)
{
    struct story *story = arg;
    for (int i = 0; i < MANY; i++) {
        leash_queue_get(&story->queue, NULL);
        say(story, "-%d", i);
    }
    return 0;
}

static int producer_and_consumer(void *arg)
{
    return leash_gather_wait(NULL, leash_coro(produces, arg), leash_coro(consumes, arg));
}

static void test_producer_and_consumer(void **state)
{
    (void)state;
    check(producer_and_consumer, QUEUE(1), "0, -0, 1, -1, 2, -2, 3, -3, 4, -4");
    check(producer_and_consumer, QUEUE(2), "0, 1, -0, -1, 2, 3, -2, -3, 4, -4");
}

/* Takes as much at once as there is: everybody who waits is woken, one a get. */
static int empties(void *arg)
{
    struct story *story = arg;
    pass(1);
    while (get_now(story))
        ;
    say(story, "emptied");
    return 0;
}

static int many_wait_for_room(void *arg)
{
    struct story *story = arg;
    leash_task_t emptying = leash_create_task(leash_coro(empties, story)), a = start_put(story, "a"),
                 b = start_put(story, "b"), c = start_put(story, "c"), d = start_put(story, "d");
    return leash_gather_wait(NULL, emptying, a, b, c, d);
}

static void test_each_get_wakes_one_put(void **state)
{
    (void)state;
    check(many_wait_for_room, QUEUE(2), "put a, put b, emptied, put c, put d");
}

/* x was woken for a, which another takes before x runs. x is not served first then: y was woken for b. */
static int stolen(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x"), y = start_get(story, "y"), z = start_get(story, "z");
    pass(1);
    put_now(story, "a");
    say(story, "stole %s", get_now(story));
    pass(1);
    put_now(story, "b");
    put_now(story, "c");
    put_now(story, "d");
    return leash_gather_wait(NULL, x, y, z);
}

static void test_who_finds_nothing_waits_behind_the_others(void **state)
{
    (void)state;
    check(stolen, QUEUE(0), "stole a, y got b, z got c, x got d");
}

static int stolen_room(void *arg)
{
    struct story *story = arg;
    put_now(story, "full");
    leash_task_t a = start_put(story, "a"), b = start_put(story, "b");
    pass(1);
    get_now(story);
    put_now(story, "quick");
    pass(1);
    for (int i = 0; i < 3; i++) {
        say(story, "got %s", get_now(story));
        pass(1);
    }
    return leash_gather_wait(NULL, a, b);
}

static void test_who_finds_no_room_waits_behind_the_others(void **state)
{
    (void)state;
    check(stolen_room, QUEUE(1), "got quick, put b, got b, put a, got a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_first_in_first_out),
        leash_cmocka_unit_test(test_order_outlives_growth),
        leash_cmocka_unit_test(test_sizes),
        leash_cmocka_unit_test(test_nowait_refuses_when_it_would_wait),
        leash_cmocka_unit_test(test_an_item_may_be_a_literal),
        leash_cmocka_unit_test(test_a_full_queue_holds_up),
        leash_cmocka_unit_test(test_get_waits_for_a_put),
        leash_cmocka_unit_test(test_get_makes_room_for_a_put),
        leash_cmocka_unit_test(test_put_serves_who_waits),
        leash_cmocka_unit_test(test_a_callback_puts),
        leash_cmocka_unit_test(test_a_callback_gets),
        leash_cmocka_unit_test(test_producer_and_consumer),
        leash_cmocka_unit_test(test_each_get_wakes_one_put),
        leash_cmocka_unit_test(test_who_finds_nothing_waits_behind_the_others),
        leash_cmocka_unit_test(test_who_finds_no_room_waits_behind_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
