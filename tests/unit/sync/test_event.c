/* leash_event_t: order, cancellation, flags from before a loop, what the trace is told, misuse. Order is compared with
 * CPython itself in tests/differential; here are its corners, those of CPython's own tests among them. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <pthread.h>
#include <trace_format.h>

#include "sink.h"
#include "story.h"

struct scene {
    struct story story;
    leash_event_t event;
};

struct actor {
    struct scene *scene;
    const char *name;
};

static int waits(void *arg)
{
    struct actor *actor = arg;
    int rc = leash_event_wait(&actor->scene->event);
    tell(&actor->scene->story, rc == 0 ? "%s on" : rc == -ECANCELED ? "%s cancelled" : "%s refused", actor->name);
    return rc;
}

static leash_task_t start(struct scene *scene, const char *name)
{
    struct actor actor = {scene, name};
    return leash_create_task_named(leash_coro_copy(waits, &actor, sizeof actor), name);
}

static void tell_flag(struct scene *scene)
{
    tell(&scene->story, leash_event_is_set(&scene->event) ? "set" : "not set");
}

static void check(leash_fn_t body, const char *expected)
{
    struct scene scene = {.event = LEASH_EVENT_INIT("ready")};
    int rc = run_virtual(body, &scene);
    assert_string_equal(scene.story.words, expected);
    assert_int_equal(rc, 0);
}

/* ---- order ---- */

static int wakes_all(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start(scene, "b");
    leash_sleep(0);
    leash_task_t c = start(scene, "c"); /* runs before those who are woken, and need not wait */
    tell_flag(scene);
    leash_event_set(&scene->event);
    leash_sleep(0);
    tell_flag(scene);
    return leash_gather_wait(NULL, a, b, c);
}

static void test_wakes_all_in_order(void **state)
{
    (void)state;
    check(wakes_all, "not set, c on, a on, b on, set");
}

static int is_set_already(void *arg)
{
    struct scene *scene = arg;
    leash_event_set(&scene->event);
    double before = leash_time();
    int rc = leash_event_wait(&scene->event);
    tell(&scene->story, leash_time() == before ? "at once" : "late");
    return rc;
}

static void test_waiting_for_what_is_set(void **state)
{
    (void)state;
    check(is_set_already, "at once");
}

static int sets_and_clears(void *arg)
{
    struct scene *scene = arg;
    tell_flag(scene);
    leash_event_set(&scene->event);
    tell_flag(scene);
    leash_event_clear(&scene->event);
    tell_flag(scene);
    return 0;
}

static void test_clear(void **state)
{
    (void)state;
    check(sets_and_clears, "not set, set, not set");
}

/* Who was woken goes on, though the flag is down again; who comes then waits. */
static int cleared_before_it_ran(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a");
    leash_sleep(0);
    leash_event_set(&scene->event);
    leash_event_clear(&scene->event);
    tell_flag(scene);
    leash_task_t b = start(scene, "b");
    leash_sleep(0);
    tell(&scene->story, leash_done(b) ? "b done" : "b waits");
    leash_event_set(&scene->event);
    leash_event_set(&scene->event);
    return leash_gather_wait(NULL, a, b);
}

static void test_cleared_while_they_wake(void **state)
{
    (void)state;
    check(cleared_before_it_ran, "not set, a on, b waits, b on");
}

static void set_it(void *arg)
{
    struct scene *scene = arg;
    leash_event_set(&scene->event);
}

static int set_by_a_callback(void *arg)
{
    struct scene *scene = arg;
    leash_call_later(3, set_it, scene);
    int rc = leash_event_wait(&scene->event);
    tell(&scene->story, leash_time() == 3 ? "after 3 s" : "wrong");
    return rc;
}

static void test_set_by_a_callback(void **state)
{
    (void)state;
    check(set_by_a_callback, "after 3 s");
}

/* ---- cancellation ---- */

static int cancelled(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start(scene, "b");
    leash_sleep(0);
    leash_cancel(a, NULL);
    leash_event_set(&scene->event); /* a stands in line still */
    leash_await(a, NULL);
    leash_await(b, NULL);
    return leash_event_destroy(&scene->event); /* nobody is in line */
}

static void test_a_cancelled_waiter_leaves_the_line(void **state)
{
    (void)state;
    check(cancelled, "a cancelled, b on");
}

static int woken_and_cancelled(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start(scene, "b");
    leash_sleep(0);
    leash_event_set(&scene->event);
    leash_cancel(a, NULL);
    leash_await(a, NULL);
    return leash_await(b, NULL);
}

static void test_woken_and_cancelled(void **state)
{
    (void)state;
    check(woken_and_cancelled, "a cancelled, b on");
}

static int limited(void *arg)
{
    struct scene *scene = arg;
    leash_timeout_t scope = leash_timeout_begin(2);
    int rc = leash_timeout_end(scope, leash_event_wait(&scene->event));
    tell(&scene->story, rc == -ETIMEDOUT && leash_time() == 2 ? "too late" : "wrong");
    return leash_event_destroy(&scene->event);
}

static void test_a_limit(void **state)
{
    (void)state;
    check(limited, "too late");
}

/* ---- misuse ---- */

static int destroys(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a");
    leash_sleep(0);
    int waited_for = leash_event_destroy(&scene->event);
    leash_event_set(&scene->event);
    int woken = leash_event_destroy(&scene->event);
    int said = strstr(leash_last_error(), "event \"ready\": tasks wait for it") != NULL;
    leash_await(a, NULL);
    int free_again = leash_event_destroy(&scene->event);
    tell_flag(scene); /* as if new */
    return waited_for == -EBUSY && woken == -EBUSY && said ? free_again : -EPROTO;
}

