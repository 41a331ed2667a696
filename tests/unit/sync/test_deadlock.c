/* Deadlocks: cycles of every kind are found while the program runs, and no wait with a way out is taken for one; what
 * the options make of them; standstills, and who outside may end one. Cancellations that are not heeded. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <string.h>
#include <trace_format.h>
#include <unistd.h>

#include "deadlocks.h"
#include "sink.h"

/* ---- shapes: each makes tasks "a" and "b", of which a is older; main goes on beside them ---- */

static leash_lock_t one, two;
static leash_condition_t condition;
static leash_semaphore_t first = LEASH_SEMAPHORE_INIT("first", 1), second = LEASH_SEMAPHORE_INIT("second", 1);
static leash_task_t a, b, c;
static double limit; /* of a's wait; negative: none */

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(5);
}

static int locks_both(void *arg)
{
    leash_lock_t *mine = arg ? &two : &one, *other = arg ? &one : &two;
    int rc = leash_lock_acquire(mine);
    if (rc < 0)
        return rc;
    leash_timeout_t timeout = leash_timeout_begin(arg ? -1 : limit);
    if ((rc = leash_sleep(0.1)) == 0 && (rc = leash_lock_acquire(other)) == 0)
        leash_lock_release(other);
    rc = leash_timeout_end(timeout, rc);
    leash_lock_release(mine);
    return rc;
}

static void locks(void)
{
    leash_lock_init(&one, "one");
    leash_lock_init(&two, "two");
    a = start(locks_both, NULL, "a");
    b = start(locks_both, &two, "b");
}

static int awaits(void *arg)
{
    leash_timeout_t timeout = leash_timeout_begin(limit);
    return leash_timeout_end(timeout, leash_await(*(leash_task_t *)arg, NULL));
}

static int awaits_bare(void *arg)
{
    return leash_await(*(leash_task_t *)arg, NULL);
}

static void tasks(void)
{
    a = start(awaits, &b, "a");
    b = start(awaits_bare, &a, "b");
}

static int gathers(void *arg)
{
    (void)arg;
    return leash_gather_wait(NULL, b, c);
}

static void gather(void)
{
    a = start(gathers, NULL, "a");
    b = start(awaits_bare, &a, "b");
    c = start(awaits_bare, &a, "c");
}

static int waits_all(void *arg)
{
    (void)arg;
    leash_awaitable_t items[] = {b, c};
    return leash_wait(items, 2, LEASH_ALL_COMPLETED, limit, NULL);
}

static void wait_all(void)
{
    a = start(waits_all, NULL, "a");
    b = start(awaits_bare, &a, "b");
    c = start(sleeps, NULL, "c");
}

static int group_of_one(void *arg)
{
    (void)arg;
    leash_group_t group = leash_group_begin();
    b = leash_group_create_task(group, leash_coro(awaits_bare, &a));
    return leash_group_end(group, 0);
}

static void group(void)
{
    a = start(group_of_one, NULL, "a");
}

static int waits_for_notice(void *arg)
{
    (void)arg;
    int rc = leash_lock_acquire(&one);
    if (rc == 0 && (rc = leash_condition_acquire(&condition)) == 0)
        rc = leash_condition_wait(&condition);
    return rc;
}

static int holds_the_condition(void *arg)
{
    (void)arg;
    int rc = leash_sleep(0.1);
    if (rc == 0 && (rc = leash_condition_acquire(&condition)) == 0)
        rc = leash_lock_acquire(&one);
    return rc;
}

static void notice(void)
{
    leash_lock_init(&one, "one");
    leash_condition_init(&condition, "condition");
    a = start(waits_for_notice, NULL, "a");
    b = start(holds_the_condition, NULL, "b");
}

static int own_lock_twice(void *arg)
{
    (void)arg;
    int rc = leash_lock_acquire(&one);
    return rc < 0 ? rc : leash_lock_acquire(&one);
}

static void itself(void)
{
    leash_lock_init(&one, "one");
    a = start(own_lock_twice, NULL, "a");
}

static int goes_on_beside(void *arg)
{
    void (*shape)(void) = *(void (**)(void))arg;
    shape();
    int rc = leash_sleep(10);
    leash_cancel(a, NULL);
    leash_cancel(b, NULL);
    return rc;
}

