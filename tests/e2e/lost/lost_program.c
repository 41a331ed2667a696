/* A program that loses tasks when it is told to: reads one letter at a time from its standard input and answers each
 * with the same letter once it is done.
 *   h   makes a task whose handle is kept where no scan can know it
 *   b   brings the handle of the last one back
 *   d   detaches the last one
 *   n   is never idle from now on
 *   m   has much memory from now on
 *   t   starts a thread that sleeps
 *   j   has a thread of the library's do something
 *   the end of the input: ends */
#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MASK UINT64_C(0x5555aaaa5555aaaa)

static volatile uint64_t hidden;
static leash_task_t volatile kept;

static int sleeper(void *unused)
{
    (void)unused;
    return leash_sleep(600);
}

static __attribute__((noinline)) void hide(void)
{
    hidden = (uint64_t)(uintptr_t)leash_create_task_named(leash_coro(sleeper, NULL), "sleeper") ^ MASK;
}

static __attribute__((noinline)) leash_task_t hidden_task(void)
{
    return (leash_task_t)(uintptr_t)(hidden ^ MASK);
}

static int spinner(void *unused)
{
    int rc;
    (void)unused;
    while ((rc = leash_sleep(0)) == 0)
        continue;
    return rc;
}

static void grow(void)
{
    static char *much;
    const size_t size = 64 << 20;
    if (!much && (much = malloc(size)))
        memset(much, 1, size);
}

static void *sleep_on(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static int nothing(void *unused)
{
    (void)unused;
    return 0;
}

static void act(char letter)
{
    pthread_t thread;
    if (letter == 't' && pthread_create(&thread, NULL, sleep_on, NULL) == 0)
        pthread_detach(thread);
    if (letter == 'j')
        leash_await(leash_to_thread(nothing, NULL), NULL);
    if (letter == 'h')
        hide();
    if (letter == 'b')
        kept = hidden_task();
    if (letter == 'd')
        leash_detach(hidden_task());
    if (letter == 'm')
        grow();
    if (letter == 'n')
        leash_task_daemon(leash_create_task_named(leash_coro(spinner, NULL), "spinner"));
}

static int app(void *unused)
{
    char letter;
    int rc;
    (void)unused;
    while ((rc = leash_fd_wait(STDIN_FILENO, LEASH_READABLE)) > 0 && read(STDIN_FILENO, &letter, 1) == 1) {
        act(letter);
        if (write(STDOUT_FILENO, &letter, 1) != 1)
            return -EIO;
    }
    return rc < 0 ? rc : 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0 ? 1 : 0;
}
