/* leash_barrier_t: filling, draining, cancellation, what the trace is told, misuse. Order is compared with CPython
 * itself in tests/differential; here are its corners, those of CPython's own tests among them. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <trace_format.h>

#include "barriers.h"
#include "sink.h"

/* ---- filling and draining ---- */

static int one_by_one(void *arg)
{
    struct scene *scene = arg;
    tell_state(scene);
    leash_task_t a = start(scene, 'a', waits);
    leash_sleep(0);
    tell_state(scene);
    leash_task_t b = start(scene, 'b', waits);
    leash_sleep(0);
    tell_state(scene);
    leash_task_t c = start(scene, 'c', waits);
    leash_sleep(0);
    tell_state(scene); /* c is through, and the others are on their way */
    leash_gather_wait(NULL, a, b, c);
    tell_state(scene);
    return 0;
}

static void test_filling_one_by_one(void **state)
{
    (void)state;
    check(one_by_one, 3, "0/3, 1/3, 2/3, c2, 0/3, a0, b1, 0/3");
}

static int alone(void *arg)
{
    struct scene *scene = arg;
    double before = leash_time();
    int first = leash_barrier_wait(&scene->barrier), second = leash_barrier_wait(&scene->barrier);
    tell_state(scene);
    return first == 0 && second == 0 && leash_time() == before ? 0 : -EPROTO;
}

static void test_a_barrier_of_one(void **state)
{
    (void)state;
    check(alone, 1, "0/1");
}

/* ... and in tasks of their own, one after the other. */
static int one_twice(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, 'a', waits);
    leash_sleep(0);
    leash_task_t b = start(scene, 'b', waits);
    leash_sleep(0);
    tell(&scene->story, "%d%d", leash_done(a), leash_done(b));
    return leash_gather_wait(NULL, a, b);
}

static void test_a_barrier_of_one_twice(void **state)
{
    (void)state;
    check(one_twice, 1, "a0, b0, 11");
}

static int waits_twice(void *arg)
{
    waits(arg);
    return waits(arg);
}

static int everybody_twice(void *arg)
{
    struct scene *scene = arg;
    int rc = all(scene, "abcde", waits_twice);
    tell_state(scene);
    return rc;
}

/* e goes on at once, and comes back while the others drain: it waits for them to leave. So does each but d, the last
 * one to leave, which is the first of the second time then. */
static void test_everybody_twice(void **state)
{
    (void)state;
    check(everybody_twice, PARTIES, "e4, a0, b1, c2, d3, c4, d0, e1, a2, b3, 0/5");
}

static int enters_while_it_drains(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, 'a', waits), b = start(scene, 'b', waits), late = start(scene, 'l', waits);
    leash_sleep(0);
    tell_state(scene); /* draining: b is through, l waits to come in */
    leash_gather_wait(NULL, a, b);
    leash_sleep(0);
    tell_state(scene);
    leash_task_t last = start(scene, 'm', waits);
    return leash_gather_wait(NULL, late, last);
}

static void test_who_comes_while_it_drains(void **state)
{
    (void)state;
    check(enters_while_it_drains, 2, "b1, 0/2, a0, 1/2, m1, l0");
}

/* Two of five come again at once; the others meet at another barrier first: that holds them up until all are out. */
static int some_come_again(void *arg)
{
    struct actor *actor = arg;
    int rc = waits(arg);
    if (rc >= 0 && ++actor->scene->passed > 2)
        rc = wait_at(actor, &actor->scene->other);
    return rc < 0 ? rc : waits(arg);
}

static int blocks_while_draining(void *arg)
{
    struct scene *scene = arg;
    leash_barrier_init(&scene->other, "others", 3);
    return all(scene, "abcde", some_come_again);
}

static void test_some_are_held_up_while_it_drains(void **state)
{
    (void)state;
    check(blocks_while_draining, PARTIES, "e4, a0, b1, c2, d3, d2, b0, c1, c4, d0, e1, a2, b3");
}

/* ---- cancellation ---- */

static int one_is_cancelled(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, 'a', waits), b = start(scene, 'b', waits);
    leash_sleep(0);
    tell_state(scene);
    leash_cancel(a, NULL);
    leash_sleep(0);
    tell_state(scene);
    leash_await(a, NULL);
    leash_task_t c = start(scene, 'c', waits);
    leash_sleep(0);
    tell_state(scene);
    leash_task_t d = start(scene, 'd', waits);
    leash_gather_wait(NULL, b, c, d);
    tell_state(scene);
    return leash_barrier_destroy(&scene->barrier);
}

static void test_a_cancelled_one_does_not_count(void **state)
{
    (void)state;
    check(one_is_cancelled, 3, "2/3, a cancelled, 1/3, 2/3, d2, b1, c1, 0/3");
}

/* Cancelled when it was let through, but had not gone: the others go on, and the barrier fills again. */
static int cancelled_while_draining(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, 'a', waits), b = start(scene, 'b', waits);
    leash_sleep(0);
    leash_cancel(a, NULL);
    leash_await(a, NULL);
    leash_await(b, NULL);
    return all(scene, "cd", waits);
}

static void test_cancelled_while_it_drains(void **state)
{
    (void)state;
    check(cancelled_while_draining, 2, "b1, a cancelled, d1, c0");
}

