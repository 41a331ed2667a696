/* leash_condition_t: order, predicates, locks of its own and of others, what the trace is told, misuse. Order is
 * compared with CPython itself in tests/differential; here are its corners, those of CPython's own tests among them. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <pthread.h>
#include <trace_format.h>

#include "conditions.h"
#include "sink.h"

/* ---- order ---- */

/* Those who keep the lock hold up the others who were woken. */
static int one_by_one(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits), b = start_with(scene, "b", waits),
                 c = start_with(scene, "c", waits);
    leash_sleep(0);
    tell_lock(scene);
    leash_condition_acquire(&scene->condition);
    leash_condition_notify(&scene->condition, 1);
    leash_sleep(0);
    tell_lock(scene); /* nobody is on before it is released */
    leash_condition_release(&scene->condition);
    leash_sleep(0);
    tell_lock(scene);
    leash_condition_notify(&scene->condition, 2); /* a holds the lock; that is enough */
    leash_sleep(0);
    tell_lock(scene);
    leash_condition_release(&scene->condition);
    leash_sleep(0);
    tell_lock(scene);
    leash_condition_release(&scene->condition);
    return leash_gather_wait(NULL, a, b, c);
}

static void test_the_lock_is_had_one_by_one(void **state)
{
    (void)state;
    check(one_by_one, "free, locked, a on, locked, locked, b on, locked, c on");
}

static int notifies_some(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_and_releases), b = start_with(scene, "b", waits_and_releases),
                 c = start_with(scene, "c", waits_and_releases);
    leash_sleep(0);
    tell(&scene->story, "%d", notify(scene, 1));
    leash_sleep(0);
    leash_condition_acquire(&scene->condition);
    int first = leash_condition_notify(&scene->condition, 1), rest = leash_condition_notify(&scene->condition, 2048);
    tell(&scene->story, "%d %d %d", first, rest, leash_condition_notify(&scene->condition, 1));
    leash_condition_release(&scene->condition);
    return leash_gather_wait(NULL, a, b, c);
}

static void test_notify(void **state)
{
    (void)state;
    check(notifies_some, "1, a on, 1 1 0, b on, c on");
}

static int notifies_all(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_and_releases), b = start_with(scene, "b", waits_and_releases);
    leash_sleep(0);
    leash_condition_acquire(&scene->condition);
    tell(&scene->story, "%d %d", leash_condition_notify(&scene->condition, 0),
         leash_condition_notify(&scene->condition, -3));
    tell(&scene->story, "%d", leash_condition_notify_all(&scene->condition));
    leash_condition_release(&scene->condition);
    return leash_gather_wait(NULL, a, b);
}

static void test_notify_all(void **state)
{
    (void)state;
    check(notifies_all, "0 0, 2, a on, b on");
}

/* ---- predicates ---- */

static int becomes_ready(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_until_ready);
    leash_sleep(0);
    notify(scene, 1);
    leash_sleep(0);
    tell(&scene->story, "asked %d", scene->asked);
    scene->ready = 7;
    notify(scene, 1);
    leash_await(a, NULL);
    tell(&scene->story, "asked %d", scene->asked);
    return 0;
}

static void test_wait_for(void **state)
{
    (void)state;
    check(becomes_ready, "asked 2, a 7, asked 3");
}

static int fails_to_tell(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_until_ready);
    leash_sleep(0);
    scene->ready = -EIO;
    notify(scene, 1);
    return leash_await(a, NULL);
}

static void test_a_predicate_that_fails(void **state)
{
    char expected[32];
    (void)state;
    snprintf(expected, sizeof expected, "a %d", -EIO);
    check(fails_to_tell, expected);
}

/* The lock is only needed for the waiting. */
static int without_the_lock(void *arg)
{
    struct scene *scene = arg;
    scene->ready = 1;
    int true_at_once = leash_condition_wait_for(&scene->condition, is_ready, scene);
    scene->ready = 0;
    int not_held = leash_condition_wait_for(&scene->condition, is_ready, scene);
    int said = strstr(leash_last_error(), "wait_for: the lock of condition \"changed\" is not held") != NULL;
    int no_predicate = leash_condition_wait_for(&scene->condition, NULL, scene);
    tell(&scene->story, "%d", true_at_once);
    return not_held == -EINVAL && said && no_predicate == -EINVAL ? 0 : -EPROTO;
}

