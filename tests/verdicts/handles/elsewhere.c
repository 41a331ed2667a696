/* Handles that are held where no search of memory can see them: in the kernel, in a file, in two halves, in
 * another form. They are told of as lost: the word is "no live reference found". */
#include "verdict.h"

#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

static int descriptor, ends[2];
static struct {
    uint32_t low;
    char between[8];
    uint32_t high;
} halves;
static uintptr_t disguised;

static __attribute__((noinline)) leash_task_t start(void)
{
    return leash_create_task(leash_coro(forever, NULL)); /* LIMIT pending-at-exit or unreferenced 1 in in_epoll,
        in_a_pipe, in_a_file - the kernel has it; LIMIT pending-at-exit or unreferenced 1 in in_two_halves,
        disguised_by_xor - not in one piece, or in another form */
}

static __attribute__((noinline)) int watch(void)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = start()};
    descriptor = epoll_create1(EPOLL_CLOEXEC);
    int rc = pipe(ends) < 0 ? -1 : epoll_ctl(descriptor, EPOLL_CTL_ADD, ends[0], &event);
    explicit_bzero(&event, sizeof(event));
    return rc < 0 ? -errno : 0;
}

static int in_epoll(void *unused)
{
    (void)unused;
    int rc = watch();
    return rc < 0 ? rc : leash_sleep(1);
}

static __attribute__((noinline)) int put_into(int file)
{
    leash_task_t task = start();
    ssize_t written = write(file, &task, sizeof(task));
    explicit_bzero(&task, sizeof(task));
    return written == sizeof(task) ? 0 : -EIO;
}

static int in_a_pipe(void *unused)
{
    (void)unused;
    int rc = pipe(ends) < 0 ? -errno : put_into(ends[1]);
    return rc < 0 ? rc : leash_sleep(1);
}

static int in_a_file(void *unused)
{
    FILE *file = tmpfile();
    (void)unused;
    if (!file)
        return -EIO;
    descriptor = fileno(file);
    int rc = put_into(descriptor);
    return rc < 0 ? rc : leash_sleep(1);
}

static int in_two_halves(void *unused)
{
    (void)unused;
    uintptr_t task = (uintptr_t)start();
    halves.low = (uint32_t)task;
    halves.high = (uint32_t)(task >> 32);
    keep(&halves);
    return leash_sleep(1);
}

static int disguised_by_xor(void *unused)
{
    (void)unused;
    disguised = (uintptr_t)start() ^ (uintptr_t)0x5555555555555555;
    keep(&disguised);
    return leash_sleep(1);
}

CASES(CASE(in_epoll), CASE(in_a_pipe), CASE(in_a_file), CASE(in_two_halves), CASE(disguised_by_xor))
