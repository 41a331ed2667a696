/* The ways in which tasks come to wait for each other: each is found while the program goes on, and its twin, which has
 * a way out, is not. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <string.h>

#include "deadlocks.h"

static leash_lock_t one, two;
static leash_condition_t condition;
static leash_task_t a, b, c;
static bool twin; /* the shape is to have a way out */

static int ends(void *arg)
{
    (void)arg;
    return 0;
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(5);
}

static int awaits_a(void *arg)
{
    (void)arg;
    return leash_await(a, NULL);
}

/* One that closes the circle. */
static leash_fn_t closes(void)
{
    return twin ? sleeps : awaits_a;
}

static void start_b(void)
{
    b = start(closes(), NULL, "b");
}

/* ---- generators ---- */

static int yields_what_b_says(void *arg)
{
    (void)arg;
    int rc = leash_await(b, NULL);
    return rc < 0 ? rc : leash_yield(NULL);
}

static int iterates(void *body)
{
    leash_generator_t generator = leash_generator(*(leash_fn_t *)body, NULL);
    int rc;
    void *value;
    while ((rc = leash_next(generator, &value)) > 0)
        rc = leash_lock_locked(&two) ? leash_lock_acquire(&two) : 0;
    leash_generator_close(generator);
    return rc;
}

static void generator(void)
{
    static leash_fn_t body = yields_what_b_says;
    a = start(iterates, &body, "a");
    start_b();
}

/* One in the other. */
static int yields_what_another_does(void *arg)
{
    static leash_fn_t inner = yields_what_b_says;
    (void)arg;
    int rc = iterates(&inner);
    return rc < 0 ? rc : leash_yield(NULL);
}

static void generator_in_a_generator(void)
{
    static leash_fn_t body = yields_what_another_does;
    a = start(iterates, &body, "a");
    start_b();
}

/* It keeps a lock while it rests: that is its task's. */
static int yields_with_a_lock(void *arg)
{
    (void)arg;
    int rc = leash_lock_acquire(&one);
    if (rc < 0)
        return rc;
    rc = leash_yield(NULL);
    leash_lock_release(&one);
    return rc;
}

static int takes_two_then_one(void *arg)
{
    (void)arg;
    int rc = leash_lock_acquire(&two);
    if (rc == 0 && (rc = leash_sleep(1)) == 0 && !twin && (rc = leash_lock_acquire(&one)) == 0)
        leash_lock_release(&one);
    leash_lock_release(&two);
    return rc;
}

static void generator_with_a_lock(void)
{
    static leash_fn_t body = yields_with_a_lock;
    b = start(takes_two_then_one, NULL, "b");
    a = start(iterates, &body, "a");
}

/* ---- gathers ---- */

static int gathers_b_and_c(void *arg)
{
    (void)arg;
    return leash_gather_wait(NULL, b, c);
}

static void gather(void)
{
    a = start(gathers_b_and_c, NULL, "a");
    start_b();
    c = start(closes(), NULL, "c");
}

static void gather_of_one_that_has_ended(void)
{
    a = start(gathers_b_and_c, NULL, "a");
    start_b();
    c = start(ends, NULL, "c");
}

static int gathers_a_gather(void *arg)
{
    (void)arg;
    return leash_gather_wait(NULL, leash_gather(b), c);
}

static void gather_of_a_gather(void)
{
    a = start(gathers_a_gather, NULL, "a");
    start_b();
    c = start(ends, NULL, "c");
}

static int gathers_outcomes_of_a_gather(void *arg)
{
    leash_awaitable_t inner[] = {b, c}, outer[] = {leash_gather_array(inner, 2, LEASH_RETURN_FAILURES)};
    (void)arg;
    return leash_gather_wait_array(outer, 1, LEASH_RETURN_FAILURES, NULL);
}

static void gather_of_the_outcomes_of_a_gather(void)
{
    a = start(gathers_outcomes_of_a_gather, NULL, "a");
    start_b();
    c = start(sleeps, NULL, "c");
}

/* ---- shields ---- */

static int shields(void *arg)
{
    (void)arg;
    return leash_await(leash_shield(b), NULL);
}