static void test_wait_for_without_the_lock(void **state)
{
    (void)state;
    check(without_the_lock, "1");
}

static int destroys_it_meanwhile(void *arg)
{
    struct scene *scene = arg;
    leash_condition_release(&scene->condition);
    int condition = leash_condition_destroy(&scene->condition), lock = leash_lock_destroy(&scene->lock);
    tell(&scene->story, condition == -EBUSY && lock == -EBUSY ? "refused" : "wrong");
    return 1;
}

static int a_predicate_does_what_it_likes(void *arg)
{
    struct scene *scene = arg;
    leash_condition_init_with(&scene->condition, "changed", &scene->lock);
    leash_condition_acquire(&scene->condition);
    leash_condition_wait_for(&scene->condition, destroys_it_meanwhile, scene);
    return leash_condition_destroy(&scene->condition) ? -EPROTO : leash_lock_destroy(&scene->lock);
}

static void test_a_predicate_cannot_destroy_it(void **state)
{
    (void)state;
    check(a_predicate_does_what_it_likes, "refused");
}

/* ---- locks ---- */

static void tell_both(struct scene *scene)
{
    tell(&scene->story, "%d%d", leash_lock_locked(&scene->lock), leash_condition_locked(&scene->condition));
}

static int explicit_lock(void *arg)
{
    struct scene *scene = arg;
    leash_condition_t sibling = LEASH_CONDITION_INIT_WITH("sibling", &scene->lock);
    leash_condition_init_with(&scene->condition, "changed", &scene->lock);
    tell_both(scene);
    leash_condition_acquire(&scene->condition);
    tell_both(scene);
    leash_condition_release(&scene->condition);
    tell_both(scene);
    leash_lock_acquire(&scene->lock);
    tell_both(scene);
    tell(&scene->story, "%d", leash_condition_notify(&sibling, 1));
    leash_lock_release(&scene->lock);
    tell_both(scene);
    return leash_condition_destroy(&sibling) ? -EPROTO : leash_condition_destroy(&scene->condition);
}

static void test_a_lock_of_the_programs(void **state)
{
    (void)state;
    check(explicit_lock, "00, 11, 00, 11, 0, 00");
}

static int uses_own(void *arg)
{
    struct scene *scene = arg;
    tell_lock(scene);
    leash_condition_acquire(&scene->condition);
    tell_lock(scene);
    leash_condition_release(&scene->condition);
    tell_lock(scene);
    int twice = leash_condition_release(&scene->condition);
    return twice == -EINVAL && strstr(leash_last_error(), "lock \"changed\" is not held") ? 0 : -EPROTO;
}

static void test_a_lock_of_its_own(void **state)
{
    (void)state;
    check(uses_own, "free, locked, free");
}

/* ---- misuse ---- */

static int needs_the_lock(void *arg)
{
    struct scene *scene = arg;
    int wait = leash_condition_wait(&scene->condition);
    int said =
        strstr(leash_last_error(), "leash_condition_wait: the lock of condition \"changed\" is not held") != NULL;
    int one = leash_condition_notify(&scene->condition, 1), all = leash_condition_notify_all(&scene->condition);
    return wait == -EINVAL && said && one == -EINVAL && all == -EINVAL ? 0 : -EPROTO;
}

static void test_the_lock_must_be_held(void **state)
{
    leash_condition_t condition = LEASH_CONDITION_INIT("early");
    (void)state;
    check(needs_the_lock, "");
    assert_int_equal(leash_condition_notify(&condition, 1), -EINVAL); /* also before any loop */
    assert_int_equal(leash_condition_notify_all(&condition), -EINVAL);
    assert_int_equal(leash_condition_destroy(&condition), 0);
}

