/* leash_queue_t: what the trace, the dump and the scan for lost handles are told of a queue. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>

#include "queues.h"
#include "sink.h"

#define QUEUE(maxsize) ((leash_queue_t)LEASH_QUEUE_INIT("items", maxsize))

/* ---- events ---- */

/* a and b fit, c waits; x takes a, and joins. */
static int works(void *arg)
{
    struct story *story = arg;
    leash_task_t a = start_put(story, "a"), b = start_put(story, "b"), c = start_put(story, "c");
    pass(1);
    leash_task_t x = start_get(story, "x"), y = start_join(story, "y");
    leash_gather_wait(NULL, a, b, c, x);
    leash_queue_task_done(&story->queue);
    leash_queue_shutdown(&story->queue, true);
    return leash_await(y, NULL);
}

static void run_told(bool steps)
{
    sink_on(steps);
    check(works, QUEUE(2), "put a, put b, x got a, put c, y joined");
}

static void test_what_it_is(void **state)
{
    (void)state;
    run_told(false);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0);
    assert_int_equal(made->b, LEASH_OBJECT_QUEUE);
    const struct sink_event *limit = sink_find(LEASH_EV_LIMIT, 0);
    assert_int_equal(limit->a, made->a);
    assert_int_equal(limit->b, 2);
    for (size_t i = 0; i < sink_count_of(LEASH_EV_NAME); i++)
        if (sink_find(LEASH_EV_NAME, i)->a == made->a && sink_find(LEASH_EV_NAME, i)->b == LEASH_SUBJECT_OBJECT)
            assert_string_equal(sink_find(LEASH_EV_NAME, i)->text, "items");
    sink_off();
}

/* How often a kind is told of an object. */
static size_t count_of(unsigned kind, uint64_t object)
{
    size_t count = 0;
    const struct sink_event *event;
    for (size_t i = 0; (event = sink_find(kind, i)); i++)
        count += event->a == object || (kind == LEASH_EV_AWAIT_OBJECT && event->b == object);
    return count;
}

static void test_waits(void **state)
{
    (void)state;
    run_told(false);
    uint64_t queue = sink_find(LEASH_EV_OBJECT, 0)->a;
    assert_int_equal(count_of(LEASH_EV_AWAIT_OBJECT, queue), 2); /* c and y */
    assert_int_equal(sink_count_of(LEASH_EV_WAKE), 2);
    assert_int_equal(count_of(LEASH_EV_SHUT, queue), 1);
    assert_int_equal(sink_count_of(LEASH_EV_PUT), 0);
    assert_int_equal(sink_count_of(LEASH_EV_GOT), 0);
    sink_off();
}

static void test_puts_and_gets_at_level_steps(void **state)
{
    (void)state;
    run_told(true);
    uint64_t queue = sink_find(LEASH_EV_OBJECT, 0)->a;
    assert_int_equal(count_of(LEASH_EV_PUT, queue), 3);
    assert_int_equal(count_of(LEASH_EV_GOT, queue), 1);
    for (size_t i = 1; i < 3; i++)
        assert_true(sink_find(LEASH_EV_PUT, i)->b > sink_find(LEASH_EV_PUT, i - 1)->b); /* by tasks a, b, c */
    assert_int_equal(sink_count_of(LEASH_EV_PUT), 3);
    sink_off();
}

static int takes_all(void *arg)
{
    struct story *story = arg;
    while (get_now(story))
        ;
    return 0;
}

/* Filled while nobody recorded: what it is is told when somebody does. */
static void test_made_before_the_loop(void **state)
{
    struct story story = {.queue = QUEUE((size_t)1 << 50)};
    (void)state;
    put_now(&story, "a");
    sink_on(true);
    assert_int_equal(run_virtual(takes_all, &story), 0);
    assert_int_equal(sink_find(LEASH_EV_LIMIT, 0)->a, sink_find(LEASH_EV_OBJECT, 0)->a);
    assert_int_equal(sink_find(LEASH_EV_LIMIT, 0)->b, (1ull << 40) - 1);
    assert_int_equal(sink_count_of(LEASH_EV_GOT), 1);
    sink_off();
}

/* ---- what is left ---- */

static int leaves_an_item(void *arg)
{
    return put_now(arg, "a") ? 0 : -EPROTO;
}

static int leaves_nothing(void *arg)
{
    return put_now(arg, "a") && get_now(arg) ? 0 : -EPROTO; /* unfinished, but nobody counts */
}

