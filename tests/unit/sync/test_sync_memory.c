/* Semaphores, events, conditions and barriers without memory: each allocation of a scenario fails once, by countdown.
 * What was refused says -ENOMEM and changed nothing: the next attempt succeeds. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdlib.h>

#include "no_memory.h"
#include "sink.h"

static unsigned refusals; /* calls that had no memory, in all of the runs */

static int refused(int rc)
{
    if (rc == -ENOMEM)
        refusals++;
    return rc == -ENOMEM;
}

static int semaphore(void *arg)
{
    leash_semaphore_t slots = LEASH_SEMAPHORE_INIT("slots", 3);
    (void)arg;
    for (int i = 0; i < 3; i++) /* the second hold and the third want memory; without it nobody knows of them */
        if (refused(leash_semaphore_acquire(&slots)))
            leash_semaphore_acquire(&slots);
    if (leash_semaphore_value(&slots) != 0)
        return -EPROTO;
    for (int i = 0; i < 3; i++)
        leash_semaphore_release(&slots);
    return leash_semaphore_value(&slots) == 3 ? leash_semaphore_destroy(&slots) : -EPROTO;
}

static int event(void *arg)
{
    leash_event_t ready = LEASH_EVENT_INIT("ready");
    (void)arg;
    if (refused(leash_event_set(&ready)))
        leash_event_set(&ready);
    return leash_event_wait(&ready) ? -EPROTO : leash_event_destroy(&ready);
}

static int says_yes(void *arg)
{
    ++*(int *)arg;
    return 1;
}

static int condition(void *arg)
{
    leash_condition_t changed = LEASH_CONDITION_INIT("changed");
    int asked = 0;
    (void)arg;
    if (refused(leash_condition_acquire(&changed))) /* makes the lock */
        leash_condition_acquire(&changed);
    int rc = leash_condition_wait_for(&changed, says_yes, &asked);
    if (refused(rc) && asked == 0)
        rc = leash_condition_wait_for(&changed, says_yes, &asked);
    if (rc != 1 || asked != 1)
        return -EPROTO;
    leash_condition_release(&changed);
    return leash_condition_destroy(&changed);
}

static int barrier(void *arg)
{
    leash_barrier_t phase = LEASH_BARRIER_INIT("phase", 1);
    (void)arg;
    if (refused(leash_barrier_abort(&phase)))
        leash_barrier_abort(&phase);
    return leash_barrier_wait(&phase) != -EPIPE ? -EPROTO : leash_barrier_destroy(&phase);
}

/* How many calls were refused, each once: name and state of an object are two. -1: something went wrong. */
static int every_allocation_fails_once(leash_fn_t scenario)
{
    if (run_virtual(scenario, NULL) != 0) /* what a thread allocates for good is no business of the scenario */
        return -1;
    refusals = 0;
    for (long n = 1; n < 100; n++) {
        no_memory_at(n);
        int rc = run_virtual(scenario, NULL);
        no_memory_at(0);
        if (rc != 0 && rc != -ENOMEM) /* that of the loop itself */
            return -1;
        if (no_memory_failed() == 0)
            return (int)refusals;
    }
    return -1;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    assert_int_equal(every_allocation_fails_once(semaphore), 2);
    assert_int_equal(every_allocation_fails_once(event), 2);
    assert_int_equal(every_allocation_fails_once(condition), 4);
    assert_int_equal(every_allocation_fails_once(barrier), 2);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