#define SHAPE(shape) (&(void (*)(void)){shape})

static void cycles_are_found_while_the_program_runs(void **state)
{
    void (*const shapes[])(void) = {locks, tasks, gather, wait_all, group, notice, itself};
    (void)state;
    limit = -1;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        assert_int_equal(run(goes_on_beside, SHAPE(shapes[i])), 0);
        assert_non_null(strstr(told, "deadlock:a "));
        assert_null(strstr(told, "deadlock:b "));
        assert_null(strstr(told, "deadlock:c "));
    }
}

/* ---- clean twins ---- */

static void a_time_limit_is_a_way_out(void **state)
{
    void (*const shapes[])(void) = {locks, wait_all};
    (void)state;
    limit = 3;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        run(goes_on_beside, SHAPE(shapes[i]));
        assert_null(strstr(told, "deadlock"));
    }
    limit = -1;
}

/* Among tasks that await each other its cancellation goes round, and they wait on. */
static void a_time_limit_in_a_circle_of_awaits_is_none(void **state)
{
    (void)state;
    limit = 3;
    run(goes_on_beside, SHAPE(tasks));
    assert_non_null(strstr(told, "deadlock:a "));
    limit = -1;
}

static int limits_all(void *arg)
{
    void (*shape)(void) = *(void (**)(void))arg;
    leash_timeout_t timeout = leash_timeout_begin(3);
    shape();
    leash_gather_wait(NULL, a, b);
    return leash_timeout_end(timeout, -ECANCELED) == -ETIMEDOUT ? 0 : -1;
}

static int waits_with_a_limit(void *arg)
{
    (*(void (**)(void))arg)();
    return leash_wait_for(a, 3, NULL) == -ETIMEDOUT ? 0 : -1;
}

static int group_with_a_limit(void *arg)
{
    (void)arg;
    leash_lock_init(&one, "one");
    leash_lock_init(&two, "two");
    leash_timeout_t timeout = leash_timeout_begin(3);
    leash_group_t members = leash_group_begin();
    bool spawned = leash_group_spawn(members, leash_coro(locks_both, NULL)) >= 0 &&
                   leash_group_spawn(members, leash_coro(locks_both, &two)) >= 0;
    int rc = leash_timeout_end(timeout, leash_group_end(members, 0));
    return spawned && rc == -ETIMEDOUT ? 0 : -1;
}

static void a_time_limit_round_those_that_wait_for_them_is_one(void **state)
{
    (void)state;
    assert_int_equal(run(limits_all, SHAPE(locks)), 0);
    assert_null(strstr(told, "deadlock"));
    assert_int_equal(run(waits_with_a_limit, SHAPE(locks)), 0);
    assert_null(strstr(told, "deadlock"));
    assert_int_equal(run(group_with_a_limit, NULL), 0);
    assert_null(strstr(told, "deadlock"));
}

static int fails_later(void *arg)
{
    (void)arg;
    int rc = leash_sleep(5);
    return rc < 0 ? rc : leash_fail(-EIO, "late");
}

static void gather_that_may_fail(void)
{
    a = start(gathers, NULL, "a");
    b = start(awaits_bare, &a, "b");
    c = start(fails_later, NULL, "c");
}

/* The members of a gather that are not in the cycle may fail: then it is over. */
static void who_may_fail_is_a_way_out(void **state)
{
    (void)state;
    run(goes_on_beside, SHAPE(gather_that_may_fail));
    assert_null(strstr(told, "deadlock"));
}

/* Takes a part again and again; a timer gives it back. */
static void gives_back(void *arg)
{
    leash_semaphore_release(arg);
}

static int at_most_one_a_second(void *arg)
{
    int rc = 0;
    (void)arg;
    for (int i = 0; i < 5 && (rc = leash_semaphore_acquire(&first)) == 0; i++)
        leash_call_later(1, gives_back, &first);
    return rc < 0 ? rc : leash_sleep(1);
}

static void a_semaphore_that_a_timer_gives_is_no_lock(void **state)
{
    (void)state;
    assert_int_equal(run(at_most_one_a_second, NULL), 0);
    assert_string_equal(told, "");
}