static int owes_task_done(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    put_now(story, "b");
    get_now(story);
    get_now(story);
    return leash_queue_task_done(&story->queue);
}

static int owes_a_joiner(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    get_now(story);
    return leash_wait_for(leash_create_task(leash_coro(leaves_nothing, story)), -1, NULL) == 0 &&
                   leash_wait_for(start_join(story, "x"), 1, NULL) == -ETIMEDOUT
               ? 0
               : -EPROTO;
}

static int settles(void *arg)
{
    struct story *story = arg;
    put_now(story, "a");
    get_now(story);
    leash_queue_task_done(&story->queue);
    return leash_queue_join(&story->queue);
}

static int shuts(void *arg)
{
    struct story *story = arg;
    leaves_an_item(arg);
    return leash_queue_shutdown(&story->queue, true);
}

static int destroys(void *arg)
{
    struct story *story = arg;
    leaves_an_item(arg);
    return leash_queue_destroy(&story->queue);
}

static bool items_left(leash_fn_t body, const char *words)
{
    bool left = false;
    const struct sink_event *event;
    sink_on(false);
    check(body, QUEUE(0), words);
    for (size_t i = 0; (event = sink_find(LEASH_EV_JUDGED, i)); i++)
        left |= event->b == LEASH_SUBJECT_OBJECT && event->a == sink_find(LEASH_EV_OBJECT, 0)->a &&
                (event->c & LEASH_FACT_ITEMS_LEFT);
    sink_off();
    return left;
}

static void test_items_left(void **state)
{
    (void)state;
    assert_true(items_left(leaves_an_item, ""));
    assert_true(items_left(destroys, ""));
    assert_true(items_left(owes_task_done, ""));
    assert_true(items_left(owes_a_joiner, "x cancelled"));
    assert_false(items_left(leaves_nothing, ""));
    assert_false(items_left(settles, ""));
    assert_false(items_left(shuts, ""));
}

/* ---- dump ---- */

static int dumps(void *arg)
{
    struct story *story = arg;
    leash_task_t x = start_get(story, "x");
    pass(1);
    char *words = NULL;
    size_t size;
    FILE *to = open_memstream(&words, &size);
    leash_dump(to);
    fclose(to);
    say(story, "%s", strstr(words, "for queue \"items\" at ") ? "dumped" : words);
    free(words);
    put_now(story, "a");
    return leash_await(x, NULL);
}

static void test_dump(void **state)
{
    (void)state;
    check(dumps, QUEUE(0), "dumped, x got a");
}

/* ---- the scan ---- */

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(100);
}

/* Puts a task in that nobody else knows. */
static __attribute__((noinline)) void put_a_task(struct story *story)
{
    leash_queue_put_nowait(&story->queue, leash_create_task(leash_coro(sleeps, NULL)));
}

static int by_address(const void *a, const void *b)
{
    return (a > b) - (a < b);
}

static void fill_and_empty(leash_queue_t *queue)
{
    for (int i = 0; i < 40; i++)
        leash_queue_put_nowait(queue, i % 2 ? NULL : queue);
    while (leash_queue_get_nowait(queue, NULL) == 0)
        ;
}

/* What is in the queue is held; what was taken is not, though the queue has grown since it was put. */
static int holds_its_items(void *arg)
{
    struct story *story = arg;
    struct leash_scan_result found;
    leash_queue_t other = story->queue;
    for (int i = 0; i < 3; i++) /* free() writes over the first words of what it frees */
        leash_queue_put_nowait(&story->queue, NULL);
    put_a_task(story);
    pass(1);
    int held = leash_scan(&found);
    fill_and_empty(&story->queue);
    fill_and_empty(&other); /* on the stack, too, nothing is left of it */
    int lost = leash_scan(NULL);
    if (!found.complete)
        return 0; /* a sanitizer, Valgrind */
    return held == 0 && found.candidates == 1 && lost == 1 ? 0 : -EPROTO;
}

static void test_scan(void **state)
{
    (void)state;
    check(holds_its_items, QUEUE(0), "");
    check(holds_its_items, (leash_queue_t)LEASH_LIFO_QUEUE_INIT("items", 0), "");
    check(holds_its_items, (leash_queue_t)LEASH_PRIORITY_QUEUE_INIT("items", 0, by_address), "");
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_is),
        cmocka_unit_test(test_waits),
        cmocka_unit_test(test_puts_and_gets_at_level_steps),
        cmocka_unit_test(test_made_before_the_loop),
        cmocka_unit_test(test_items_left),
        cmocka_unit_test(test_dump),
        cmocka_unit_test(test_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
