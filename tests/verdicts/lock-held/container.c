/* Locks in an array of structs, one a row; two of three tasks keep theirs. */
#include "verdict.h"

enum { ROWS = 3 };
static struct row {
    leash_lock_t lock;
    int keeps;
} rows[ROWS];

static int change(void *argument)
{
    struct row *row = argument;
    int rc = leash_lock_acquire(&row->lock);
    if (rc < 0)
        return rc;
    rc = leash_sleep(1);
    if (!row->keeps)
        leash_lock_release(&row->lock);
    return rc;
}

static int change_all(int kept)
{
    leash_awaitable_t tasks[ROWS];
    for (int i = 0; i < ROWS; i++) {
        leash_lock_init(&rows[i].lock, "row");
        rows[i].keeps = i < kept;
        tasks[i] = leash_create_task(leash_coro(change, &rows[i])); /* LEAK lock-held 2 in two_kept */
    }
    return leash_gather_wait_array(tasks, ROWS, 0, NULL);
}

static int two_kept(void *unused)
{
    (void)unused;
    return change_all(2);
}

static int none_kept(void *unused)
{
    (void)unused;
    return change_all(0);
}

CASES(CASE(two_kept), CASE(none_kept))
