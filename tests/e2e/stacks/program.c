/* Creates tasks and queues at known places, one task through a pointer; a thread calls what it must not; kills itself
 * if it is told to. */
#include <leash.h>
#include <pthread.h>
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
    leash_task_t task = leash_create_task(leash_coro(table[number], NULL)); /* line 19 */
    __asm__ volatile("");
    return task;
}

__attribute__((noinline)) static int in_a_body(void *arg)
{
    (void)arg;
    leash_task_t task = spawn_worker(0);
    return leash_await(task, NULL);
}

static leash_queue_t declared = LEASH_QUEUE_INIT("declared", 0), made;
static leash_coro_t used;

__attribute__((noinline)) static void make_queue(void)
{
    leash_queue_init(&made, "made", 0);
    __asm__ volatile("");
}

__attribute__((noinline)) static void leave_items(void)
{
    leash_queue_put_nowait(&made, &made);
    leash_queue_put_nowait(&declared, &made);
    leash_queue_put_nowait(&declared, &made);
    __asm__ volatile("");
}

static int numbers(void *unused)
{
    return leash_yield(unused);
}

__attribute__((noinline)) static void use_a_generator(void)
{
    static void *number;
    leash_generator_t generator = leash_generator(numbers, NULL);
    (void)leash_next(generator, &number);
    leash_generator_close(generator);
    __asm__ volatile("");
}

/* A call without a site. */
__attribute__((noinline)) static int ask_there(void)
{
    int rc = leash_queue_full(&made); /* line 65 */
    __asm__ volatile("");
    return rc;
}

static void *visit(void *unused)
{
    (void)unused;
    ask_there();
    return NULL;
}

__attribute__((noinline)) static void await_again(void)
{
    (void)leash_await(used, NULL); /* line 79 */
    __asm__ volatile("");
}

__attribute__((noinline)) static void misuse(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, visit, NULL) == 0)
        pthread_join(thread, NULL);
    used = leash_coro(work, NULL);
    leash_close(used);
    await_again();
    __asm__ volatile("");
}

static int app(void *arg)
{
    leash_await(leash_coro(in_a_body, NULL), NULL);
    make_queue();
    leave_items();
    use_a_generator();
    misuse();
    if (arg)
        raise(SIGKILL);
    return 0;
}

int main(int argc, char **argv)
{
    return leash_run(leash_coro(app, argc > 1 ? argv[1] : NULL)) < 0;
}
