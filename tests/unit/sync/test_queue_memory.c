/* Queues without memory: each allocation fails once, by countdown. What was refused says -ENOMEM and left nothing
 * behind: what was put before comes out, in order, and the next attempt succeeds. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

static long countdown; /* allocations until one fails; 0: none does */
static long failed;

static int fails_now(void)
{
    if (countdown == 0 || --countdown > 0)
        return 0;
    failed++;
    errno = ENOMEM;
    return 1;
}

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : __real_calloc(n, size);
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return fails_now() ? NULL : __real_strdup(text);
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

enum { NUMBERS = 40 };

struct scene {
    leash_queue_t queue;
    int numbers[NUMBERS];
    unsigned refusals;
};

static int put_once_more(struct scene *scene, int *number)
{
    int rc = leash_queue_put(&scene->queue, number);
    if (rc != -ENOMEM)
        return rc;
    scene->refusals++;
    return leash_queue_put(&scene->queue, number);
}

static int fills_and_empties(void *arg)
{
    struct scene *scene = arg;
    for (int i = 0; i < NUMBERS; i++) {
        scene->numbers[i] = i;
        int rc = put_once_more(scene, &scene->numbers[i]);
        if (rc < 0)
            return rc;
    }
    for (int i = 0; i < NUMBERS; i++) {
        void *item = NULL;
        int rc = leash_queue_get(&scene->queue, &item);
        if (rc < 0 || item != &scene->numbers[scene->queue.order == LEASH__QUEUE_LIFO ? NUMBERS - 1 - i : i])
            return -EPROTO;
    }
    return leash_queue_empty(&scene->queue) == 1 ? leash_queue_destroy(&scene->queue) : -EPROTO;
}

/* How many allocations the scenario makes before one of them did not have to fail. */
static long every_allocation_fails_once(leash_queue_t queue)
{
    for (long n = 1; n < 100; n++) {
        struct scene scene = {.queue = queue};
        struct leash_options options = LEASH_OPTIONS_INIT;
        failed = 0;
        countdown = n;
        int rc = run_options(fills_and_empties, &scene, &options);
        countdown = 0;
        if (failed == 0)
            return n;
        assert_true(rc == 0 ? scene.refusals == 1 : rc == -ENOMEM); /* else the loop itself was refused */
    }
    return 0;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    assert_true(every_allocation_fails_once((leash_queue_t)LEASH_QUEUE_INIT("in order", 0)) > 6);
    assert_true(every_allocation_fails_once((leash_queue_t)LEASH_LIFO_QUEUE_INIT("pile", 0)) > 6);
    assert_true(every_allocation_fails_once((leash_queue_t)LEASH_PRIORITY_QUEUE_INIT("sorted", 0, by_number)) > 6);
}

/* ---- a queue that fills and empties again and again allocates nothing ---- */

static int goes_round(void *arg)
{
    struct scene *scene = arg;
    for (int round = 0; round < 100; round++) {
        if (round == 1)
            countdown = 1; /* whatever is allocated from now on fails */
        for (int i = 0; i < NUMBERS; i++)
            if (leash_queue_put_nowait(&scene->queue, &scene->numbers[i]) != 0)
                return -EPROTO;
        while (leash_queue_get_nowait(&scene->queue, NULL) == 0)
            ;
    }
    countdown = 0;
    return 0;
}

static void test_no_allocation_an_item(void **state)
{
    struct scene scenes[] = {{.queue = LEASH_QUEUE_INIT("in order", NUMBERS)},
                             {.queue = LEASH_LIFO_QUEUE_INIT("pile", NUMBERS)},
                             {.queue = LEASH_PRIORITY_QUEUE_INIT("sorted", NUMBERS, by_number)}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        failed = 0;
        assert_int_equal(run_virtual(goes_round, &scenes[i]), 0);
        assert_int_equal(failed, 0);
    }
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_fails_once),
        cmocka_unit_test(test_no_allocation_an_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
