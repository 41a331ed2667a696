/* leash_semaphore_t: order, cancellation, bounds, what the trace is told, misuse. Order is compared with CPython itself
 * in tests/differential; here are its corners, those of CPython's own tests among them. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <limits.h>
#include <trace_format.h>

#include "sink.h"
#include "story.h"

struct scene {
    struct story story;
    leash_semaphore_t semaphore;
};

struct actor {
    struct scene *scene;
    const char *name;
};

/* Takes one and keeps it. */
static int takes(void *arg)
{
    struct actor *actor = arg;
    int rc = leash_semaphore_acquire(&actor->scene->semaphore);
    tell(&actor->scene->story, rc == 0 ? "%s in" : rc == -ECANCELED ? "%s cancelled" : "%s refused", actor->name);
    return rc;
}

static leash_task_t start_with(struct scene *scene, const char *name, leash_fn_t fn)
{
    struct actor actor = {scene, name};
    return leash_create_task_named(leash_coro_copy(fn, &actor, sizeof actor), name);
}

static leash_task_t start(struct scene *scene, const char *name)
{
    return start_with(scene, name, takes);
}

static void tell_state(struct scene *scene)
{
    tell(&scene->story, "value %d locked %d", leash_semaphore_value(&scene->semaphore),
         leash_semaphore_locked(&scene->semaphore));
}

static void check(leash_fn_t body, int value, const char *expected)
{
    struct scene scene = {.semaphore = LEASH_SEMAPHORE_INIT("slots", value)};
    int rc = run_virtual(body, &scene);
    assert_string_equal(scene.story.words, expected);
    assert_int_equal(rc, 0);
}

/* ---- order ---- */

static int counts(void *arg)
{
    struct scene *scene = arg;
    leash_semaphore_acquire(&scene->semaphore);
    leash_semaphore_acquire(&scene->semaphore);
    tell_state(scene);
    leash_task_t a = start(scene, "a"), b = start(scene, "b"), c = start(scene, "c");
    leash_sleep(0);
    tell_state(scene);
    leash_task_t d = start(scene, "d");
    leash_semaphore_release(&scene->semaphore);
    leash_semaphore_release(&scene->semaphore);
    tell_state(scene); /* both are b's and c's already */
    leash_sleep(0);
    tell_state(scene);
    leash_semaphore_release(&scene->semaphore);
    return leash_gather_wait(NULL, a, b, c, d);
}

static void test_counts(void **state)
{
    (void)state;
    check(counts, 3, "value 1 locked 0, a in, value 0 locked 1, value 0 locked 1, b in, c in, value 0 locked 1, d in");
}

static int two_turns(void *arg)
{
    struct actor *actor = arg;
    for (int turn = 1; turn <= 2; turn++) {
        leash_semaphore_acquire(&actor->scene->semaphore);
        tell(&actor->scene->story, "%s %d", actor->name, turn);
        leash_sleep(0.01);
        leash_semaphore_release(&actor->scene->semaphore);
    }
    return 0;
}

static int comes_again(void *arg)
{
    struct scene *scene = arg;
    return leash_gather_wait(NULL, start_with(scene, "a", two_turns), start_with(scene, "b", two_turns),
                             start_with(scene, "c", two_turns));
}

/* Who has just given one back stands behind those who wait. */
static void test_first_come_first_served(void **state)
{
    (void)state;
    check(comes_again, 1, "a 1, b 1, c 1, a 2, b 2, c 2");
}

static int gives_and_takes(void *arg)
{
    struct actor *actor = arg;
    takes(actor);
    leash_semaphore_release(&actor->scene->semaphore);
    return takes(actor);
}

static int two_given_at_once(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start_with(scene, "b", gives_and_takes), c = start(scene, "c");
    leash_sleep(0);
    leash_semaphore_release(&scene->semaphore);
    leash_semaphore_release(&scene->semaphore);
    return leash_gather_wait(NULL, a, b, c);
}