static void shield(void)
{
    a = start(shields, NULL, "a");
    start_b();
}

static int gathers_a_shield_of_a_gather(void *arg)
{
    (void)arg;
    return leash_gather_wait(NULL, leash_shield(leash_shield(leash_gather(b))));
}

static void gather_of_a_shield(void)
{
    a = start(gathers_a_shield_of_a_gather, NULL, "a");
    start_b();
}

/* ---- wait, wait_for ---- */

static int waits_first(void *when)
{
    leash_awaitable_t items[] = {b, c};
    return leash_wait(items, 2, *(enum leash_when *)when, -1, NULL) < 0 ? -EIO : 0;
}

static void wait_for_the_first_failure(void)
{
    static enum leash_when when = LEASH_FIRST_FAILURE;
    a = start(waits_first, &when, "a");
    start_b();
    c = start(ends, NULL, "c");
}

static void wait_for_the_first(void)
{
    static enum leash_when when = LEASH_FIRST_COMPLETED;
    a = start(waits_first, &when, "a");
    start_b();
    c = start(awaits_a, NULL, "c");
}

static int waits_without_a_limit(void *arg)
{
    (void)arg;
    return leash_wait_for(leash_shield(b), twin ? 3 : -1, NULL);
}

static void wait_for(void)
{
    a = start(waits_without_a_limit, NULL, "a");
    b = start(awaits_a, NULL, "b");
}

/* What it cancels wants the lock that it holds. */
static int waits_with_the_lock(void *arg)
{
    (void)arg;
    int rc = leash_lock_acquire(&one);
    if (rc < 0)
        return rc;
    rc = leash_wait_for(b, 1, NULL);
    leash_lock_release(&one);
    return rc == -ETIMEDOUT ? 0 : rc;
}

static int cleans_up_with_the_lock(void *arg)
{
    (void)arg;
    int rc = leash_sleep(100);
    if (!twin && leash_lock_acquire(&one) == 0)
        leash_lock_release(&one);
    return rc;
}

static void wait_for_what_it_cancelled(void)
{
    a = start(waits_with_the_lock, NULL, "a");
    b = start(cleans_up_with_the_lock, NULL, "b");
}

/* ---- groups ---- */

static int group_of_two(void *second)
{
    leash_group_t group = leash_group_begin();
    b = leash_group_create_task(group, leash_coro(closes(), NULL));
    c = leash_group_create_task(group, leash_coro(*(leash_fn_t *)second, NULL));
    return leash_group_end(group, 0);
}

static void group(void)
{
    static leash_fn_t second;
    second = closes();
    a = start(group_of_two, &second, "a");
}

static void group_of_one_that_has_ended(void)
{
    static leash_fn_t second = ends;
    a = start(group_of_two, &second, "a");
}

static int group_in_a_group(void *arg)
{
    static leash_fn_t second = ends;
    (void)arg;
    leash_group_t outer = leash_group_begin();
    int rc = leash_group_spawn(outer, leash_coro(group_of_two, &second));
    return leash_group_end(outer, rc < 0 ? rc : 0);
}

static void groups(void)
{
    a = start(group_in_a_group, NULL, "a");
}

/* ---- conditions ---- */

static int waits_for_notice(void *arg)
{
    (void)arg;
    int rc = leash_condition_acquire(&condition);
    if (rc == 0 && (rc = leash_condition_wait(&condition)) == 0)
        leash_condition_release(&condition);
    return rc;
}

/* Who is notified gets the lock back first. */
static int notifies_and_keeps_the_lock(void *arg)
{
    (void)arg;
    int rc = leash_condition_acquire(&condition);
    if (rc < 0)
        return rc;
    leash_condition_notify_all(&condition);
    if (twin)
        leash_condition_release(&condition);
    rc = leash_await(a, NULL);
    if (!twin)
        leash_condition_release(&condition);
    return rc;
}

static void notice(void)
{
    a = start(waits_for_notice, NULL, "a");
    b = start(notifies_and_keeps_the_lock, NULL, "b");
}

