/* Standstills: who outside may end one, and what is told of it: at once, and when the process ends. */
#include "test.h"

#include <deadlock_words.h>
#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <suspect.h>
#include <trace_format.h>
#include <unistd.h>

#include "deadlocks.h"
#include "sink.h"

static unsigned standstills, suspects; /* how often there was one; atomic */
static bool no_memory;                 /* for the next suspect */

void __real_leash__deadlock_say_standstill(const struct leash__loop *loop, bool all_found);
void __wrap_leash__deadlock_say_standstill(const struct leash__loop *loop, bool all_found);
void __wrap_leash__deadlock_say_standstill(const struct leash__loop *loop, bool all_found)
{
    __real_leash__deadlock_say_standstill(loop, all_found);
    __atomic_add_fetch(&standstills, 1, __ATOMIC_RELEASE);
}

struct leash__suspect *__real_leash__suspect_new(const struct leash__leak *leak, uint32_t scope);
struct leash__suspect *__wrap_leash__suspect_new(const struct leash__leak *leak, uint32_t scope);
struct leash__suspect *__wrap_leash__suspect_new(const struct leash__leak *leak, uint32_t scope)
{
    struct leash__suspect *suspect = no_memory ? NULL : __real_leash__suspect_new(leak, scope);
    __atomic_add_fetch(&suspects, 1, __ATOMIC_RELEASE);
    return suspect;
}

static void wait_until(const unsigned *number, unsigned least)
{
    enum { LONG = 60000 };
    for (int i = 0; __atomic_load_n(number, __ATOMIC_ACQUIRE) < least; i++) {
        if (i == LONG)
            abort(); /* it never comes */
        usleep(1000);
    }
}

/* ---- a loop, and a thread beside it ---- */

static leash_loop_t loop;
static leash_future_t promises[2];
static unsigned calls; /* from the thread, that ran; atomic */
static pthread_t thread;

static void set(void *future)
{
    leash_future_set_result(future, NULL);
}

static void nothing(void *arg)
{
    (void)arg;
    __atomic_add_fetch(&calls, 1, __ATOMIC_RELEASE);
}

static int waits(void *arg)
{
    return leash_await(*(leash_future_t *)arg, NULL);
}

static int waits_beside(void *body)
{
    loop = leash_running_loop();
    promises[0] = leash_future();
    promises[1] = leash_future();
    if (pthread_create(&thread, NULL, *(void *(**)(void *))body, NULL) != 0)
        return -EAGAIN;
    leash_task_t first = start(waits, &promises[0], "first");
    int rc = leash_await(first, NULL);
    if (rc == 0)
        rc = leash_await(promises[1], NULL);
    leash_future_set_result(promises[1], NULL);
    return rc;
}

static int run_beside(void *(*body)(void *), int on_deadlock)
{
    standstills = suspects = calls = 0;
    int rc = run_with(waits_beside, &body, on_deadlock);
    pthread_join(thread, NULL);
    return rc;
}

/* ---- threads that nobody declared ---- */

static void *wakes_in_the_end(void *unused)
{
    wait_until(&suspects, 1);
    leash_call_soon_threadsafe(loop, set, promises[1]);
    leash_call_soon_threadsafe(loop, set, promises[0]);
    return unused;
}

static void who_is_woken_stood_not_still(void **state)
{
    (void)state;
    assert_int_equal(run_beside(wakes_in_the_end, -1), 0);
    leash__suspects_tell();
    assert_string_equal(told, "");
    assert_int_equal(standstills, 0);
    no_memory = true;
    assert_int_equal(run_beside(wakes_in_the_end, -1), 0);
    no_memory = false;
    leash__suspects_tell();
    assert_string_equal(told, "");
}

/* As the process would end. */
static void *tells_then_wakes(void *unused)
{
    wait_until(&suspects, 1);
    leash__suspects_tell();
    return wakes_in_the_end(unused);
}

static void a_standstill_when_the_process_ends_is_a_warning(void **state)
{
    (void)state;
    assert_int_equal(run_beside(tells_then_wakes, -1), 0);
    assert_string_equal(told, "deadlock?:first ");
    leash__suspects_tell();
    assert_string_equal(told, "deadlock?:first ");
}