static void test_nobody_cuts_in(void **state)
{
    (void)state;
    check(two_given_at_once, 1, "a in, b in, c in, b in");
}

/* What is given while nobody waits is there for the next ones; a woken one passes on what is more than its own. */
static int given_to_one_that_wakes(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start(scene, "b");
    leash_sleep(0);
    leash_cancel(b, NULL); /* stands in line still, but is not woken */
    leash_semaphore_release(&scene->semaphore);
    leash_semaphore_release(&scene->semaphore);
    tell_state(scene);
    leash_task_t c = start(scene, "c"); /* does not cut in: a was woken, but has not gone yet */
    leash_gather_wait(NULL, leash_shield(a), leash_shield(b));
    return leash_await(c, NULL);
}

static void test_what_is_more_is_passed_on(void **state)
{
    (void)state;
    check(given_to_one_that_wakes, 0, "value 1 locked 1, b cancelled, a in, c in");
}

/* ---- cancellation ---- */

static int cancelled_in_line(void *arg)
{
    struct scene *scene = arg;
    leash_semaphore_acquire(&scene->semaphore);
    leash_task_t a = start(scene, "a");
    leash_sleep(0);
    leash_cancel(a, NULL);
    leash_await(a, NULL);
    leash_semaphore_release(&scene->semaphore);
    return leash_semaphore_destroy(&scene->semaphore); /* nobody is in line */
}

static void test_a_cancelled_waiter_leaves_the_line(void **state)
{
    (void)state;
    check(cancelled_in_line, 1, "a cancelled");
}

static int cancelled_before_woken(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start(scene, "b"), c = start(scene, "c"), d = start(scene, "d");
    leash_sleep(0);
    leash_cancel(a, NULL);
    leash_cancel(b, NULL);
    leash_semaphore_release(&scene->semaphore);
    leash_sleep(0);
    leash_sleep(0);
    tell(&scene->story, "c %s d %s", leash_done(c) ? "done" : "waits", leash_done(d) ? "done" : "waits");
    tell_state(scene);
    leash_cancel(d, NULL);
    leash_wait(((leash_awaitable_t[]){a, b, c, d}), 4, LEASH_ALL_COMPLETED, -1, NULL);
    return 0;
}

static void test_cancelled_waiters_are_passed_over(void **state)
{
    (void)state;
    check(cancelled_before_woken, 0, "a cancelled, b cancelled, c in, c done d waits, value 0 locked 1, d cancelled");
}

/* a was woken, and is cancelled before it runs: what was its own is b's. */
static int woken_and_cancelled(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start(scene, "b");
    leash_sleep(0);
    leash_semaphore_release(&scene->semaphore);
    leash_cancel(a, NULL);
    leash_wait(((leash_awaitable_t[]){a}), 1, LEASH_ALL_COMPLETED, -1, NULL);
    tell_state(scene);
    return leash_await(b, NULL);
}

static void test_a_woken_waiter_that_is_cancelled_passes_it_on(void **state)
{
    (void)state;
    check(woken_and_cancelled, 0, "a cancelled, b in, value 0 locked 1");
}

/* The same, and nobody else waits: it goes back. */
static int goes_back(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a");
    leash_sleep(0);
    leash_semaphore_release(&scene->semaphore);
    tell_state(scene);
    leash_cancel(a, NULL);
    leash_wait(((leash_awaitable_t[]){a}), 1, LEASH_ALL_COMPLETED, -1, NULL);
    tell_state(scene);
    return leash_semaphore_acquire(&scene->semaphore);
}

static void test_what_a_cancelled_one_had_goes_back(void **state)
{
    (void)state;
    check(goes_back, 0, "value 0 locked 1, a cancelled, value 1 locked 0");
}

struct no_hang {
    struct scene *scene;
    leash_task_t *other;
};

