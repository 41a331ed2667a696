/* Locks, semaphores, events, conditions and barriers from C++17: initialisers of static and other objects, and calls.
 */
extern "C" {
#include "test.h"
}
#include <cerrno>
#include <leash.h>

namespace
{
leash_lock_t lock = LEASH_LOCK_INIT("lock");
leash_semaphore_t slots = LEASH_SEMAPHORE_INIT("slots", 2), bounded = LEASH_BOUNDED_SEMAPHORE_INIT("bounded", 1);
leash_event_t ready = LEASH_EVENT_INIT("ready");
leash_condition_t changed = LEASH_CONDITION_INIT("changed"), other = LEASH_CONDITION_INIT_WITH("other", &lock);
leash_barrier_t phase = LEASH_BARRIER_INIT("phase", 1);

struct locals {
    leash_lock_t lock;
    leash_semaphore_t slots, bounded;
    leash_event_t ready;
    leash_condition_t changed, other;
    leash_barrier_t phase;
};

int at_least_two(void *number)
{
    return ++*static_cast<int *>(number) >= 2;
}

int notifies(void *condition)
{
    auto *it = static_cast<leash_condition_t *>(condition);
    leash_condition_acquire(it);
    int woken = leash_condition_notify(it, 1) + leash_condition_notify_all(it);
    leash_condition_release(it);
    return woken;
}

/* 0, or the number of the first line that is not as it should be. */
int use(leash_semaphore_t &s, leash_semaphore_t &b, leash_event_t &e, leash_condition_t &c, leash_barrier_t &p)
{
    int number = 0;
    if (leash_semaphore_acquire(&s) != 0 || leash_semaphore_value(&s) != 1 || leash_semaphore_release(&s) != 0)
        return __LINE__;
    if (leash_semaphore_locked(&b) != 0 || leash_semaphore_release(&b) != -EOVERFLOW)
        return __LINE__;
    if (leash_event_set(&e) != 0 || leash_event_wait(&e) != 0 || leash_event_clear(&e) != 0)
        return __LINE__;
    leash_task_t task = leash_create_task(leash_coro(notifies, &c));
    if (leash_condition_acquire(&c) != 0 || leash_condition_wait_for(&c, at_least_two, &number) != 1)
        return __LINE__;
    if (leash_condition_locked(&c) != 1 || leash_condition_release(&c) != 0 || leash_await(task, nullptr) != 1)
        return __LINE__;
    if (leash_barrier_wait(&p) != 0 || leash_barrier_abort(&p) != 0 || leash_barrier_reset(&p) != 0)
        return __LINE__;
    return 0;
}

int app(void *)
{
    locals here;
    leash_lock_init(&here.lock, "lock");
    leash_semaphore_init(&here.slots, "slots", 2);
    leash_bounded_semaphore_init(&here.bounded, "bounded", 1);
    leash_event_init(&here.ready, "ready");
    leash_condition_init(&here.changed, "changed");
    leash_condition_init_with(&here.other, "other", &here.lock);
    leash_barrier_init(&here.phase, "phase", 1);
    int wrong = use(slots, bounded, ready, changed, phase);
    if (!wrong)
        wrong = use(slots, bounded, ready, other, phase);
    if (!wrong)
        wrong = use(here.slots, here.bounded, here.ready, here.changed, here.phase);
    return wrong ? wrong : use(here.slots, here.bounded, here.ready, here.other, here.phase);
}

void all_are_made_as_in_c(void **)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    assert_int_equal(leash_run_with(leash_coro(app, nullptr), &options, nullptr), 0);
}
} // namespace

int main()
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_are_made_as_in_c)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