static void *ends_without_a_word(void *unused)
{
    wait_until(&suspects, 1);
    return unused;
}

static void with_the_threads_end_it_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(run_beside(ends_without_a_word, -1), -EDEADLK);
    leash__suspects_tell();
    assert_string_equal(told, "deadlock:first ");
    sink_on(false);
    suspects = 1; /* with a trace there are none */
    run_with(waits_beside, &(void *(*)(void *)){ends_without_a_word}, -1);
    pthread_join(thread, NULL);
    const struct sink_event *last = sink_find(LEASH_EV_DEADLOCK, sink_count_of(LEASH_EV_DEADLOCK) - 1);
    assert_int_equal(last->b, LEASH_DEADLOCK_STANDSTILL);
    sink_off();
}

/* ---- on_deadlock=report: it waits on ---- */

static void declare(void)
{
    leash_waker_t waker = leash_waker_hold(loop, "declared");
    leash_waker_release(waker);
}

static void *wakes_in_vain_then_well(void *unused)
{
    declare();
    wait_until(&standstills, 1);
    for (unsigned i = 1; i <= 20; i++) {
        leash_call_soon_threadsafe(loop, nothing, NULL);
        wait_until(&calls, i);
        usleep(1000);
    }
    leash_call_soon_threadsafe(loop, set, promises[1]);
    leash_call_soon_threadsafe(loop, set, promises[0]);
    return unused;
}

static void one_that_is_reported_goes_on(void **state)
{
    (void)state;
    assert_int_equal(run_beside(wakes_in_vain_then_well, LEASH_ON_DEADLOCK_REPORT), 0);
    assert_int_equal(standstills, 1); /* also though the loop ran in between */
    assert_string_equal(told, "");
}

static void *wakes_each(void *unused)
{
    declare();
    for (unsigned i = 0; i < 2; i++) {
        wait_until(&standstills, i + 1);
        leash_call_soon_threadsafe(loop, set, promises[i]);
    }
    return unused;
}

static void the_next_one_is_reported_too(void **state)
{
    (void)state;
    assert_int_equal(run_beside(wakes_each, LEASH_ON_DEADLOCK_REPORT), 0);
    assert_int_equal(standstills, 2);
    assert_string_equal(told, "");
}

/* ---- on_deadlock=cancel ---- */

static leash_task_t a, b;

static int awaits(void *arg)
{
    return leash_await(*(leash_task_t *)arg, NULL);
}

static double waited;

/* Main is behind the cycle, while something else goes on. The cancellation goes round in it, and reaches none of them.
 */
static int behind_a_cycle(void *stubborn)
{
    double began = leash_time();
    a = start(awaits, &b, "a");
    b = start(awaits, &a, "b");
    leash_call_later(100, nothing, NULL);
    int rc = leash_await(a, NULL);
    waited = leash_time() - began;
    return stubborn ? leash_await(leash_future(), NULL) : rc;
}

static void main_behind_a_cycle_is_cancelled_at_once(void **state)
{
    (void)state;
    for (int stubborn = 0; stubborn < 2; stubborn++) {
        waited = -1;
        assert_int_equal(run_with(behind_a_cycle, stubborn ? &calls : NULL, LEASH_ON_DEADLOCK_CANCEL), -EDEADLK);
        assert_true(waited >= 0 && waited < 1);
        assert_non_null(strstr(told, "deadlock:a "));
    }
    waited = -1;
    assert_int_equal(run_with(behind_a_cycle, NULL, -1), -EDEADLK);
    assert_true(waited < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_woken_stood_not_still),
        cmocka_unit_test(a_standstill_when_the_process_ends_is_a_warning),
        cmocka_unit_test(with_the_threads_end_it_is_an_error),
        cmocka_unit_test(one_that_is_reported_goes_on),
        cmocka_unit_test(the_next_one_is_reported_too),
        cmocka_unit_test(main_behind_a_cycle_is_cancelled_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