static int cancels_the_next(void *arg)
{
    struct no_hang *it = arg;
    leash_semaphore_acquire(&it->scene->semaphore);
    leash_sleep(0);
    leash_semaphore_release(&it->scene->semaphore);
    return leash_cancel(*it->other, NULL);
}

static int does_not_hang(void *arg)
{
    struct scene *scene = arg;
    leash_task_t b = NULL;
    struct no_hang it = {scene, &b};
    leash_task_t a = leash_create_task(leash_coro(cancels_the_next, &it));
    b = start(scene, "b");
    leash_wait(((leash_awaitable_t[]){a, b}), 2, LEASH_ALL_COMPLETED, -1, NULL);
    leash_timeout_t scope = leash_timeout_begin(1);
    return leash_timeout_end(scope, leash_semaphore_acquire(&scene->semaphore));
}

static void test_released_and_cancelled_at_once(void **state)
{
    (void)state;
    check(does_not_hang, 1, "b cancelled");
}

/* Those behind a cancelled one get what is given, in order. */
static int cancelled_in_front(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start(scene, "b"), c = start(scene, "c");
    leash_sleep(0);
    leash_cancel(a, NULL);
    leash_sleep(0);
    leash_semaphore_release(&scene->semaphore);
    leash_semaphore_release(&scene->semaphore);
    leash_gather_wait(NULL, b, c);
    tell_state(scene);
    return 0;
}

static void test_cancelled_in_front_of_others(void **state)
{
    (void)state;
    check(cancelled_in_front, 0, "a cancelled, b in, c in, value 0 locked 1");
}

/* Those who are cancelled, but have not left the line, hold nobody up. */
static int passes_the_cancelled(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a");
    leash_sleep(0);
    leash_cancel(a, NULL);
    leash_semaphore_release(&scene->semaphore);
    tell_state(scene);
    int rc = leash_semaphore_acquire(&scene->semaphore); /* at once */
    tell(&scene->story, "main in");
    leash_wait(((leash_awaitable_t[]){a}), 1, LEASH_ALL_COMPLETED, -1, NULL);
    return rc;
}

static void test_cancelled_waiters_do_not_count(void **state)
{
    (void)state;
    check(passes_the_cancelled, 0, "value 1 locked 0, main in, a cancelled");
}

static int limited(void *arg)
{
    struct scene *scene = arg;
    leash_timeout_t scope = leash_timeout_begin(2);
    int rc = leash_timeout_end(scope, leash_semaphore_acquire(&scene->semaphore));
    tell(&scene->story, rc == -ETIMEDOUT && leash_time() == 2 ? "too late" : "wrong");
    tell_state(scene);
    return 0;
}

static void test_a_limit(void **state)
{
    (void)state;
    check(limited, 0, "too late, value 0 locked 1");
}

/* ---- bounds ---- */

static int gives_more(void *arg)
{
    struct scene *scene = arg;
    int rc = leash_semaphore_release(&scene->semaphore);
    tell_state(scene);
    return rc;
}

static void test_unbounded(void **state)
{
    (void)state;
    check(gives_more, 1, "value 2 locked 0");
}

static int bounded(void *arg)
{
    struct scene *scene = arg;
    leash_bounded_semaphore_init(&scene->semaphore, "few", 2);
    int early = leash_semaphore_release(&scene->semaphore);
    int said = strstr(leash_last_error(), "semaphore \"few\" was released more often than acquired") != NULL;
    leash_semaphore_acquire(&scene->semaphore);
    int fine = leash_semaphore_release(&scene->semaphore), late = leash_semaphore_release(&scene->semaphore);
    tell_state(scene);
    return early == -EOVERFLOW && said && fine == 0 && late == -EOVERFLOW ? 0 : -EPROTO;
}

