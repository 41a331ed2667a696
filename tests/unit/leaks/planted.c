/* Tests that leak on purpose: one a class that a scope of leaks knows, and one a way that leads there. planted.py
 * demands that each fails at the line that a comment marks, and that compiled with CLEAN, where what leaks is seen to,
 * all pass. What the comment says: class, then the test that has to fail. */
#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>

#ifdef CLEAN
#define SEE_TO(...)                                                                                                    \
    do {                                                                                                               \
        int seen_to = (__VA_ARGS__);                                                                                   \
        (void)seen_to;                                                                                                 \
    } while (0)
#else
#define SEE_TO(...) ((void)0)
#endif

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "broken");
}

static int waits(void *arg)
{
    (void)arg;
    return leash_sleep(10);
}

static void run(leash_fn_t fn)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    int rc = leash_run_with(leash_coro(fn, NULL), &options, NULL);
    assert_true(rc >= 0);
}

static leash_task_t held; /* a handle here is a live reference */
static leash_coro_t coroutine;

/* ---- a class each ---- */

static int forgets_to_await(void *arg)
{
    (void)arg;
    coroutine = leash_coro(nothing, NULL); /* leaks: never-awaited never_awaited */
    SEE_TO(leash_await(coroutine, NULL));
    return 0;
}

static void never_awaited(void **state)
{
    (void)state;
    run(forgets_to_await);
}

static int leaves_it_pending(void *arg)
{
    (void)arg;
    held = leash_create_task(leash_coro(waits, NULL)); /* leaks: pending-at-exit pending */
    SEE_TO(leash_await(held, NULL));
    return leash_sleep(0);
}

static void pending(void **state)
{
    (void)state;
    run(leaves_it_pending);
}

static int loses_the_handle(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(waits, arg)); /* leaks: unreferenced unreferenced */
    SEE_TO(leash_await(task, NULL));
    (void)task;
    return leash_sleep(0);
}

static void unreferenced(void **state)
{
    (void)state;
    run(loses_the_handle);
}

static int ignores_a_failed_task(void *arg)
{
    held = leash_create_task(leash_coro(fails, arg)); /* leaks: never-retrieved task_never_retrieved */
    SEE_TO(leash_await(held, NULL));
    return leash_sleep(1);
}

static void task_never_retrieved(void **state)
{
    (void)state;
    run(ignores_a_failed_task);
}

static int ignores_a_failed_future(void *arg)
{
    (void)arg;
    leash_future_t future = leash_future(); /* leaks: never-retrieved future_never_retrieved */
    leash_future_set_failure(future, -EPIPE, "gone");
    SEE_TO(leash_await(future, NULL));
    return 0;
}

static void future_never_retrieved(void **state)
{
    (void)state;
    run(ignores_a_failed_future);
}

static int joins_nobody(void *arg)
{
    held = leash_create_task(leash_coro(nothing, arg)); /* leaks: never-joined never_joined */
    SEE_TO(leash_await(held, NULL));
    return leash_sleep(1);
}

static void never_joined(void **state)
{
    (void)state;
    run(joins_nobody);
}

static leash_lock_t lock = LEASH_LOCK_INIT("jobs");

static int keeps_the_lock(void *arg)
{
    (void)arg;
    int rc = leash_lock_acquire(&lock);
    SEE_TO(leash_lock_release(&lock));
    return rc;
}

static int starts_a_keeper(void *arg)
{
    return leash_await(leash_create_task(leash_coro(keeps_the_lock, arg)), NULL); /* leaks: lock-held lock_held */
}

static void lock_held(void **state)
{
    (void)state;
    run(starts_a_keeper);
}

static int waits_for_nobody(void *arg)
{
    (void)arg;
    leash_future_t promise = leash_future();
    SEE_TO(leash_future_set_result(promise, NULL));
    return leash_await(promise, NULL);
}

static int awaits_it(void *arg)
{
    return leash_await(leash_create_task(leash_coro(waits_for_nobody, arg)), NULL); /* leaks: deadlock deadlocked */
}

static void deadlocked(void **state)
{
    (void)state;
    int rc = leash_run(leash_coro(awaits_it, NULL));
    assert_true(rc == 0 || rc == -EDEADLK);
}

static leash_semaphore_t places = LEASH_SEMAPHORE_INIT("places", 2); /* leaks: lock-held semaphore_short */

static int keeps_a_place(void *arg)
{
    (void)arg;
    int rc = leash_semaphore_acquire(&places);
    SEE_TO(leash_semaphore_release(&places));
    return rc;
}

static void semaphore_short(void **state)
{
    (void)state;
    run(keeps_a_place);
}

/* ---- on all ways ---- */

static void outside_of_a_loop(void **state)
{
    (void)state;
    coroutine = leash_coro(nothing, NULL); /* leaks: never-awaited outside_of_a_loop */
    SEE_TO(leash_close(coroutine));
}