static int destroys(void *arg)
{
    struct scene *scene = arg;
    leash_condition_acquire(&scene->condition);
    int held = leash_condition_destroy(&scene->condition);
    leash_condition_release(&scene->condition);
    leash_task_t a = start_with(scene, "a", waits_and_releases);
    leash_sleep(0);
    int waited_for = leash_condition_destroy(&scene->condition);
    leash_condition_acquire(&scene->condition);
    leash_condition_notify_all(&scene->condition);
    leash_sleep(0);
    leash_condition_release(&scene->condition); /* a is woken, but has not got it yet */
    int woken = leash_condition_destroy(&scene->condition);
    leash_await(a, NULL);
    int free_again = leash_condition_destroy(&scene->condition);
    return held == -EBUSY && waited_for == -EBUSY && woken == -EBUSY ? free_again : -EPROTO;
}

static void test_destroy_refuses_while_in_use(void **state)
{
    (void)state;
    check(destroys, "a on");
}

/* With a lock of the program's: who waits for the condition will want the lock back. */
static int destroys_the_lock(void *arg)
{
    struct scene *scene = arg;
    leash_condition_init_with(&scene->condition, "changed", &scene->lock);
    leash_task_t a = start_with(scene, "a", waits_and_releases);
    leash_sleep(0);
    int lock = leash_lock_destroy(&scene->lock);
    int said = strstr(leash_last_error(), "lock \"box\": tasks wait for a condition of it") != NULL;
    int condition = leash_condition_destroy(&scene->condition);
    notify(scene, 1);
    leash_await(a, NULL);
    leash_lock_acquire(&scene->lock);
    int held = leash_condition_destroy(&scene->condition); /* that is the lock's business */
    leash_lock_release(&scene->lock);
    return lock == -EBUSY && said && condition == -EBUSY && held == 0 ? leash_lock_destroy(&scene->lock) : -EPROTO;
}

static void test_destroying_the_programs_lock(void **state)
{
    (void)state;
    check(destroys_the_lock, "a on");
}

/* ---- life ---- */

static int waits_on(void *arg)
{
    leash_condition_acquire(arg);
    return leash_condition_wait(arg);
}

static void test_each_loop_begins_anew(void **state)
{
    static leash_condition_t condition = LEASH_CONDITION_INIT("static");
    (void)state;
    assert_int_equal(leash_condition_locked(&condition), 0); /* before any loop */
    assert_int_equal(run_virtual(waits_on, &condition), -EDEADLK);
    assert_int_equal(run_virtual(waits_on, &condition), -EDEADLK);
    assert_int_equal(leash_condition_locked(&condition), 0);
    assert_int_equal(leash_condition_destroy(&condition), 0);
}

/* Bound to the first loop through the condition alone, a lock of the program's is new with the second one. */
static void test_each_loop_begins_anew_with_a_lock(void **state)
{
    static leash_lock_t lock = LEASH_LOCK_INIT("static");
    static leash_condition_t condition = LEASH_CONDITION_INIT_WITH("static", &lock);
    (void)state;
    assert_int_equal(leash_condition_locked(&condition), 0);
    assert_int_equal(run_virtual(waits_on, &condition), -EDEADLK);
    assert_int_equal(leash_lock_locked(&lock), 0);
    assert_int_equal(run_virtual(waits_on, &condition), -EDEADLK);
}

struct elsewhere {
    leash_condition_t condition, of_lock;
    leash_lock_t lock;
    int acquired, notified, waited;
};

static int elsewhere(void *arg)
{
    struct elsewhere *other = arg;
    other->acquired = leash_condition_acquire(&other->of_lock); /* its lock belongs to the other loop */
    other->notified = leash_condition_notify(&other->condition, 1);
    other->waited = leash_condition_wait(&other->condition);
    return 0;
}

static void *run_elsewhere(void *arg)
{
    run_virtual(elsewhere, arg);
    return NULL;
}

