/* Other threads and the loop: leash_call_soon_threadsafe, leash_run_coroutine_threadsafe, and how long a loop waits for
 * them. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <trace_format.h>
#include <unistd.h>

#include "sink.h"

enum { THREADS = 4, CALLS = 500 };

struct office {
    leash_loop_t loop;
    leash_future_t done;
    pthread_t threads[THREADS];
    unsigned next[THREADS]; /* the number that is to come next from each */
    unsigned wrong, came;
    int codes[8];
    void *(*asks)(void *office); /* on a thread of its own */
};

struct call {
    struct office *office;
    unsigned thread, number;
};

/* ---- calls ---- */

static void arrives(void *arg)
{
    struct call *call = arg;
    struct office *office = call->office;
    office->wrong += office->next[call->thread]++ != call->number;
    if (++office->came == THREADS * CALLS)
        leash_future_set_result(office->done, NULL);
    free(call);
}

static void *calls(void *arg)
{
    struct call *first = arg;
    for (unsigned i = 0; i < CALLS; i++) {
        struct call *call = malloc(sizeof *call);
        *call = (struct call){first->office, first->thread, i};
        if (leash_call_soon_threadsafe(first->office->loop, arrives, call) != 0)
            free(call);
    }
    return NULL;
}

static int is_called(void *arg)
{
    struct office *office = arg;
    struct call first[THREADS];
    office->loop = leash_running_loop();
    office->done = leash_future();
    for (unsigned i = 0; i < THREADS; i++) {
        first[i] = (struct call){office, i, 0};
        pthread_create(&office->threads[i], NULL, calls, &first[i]);
    }
    int rc = leash_await(office->done, NULL); /* no timer is armed: only the threads can end this */
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(office->threads[i], NULL);
    return rc;
}

static void test_calls_arrive_in_order(void **state)
{
    (void)state;
    for (int virtual_time = 0; virtual_time < 2; virtual_time++) {
        struct office office = {0};
        struct leash_options options = LEASH_OPTIONS_INIT;
        options.virtual_time = virtual_time;
        assert_int_equal(run_options(is_called, &office, &options), 0);
        assert_int_equal(office.came, THREADS * CALLS);
        assert_int_equal(office.wrong, 0);
    }
}

/* The only call that is to come. */
static int call_once(struct office *office)
{
    struct call *call = malloc(sizeof *call);
    *call = (struct call){office, 0, 0};
    office->came = THREADS * CALLS - 1;
    return leash_call_soon_threadsafe(office->loop, arrives, call);
}

static void *calls_once(void *arg)
{
    struct office *office = arg;
    office->codes[0] = call_once(office);
    return NULL;
}

/* The loop sleeps for an hour when the call comes. */
static int sleeps_long(void *arg)
{
    struct office *office = arg;
    office->loop = leash_running_loop();
    office->done = leash_future();
    pthread_create(&office->threads[0], NULL, calls_once, office);
    int rc = leash_wait_for(office->done, 3600, NULL);
    pthread_join(office->threads[0], NULL);
    return rc;
}

static void test_a_call_wakes_the_loop(void **state)
{
    struct office office = {0};
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0;
    assert_int_equal(run_options(sleeps_long, &office, &options), 0);
    assert_int_equal(office.codes[0], 0);
}

static void never(void *arg)
{
    *(int *)arg = 1;
}

static int calls_itself_too_late(void *arg)
{
    struct office *office = arg;
    office->loop = leash_running_loop();
    if (leash_running_loop() != office->loop)
        return -EPROTO;
    return leash_call_soon_threadsafe(office->loop, NULL, NULL) == -EINVAL ? 0 : -EPROTO;
}

static void test_loops_that_are_gone(void **state)
{
    struct office office = {0};
    int called = 0;
    (void)state;
    assert_null(leash_running_loop());
    assert_int_equal(errno, EPERM);
    assert_int_equal(run_virtual(calls_itself_too_late, &office), 0);
    assert_int_equal(leash_call_soon_threadsafe(office.loop, never, &called), -ESTALE);
    assert_int_equal(leash_call_soon_threadsafe((leash_loop_t)&called, never, &called), -EINVAL);
    assert_int_equal(leash_call_soon_threadsafe(NULL, never, &called), -EINVAL);
    assert_int_equal(called, 0);
}

/* ---- standstill ---- */

static int waits_for_nobody(void *arg)
{
    (void)arg;
    leash_running_loop();
    return leash_await(leash_future(), NULL);
}

static void test_nobody_is_there_who_could_call(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(waits_for_nobody, NULL), -EDEADLK);
}

/* ---- coroutines ---- */

static int adds(void *arg)
{
    int *number = arg;
    int rc = leash_sleep(0.001);
    *number += 1;
    return rc < 0 ? rc : leash_return_copy(number, sizeof *number);
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "no line to %s", "Berlin");
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(3600);
}

static void *asks_for_all(void *arg)
{
    struct office *office = arg;
    struct leash_failure failure = {0};
    int number = 6, *result = NULL;
    struct leash_remote *remote = leash_run_coroutine_threadsafe(office->loop, leash_coro(adds, &number));
    office->codes[0] = leash_remote_result(remote, -1, (void **)&result);
    office->codes[1] = result ? *result : 0;
    office->codes[2] = leash_remote_done(remote) == 1 && leash_remote_cancel(remote) == 0 &&
                       leash_remote_failure(remote, &failure) == -ENODATA;
    leash_remote_free(remote);
    remote = leash_run_coroutine_threadsafe(office->loop, leash_coro(fails, NULL));
    office->codes[3] = leash_remote_result(remote, 60, NULL);
    office->codes[4] = leash_remote_failure(remote, &failure) == 0 && strcmp(failure.message, "no line to Berlin") == 0;
    leash_remote_free(remote);
    remote = leash_run_coroutine_threadsafe(office->loop, leash_coro(sleeps, NULL));
    office->codes[5] = leash_remote_result(remote, 0, NULL);
    office->codes[6] = leash_remote_failure(remote, &failure) == -EBUSY && leash_remote_cancel(remote) == 1;
    office->codes[7] = leash_remote_result(remote, -1, NULL);
    leash_remote_free(remote);
    return NULL;
}

