/* leash_lock_t: order, cancellation, what the trace is told, misuse. Order is compared with CPython itself in
 * tests/differential; here are its corners. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>

#include "sink.h"

/* What happened, a word each. */
struct story {
    char words[512];
    leash_lock_t lock;
    leash_task_t tasks[8];
};

struct actor {
    struct story *story;
    const char *name;
    double holds; /* seconds */
};

static void say(struct story *story, const char *what, const char *name)
{
    size_t length = strlen(story->words);
    snprintf(story->words + length, sizeof story->words - length, "%s%s %s", length ? ", " : "", name, what);
}

static int hold_it(void *arg)
{
    struct actor *actor = arg;
    int rc = leash_lock_acquire(&actor->story->lock);
    if (rc < 0) {
        say(actor->story, rc == -ECANCELED ? "cancelled" : "refused", actor->name);
        return rc;
    }
    say(actor->story, "in", actor->name);
    rc = leash_sleep(actor->holds);
    say(actor->story, "out", actor->name);
    int released = leash_lock_release(&actor->story->lock);
    return rc < 0 ? rc : released;
}

static leash_task_t start(struct story *story, const char *name, double holds)
{
    struct actor actor = {story, name, holds};
    return leash_create_task_named(leash_coro_copy(hold_it, &actor, sizeof actor), name);
}

static int check(leash_fn_t body, const char *expected)
{
    struct story story = {.lock = LEASH_LOCK_INIT("jobs")};
    int rc = run_virtual(body, &story);
    assert_string_equal(story.words, expected);
    return rc;
}

/* ---- order ---- */

static int takes_turns(void *arg)
{
    struct story *story = arg;
    leash_task_t a = start(story, "a", 1), b = start(story, "b", 0), c = start(story, "c", 0);
    return leash_gather_wait(NULL, a, b, c);
}

static void test_first_come_first_served(void **state)
{
    (void)state;
    assert_int_equal(check(takes_turns, "a in, a out, b in, b out, c in, c out"), 0);
}

/* Who comes while another was woken, but has not run yet, waits behind it. */
static int nobody_cuts_in(void *arg)
{
    struct story *story = arg;
    leash_task_t a = start(story, "a", 0), b = start(story, "b", 0);
    leash_sleep(0); /* a is in, b waits */
    leash_sleep(0); /* a is out, b is woken */
    leash_task_t c = start(story, "c", 0);
    return leash_gather_wait(NULL, a, b, c);
}

static void test_no_cutting_in(void **state)
{
    (void)state;
    assert_int_equal(check(nobody_cuts_in, "a in, a out, b in, b out, c in, c out"), 0);
}

/* ---- cancellation ---- */

/* b was woken and is cancelled before it runs: c must be woken in its place. */
static int woken_and_cancelled(void *arg)
{
    struct story *story = arg;
    int rc = leash_lock_acquire(&story->lock);
    leash_task_t b = start(story, "b", 0), c = start(story, "c", 0);
    leash_sleep(0);
    leash_lock_release(&story->lock);
    leash_cancel(b, NULL);
    if (rc < 0 || leash_await(b, NULL) != -ECANCELED)
        return -EPROTO;
    return leash_await(c, NULL);
}

static void test_a_cancelled_waiter_passes_it_on(void **state)
{
    (void)state;
    assert_int_equal(check(woken_and_cancelled, "b cancelled, c in, c out"), 0);
}

/* The same, but b is cancelled before the lock is released: it stands in line still, and nobody else is woken then. */
static int cancelled_in_front(void *arg)
{
    struct story *story = arg;
    int rc = leash_lock_acquire(&story->lock);
    leash_task_t b = start(story, "b", 0), c = start(story, "c", 0), d = start(story, "d", 0);
    leash_sleep(0);
    leash_cancel(b, NULL);
    leash_lock_release(&story->lock);
    if (rc < 0 || leash_await(b, NULL) != -ECANCELED)
        return -EPROTO;
    return leash_gather_wait(NULL, c, d);
}

