/* Last in first out, and by priority. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "queues.h"
#include "sink.h"

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Of "2a" and "2b" neither goes first. */
static int by_digit(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

#define LIFO(maxsize)              ((leash_queue_t)LEASH_LIFO_QUEUE_INIT("pile", maxsize))
#define PRIORITY(maxsize, compare) ((leash_queue_t)LEASH_PRIORITY_QUEUE_INIT("sorted", maxsize, compare))

static int three(void *arg)
{
    struct story *story = arg;
    void *item = NULL;
    const char *const items[] = {"1", "3", "2"};
    for (int i = 0; i < 3; i++)
        leash_queue_put(&story->queue, text(items[i]));
    while (!leash_queue_empty(&story->queue) && leash_queue_get(&story->queue, &item) == 0)
        say(story, "%s", (const char *)item);
    return 0;
}

static void test_last_in_first_out(void **state)
{
    (void)state;
    check(three, LIFO(0), "2, 3, 1");
}

static void test_the_least_first(void **state)
{
    (void)state;
    check(three, PRIORITY(0, by_text), "1, 2, 3");
}

static int equals(void *arg)
{
    struct story *story = arg;
    const char *const items[] = {"2a", "1a", "2b", "2c", "1b", "3a", "2d", "1c", "3b"};
    for (int i = 0; i < 9; i++)
        put_now(story, items[i]);
    for (int i = 0; i < 4; i++)
        say(story, "%s", get_now(story));
    put_now(story, "2e");
    put_now(story, "0a");
    const char *item;
    while ((item = get_now(story)))
        say(story, "%s", item);
    return 0;
}

static void test_equals_come_out_as_they_came_in(void **state)
{
    (void)state;
    check(equals, PRIORITY(0, by_digit), "1a, 1b, 1c, 2a, 0a, 2b, 2c, 2d, 2e, 3a, 3b");
}

/* ---- against a plain array ---- */

struct number {
    unsigned key, order;
};

static int by_key(const void *a, const void *b)
{
    unsigned x = ((const struct number *)a)->key, y = ((const struct number *)b)->key;
    return (x > y) - (x < y);
}

enum { NUMBERS = 3000 };

struct model {
    leash_queue_t queue;
    struct number all[NUMBERS], *in[NUMBERS];
    size_t count;
};

static size_t next_of(const struct model *model)
{
    size_t next = 0;
    if (model->queue.order == LEASH__QUEUE_LIFO)
        return model->count - 1;
    for (size_t i = 1; model->queue.order == LEASH__QUEUE_PRIORITY && i < model->count; i++)
        if (by_key(model->in[i], model->in[next]) < 0)
            next = i;
    return next;
}

static bool get_agrees(struct model *model)
{
    void *item = NULL;
    size_t next = next_of(model);
    if (leash_queue_get_nowait(&model->queue, &item) != 0 || item != model->in[next])
        return false;
    memmove(&model->in[next], &model->in[next + 1], (--model->count - next) * sizeof model->in[0]);
    return leash_queue_qsize(&model->queue) == (long)model->count;
}

/* Half of it random, then all that is left. */
static bool agrees(struct model *model, unsigned keys)
{
    unsigned random = 1;
    for (size_t put = 0; put < NUMBERS || model->count > 0;) {
        random = random * 1103515245 + 12345;
        bool can_put = put < NUMBERS, puts = can_put && (model->count == 0 || random >> 16 & 3);
        if (!puts && !get_agrees(model))
            return false;
        if (!puts)
            continue;
        struct number *number = &model->all[put++];
        number->key = (random >> 18) % keys;
        model->in[model->count++] = number;
        if (leash_queue_put_nowait(&model->queue, number) != 0)
            return false;
    }
    return leash_queue_destroy(&model->queue) == 0;
}

static void test_against_a_plain_array(void **state)
{
    struct model *model = calloc(1, sizeof *model);
    const leash_queue_t queues[] = {LEASH_QUEUE_INIT("in order", 0), LEASH_LIFO_QUEUE_INIT("pile", 0),
                                    LEASH_PRIORITY_QUEUE_INIT("sorted", 0, by_key)};
    (void)state;
    assert_non_null(model);
    for (size_t i = 0; i < 3; i++) {
        const unsigned keys[] = {1, 7, 4000};
        for (size_t k = 0; k < 3; k++) {
            model->queue = queues[i];
            assert_true(agrees(model, keys[k]));
        }
    }
    free(model);
}

/* ---- waiting is the same ---- */

static int waits(void *arg)
{
    struct story *story = arg;
    leash_task_t b = start_put(story, "b"), c = start_put(story, "c"), a = start_put(story, "a"),
                 x = start_get(story, "x"), y = start_get(story, "y"), z = start_get(story, "z");
    return leash_gather_wait(NULL, b, c, a, x, y, z);
}

static void test_waiting_is_the_same(void **state)
{
    (void)state;
    check(waits, LIFO(2), "put b, put c, x got c, y got b, put a, z got a");
    check(waits, PRIORITY(2, by_text), "put b, put c, x got b, y got c, put a, z got a");
    check(waits, PRIORITY(0, by_text), "put b, put c, put a, x got a, y got b, z got c");
}

/* ---- made by functions ---- */

static void test_init(void **state)
{
    leash_queue_t queue;
    void *item;
    (void)state;
    leash_queue_init(&queue, "plain", 7);
    assert_int_equal(leash_queue_maxsize(&queue), 7);
    assert_int_equal(leash_queue_put_nowait(&queue, text("b")), 0);
    assert_int_equal(leash_queue_put_nowait(&queue, text("a")), 0);
    assert_int_equal(leash_queue_get_nowait(&queue, &item), 0);
    assert_string_equal(item, "b");
    assert_int_equal(leash_queue_destroy(&queue), 0);
    leash_lifo_queue_init(&queue, "pile", 2);
    assert_int_equal(leash_queue_put_nowait(&queue, text("a")), 0);
    assert_int_equal(leash_queue_put_nowait(&queue, text("b")), 0);
    assert_int_equal(leash_queue_put_nowait(&queue, text("c")), -EAGAIN);
    assert_int_equal(leash_queue_get_nowait(&queue, &item), 0);
    assert_string_equal(item, "b");
    assert_int_equal(leash_queue_destroy(&queue), 0);
    leash_priority_queue_init(&queue, "sorted", 0, by_text);
    assert_int_equal(leash_queue_put_nowait(&queue, text("b")), 0);
    assert_int_equal(leash_queue_put_nowait(&queue, text("a")), 0);
    assert_int_equal(leash_queue_get_nowait(&queue, &item), 0);
    assert_string_equal(item, "a");
    assert_int_equal(leash_queue_destroy(&queue), 0);
}

static void test_what_is_no_queue(void **state)
{
    leash_queue_t sorted = LEASH_PRIORITY_QUEUE_INIT("sorted", 0, NULL), strange = LEASH_QUEUE_INIT("strange", 0);
    (void)state;
    assert_int_equal(leash_queue_put_nowait(&sorted, NULL), -EINVAL);
    assert_non_null(strstr(leash_last_error(), "needs a function that compares"));
    strange.order = (enum leash__queue_order)9;
    assert_int_equal(leash_queue_get_nowait(&strange, NULL), -EINVAL);
    assert_non_null(strstr(leash_last_error(), "this is no queue"));
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_last_in_first_out),
        leash_cmocka_unit_test(test_the_least_first),
        leash_cmocka_unit_test(test_equals_come_out_as_they_came_in),
        leash_cmocka_unit_test(test_against_a_plain_array),
        leash_cmocka_unit_test(test_waiting_is_the_same),
        leash_cmocka_unit_test(test_init),
        leash_cmocka_unit_test(test_what_is_no_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
