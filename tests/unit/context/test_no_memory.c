/* No memory for the pool's own lists: whatever allocation fails, the answer is -ENOMEM, nothing is lost, and it goes on
 * later. */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "pool.h"

static int until_failure; /* allocations that still work; -1: all */

static bool fails(void)
{
    return until_failure >= 0 && until_failure-- == 0;
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__real_reallocarray(void *array, size_t count, size_t size);
void *__wrap_reallocarray(void *array, size_t count, size_t size);
void *__wrap_reallocarray(void *array, size_t count, size_t size)
{
    return fails() ? NULL : __real_reallocarray(array, count, size);
}

void *__real_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset);
void *__wrap_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset);
void *__wrap_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    return fails() ? MAP_FAILED : __real_mmap(address, size, protection, flags, file, offset);
}

enum { CONTEXTS = 200 };

struct outcome {
    int made, refused, odd; /* odd: an answer that is neither 0 nor -ENOMEM, or an output that was touched */
};

/* Makes a pool and contexts with the nth allocation failing; what is refused is asked for once more. */
static void scenario(int nth, struct outcome *out)
{
    struct leash__stacks *stacks = NULL;
    struct leash__context contexts[CONTEXTS];
    *out = (struct outcome){0};
    until_failure = nth;
    for (int rc; (rc = leash__stacks_new(&stacks, 64 * 1024)) < 0;) {
        out->refused++;
        out->odd += rc != -ENOMEM || stacks;
    }
    for (int i = 0; i < CONTEXTS; i++) {
        contexts[i].sp = NULL;
        for (int rc; (rc = leash__context_new(&contexts[i], stacks, NULL, NULL)) < 0;) {
            out->refused++;
            out->odd += rc != -ENOMEM || contexts[i].sp;
        }
        out->made++;
    }
    until_failure = -1;
    for (int i = 0; i < CONTEXTS; i++)
        leash__context_free(&contexts[i], stacks);
    leash__stacks_free(stacks);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    struct outcome outcome;
    int refused = 0;
    for (int nth = 0; nth < 40; nth++) {
        scenario(nth, &outcome);
        assert_int_equal(outcome.made, CONTEXTS);
        assert_int_equal(outcome.odd, 0);
        assert_in_range(outcome.refused, 0, 1);
        refused += outcome.refused;
    }
    assert_in_range(refused, 5, 30); /* a mapping that fails is tried again, smaller */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    until_failure = -1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