static void test_a_cancelled_waiter_in_front(void **state)
{
    (void)state;
    assert_int_equal(check(cancelled_in_front, "b cancelled, c in, c out, d in, d out"), 0);
}

static int all_waiters_cancelled(void *arg)
{
    struct story *story = arg;
    leash_lock_acquire(&story->lock);
    leash_task_t b = start(story, "b", 0), c = start(story, "c", 0);
    leash_sleep(0);
    leash_cancel(b, NULL);
    leash_cancel(c, NULL);
    leash_lock_release(&story->lock);
    int rc = leash_lock_acquire(&story->lock); /* at once, though b and c still stand in line */
    say(story, "in", "main");
    leash_gather_wait(NULL, leash_shield(b), leash_shield(c));
    return rc < 0 ? rc : leash_lock_release(&story->lock);
}

static void test_cancelled_waiters_do_not_count(void **state)
{
    (void)state;
    assert_int_equal(check(all_waiters_cancelled, "main in, b cancelled, c cancelled"), 0);
}

static int limited(void *arg)
{
    struct story *story = arg;
    leash_task_t a = start(story, "a", 5);
    leash_sleep(0);
    leash_timeout_t scope = leash_timeout_begin(1);
    int rc = leash_timeout_end(scope, leash_lock_acquire(&story->lock));
    say(story, rc == -ETIMEDOUT && leash_time() == 1 ? "too late" : "wrong", "main");
    return leash_await(a, NULL);
}

static void test_a_limit(void **state)
{
    (void)state;
    assert_int_equal(check(limited, "a in, main too late, a out"), 0);
}

/* ---- states and misuse ---- */

static int asks(void *arg)
{
    struct story *story = arg;
    int before = leash_lock_locked(&story->lock);
    leash_lock_acquire(&story->lock);
    int held = leash_lock_locked(&story->lock), busy = leash_lock_destroy(&story->lock);
    leash_lock_release(&story->lock);
    int released = leash_lock_locked(&story->lock), twice = leash_lock_release(&story->lock);
    if (before != 0 || held != 1 || busy != -EBUSY || released != 0 || twice != -EINVAL)
        return -EPROTO;
    if (!strstr(leash_last_error(), "lock \"jobs\" is not held"))
        return -EPROTO;
    return leash_lock_destroy(&story->lock);
}

static void test_states(void **state)
{
    (void)state;
    assert_int_equal(check(asks, ""), 0);
}

static int destroys_while_waited_for(void *arg)
{
    struct story *story = arg;
    leash_lock_acquire(&story->lock);
    leash_task_t b = start(story, "b", 0);
    leash_sleep(0);
    leash_lock_release(&story->lock);
    if (leash_lock_destroy(&story->lock) != -EBUSY)
        return -EPROTO;
    return leash_await(b, NULL) ? -EPROTO : leash_lock_destroy(&story->lock);
}

static void test_destroy_refuses_while_somebody_waits(void **state)
{
    (void)state;
    assert_int_equal(check(destroys_while_waited_for, "b in, b out"), 0);
}

static void test_misuse(void **state)
{
    leash_lock_t lock = LEASH_LOCK_INIT(NULL);
    (void)state;
    assert_int_equal(leash_lock_acquire(&lock), -EPERM); /* no task */
    assert_int_equal(leash_lock_acquire(NULL), -EPERM);
    assert_int_equal(leash_lock_release(NULL), -EINVAL);
    assert_int_equal(leash_lock_release(&lock), -EINVAL);
    assert_int_equal(leash_lock_locked(&lock), 0);
    assert_int_equal(leash_lock_destroy(&lock), 0);
    assert_int_equal(leash_lock_destroy(&lock), 0);
    assert_int_equal(leash_lock_destroy(NULL), -EINVAL);
    lock.object.state = &lock; /* was never initialised */
    assert_int_equal(leash_lock_locked(&lock), -EINVAL);
}

/* ---- life ---- */

static int leaves_it_held(void *arg)
{
    return leash_lock_acquire(arg);
}

