/* Comes to a deadlock in one of several ways. Threads beside it wait until that was said on standard error, which is a
 * file. Prints what leash_run returned. */
#include <leash.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static leash_lock_t left = LEASH_LOCK_INIT("left"), right = LEASH_LOCK_INIT("right");
static leash_task_t tasks[2];
static leash_loop_t loop;
static leash_future_t promise;

static off_t said(void)
{
    struct stat status;
    return fstat(STDERR_FILENO, &status) == 0 ? status.st_size : 0;
}

static void wait_until_said(void)
{
    while (said() == 0)
        usleep(1000);
}

static int takes_both(void *arg)
{
    leash_lock_t *first = arg ? &right : &left, *second = arg ? &left : &right;
    int rc = leash_lock_acquire(first);
    if (rc == 0 && (rc = leash_sleep(0)) == 0 && (rc = leash_lock_acquire(second)) == 0)
        leash_lock_release(second);
    leash_lock_release(first);
    return rc;
}

static int locks(void *arg)
{
    (void)arg;
    tasks[0] = leash_create_task_named(leash_coro(takes_both, NULL), "left first");
    tasks[1] = leash_create_task_named(leash_coro(takes_both, &right), "right first");
    return leash_gather_wait(NULL, tasks[0], tasks[1]);
}

static int waits(void *arg)
{
    return leash_await(*(leash_task_t *)arg, NULL);
}

static int each_other(void *arg)
{
    (void)arg;
    tasks[0] = leash_create_task_named(leash_coro(waits, &tasks[1]), "one");
    tasks[1] = leash_create_task_named(leash_coro(waits, &tasks[0]), "other");
    return leash_await(tasks[0], NULL);
}

/* ---- beside another thread ---- */

static void set(void *future)
{
    leash_future_set_result(future, NULL);
}

static void declare(void)
{
    leash_waker_t waker = leash_waker_hold(loop, "declared");
    leash_waker_release(waker);
}

static void *wakes_it(void *declared)
{
    if (declared)
        declare();
    wait_until_said();
    leash_call_soon_threadsafe(loop, set, promise);
    return NULL;
}

static void *ends_the_process(void *unused)
{
    (void)unused;
    wait_until_said();
    exit(0);
}

/* As from a terminal. */
static void *interrupts(void *unused)
{
    wait_until_said();
    kill(getpid(), SIGINT);
    return unused;
}

static int each_other_interrupted(void *arg)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, interrupts, NULL) != 0)
        return -1;
    pthread_detach(thread);
    return each_other(arg);
}

static int waits_beside(void *(*body)(void *), void *arg)
{
    pthread_t thread;
    loop = leash_running_loop();
    promise = leash_future();
    if (pthread_create(&thread, NULL, body, arg) != 0)
        return -1;
    pthread_detach(thread);
    return leash_await(promise, NULL);
}

static int beside_a_declared_one(void *arg)
{
    (void)arg;
    return waits_beside(wakes_it, &loop);
}

/* Three times: of a loop that is known to stand so it is said once. */
static int beside_an_undeclared_one(void *arg)
{
    int rc = 0;
    (void)arg;
    for (int i = 0; i < 3 && rc == 0; i++)
        rc = waits_beside(wakes_it, NULL);
    return rc;
}

static int until_the_process_ends(void *arg)
{
    (void)arg;
    return waits_beside(ends_the_process, NULL);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        leash_fn_t fn;
    } ways[] = {{"locks", locks},
                {"tasks", each_other},
                {"interrupted", each_other_interrupted},
                {"declared", beside_a_declared_one},
                {"undeclared", beside_an_undeclared_one},
                {"exit", until_the_process_ends}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (argc == 2 && strcmp(argv[1], ways[i].name) == 0) {
            printf("%d\n", leash_run(leash_coro(ways[i].fn, NULL)));
            return 0;
        }
    return 2;
}