/* Nobody gives notice, and the lock is kept: it needs both. */
static int keeps_the_lock(void *arg)
{
    (void)arg;
    int rc = leash_sleep(1);
    if (rc < 0 || (rc = leash_condition_acquire(&condition)) < 0)
        return rc;
    if (twin)
        leash_condition_notify_all(&condition);
    if (twin)
        leash_condition_release(&condition);
    return leash_await(a, NULL);
}

static void no_notice(void)
{
    a = start(waits_for_notice, NULL, "a");
    b = start(keeps_the_lock, NULL, "b");
}

/* ---- each of them ---- */

static int goes_on_beside(void *arg)
{
    void (*shape)(void) = *(void (**)(void))arg;
    leash_lock_init(&one, "one");
    leash_lock_init(&two, "two");
    leash_condition_init(&condition, "condition");
    shape();
    int rc = leash_sleep(20);
    leash_cancel(a, NULL);
    leash_cancel(b, NULL);
    return rc;
}

static const struct shape {
    const char *name;
    void (*fn)(void);
} shapes[] = {
#define SHAPE(fn)                                                                                                      \
    {                                                                                                                  \
#fn, fn                                                                                                        \
    }
    SHAPE(generator),
    SHAPE(generator_in_a_generator),
    SHAPE(generator_with_a_lock),
    SHAPE(gather),
    SHAPE(gather_of_one_that_has_ended),
    SHAPE(gather_of_a_gather),
    SHAPE(gather_of_the_outcomes_of_a_gather),
    SHAPE(shield),
    SHAPE(gather_of_a_shield),
    SHAPE(wait_for_the_first_failure),
    SHAPE(wait_for_the_first),
    SHAPE(wait_for),
    SHAPE(wait_for_what_it_cancelled),
    SHAPE(group),
    SHAPE(group_of_one_that_has_ended),
    SHAPE(groups),
    SHAPE(notice),
    SHAPE(no_notice),
};

static void check_all(bool with_a_way_out)
{
    twin = with_a_way_out;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        void (*fn)(void) = shapes[i].fn;
        assert_int_equal(run(goes_on_beside, &fn), 0);
        const char *first = strstr(told, "deadlock");
        if (!first != with_a_way_out)
            fail_msg("%s, %s: \"%s\"", shapes[i].name, twin ? "with a way out" : "without one", told);
        if (first && strstr(first + 1, "deadlock"))
            fail_msg("%s is told of twice: %s", shapes[i].name, told);
    }
}

static void each_way_is_found(void **state)
{
    (void)state;
    check_all(false);
}

static void none_with_a_way_out(void **state)
{
    (void)state;
    check_all(true);
}

/* ---- futures that they set for one another: nobody knows who will set one ---- */

static leash_future_t first, second;

static int sets_after(void *arg)
{
    leash_future_t mine = arg ? second : first, other = arg ? first : second;
    if (twin && arg)
        leash_future_set_result(other, NULL);
    int rc = leash_await(mine, NULL);
    if (rc == 0 && !(twin && arg))
        rc = leash_future_set_result(other, NULL);
    return rc;
}

static int sets_for_one_another(void *beside)
{
    first = leash_future();
    second = leash_future();
    a = start(sets_after, NULL, "a");
    b = start(sets_after, &twin, "b");
    if (!beside)
        return leash_gather_wait(NULL, a, b);
    int rc = leash_sleep(10);
    leash_cancel(a, NULL);
    leash_cancel(b, NULL);
    return rc;
}

static void futures_are_found_at_the_standstill_only(void **state)
{
    (void)state;
    twin = false;
    assert_int_equal(run(sets_for_one_another, &twin), 0);
    assert_null(strstr(told, "deadlock"));
    assert_int_equal(run(sets_for_one_another, NULL), -EDEADLK);
    assert_non_null(strstr(told, "deadlock:a "));
    twin = true;
    assert_int_equal(run(sets_for_one_another, NULL), 0);
    assert_string_equal(told, "");
}

/* The gather may yet end by the future: a cycle it is not. Once nothing can happen, somebody is to blame. */
static int gathers_b_and_a_future(void *arg)
{
    (void)arg;
    return leash_gather_wait(NULL, b, leash_future());
}