/* ... and tells the loop that it has done. */
static void *asks_and_leaves(void *arg)
{
    struct office *office = arg;
    office->asks(office);
    call_once(office);
    return NULL;
}

static int serves(void *arg)
{
    struct office *office = arg;
    office->loop = leash_running_loop();
    office->done = leash_future();
    pthread_create(&office->threads[0], NULL, asks_and_leaves, office);
    int rc = leash_await(office->done, NULL);
    pthread_join(office->threads[0], NULL);
    return rc;
}

static void test_coroutines_from_another_thread(void **state)
{
    struct office office = {.asks = asks_for_all};
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0;
    assert_int_equal(run_options(serves, &office, &options), 0);
    assert_int_equal(office.codes[0], 0);
    assert_int_equal(office.codes[1], 7);
    assert_int_equal(office.codes[2], 1);
    assert_int_equal(office.codes[3], -EIO);
    assert_int_equal(office.codes[4], 1);
    assert_int_equal(office.codes[5], -ETIMEDOUT);
    assert_int_equal(office.codes[6], 1);
    assert_int_equal(office.codes[7], -ECANCELED);
}

static int cancels_itself(void *arg)
{
    (void)arg;
    leash_sleep(0.001);
    leash_cancel(leash_current_task(), NULL);
    return leash_sleep(0);
}

static void *asks_for_one(void *arg)
{
    struct office *office = arg;
    struct leash_remote *remote = leash_run_coroutine_threadsafe(office->loop, leash_coro(cancels_itself, NULL));
    office->codes[0] = leash_remote_result(remote, -1, NULL);
    leash_remote_free(remote);
    return NULL;
}

static void test_a_task_that_cancels_itself(void **state)
{
    struct office office = {.asks = asks_for_one};
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0;
    assert_int_equal(run_options(serves, &office, &options), 0);
    assert_int_equal(office.codes[0], -ECANCELED);
}

/* ---- the loop ends before ---- */

struct early {
    struct leash_remote *remote;
    leash_loop_t loop;
    int stubborn;
};

static int is_asked_for(void *arg)
{
    const struct early *early = arg;
    int rc = leash_sleep(3600);
    while (early->stubborn)
        leash_sleep(3600);
    return rc;
}

static void *asks(void *arg)
{
    struct early *early = arg;
    early->remote = leash_run_coroutine_threadsafe(early->loop, leash_coro(is_asked_for, early));
    return NULL;
}

static int leaves_early(void *arg)
{
    struct early *early = arg;
    pthread_t thread;
    early->loop = leash_running_loop();
    pthread_create(&thread, NULL, asks, early);
    pthread_join(thread, NULL);
    if (leash_remote_result(early->remote, -1, NULL) != -EDEADLK)
        return -EPROTO;
    leash_sleep(0);
    return 0;
}

static void test_a_task_that_the_end_of_the_loop_cancels(void **state)
{
    (void)state;
    for (int stubborn = 0; stubborn < 2; stubborn++) {
        struct early early = {.stubborn = stubborn};
        struct leash_options options = LEASH_OPTIONS_INIT;
        options.virtual_time = 0; /* a virtual clock would let the stubborn one sleep for ever */
        options.cleanup_timeout = 0.01;
        assert_int_equal(run_options(leaves_early, &early, &options), 0);
        assert_int_equal(leash_remote_result(early.remote, -1, NULL), -ECANCELED);
        leash_remote_free(early.remote);
    }
}

static int leaves_at_once(void *arg)
{
    struct early *early = arg;
    pthread_t thread;
    early->loop = leash_running_loop();
    pthread_create(&thread, NULL, asks, early);
    pthread_join(thread, NULL);
    exit(0);
}

/* exit() inside a task: the letter is never delivered, and nothing hangs or crashes. */
static void test_a_letter_that_is_never_read(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct early early = {0};
        leash_after_fork();
        run_virtual(leaves_at_once, &early);
        _exit(1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
}

static void test_what_cannot_be_asked(void **state)
{
    struct office office = {0};
    (void)state;
    assert_int_equal(run_virtual(calls_itself_too_late, &office), 0);
    leash_coro_t coro = leash_coro(fails, NULL);
    assert_null(leash_run_coroutine_threadsafe(office.loop, coro));
    assert_int_equal(errno, ESTALE);
    assert_null(leash_run_coroutine_threadsafe(NULL, coro));
    assert_int_equal(errno, EINVAL);
    assert_null(leash_run_coroutine_threadsafe(office.loop, NULL));
    assert_int_equal(errno, EINVAL);
    assert_int_equal(leash_close(coro), 0);
    assert_int_equal(leash_remote_result(NULL, -1, NULL), -EINVAL);
    leash_remote_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_arrive_in_order),
        cmocka_unit_test(test_a_call_wakes_the_loop),
        cmocka_unit_test(test_loops_that_are_gone),
        cmocka_unit_test(test_nobody_is_there_who_could_call),
        cmocka_unit_test(test_coroutines_from_another_thread),
        cmocka_unit_test(test_a_task_that_cancels_itself),
        cmocka_unit_test(test_a_task_that_the_end_of_the_loop_cancels),
        cmocka_unit_test(test_a_letter_that_is_never_read),
        cmocka_unit_test(test_what_cannot_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
