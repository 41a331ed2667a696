#include "snapshot.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WELL = 0, NOT_WHOLE = 1 };

/* Pages of address space, as the kernel counts them; 0: it does not tell. */
static unsigned long address_space(void)
{
    char text[64];
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t got = read(file, text, sizeof(text) - 1);
    close(file);
    unsigned long pages = 0;
    for (ssize_t i = 0; i < got && text[i] >= '0' && text[i] <= '9'; i++)
        pages = 10 * pages + (unsigned long)(text[i] - '0');
    return pages;
}

static void count_gone(const void *low, const void *high, void *pages)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char resident;
    if (mincore((void *)((uintptr_t)low / page * page), page, &resident) < 0 && errno == ENOMEM)
        *(unsigned long *)pages += ((size_t)((const char *)high - (const char *)low) + page - 1) / page;
}

/* What was mapped MADV_DONTFORK is not in the child, and might hold a handle. The spool is such, and holds none. */
static bool is_whole(unsigned long before)
{
    unsigned long gone = 0;
    leash__arena_ranges(count_gone, &gone);
    return before && address_space() + gone == before;
}

static void close_all(void)
{
    if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0)
        return;
    for (int file = 3, end = (int)sysconf(_SC_OPEN_MAX); file < end; file++)
        close(file);
}

__attribute__((noreturn)) static void be_child(const struct leash__snapshot *snapshot, unsigned long space,
                                               leash__snapshot_fn *search, void *argument)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_all(); /* the spool's lock among them */
    _exit(is_whole(space) && search(snapshot->shared, argument) ? WELL : NOT_WHOLE);
}

int leash__snapshot_begin(struct leash__snapshot *snapshot, size_t size, leash__snapshot_fn *search, void *argument)
{
    sigset_t all, before;
    snapshot->size = size;
    snapshot->shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (snapshot->shared == MAP_FAILED) {
        snapshot->shared = NULL;
        return -ENOMEM;
    }
    if (leash__arena_exclude(snapshot->shared, size) < 0) {
        munmap(snapshot->shared, size);
        snapshot->shared = NULL;
        return -ENOMEM;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    unsigned long space = address_space();
    /* Not fork(): no lock is waited for, no handler called; and no signal tells of the child's end, so that only who
     * knows of it can wait for it. */
    snapshot->child = (pid_t)syscall(SYS_clone, 0ul, NULL, NULL, NULL, NULL);
    if (snapshot->child == 0)
        be_child(snapshot, space, search, argument);
    int rc = snapshot->child < 0 ? -errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

int leash__snapshot_wait(struct leash__snapshot *snapshot)
{
    int status;
    pid_t ended;
    while ((ended = waitpid(snapshot->child, &status, __WALL)) < 0 && errno == EINTR)
        ;
    if (ended != snapshot->child || !WIFEXITED(status))
        return -ECHILD;
    return WEXITSTATUS(status) == WELL ? 0 : -EBUSY;
}

void leash__snapshot_free(struct leash__snapshot *snapshot)
{
    if (!snapshot->shared)
        return;
    leash__arena_include(snapshot->shared);
    munmap(snapshot->shared, snapshot->size);
    snapshot->shared = NULL;
}