/* Cancelled while it waits to come in: it never was in. */
static int cancelled_before_it_came_in(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, 'a', waits), b = start(scene, 'b', waits), c = start(scene, 'c', waits);
    leash_sleep(0);
    leash_cancel(c, NULL);
    leash_await(c, NULL);
    leash_gather_wait(NULL, a, b);
    tell_state(scene);
    return leash_barrier_destroy(&scene->barrier);
}

static void test_cancelled_before_it_came_in(void **state)
{
    (void)state;
    check(cancelled_before_it_came_in, 2, "b1, a0, c cancelled, 0/2");
}

static int limited(void *arg)
{
    struct scene *scene = arg;
    leash_timeout_t scope = leash_timeout_begin(2);
    int rc = leash_timeout_end(scope, leash_barrier_wait(&scene->barrier));
    tell(&scene->story, rc == -ETIMEDOUT && leash_time() == 2 ? "too late" : "wrong");
    tell_state(scene);
    return 0;
}

static void test_a_limit(void **state)
{
    (void)state;
    check(limited, 2, "too late, 0/2");
}

/* ---- misuse ---- */

static int destroys(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, 'a', waits);
    leash_sleep(0);
    int waited_for = leash_barrier_destroy(&scene->barrier);
    leash_barrier_wait(&scene->barrier);
    int draining = leash_barrier_destroy(&scene->barrier);
    leash_await(a, NULL);
    return waited_for == -EBUSY && draining == -EBUSY ? leash_barrier_destroy(&scene->barrier) : -EPROTO;
}

static void test_destroy_refuses_while_somebody_waits(void **state)
{
    (void)state;
    check(destroys, 2, "a0");
}

static void test_too_few_parties(void **state)
{
    leash_barrier_t none = LEASH_BARRIER_INIT("none", 0), less;
    (void)state;
    leash_barrier_init(&less, "less", -4);
    assert_int_equal(leash_barrier_parties(&none), -EINVAL);
    assert_int_equal(leash_barrier_reset(&less), -EINVAL);
    assert_non_null(strstr(leash_last_error(), "-4 parties"));
    assert_null(less.object.state);
}

/* ---- life ---- */

static int waits_for_it(void *arg)
{
    return leash_barrier_wait(arg);
}

static void test_each_loop_begins_anew(void **state)
{
    static leash_barrier_t barrier = LEASH_BARRIER_INIT("static", 2);
    (void)state;
    assert_int_equal(leash_barrier_abort(&barrier), 0); /* before any loop: for the first */
    assert_int_equal(run_virtual(waits_for_it, &barrier), -EPIPE);
    assert_int_equal(run_virtual(waits_for_it, &barrier), -EDEADLK);
    assert_int_equal(leash_barrier_n_waiting(&barrier), 0);
    assert_int_equal(leash_barrier_destroy(&barrier), 0);
}

/* ---- what the trace is told ---- */

static int fills_and_breaks(void *arg)
{
    struct scene *scene = arg;
    all(scene, "ab", waits);
    leash_barrier_abort(&scene->barrier);
    leash_barrier_abort(&scene->barrier); /* is broken already */
    return 0;
}

static void test_events(void **state)
{
    (void)state;
    sink_on(false);
    check(fills_and_breaks, 2, "b1, a0");
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 1), *limit = sink_find(LEASH_EV_LIMIT, 0);
    assert_int_equal(made->b, LEASH_OBJECT_BARRIER);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, "phase");
    assert_int_equal(limit->a, made->a);
    assert_int_equal(limit->b, 2);
    assert_int_equal(sink_count_of(LEASH_EV_AWAIT_OBJECT), 2); /* the gather, and a; b need not wait */
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 1)->b, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_SHUT), 1);
    assert_int_equal(sink_find(LEASH_EV_SHUT, 0)->a, made->a);
    assert_int_equal(sink_find(LEASH_EV_SHUT, 0)->b, sink_find(LEASH_EV_LOOP_BEGIN, 0)->b);
    sink_off();
}

static void test_broken_before_anybody_recorded(void **state)
{
    leash_barrier_t barrier = LEASH_BARRIER_INIT("early", 2);
    (void)state;
    leash_barrier_abort(&barrier);
    sink_on(false);
    assert_int_equal(run_virtual(waits_for_it, &barrier), -EPIPE);
    assert_int_equal(sink_find(LEASH_EV_LIMIT, 0)->b, 2);
    assert_int_equal(sink_find(LEASH_EV_SHUT, 0)->a, sink_find(LEASH_EV_OBJECT, 0)->a);
    sink_off();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_filling_one_by_one),
        leash_cmocka_unit_test(test_a_barrier_of_one),
        leash_cmocka_unit_test(test_a_barrier_of_one_twice),
        leash_cmocka_unit_test(test_everybody_twice),
        leash_cmocka_unit_test(test_who_comes_while_it_drains),
        leash_cmocka_unit_test(test_some_are_held_up_while_it_drains),
        leash_cmocka_unit_test(test_a_cancelled_one_does_not_count),
        leash_cmocka_unit_test(test_cancelled_while_it_drains),
        leash_cmocka_unit_test(test_cancelled_before_it_came_in),
        leash_cmocka_unit_test(test_a_limit),
        leash_cmocka_unit_test(test_destroy_refuses_while_somebody_waits),
        leash_cmocka_unit_test(test_too_few_parties),
        cmocka_unit_test(test_each_loop_begins_anew),
        leash_cmocka_unit_test(test_events),
        leash_cmocka_unit_test(test_broken_before_anybody_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