static void test_bounded(void **state)
{
    leash_semaphore_t one = LEASH_BOUNDED_SEMAPHORE_INIT("one", 1), most = LEASH_SEMAPHORE_INIT("most", INT_MAX);
    (void)state;
    check(bounded, 0, "value 2 locked 0");
    assert_int_equal(leash_semaphore_release(&one), -EOVERFLOW); /* also before any loop */
    assert_int_equal(leash_semaphore_release(&most), -EOVERFLOW);
    assert_int_equal(leash_semaphore_destroy(&one), 0);
    assert_int_equal(leash_semaphore_destroy(&most), 0);
}

/* ---- states ---- */

static int destroys(void *arg)
{
    struct scene *scene = arg;
    leash_semaphore_acquire(&scene->semaphore);
    int short_of_one = leash_semaphore_destroy(&scene->semaphore);
    int said = strstr(leash_last_error(), "not all that was acquired is released") != NULL;
    leash_task_t a = start(scene, "a");
    leash_sleep(0);
    leash_semaphore_release(&scene->semaphore);
    leash_semaphore_release(&scene->semaphore); /* the value is full, but a has not gone yet */
    int awaited = leash_semaphore_destroy(&scene->semaphore);
    said += strstr(leash_last_error(), "tasks wait for it") != NULL;
    leash_await(a, NULL);
    tell_state(scene);
    int free_again = leash_semaphore_destroy(&scene->semaphore);
    return short_of_one == -EBUSY && awaited == -EBUSY && said == 2 ? free_again : -EPROTO;
}

static void test_destroy_refuses_while_in_use(void **state)
{
    (void)state;
    check(destroys, 1, "a in, value 1 locked 0");
}

/* Of one that counts what others may go on with, nothing is ever held. */
static int signals(void *arg)
{
    struct scene *scene = arg;
    leash_semaphore_release(&scene->semaphore);
    leash_semaphore_release(&scene->semaphore);
    leash_await(start(scene, "a"), NULL);
    leash_await(start(scene, "b"), NULL);
    return leash_semaphore_destroy(&scene->semaphore);
}

static void test_what_was_given_by_nobody_is_not_owed(void **state)
{
    (void)state;
    check(signals, 0, "a in, b in");
}

static void test_begins_with_less_than_nothing(void **state)
{
    leash_semaphore_t semaphore;
    (void)state;
    leash_semaphore_init(&semaphore, "less", -1);
    assert_int_equal(leash_semaphore_release(&semaphore), -EINVAL);
    assert_non_null(strstr(leash_last_error(), "begins with -1"));
    assert_int_equal(leash_semaphore_locked(&semaphore), -EINVAL);
    assert_int_equal(leash_semaphore_value(&semaphore), -EINVAL);
    assert_null(semaphore.object.state);
}

/* ---- life ---- */

static int takes_one(void *arg)
{
    return leash_semaphore_acquire(arg);
}

static void test_each_loop_begins_anew(void **state)
{
    static leash_semaphore_t semaphore = LEASH_SEMAPHORE_INIT("static", 0);
    (void)state;
    assert_int_equal(leash_semaphore_release(&semaphore), 0); /* before any loop: for the first */
    assert_int_equal(leash_semaphore_value(&semaphore), 1);
    assert_int_equal(run_virtual(takes_one, &semaphore), 0);
    assert_int_equal(leash_semaphore_value(&semaphore), 0);
    assert_int_equal(run_virtual(takes_one, &semaphore), -EDEADLK);
    assert_int_equal(leash_semaphore_destroy(&semaphore), 0);
}

/* ---- what the trace is told ---- */

static int held_by_many(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, "a"), b = start(scene, "b"), c = start(scene, "c");
    leash_sleep(0);                             /* a and b have what there was, and c waits */
    leash_semaphore_release(&scene->semaphore); /* main holds none: the oldest hold ends, a's */
    return leash_gather_wait(NULL, a, b, c);
}