static int opens_the_gate(void *arg)
{
    (void)arg;
    int rc = leash_sleep(1);
    leash_lock_release(&one);
    return rc;
}

static int lock_as_a_gate(void *arg)
{
    (void)arg;
    leash_lock_init(&one, "gate");
    leash_task_t opener = start(opens_the_gate, NULL, "opener");
    int rc = leash_lock_acquire(&one);
    rc = rc < 0 ? rc : leash_lock_acquire(&one);
    leash_lock_release(&one);
    return rc < 0 ? rc : leash_await(opener, NULL);
}

/* What another task gives back is no deadlock: what was said of it is taken back. */
static void what_comes_out_of_it_was_none(void **state)
{
    (void)state;
    assert_int_equal(run(lock_as_a_gate, NULL), 0);
    assert_string_equal(told, "");
    sink_on(false);
    assert_int_equal(run(lock_as_a_gate, NULL), 0);
    const struct sink_event *over = sink_find(LEASH_EV_DEADLOCK_OVER, 0);
    assert_non_null(over);
    assert_int_equal(over->b, LEASH_DEADLOCK_UNDONE);
    sink_off();
}

/* ---- standstills ---- */

static int semaphores_both(void *arg)
{
    leash_semaphore_t *mine = arg ? &second : &first, *other = arg ? &first : &second;
    int rc = leash_semaphore_acquire(mine);
    if (rc == 0 && (rc = leash_sleep(0.1)) == 0)
        rc = leash_semaphore_acquire(other);
    return rc;
}

static int main_waits_for_semaphores(void *arg)
{
    (void)arg;
    a = start(semaphores_both, NULL, "a");
    b = start(semaphores_both, &second, "b");
    return leash_gather_wait(NULL, a, b);
}

static void semaphores_count_once_nothing_can_happen(void **state)
{
    (void)state;
    assert_int_equal(run(main_waits_for_semaphores, NULL), -EDEADLK);
    assert_non_null(strstr(told, "deadlock:a "));
    assert_null(strstr(told, ":b "));
}

static int waits_for_nobody(void *arg)
{
    (void)arg;
    return leash_await(leash_future(), NULL);
}

static void a_standstill_has_the_name_of_whom_main_waits_for(void **state)
{
    (void)state;
    assert_int_equal(run(waits_for_nobody, NULL), -EDEADLK);
    assert_non_null(strstr(told, "deadlock:Task-"));
    sink_on(false);
    assert_int_equal(run(waits_for_nobody, NULL), -EDEADLK);
    assert_int_equal(sink_find(LEASH_EV_DEADLOCK, 0)->b, LEASH_DEADLOCK_STANDSTILL);
    sink_off();
}

static void main_is_cancelled_if_that_is_wanted(void **state)
{
    (void)state;
    assert_int_equal(run_with(waits_for_nobody, NULL, LEASH_ON_DEADLOCK_CANCEL), -EDEADLK);
    assert_non_null(strstr(told, "deadlock:"));
}

/* ---- who outside may wake it ---- */

static leash_loop_t loop;
static leash_waker_t waker;
static bool was_woken;

static void wakes_main(void *future)
{
    was_woken = leash_future_set_result(future, NULL) == 0;
}

static void *wakes_late(void *future)
{
    usleep(20000);
    leash_call_soon_threadsafe(loop, wakes_main, future);
    leash_waker_release(waker);
    return NULL;
}

static void *lets_go_late(void *arg)
{
    (void)arg;
    usleep(20000);
    leash_waker_release(waker);
    usleep(300000); /* it goes on, but is declared: nobody waits for it */
    return NULL;
}

static int held_up(void *body)
{
    pthread_t thread;
    void *(*run_body)(void *) = *(void *(**)(void *))body;
    leash_future_t future = leash_future();
    loop = leash_running_loop();
    waker = leash_waker_hold(loop, "late");
    if (!waker || pthread_create(&thread, NULL, run_body, future) != 0)
        return -1;
    pthread_detach(thread);
    return leash_await(future, NULL);
}

#define BODY(body) (&(void *(*)(void *)){body})

