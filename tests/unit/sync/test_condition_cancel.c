/* leash_condition_t: waiters that are cancelled, at every point where they suspend. The lock is held in the end,
 * whatever happened. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>

#include "conditions.h"

/* Cancelled while it waits: it has the lock all the same. */
static int cancelled(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits);
    leash_sleep(0);
    leash_cancel(a, NULL);
    leash_await(a, NULL);
    tell_lock(scene);
    leash_condition_release(&scene->condition);
    return leash_condition_destroy(&scene->condition); /* nobody is in line */
}

static void test_a_cancelled_waiter_has_the_lock(void **state)
{
    (void)state;
    check(cancelled, "a cancelled, locked");
}

/* Cancelled after it was notified, while it waits for the lock. */
static int cancelled_after_notify(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_and_releases);
    leash_sleep(0);
    leash_condition_acquire(&scene->condition);
    leash_condition_notify(&scene->condition, 1);
    leash_sleep(0); /* it wants the lock */
    leash_cancel(a, NULL);
    leash_sleep(0);
    tell(&scene->story, leash_done(a) ? "done" : "waits");
    leash_cancel(a, NULL); /* and again: it waits on */
    leash_sleep(0);
    leash_condition_release(&scene->condition);
    leash_sleep(0);
    tell(&scene->story, leash_cancelled(a) ? "a is cancelled" : "wrong");
    tell_lock(scene);
    return 0;
}

static void test_cancelled_while_it_gets_the_lock_back(void **state)
{
    (void)state;
    check(cancelled_after_notify, "waits, a cancelled, a is cancelled, free");
}

/* Cancelled first, then again and again while others have the lock. */
static int cancelled_many_times(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_and_releases);
    leash_sleep(0);
    leash_condition_acquire(&scene->condition);
    for (int i = 0; i < 3; i++) {
        leash_cancel(a, NULL);
        leash_sleep(0);
    }
    tell(&scene->story, "%d requests", leash_cancelling(a));
    leash_condition_release(&scene->condition);
    return leash_await(a, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static void test_cancelled_many_times(void **state)
{
    (void)state;
    check(cancelled_many_times, "3 requests, a cancelled");
}

static void cancel_it(void *task)
{
    leash_cancel(task, NULL);
}

static void release_it(void *arg)
{
    struct scene *scene = arg;
    leash_condition_release(&scene->condition);
}

/* Notified and cancelled before it runs: the lock is released for it right then. */
static int contested(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits);
    leash_sleep(0);
    tell_lock(scene);
    leash_condition_acquire(&scene->condition);
    leash_condition_notify(&scene->condition, 1);
    leash_call_soon(cancel_it, a);
    leash_call_soon(release_it, scene);
    leash_await(a, NULL);
    tell_lock(scene);
    return 0;
}

static void test_cancelled_when_the_lock_is_contested(void **state)
{
    (void)state;
    check(contested, "free, a cancelled, locked");
}

/* What a notified task that is cancelled was told is told to nobody else: that of 3.11. */
static int notification_lost(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_and_releases), b = start_with(scene, "b", waits_and_releases);
    leash_sleep(0);
    notify(scene, 1);
    leash_cancel(a, NULL);
    leash_sleep(0);
    leash_sleep(0);
    tell(&scene->story, leash_done(b) ? "b done" : "b waits");
    notify(scene, 1);
    leash_wait(((leash_awaitable_t[]){a}), 1, LEASH_ALL_COMPLETED, -1, NULL);
    return leash_await(b, NULL);
}

static void test_a_cancelled_one_keeps_its_notification(void **state)
{
    (void)state;
    check(notification_lost, "a cancelled, b waits, b on");
}

static int limited(void *arg)
{
    struct scene *scene = arg;
    leash_condition_acquire(&scene->condition);
    leash_timeout_t scope = leash_timeout_begin(0.5);
    int rc = leash_timeout_end(scope, leash_condition_wait(&scene->condition));
    tell(&scene->story, rc == -ETIMEDOUT && leash_time() == 0.5 ? "too late" : "wrong");
    tell_lock(scene);
    return leash_condition_release(&scene->condition);
}

static void test_a_limit(void **state)
{
    (void)state;
    check(limited, "too late, locked");
}

/* The wait is in a task of its own there, which gets the lock back for the one that has it. */
static int waits_only(void *arg)
{
    struct scene *scene = arg;
    return leash_condition_wait(&scene->condition);
}

static int limited_by_wait_for(void *arg)
{
    struct scene *scene = arg;
    leash_condition_acquire(&scene->condition);
    int rc = leash_wait_for(leash_coro(waits_only, scene), 0.5, NULL);
    tell(&scene->story, rc == -ETIMEDOUT && leash_time() == 0.5 ? "too late" : "wrong");
    tell_lock(scene);
    return leash_condition_release(&scene->condition);
}

static void test_a_limit_of_wait_for(void **state)
{
    (void)state;
    check(limited_by_wait_for, "too late, locked");
}

/* A failure that ends the waiting within wait_for leaves the lock held, too. */
static int cancelled_predicate(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_until_ready);
    char expected[32];
    leash_sleep(0);
    leash_cancel(a, NULL);
    leash_await(a, NULL);
    snprintf(expected, sizeof expected, "a %d", -ECANCELED);
    tell_lock(scene);
    return strstr(scene->story.words, expected) ? leash_condition_destroy(&scene->condition) : -EPROTO;
}

static void test_wait_for_is_cancelled(void **state)
{
    char expected[32];
    (void)state;
    snprintf(expected, sizeof expected, "a %d, free", -ECANCELED);
    check(cancelled_predicate, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_cancelled_waiter_has_the_lock),
        leash_cmocka_unit_test(test_cancelled_while_it_gets_the_lock_back),
        leash_cmocka_unit_test(test_cancelled_many_times),
        cmocka_unit_test(test_cancelled_when_the_lock_is_contested),
        leash_cmocka_unit_test(test_a_cancelled_one_keeps_its_notification),
        leash_cmocka_unit_test(test_a_limit),
        cmocka_unit_test(test_a_limit_of_wait_for),
        leash_cmocka_unit_test(test_wait_for_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
