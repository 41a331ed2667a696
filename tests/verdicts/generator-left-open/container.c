/* Several generators are merged; the merge ends when the first one does, and the others are left. */
#include "generator-left-open/numbers.h"

enum { COUNT = 3 };
static leash_generator_t sources[COUNT];
static int lengths[COUNT] = {5, 2, 9};

static int merge(void)
{
    for (int i = 0; i < COUNT; i++)
        sources[i] = leash_generator(numbers, &lengths[i]); /* LEAK generator-left-open 2 in two_left */
    for (;;) {
        for (int i = 0; i < COUNT; i++) {
            int rc = leash_next(sources[i], NULL);
            if (rc <= 0)
                return rc;
        }
    }
}

static int two_left(void *unused)
{
    (void)unused;
    return merge();
}

static int all_closed(void *unused)
{
    int rc = merge();
    (void)unused;
    for (int i = 0; i < COUNT; i++) {
        int closed = leash_generator_close(sources[i]);
        rc = rc < 0 ? rc : closed;
    }
    return rc;
}

CASES(CASE(two_left), CASE(all_closed))
