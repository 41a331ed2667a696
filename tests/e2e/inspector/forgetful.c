/* A program that does what it is told to do wrong: each argument is one thing.
 *   leak     a coroutine that is never awaited, a worker that is pending at the end
 *   kill     ends itself by SIGKILL while tasks wait
 *   stay     says "ready" in the file of that name (a fifo), then sleeps until it is killed
 *   spawn    begins with two more of itself, one after the other, that leak */
#include <leash.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What it accepts of its own leaks is what the environment says. */
const char *__leash_default_suppressions(void)
{
    return getenv("FORGETFUL_SUPPRESSIONS");
}

static int sleeper(void *argument)
{
    (void)argument;
    return leash_sleep(600);
}

static int waiter(void *argument)
{
    leash_task_t *task = argument;
    return leash_await(*task, NULL);
}

static int failing(void *argument)
{
    (void)argument;
    return leash_fail(-EIO, "disk %d is gone", 7);
}

static bool told(char **argv, const char *word)
{
    for (; *argv; argv++)
        if (strcmp(*argv, word) == 0)
            return true;
    return false;
}

static int app(void *argument)
{
    char **argv = argument;
    static leash_task_t worker;
    static leash_task_t volatile pool,
        failure; /* written only: an optimizer would not keep them, and they would be lost */
    if (told(argv, "leak"))
        leash_coro(failing, NULL);
    if (told(argv, "leak") || told(argv, "kill") || told(argv, "stay")) {
        worker = leash_create_task_named(leash_coro(sleeper, NULL), "worker");
        pool = leash_create_task_named(leash_coro(waiter, &worker), "pool");
        failure = leash_create_task(leash_coro(failing, NULL));
    }
    int rc = leash_sleep(0.01);
    if (told(argv, "kill"))
        kill(getpid(), SIGKILL);
    if (told(argv, "stay")) {
        int fd = open("ready", O_WRONLY | O_CLOEXEC);
        if (fd < 0 || write(fd, "x", 1) != 1)
            return -EIO;
        close(fd);
        return leash_sleep(600);
    }
    (void)pool, (void)failure;
    return rc;
}

static void spawn(const char *program)
{
    for (int i = 0; i < 2; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            execl(program, program, "leak", (char *)NULL);
            _exit(99);
        }
        waitpid(pid, NULL, 0);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    if (told(argv, "spawn"))
        spawn(argv[0]);
    return leash_run(leash_coro(app, argv)) < 0 ? 1 : 0;
}