static int awaits_a_circle_with_a_future(void *arg)
{
    (void)arg;
    a = start(gathers_b_and_a_future, NULL, "a");
    b = start(awaits_a, NULL, "b");
    return leash_await(a, NULL);
}

static void a_standstill_in_a_circle_with_a_future(void **state)
{
    (void)state;
    assert_int_equal(run(awaits_a_circle_with_a_future, NULL), -EDEADLK);
    assert_non_null(strstr(told, "deadlock:"));
}

/* ---- gathers of gathers: those of a level all have the same members, so that there are more ways than can be gone
 * ---- */

enum { LEVELS = 64 };
static unsigned how; /* flags of each gather */

static leash_future_t gather_levels(leash_task_t leaf)
{
    leash_awaitable_t members[] = {leaf, leaf};
    for (int i = 0; i < LEVELS; i++) {
        leash_future_t left = leash_gather_array(members, 2, how), right = leash_gather_array(members, 2, how);
        members[0] = left;
        members[1] = right;
    }
    return leash_gather_array(members, 2, how);
}

static int gathers_levels(void *leaf)
{
    return leash_await(gather_levels(*(leash_task_t *)leaf), NULL);
}

static int awaits_a_shielded(void *arg)
{
    (void)arg;
    return leash_await(leash_shield(a), NULL);
}

/* A cancellation of `a` would go all ways. */
static int gathers_levels_beside(void *arg)
{
    (void)arg;
    a = start(gathers_levels, &b, "a");
    b = start(twin ? sleeps : awaits_a_shielded, NULL, "b");
    int rc = leash_sleep(20);
    leash_cancel(b, NULL);
    leash_await(a, NULL);
    return rc;
}

static void gathers_that_share_their_members(void **state)
{
    (void)state;
    for (how = 0; how <= LEASH_RETURN_FAILURES; how += LEASH_RETURN_FAILURES) {
        twin = false;
        run(gathers_levels_beside, NULL);
        assert_string_equal(told, "deadlock:a ");
        twin = true;
        run(gathers_levels_beside, NULL);
        assert_string_equal(told, "");
    }
}

enum { DEEP = 1000 };

static leash_future_t gather_deep(void)
{
    leash_future_t future = leash_gather(a, b);
    for (int i = 0; i < DEEP; i++)
        future = leash_gather(future);
    return future;
}

static int takes_both(void *arg)
{
    leash_lock_t *mine = arg ? &two : &one, *other = arg ? &one : &two;
    int rc = leash_lock_acquire(mine);
    if (rc < 0)
        return rc;
    if ((rc = leash_sleep(1)) == 0 && (rc = leash_lock_acquire(other)) == 0)
        leash_lock_release(other);
    leash_lock_release(mine);
    return rc;
}

/* What has a limit is cancelled, however deep it is. */
static int gathers_deep_with_a_limit(void *arg)
{
    (void)arg;
    leash_lock_init(&one, "one");
    leash_lock_init(&two, "two");
    a = start(takes_both, NULL, "a");
    b = start(takes_both, &two, "b");
    leash_timeout_t timeout = leash_timeout_begin(twin ? 5 : -1);
    int rc = leash_await(gather_deep(), NULL);
    return leash_timeout_end(timeout, rc);
}

static void gathers_in_gathers_have_no_end(void **state)
{
    (void)state;
    twin = true;
    assert_int_equal(run(gathers_deep_with_a_limit, NULL), -ETIMEDOUT);
    assert_string_equal(told, "");
    twin = false;
    assert_int_equal(run(gathers_deep_with_a_limit, NULL), -EDEADLK);
    assert_string_equal(told, "deadlock:a ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_is_found),
        cmocka_unit_test(none_with_a_way_out),
        cmocka_unit_test(futures_are_found_at_the_standstill_only),
        cmocka_unit_test(a_standstill_in_a_circle_with_a_future),
        cmocka_unit_test(gathers_that_share_their_members),
        cmocka_unit_test(gathers_in_gathers_have_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
