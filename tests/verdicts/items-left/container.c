/* One queue a priority; those below the first are never looked at. */
#include "verdict.h"

enum { LEVELS = 3 };
static leash_queue_t levels[LEVELS];
static int job;

static int fill(void)
{
    int rc = 0;
    for (int i = 0; i < LEVELS && rc == 0; i++) {
        leash_queue_init(&levels[i], "level", 0); /* LEAK items-left 2 in first_only */
        rc = leash_queue_put(&levels[i], &job);
    }
    return rc;
}

static int first_only(void *unused)
{
    (void)unused;
    int rc = fill();
    return rc < 0 ? rc : leash_queue_get(&levels[0], NULL);
}

static int all_levels(void *unused)
{
    int rc = fill();
    (void)unused;
    for (int i = 0; i < LEVELS && rc == 0; i++)
        rc = leash_queue_get(&levels[i], NULL);
    return rc;
}

CASES(CASE(first_only), CASE(all_levels))