static void test_destroy_refuses_while_somebody_waits(void **state)
{
    (void)state;
    check(destroys, "a on, not set");
}

/* ---- life ---- */

static int waits_for_it(void *arg)
{
    return leash_event_wait(arg);
}

static void test_a_flag_from_before_the_loop(void **state)
{
    leash_event_t event;
    (void)state;
    leash_event_init(&event, "early");
    assert_int_equal(leash_event_set(&event), 0);
    assert_int_equal(leash_event_is_set(&event), 1);
    assert_int_equal(run_virtual(waits_for_it, &event), 0);
    assert_int_equal(leash_event_is_set(&event), 0); /* that one went with its loop */
    assert_int_equal(run_virtual(waits_for_it, &event), -EDEADLK);
    leash_event_set(&event);
    leash_event_clear(&event);
    assert_int_equal(run_virtual(waits_for_it, &event), -EDEADLK);
    assert_int_equal(leash_event_destroy(&event), 0);
}

static void *sets_elsewhere(void *arg)
{
    return leash_event_set(arg) ? arg : NULL;
}

/* By a thread that has nothing else to do with leash. */
static void test_a_flag_of_another_thread(void **state)
{
    static leash_event_t event = LEASH_EVENT_INIT("static");
    pthread_t thread;
    void *refused;
    (void)state;
    assert_int_equal(leash_event_is_set(&event), 0);
    pthread_create(&thread, NULL, sets_elsewhere, &event);
    pthread_join(thread, &refused);
    assert_null(refused);
    assert_int_equal(run_virtual(waits_for_it, &event), 0);
}

static void set_as_it_goes(void *event)
{
    leash_event_set(event);
    leash_event_destroy(event);
}

static int owns_a_result(void *arg)
{
    leash_return_own(arg, set_as_it_goes);
    return leash_event_wait(arg);
}

/* The tasks whose stacks are thrown away at the end of a deadlock stood in line; nobody looks for them there. */
static int dead_lock(void *arg)
{
    leash_detach(leash_create_task(leash_coro(owns_a_result, arg)));
    return leash_event_wait(arg);
}

static void test_set_when_the_loop_is_over(void **state)
{
    leash_event_t event = LEASH_EVENT_INIT("late");
    (void)state;
    assert_int_equal(run_virtual(dead_lock, &event), -EDEADLK);
    assert_null(event.object.state);
}

/* ---- what the trace is told ---- */

static int changes(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a");
    leash_sleep(0);
    leash_event_clear(&scene->event); /* is not set */
    leash_event_set(&scene->event);
    leash_event_set(&scene->event);
    leash_await(a, NULL);
    leash_event_clear(&scene->event);
    leash_call_soon(set_it, scene);
    return leash_event_wait(&scene->event);
}

static void test_events(void **state)
{
    (void)state;
    sink_on(false);
    check(changes, "a on");
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0), *name = sink_find(LEASH_EV_NAME, 1);
    uint64_t main_task = sink_find(LEASH_EV_LOOP_BEGIN, 0)->b;
    assert_int_equal(made->b, LEASH_OBJECT_EVENT);
    assert_string_equal(name->text, "ready");
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_SET), 2); /* what changed something */
    assert_int_equal(sink_find(LEASH_EV_SET, 0)->a, made->a);
    assert_int_equal(sink_find(LEASH_EV_SET, 0)->b, main_task);
    assert_int_equal(sink_find(LEASH_EV_SET, 1)->b, 0); /* the callback */
    assert_int_equal(sink_count_of(LEASH_EV_CLEARED), 1);
    assert_int_equal(sink_find(LEASH_EV_CLEARED, 0)->a, made->a);
    assert_int_equal(sink_find(LEASH_EV_CLEARED, 0)->b, main_task);
    sink_off();
}

static void test_set_before_anybody_recorded(void **state)
{
    leash_event_t event = LEASH_EVENT_INIT("early");
    (void)state;
    leash_event_set(&event);
    sink_on(false);
    assert_int_equal(run_virtual(waits_for_it, &event), 0);
    assert_int_equal(sink_count_of(LEASH_EV_SET), 1);
    assert_int_equal(sink_find(LEASH_EV_SET, 0)->a, sink_find(LEASH_EV_OBJECT, 0)->a);
    sink_off();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_wakes_all_in_order),
        leash_cmocka_unit_test(test_waiting_for_what_is_set),
        leash_cmocka_unit_test(test_clear),
        leash_cmocka_unit_test(test_cleared_while_they_wake),
        leash_cmocka_unit_test(test_set_by_a_callback),
        leash_cmocka_unit_test(test_a_cancelled_waiter_leaves_the_line),
        leash_cmocka_unit_test(test_woken_and_cancelled),
        leash_cmocka_unit_test(test_a_limit),
        leash_cmocka_unit_test(test_destroy_refuses_while_somebody_waits),
        cmocka_unit_test(test_a_flag_from_before_the_loop),
        leash_cmocka_unit_test(test_a_flag_of_another_thread),
        cmocka_unit_test(test_set_when_the_loop_is_over),
        leash_cmocka_unit_test(test_events),
        leash_cmocka_unit_test(test_set_before_anybody_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