static void test_events(void **state)
{
    (void)state;
    sink_on(false);
    check(held_by_many, 2, "a in, b in, c in");
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0), *limit = sink_find(LEASH_EV_LIMIT, 0);
    assert_int_equal(made->b, LEASH_OBJECT_SEMAPHORE);
    assert_int_equal(limit->a, made->a);
    assert_int_equal(limit->b, 2);
    assert_int_equal(sink_count_of(LEASH_EV_LIMIT), 1);
    assert_int_equal(sink_count_of(LEASH_EV_ACQUIRED), 3);
    assert_int_equal(sink_find(LEASH_EV_ACQUIRED, 2)->b, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_RELEASED), 1);
    assert_int_equal(sink_find(LEASH_EV_RELEASED, 0)->a, sink_find(LEASH_EV_ACQUIRED, 0)->a);
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    sink_off();
}

/* Who holds one itself gives that one back, though another was taken earlier. */
static int gives_its_own(void *arg)
{
    struct scene *scene = arg;
    int rc = leash_await(start(scene, "a"), NULL);
    leash_semaphore_acquire(&scene->semaphore);
    leash_semaphore_release(&scene->semaphore);
    return rc;
}

static void test_everybody_gives_its_own(void **state)
{
    (void)state;
    sink_on(false);
    check(gives_its_own, 2, "a in");
    assert_int_equal(sink_count_of(LEASH_EV_ACQUIRED), 2);
    assert_int_equal(sink_find(LEASH_EV_RELEASED, 0)->a, sink_find(LEASH_EV_ACQUIRED, 1)->a);
    sink_off();
}

/* The fact that the end of the loop told of the only object; 0: none. */
static unsigned judged(leash_fn_t body, int value)
{
    struct scene scene = {.semaphore = LEASH_SEMAPHORE_INIT("slots", value)};
    unsigned facts = 0;
    sink_on(false);
    assert_int_equal(run_virtual(body, &scene), 0);
    for (size_t i = 0; i < sink_count_of(LEASH_EV_JUDGED); i++)
        if (sink_find(LEASH_EV_JUDGED, i)->b == LEASH_SUBJECT_OBJECT)
            facts |= (unsigned)sink_find(LEASH_EV_JUDGED, i)->c;
    sink_off();
    return facts;
}

static int keeps_one(void *arg)
{
    struct scene *scene = arg;
    return leash_await(start(scene, "a"), NULL);
}

static int gives_it_back(void *arg)
{
    struct scene *scene = arg;
    int rc = keeps_one(arg);
    leash_semaphore_release(&scene->semaphore);
    return rc;
}

static int is_given_one(void *arg)
{
    struct scene *scene = arg;
    leash_semaphore_release(&scene->semaphore);
    return keeps_one(arg);
}

static void test_short_at_the_end(void **state)
{
    (void)state;
    assert_int_equal(judged(keeps_one, 1), LEASH_FACT_SHORT);
    assert_int_equal(judged(gives_it_back, 1), 0);
    assert_int_equal(judged(is_given_one, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_first_come_first_served),
        cmocka_unit_test(test_nobody_cuts_in),
        cmocka_unit_test(test_what_is_more_is_passed_on),
        cmocka_unit_test(test_a_cancelled_waiter_leaves_the_line),
        cmocka_unit_test(test_cancelled_waiters_are_passed_over),
        cmocka_unit_test(test_a_woken_waiter_that_is_cancelled_passes_it_on),
        cmocka_unit_test(test_what_a_cancelled_one_had_goes_back),
        cmocka_unit_test(test_released_and_cancelled_at_once),
        cmocka_unit_test(test_cancelled_in_front_of_others),
        cmocka_unit_test(test_cancelled_waiters_do_not_count),
        cmocka_unit_test(test_a_limit),
        cmocka_unit_test(test_unbounded),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_destroy_refuses_while_in_use),
        cmocka_unit_test(test_what_was_given_by_nobody_is_not_owed),
        cmocka_unit_test(test_begins_with_less_than_nothing),
        cmocka_unit_test(test_each_loop_begins_anew),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_everybody_gives_its_own),
        cmocka_unit_test(test_short_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
