/* How deadlocks end, or do not, and what is told of them then: those that were cancelled, those that were none, those
 * that time limits were expected to end. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <string.h>

#include "deadlocks.h"

static leash_lock_t one, two;
static leash_task_t a, b;

static int takes_both(void *arg)
{
    leash_lock_t *mine = arg ? &two : &one, *other = arg ? &one : &two;
    int rc = leash_lock_acquire(mine);
    if (rc < 0)
        return rc;
    if ((rc = leash_sleep(1)) == 0 && (rc = leash_lock_acquire(other)) == 0)
        leash_lock_release(other);
    leash_lock_release(mine);
    return rc;
}

static void take_in_a_circle(void)
{
    leash_lock_init(&one, "one");
    leash_lock_init(&two, "two");
    a = start(takes_both, NULL, "a");
    b = start(takes_both, &two, "b");
}

/* ---- cancelled ---- */

static int cancels_and_awaits(void *arg)
{
    (void)arg;
    take_in_a_circle();
    leash_sleep(5);
    leash_cancel(a, NULL);
    int rc = leash_await(a, NULL);
    return rc != -ECANCELED ? -1 : leash_await(b, NULL);
}

/* Nothing else is wrong with whoever has its name. */
static void who_was_cancelled_and_awaited_is_told_of(void **state)
{
    (void)state;
    assert_int_equal(run(cancels_and_awaits, NULL), 0);
    assert_string_equal(told, "deadlock:a ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_cancelled_and_awaited_is_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