static int of_a_grandchild(void *arg)
{
    coroutine = leash_coro(nothing, arg); /* leaks: never-awaited inherited */
    SEE_TO(leash_await(coroutine, NULL));
    return 0;
}

static int of_a_child(void *arg)
{
    return leash_await(leash_create_task(leash_coro(of_a_grandchild, arg)), NULL);
}

static int of_a_parent(void *arg)
{
    return leash_await(leash_create_task(leash_coro(of_a_child, arg)), NULL);
}

static void inherited(void **state)
{
    (void)state;
    run(nothing);
    run(of_a_parent);
    run(nothing);
}

static int job(void *arg)
{
    coroutine = leash_coro(nothing, arg); /* leaks: never-awaited on_a_thread */
    SEE_TO(leash_close(coroutine));
    return 0;
}

static int gives_a_job_away(void *arg)
{
    return leash_await(leash_to_thread(job, arg), NULL);
}

static void on_a_thread(void **state)
{
    (void)state;
    run(gives_a_job_away);
}

static leash_loop_t here;

static int remote_body(void *arg)
{
    coroutine = leash_coro(nothing, arg); /* leaks: never-awaited from_a_thread */
    SEE_TO(leash_await(coroutine, NULL));
    return 0;
}

static int sends_a_coroutine(void *arg)
{
    struct leash_remote *remote = leash_run_coroutine_threadsafe(here, leash_coro(remote_body, arg));
    int rc = leash_remote_result(remote, -1, NULL);
    leash_remote_free(remote);
    return rc;
}

static int is_sent_one(void *arg)
{
    here = leash_running_loop();
    return leash_await(leash_to_thread(sends_a_coroutine, arg), NULL);
}

static void from_a_thread(void **state)
{
    (void)state;
    run(is_sent_one);
}

/* A scope in a task, whose loop goes on; the test's own scope is around it. */
static int ends_a_scope(void *arg)
{
    int *leaks = arg;
    if (leash_leaks_begin("inner") < 0)
        return -1;
    held = leash_create_task(leash_coro(waits, NULL)); /* leaks: pending-at-exit in_a_loop */
    SEE_TO(leash_await(held, NULL));
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    options.classes = "never-awaited"; /* so that the test's scope gets it */
    *leaks = leash_leaks_end(&options);
    return 0;
}

static void in_a_loop(void **state)
{
    int leaks = -1;
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 1;
    assert_int_equal(leash_run_with(leash_coro(ends_a_scope, &leaks), &options, NULL), 0);
    assert_int_equal(leaks, 0);
}

/* ---- fixtures ---- */

static int makes_a_coroutine(void **state)
{
    coroutine = leash_coro(nothing, NULL); /* leaks: never-awaited fixture_forgets */
    *state = coroutine;
    return 0;
}

static int closes_it(void **state)
{
    return leash_close(*state);
}

static int closes_it_if_clean(void **state)
{
    (void)state;
    SEE_TO(closes_it(state));
    return 0;
}

static void fixtures_see_to_it(void **state)
{
    assert_ptr_equal(*state, coroutine);
}

static void fixture_forgets(void **state)
{
    assert_ptr_equal(*state, coroutine);
}

static void has_a_state(void **state)
{
    assert_ptr_equal(*state, &coroutine);
}

/* ---- clean tests between them: no leak of another is theirs ---- */

static void clean(void **state)
{
    assert_null(*state);
    run(nothing);
}

static const struct CMUnitTest constant[] = {leash_cmocka_unit_test(clean)}; /* outside of a function */

int main(void)
{
    const struct CMUnitTest tests[] = {
        constant[0],
        leash_cmocka_unit_test(never_awaited),
        leash_cmocka_unit_test(pending),
        leash_cmocka_unit_test(unreferenced),
        leash_cmocka_unit_test(task_never_retrieved),
        leash_cmocka_unit_test(future_never_retrieved),
        leash_cmocka_unit_test(never_joined),
        leash_cmocka_unit_test(lock_held),
        leash_cmocka_unit_test(deadlocked),
        leash_cmocka_unit_test(semaphore_short),
        constant[0],
        leash_cmocka_unit_test(outside_of_a_loop),
        leash_cmocka_unit_test(inherited),
        leash_cmocka_unit_test(on_a_thread),
        leash_cmocka_unit_test(from_a_thread),
        leash_cmocka_unit_test(in_a_loop),
        leash_cmocka_unit_test_setup_teardown(fixtures_see_to_it, makes_a_coroutine, closes_it),
        leash_cmocka_unit_test_setup_teardown(fixture_forgets, makes_a_coroutine, closes_it_if_clean),
        leash_cmocka_unit_test_prestate_setup_teardown(has_a_state, NULL, NULL, &coroutine),
        constant[0],
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
