#include "looker.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WELL = 0, NOT_WHOLE = 1, SAW_NOTHING = 2, STACK = 128 * 1024, SIGNAL_BYTES = 8 };

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

/* ---- the child ---- */

static int be_child(void *argument)
{
    const struct leash__looker *looker = argument;
    uint64_t others = ~(UINT64_C(1) << (SIGSEGV - 1) | UINT64_C(1) << (SIGBUS - 1)); /* than those of a fault */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &others, NULL, SIGNAL_BYTES);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != looker->parent)
        _exit(NOT_WHOLE); /* it ended before it could be said */
    if (looker->way == LEASH_LOOK_SNAPSHOT) {
        close_all(); /* the spool's lock among them */
        if (!is_whole(looker->space))
            _exit(NOT_WHOLE);
    }
    _exit(looker->look(looker->shared, looker->argument) ? WELL : SAW_NOTHING);
}

/* Neither is a fork(): no lock is waited for, no handler called; and no signal tells of the child's end, so that only
 * who knows of it can wait for it. */
static pid_t start_snapshot(struct leash__looker *looker)
{
    looker->space = address_space();
    pid_t child = (pid_t)syscall(SYS_clone, (unsigned long)CLONE_UNTRACED, NULL, NULL, NULL, NULL);
    if (child == 0)
        be_child(looker);
    return child;
}

static pid_t start_beside(struct leash__looker *looker)
{
    return clone(be_child, looker->stack + STACK, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED, looker);
}

/* All, libc's own too: handlers are the program's. */
static void hold_signals_back(struct leash__looker *looker)
{
    uint64_t all = ~UINT64_C(0);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &looker->mask, SIGNAL_BYTES);
}

static void let_signals_in(const struct leash__looker *looker)
{
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &looker->mask, NULL, SIGNAL_BYTES);
}

/* A snapshot answers in memory that the fork does not copy. */
static int map_shared(struct leash__looker *looker)
{
    if (looker->way == LEASH_LOOK_BESIDE) {
        looker->stack = leash__arena_map(STACK + looker->size);
        looker->shared = looker->stack ? looker->stack + STACK : NULL;
        return looker->stack ? 0 : -ENOMEM;
    }
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    looker->size = (looker->size + page - 1) / page * page; /* all of it is left out of the search */
    void *shared = mmap(NULL, looker->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return -ENOMEM;
    if (leash__arena_exclude(shared, looker->size) < 0) {
        munmap(shared, looker->size);
        return -ENOMEM;
    }
    looker->shared = shared;
    return 0;
}

int leash__looker_begin(struct leash__looker *looker, enum leash__look way, size_t size, leash__look_fn *look,
                        void *argument)
{
    *looker = (struct leash__looker){.way = way, .size = size, .look = look, .argument = argument, .parent = getpid()};
    int rc = map_shared(looker);
    if (rc < 0)
        return rc;
    hold_signals_back(looker);
    looker->child = way == LEASH_LOOK_SNAPSHOT ? start_snapshot(looker) : start_beside(looker);
    rc = looker->child < 0 ? -errno : 0;
    if (rc < 0 || way == LEASH_LOOK_SNAPSHOT)
        let_signals_in(looker);
    return rc;
}

int leash__looker_wait(struct leash__looker *looker, bool at_once)
{
    int status;
    pid_t ended;
    while ((ended = waitpid(looker->child, &status, __WALL | (at_once ? WNOHANG : 0))) < 0 && errno == EINTR)
        ;
    if (ended == 0)
        return -EAGAIN;
    if (looker->way == LEASH_LOOK_BESIDE)
        let_signals_in(looker);
    if (ended != looker->child || !WIFEXITED(status))
        return -ECHILD;
    switch (WEXITSTATUS(status)) {
    case WELL:
        return 0;
    case NOT_WHOLE:
        return -EXDEV;
    case SAW_NOTHING:
        return -EBUSY;
    default:
        return -ECHILD;
    }
}

void leash__looker_free(struct leash__looker *looker)
{
    if (looker->way == LEASH_LOOK_BESIDE) {
        leash__arena_unmap(looker->stack, STACK + looker->size);
    } else if (looker->shared) {
        leash__arena_include(looker->shared);
        munmap(looker->shared, looker->size);
    }
    looker->stack = NULL;
    looker->shared = NULL;
}