static int shares(void *arg)
{
    struct elsewhere *other = arg;
    pthread_t thread;
    leash_lock_acquire(&other->lock);
    leash_condition_acquire(&other->condition);
    leash_condition_notify(&other->condition, 1);
    pthread_create(&thread, NULL, run_elsewhere, other);
    pthread_join(thread, NULL);
    return leash_condition_release(&other->condition);
}

static void test_another_loop_is_refused(void **state)
{
    struct elsewhere other = {.condition = LEASH_CONDITION_INIT("shared"), .lock = LEASH_LOCK_INIT("lock")};
    (void)state;
    leash_condition_init_with(&other.of_lock, "with", &other.lock);
    assert_int_equal(run_virtual(shares, &other), 0);
    assert_int_equal(other.acquired, -EPERM);
    assert_int_equal(other.notified, -EPERM);
    assert_int_equal(other.waited, -EPERM);
}

/* ---- what the trace is told ---- */

static int waits_for_both(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start_with(scene, "a", waits_and_releases);
    leash_sleep(0);
    leash_condition_acquire(&scene->condition);
    leash_condition_notify(&scene->condition, 1);
    leash_sleep(0); /* a wants the lock */
    leash_condition_release(&scene->condition);
    return leash_await(a, NULL);
}

/* First for the condition, then for its lock; whose holds are told as any lock's. */
static void test_events(void **state)
{
    (void)state;
    sink_on(false);
    check(waits_for_both, "a on");
    const struct sink_event *lock = sink_find(LEASH_EV_OBJECT, 0), *condition = sink_find(LEASH_EV_OBJECT, 1);
    const struct sink_event *first = sink_find(LEASH_EV_AWAIT_OBJECT, 0), *second = sink_find(LEASH_EV_AWAIT_OBJECT, 1);
    assert_int_equal(lock->b, LEASH_OBJECT_LOCK);
    assert_int_equal(condition->b, LEASH_OBJECT_CONDITION);
    assert_string_equal(sink_find(LEASH_EV_NAME, 1)->text, "changed");
    assert_string_equal(sink_find(LEASH_EV_NAME, 2)->text, "changed");
    assert_int_equal(first->b, condition->a);
    assert_int_equal(second->a, first->a);
    assert_int_equal(second->b, lock->a);
    assert_int_equal(sink_count_of(LEASH_EV_NOTIFIED), 1);
    assert_int_equal(sink_find(LEASH_EV_NOTIFIED, 0)->a, condition->a);
    assert_int_equal(sink_find(LEASH_EV_NOTIFIED, 0)->b, sink_find(LEASH_EV_LOOP_BEGIN, 0)->b);
    assert_int_equal(sink_count_of(LEASH_EV_ACQUIRED), 3); /* a, main, a again */
    assert_int_equal(sink_count_of(LEASH_EV_RELEASED), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(sink_find(LEASH_EV_ACQUIRED, i)->b, lock->a);
    assert_int_equal(sink_find(LEASH_EV_ACQUIRED, 2)->a, first->a);
    sink_off();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_lock_is_had_one_by_one),
        leash_cmocka_unit_test(test_notify),
        leash_cmocka_unit_test(test_notify_all),
        leash_cmocka_unit_test(test_wait_for),
        leash_cmocka_unit_test(test_a_predicate_that_fails),
        leash_cmocka_unit_test(test_wait_for_without_the_lock),
        leash_cmocka_unit_test(test_a_predicate_cannot_destroy_it),
        leash_cmocka_unit_test(test_a_lock_of_the_programs),
        leash_cmocka_unit_test(test_a_lock_of_its_own),
        leash_cmocka_unit_test(test_the_lock_must_be_held),
        leash_cmocka_unit_test(test_destroy_refuses_while_in_use),
        leash_cmocka_unit_test(test_destroying_the_programs_lock),
        cmocka_unit_test(test_each_loop_begins_anew),
        cmocka_unit_test(test_each_loop_begins_anew_with_a_lock),
        cmocka_unit_test(test_another_loop_is_refused),
        leash_cmocka_unit_test(test_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