static void a_waker_is_waited_for(void **state)
{
    (void)state;
    was_woken = false;
    assert_int_equal(run(held_up, BODY(wakes_late)), 0);
    assert_true(was_woken);
    assert_string_equal(told, "");
}

static void with_its_release_the_standstill_is_the_end(void **state)
{
    (void)state;
    assert_int_equal(run(held_up, BODY(lets_go_late)), -EDEADLK);
    usleep(350000); /* the thread ends */
}

static void misuse_of_wakers(void **state)
{
    (void)state;
    assert_int_equal(leash_waker_release(NULL), -EINVAL);
    assert_null(leash_waker_hold(NULL, "none"));
    assert_int_equal(errno, EINVAL);
    assert_null(leash_waker_hold(loop, "of a loop that has ended"));
    assert_int_equal(errno, ESTALE);
}

/* ---- cancellations ---- */

static int (*answer)(void);

static int cancelled_once(void *arg)
{
    (void)arg;
    int rc = leash_sleep(1);
    return rc == -ECANCELED ? answer() : rc;
}

static int waits_on(void)
{
    return leash_sleep(1);
}

static int gives_up(void)
{
    leash_sleep(1);
    return -ECANCELED;
}

static int ends_at_once(void)
{
    return 0;
}

static int takes_it_back(void)
{
    leash_uncancel(leash_current_task());
    return leash_sleep(1);
}

static int cleans_up(void *arg)
{
    (void)arg;
    return leash_sleep(1);
}

static int defers(void)
{
    return leash_defer(cleans_up, NULL);
}

static int awaits_one(void *arg)
{
    return leash_await((leash_task_t)arg, NULL);
}

static int cancels(void *through)
{
    leash_task_t task = start(cancelled_once, NULL, "a");
    leash_task_t outer = through ? start(awaits_one, task, "b") : task;
    leash_sleep(0.1);
    leash_cancel(outer, NULL);
    leash_await(outer, NULL);
    return 0;
}

static int expires(void *arg)
{
    leash_task_t task = start(cancelled_once, NULL, "a");
    (void)arg;
    leash_wait_for(task, 0.1, NULL);
    return 0;
}

static bool is_ignored(leash_fn_t fn, void *arg, int (*with)(void))
{
    bool found = false;
    answer = with;
    sink_on(false);
    run(fn, arg);
    const struct sink_event *event;
    for (unsigned i = 0; (event = sink_find(LEASH_EV_JUDGED, i)); i++)
        found |= (event->c & LEASH_FACT_IGNORES) != 0;
    sink_off();
    return found;
}

static void a_cancellation_that_is_not_heeded(void **state)
{
    (void)state;
    assert_true(is_ignored(cancels, NULL, waits_on));
    assert_true(is_ignored(cancels, &answer, waits_on)); /* passed on by the one that waited for it */
    assert_false(is_ignored(cancels, NULL, gives_up));
    assert_false(is_ignored(cancels, NULL, ends_at_once));
    assert_false(is_ignored(cancels, NULL, takes_it_back));
    assert_false(is_ignored(cancels, NULL, defers));
    assert_false(is_ignored(expires, NULL, waits_on)); /* a time limit's */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_are_found_while_the_program_runs),
        cmocka_unit_test(a_time_limit_is_a_way_out),
        cmocka_unit_test(a_time_limit_in_a_circle_of_awaits_is_none),
        cmocka_unit_test(a_time_limit_round_those_that_wait_for_them_is_one),
        cmocka_unit_test(who_may_fail_is_a_way_out),
        cmocka_unit_test(a_semaphore_that_a_timer_gives_is_no_lock),
        cmocka_unit_test(what_comes_out_of_it_was_none),
        cmocka_unit_test(semaphores_count_once_nothing_can_happen),
        cmocka_unit_test(a_standstill_has_the_name_of_whom_main_waits_for),
        cmocka_unit_test(main_is_cancelled_if_that_is_wanted),
        cmocka_unit_test(a_waker_is_waited_for),
        cmocka_unit_test(with_its_release_the_standstill_is_the_end),
        cmocka_unit_test(misuse_of_wakers),
        cmocka_unit_test(a_cancellation_that_is_not_heeded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
