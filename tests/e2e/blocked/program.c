/* Blocks its loop in one of several ways, until the watchdog has said so on standard error, which is a file. Exits with
 * 3 if a sleep was cut short. */
#include <leash.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEPS = 1000 };

static bool cut_short;

static bool noticed(void)
{
    struct stat status;
    return fstat(STDERR_FILENO, &status) == 0 && status.st_size > 0;
}

static int sleeps(void *arg)
{
    (void)arg;
    do
        cut_short |= sleep(1) != 0; /* line 25 */
    while (!noticed());
    return 0;
}

__attribute__((noinline)) static void fetch_slowly(void)
{
    do
        cut_short |= usleep(200000) != 0; /* line 33 */
    while (!noticed());
}

static int calls_a_helper(void *arg)
{
    (void)arg;
    fetch_slowly();
    return 0;
}

static int awaits_one_that_blocks(void *arg)
{
    (void)arg;
    return leash_await(leash_coro(calls_a_helper, NULL), NULL);
}

__attribute__((noinline)) static void compute(void)
{
    volatile unsigned long sum = 0;
    while (!noticed())
        for (unsigned i = 0; i < 1000000; i++)
            sum = sum + i;
}

static int computes(void *arg)
{
    (void)arg;
    compute();
    return 0;
}

static int one_of_many(void *arg)
{
    (void)arg;
    if (!noticed())
        usleep(5000);
    return 0;
}

static int many_steps(void *arg)
{
    static leash_task_t tasks[STEPS];
    (void)arg;
    for (int i = 0; i < STEPS; i++)
        tasks[i] = leash_create_task(leash_coro(one_of_many, NULL));
    for (int i = 0; i < STEPS; i++)
        leash_await(tasks[i], NULL);
    return 0;
}

static int for_good(void *arg)
{
    (void)arg;
    return pause();
}

static void from_a_callback(void *arg)
{
    (void)arg;
    fetch_slowly();
}

static int a_callback(void *arg)
{
    (void)arg;
    leash_call_soon(from_a_callback, NULL);
    return leash_sleep(0);
}

static int beat(void *arg)
{
    (void)arg;
    return leash_sleep(0.001);
}

static int main_of(void *arg)
{
    leash_task_t late = leash_create_task(leash_coro(beat, NULL));
    leash_task_t task = leash_create_task(leash_coro((leash_fn_t)arg, NULL));
    leash_await(task, NULL);
    return leash_await(late, NULL);
}

static void *run(void *arg)
{
    return leash_run(leash_coro(main_of, arg)) < 0 ? arg : NULL;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        leash_fn_t fn;
        bool thread;
    } ways[] = {
        {"sleep", sleeps, false},        {"helper", calls_a_helper, false}, {"inline", awaits_one_that_blocks, false},
        {"compute", computes, false},    {"many", many_steps, false},       {"forever", for_good, false},
        {"callback", a_callback, false}, {"thread", sleeps, true},          {"short", beat, false}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        pthread_t thread;
        void *failed = NULL;
        if (argc < 2 || strcmp(argv[1], ways[i].name) != 0)
            continue;
        if (!ways[i].thread)
            failed = run((void *)ways[i].fn);
        else if (pthread_create(&thread, NULL, run, (void *)ways[i].fn) == 0)
            pthread_join(thread, &failed);
        return failed ? 1 : cut_short ? 3 : 0;
    }
    return 2;
}