static void test_each_loop_begins_anew(void **state)
{
    static leash_lock_t lock = LEASH_LOCK_INIT("static");
    (void)state;
    assert_int_equal(leash_lock_locked(&lock), 0); /* before any loop */
    assert_int_equal(run_virtual(leaves_it_held, &lock), 0);
    assert_int_equal(run_virtual(leaves_it_held, &lock), 0);
}

static int waits_on(void *arg)
{
    return leash_lock_acquire(arg);
}

/* The struct lies on main's stack, and main is gone when the clean-up cancels those who wait. */
static int main_leaves(void *arg)
{
    leash_lock_t lock = LEASH_LOCK_INIT("gone");
    leash_task_t *tasks = arg;
    leash_lock_acquire(&lock);
    for (int i = 0; i < 3; i++)
        tasks[i] = leash_create_task(leash_coro(waits_on, &lock));
    leash_sleep(0);
    memset(&lock, 0xa5, sizeof lock);
    return 0;
}

static void test_a_lock_outlives_its_struct(void **state)
{
    leash_task_t tasks[3];
    (void)state;
    assert_int_equal(run_virtual(main_leaves, tasks), 0);
}

struct elsewhere {
    leash_lock_t lock;
    int rc;
};

static int elsewhere(void *arg)
{
    struct elsewhere *other = arg;
    return other->rc = leash_lock_acquire(&other->lock);
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
    pthread_create(&thread, NULL, run_elsewhere, other);
    pthread_join(thread, NULL);
    return leash_lock_release(&other->lock);
}

static void test_another_loop_is_refused(void **state)
{
    struct elsewhere other = {.lock = LEASH_LOCK_INIT("shared")};
    (void)state;
    assert_int_equal(run_virtual(shares, &other), 0);
    assert_int_equal(other.rc, -EPERM);
}

/* ---- what the trace and the dump tell ---- */

static void test_events(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(check(takes_turns, "a in, a out, b in, b out, c in, c out"), 0);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 1), *name = sink_find(LEASH_EV_NAME, 3);
    assert_int_equal(made->b, LEASH_OBJECT_LOCK);
    assert_string_equal(name->text, "jobs");
    assert_int_equal(name->a, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_ACQUIRED), 3);
    assert_int_equal(sink_count_of(LEASH_EV_RELEASED), 3);
    assert_int_equal(sink_count_of(LEASH_EV_AWAIT_OBJECT), 3); /* b, c, and the gather */
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sink_find(LEASH_EV_ACQUIRED, i)->b, made->a);
        assert_int_equal(sink_find(LEASH_EV_ACQUIRED, i)->a, sink_find(LEASH_EV_RELEASED, i)->a);
    }
    sink_off();
}

static int dumps(void *arg)
{
    struct story *story = arg;
    leash_task_t a = start(story, "a", 1), b = start(story, "b", 0);
    leash_sleep(0);
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    say(story, strstr(text, "for lock \"jobs\", held by task #") && strstr(text, " \"a\" at ") ? "dumped" : text,
        "main");
    free(text);
    return leash_gather_wait(NULL, a, b);
}

static void test_dump(void **state)
{
    struct story story = {.lock = LEASH_LOCK_INIT("jobs")};
    (void)state;
    assert_int_equal(run_virtual(dumps, &story), 0);
    assert_non_null(strstr(story.words, "main dumped"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_first_come_first_served),
        leash_cmocka_unit_test(test_no_cutting_in),
        leash_cmocka_unit_test(test_a_cancelled_waiter_passes_it_on),
        leash_cmocka_unit_test(test_a_cancelled_waiter_in_front),
        leash_cmocka_unit_test(test_cancelled_waiters_do_not_count),
        leash_cmocka_unit_test(test_a_limit),
        leash_cmocka_unit_test(test_states),
        leash_cmocka_unit_test(test_destroy_refuses_while_somebody_waits),
        leash_cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_each_loop_begins_anew),
        cmocka_unit_test(test_a_lock_outlives_its_struct),
        cmocka_unit_test(test_another_loop_is_refused),
        leash_cmocka_unit_test(test_events),
        leash_cmocka_unit_test(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
