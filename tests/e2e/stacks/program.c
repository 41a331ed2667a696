/* Creates tasks at known places, one of them through a pointer; kills itself if it is told to. */
#include <leash.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

static int work(void *arg)
{
    (void)arg;
    return leash_sleep(0.01);
}

static int (*const table[])(void *) = {work};

__attribute__((noinline)) static leash_task_t spawn_worker(int number)
{
    leash_task_t task = leash_create_task(leash_coro(table[number], NULL)); /* line 17 */
    __asm__ volatile("");
    return task;
}

__attribute__((noinline)) static int in_a_body(void *arg)
{
    (void)arg;
    leash_task_t task = spawn_worker(0);
    return leash_await(task, NULL);
}

static int app(void *arg)
{
    leash_await(leash_coro(in_a_body, NULL), NULL);
    if (arg)
        raise(SIGKILL);
    return 0;
}

int main(int argc, char **argv)
{
    return leash_run(leash_coro(app, argc > 1 ? argv[1] : NULL)) < 0;
}
