/* A program that goes on when it is told to: reads one letter at a time from its standard input and answers each with
 * the same letter once it is done.
 *   t   ten tasks, made and awaited     p   a task that is pending from then on
 *   f   a task that fails, unseen       k   kills itself
 *   q   ends, as does the end of the input */
#include <leash.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

static int quick(void *argument)
{
    (void)argument;
    return 0;
}

static int failing(void *argument)
{
    (void)argument;
    return leash_fail(-EIO, "the disk is gone");
}

static int sleeper(void *argument)
{
    (void)argument;
    return leash_sleep(600);
}

/* Handles that are kept, so that nothing is lost. Written only: an optimizer would not keep them. */
static volatile struct {
    leash_task_t tasks[64];
    size_t count;
} kept;

static void keep(leash_task_t task)
{
    if (kept.count < 64)
        kept.tasks[kept.count++] = task;
}

static void act(char letter)
{
    if (letter == 't')
        for (int i = 0; i < 10; i++)
            leash_await(leash_create_task(leash_coro(quick, NULL)), NULL);
    if (letter == 'p')
        keep(leash_create_task_named(leash_coro(sleeper, NULL), "sleeper"));
    if (letter == 'f')
        keep(leash_create_task_named(leash_coro(failing, NULL), "failing"));
    leash_sleep(0.001); /* all of them run */
    if (letter == 'k')
        kill(getpid(), SIGKILL);
}

/* Waiting for the letter holds up the loop: nothing happens meanwhile. */
static int app(void *argument)
{
    char letter;
    (void)argument;
    while (read(STDIN_FILENO, &letter, 1) == 1 && letter != 'q') {
        act(letter);
        if (write(STDOUT_FILENO, &letter, 1) != 1)
            return -EIO;
    }
    return 0;
}

int main(void)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.blocked_ms = 0;
    return leash_run_with(leash_coro(app, NULL), &options, NULL) < 0 ? 1 : 0;
}
