/* leash_cancel asks a task to end; it has ended when an await says so. One that needs time for its clean-up has not
 * when main returns. */
#include "slow_to_end.h"

static leash_task_t held;

static int cancel_after_a_second(leash_fn_t body)
{
    held = leash_create_task(leash_coro(body, NULL)); /* LEAK cancelled-not-awaited 1 in asked_only, not_long_enough */
    int rc = leash_sleep(1);
    leash_cancel(held, NULL);
    return rc;
}

static int asked_only(void *unused)
{
    (void)unused;
    return cancel_after_a_second(slow_to_end);
}

static int not_long_enough(void *unused)
{
    (void)unused;
    int rc = cancel_after_a_second(slow_to_end);
    return rc < 0 ? rc : leash_sleep(2);
}

/* It ends in the iteration that learns of main's end. */
static int quick_to_end(void *unused)
{
    (void)unused;
    return cancel_after_a_second(forever);
}

static int awaited(void *unused)
{
    (void)unused;
    cancel_after_a_second(slow_to_end);
    return leash_await(held, NULL) == -ECANCELED ? 0 : -EPROTO;
}

CASES(CASE(asked_only), CASE(not_long_enough), CASE(quick_to_end), CASE(awaited))
