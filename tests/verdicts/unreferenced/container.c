/* Handles in a table whose slots are cleared, or used again, while the tasks still run. */
#include "verdict.h"

enum { MOST = 4 };
static leash_task_t table[MOST];

static int cleared(void *unused)
{
    (void)unused;
    for (int i = 0; i < MOST; i++)
        table[i] = leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 4 in cleared */
    memset(table, 0, sizeof(table));
    keep(table);
    return leash_sleep(1);
}

static int used_again(void *unused)
{
    (void)unused;
    /* Two slots are written twice. */
    for (int i = 0; i < MOST + 2; i++) {
        leash_coro_t call = leash_coro(forever, NULL);
        table[i % MOST] =
            leash_create_task(call); /* LEAK unreferenced 2 in used_again; LEAK pending-at-exit 4 in used_again */
    }
    keep(table);
    return leash_sleep(1);
}

static int emptied_by_await(void *unused)
{
    (void)unused;
    int rc = 0;
    for (int i = 0; i < MOST; i++)
        table[i] = leash_create_task(leash_coro(work, NULL));
    for (int i = 0; i < MOST && rc == 0; i++) {
        rc = leash_await(table[i], NULL);
        table[i] = NULL;
    }
    return rc;
}

CASES(CASE(cleared), CASE(used_again), CASE(emptied_by_await))
