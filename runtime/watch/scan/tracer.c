#include "tracer.h"

#include "raw_call.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <own_threads.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

enum {
    PATIENCE_NS = 200 * 1000 * 1000, /* for all of them together; the others stand still meanwhile */
    NAP_NS = 50 * 1000,
    SPINS = 100 /* looks at a thread before the first nap: most stop within microseconds */
};

#define CALL(number, a, b, c, d)           leash__raw_call(number, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define TRACE(request, tid, address, data) CALL(SYS_ptrace, request, tid, address, data)

static uint64_t clock_ns(void)
{
    struct timespec now = {0, 0};
    CALL(SYS_clock_gettime, CLOCK_MONOTONIC, &now, 0, 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void nap(long ns)
{
    struct timespec time = {0, ns};
    CALL(SYS_nanosleep, &time, 0, 0, 0);
}

/* ---- the threads that are known ---- */

/* Where a thread is, or where it would go. */
static struct leash__traced *place_of(struct leash__tracer *tracer, pid_t tid)
{
    size_t at = (uint32_t)tid * 0x9e3779b9u & (tracer->room - 1);
    while (tracer->threads[at].state != LEASH_TRACED_NONE && tracer->threads[at].tid != tid)
        at = (at + 1) & (tracer->room - 1);
    return &tracer->threads[at];
}

static size_t alive(const struct leash__tracer *tracer)
{
    size_t count = 0;
    for (size_t i = 0; i < tracer->room; i++)
        count += tracer->threads[i].state != LEASH_TRACED_NONE && tracer->threads[i].state != LEASH_TRACED_GONE;
    return count;
}

/* ---- one thread ---- */

static char *put_number(char *at, pid_t number)
{
    char digits[12];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
    } while (number /= 10);
    while (count)
        *at++ = digits[--count];
    return at;
}

/* The state and the flags of "1234 (name) S 1 2 3 4 5 flags": fields 3 and 9 of proc(5). */
static bool read_stat(struct leash__tracer *tracer, pid_t tid, char *state, unsigned long *flags)
{
    static const char suffix[] = "/stat";
    char path[12 + sizeof suffix], text[256], *end = put_number(path, tid), *after = NULL;
    for (size_t i = 0; i < sizeof suffix; i++)
        end[i] = suffix[i];
    long file = CALL(SYS_openat, tracer->tasks, path, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0)
        return false;
    long size = CALL(SYS_read, file, text, sizeof text, 0);
    CALL(SYS_close, file, 0, 0, 0);
    for (char *at = text; at < text + size; at++)
        if (*at == ')')
            after = at;
    if (!after || after + 2 >= text + size)
        return false;
    *state = after[2];
    *flags = 0;
    int field = 2;
    for (char *at = after + 1; at < text + size && field <= 9; at++) {
        if (*at == ' ')
            field++;
        else if (field == 9)
            *flags = *flags * 10 + (unsigned long)(*at - '0');
    }
    return true;
}

/* One that cannot be traced because there is nothing to trace: a main thread that ended before the others, or a worker
 * of io_uring. */
static bool is_inert(struct leash__tracer *tracer, pid_t tid)
{
    enum { IO_WORKER = 0x10 };
    char state;
    unsigned long flags;
    return read_stat(tracer, tid, &state, &flags) && (state == 'Z' || state == 'X' || flags & IO_WORKER);
}

static int seize(struct leash__tracer *tracer, struct leash__traced *thread)
{
    long rc = TRACE(PTRACE_SEIZE, thread->tid, 0, 0);
    thread->signal = 0;
    thread->state = LEASH_TRACED_SEIZED;
    if (rc >= 0)
        rc = TRACE(PTRACE_INTERRUPT, thread->tid, 0, 0);
    if (rc == -ESRCH)
        thread->state = LEASH_TRACED_GONE;
    else if (rc < 0 && is_inert(tracer, thread->tid))
        thread->state = LEASH_TRACED_INERT;
    else if (rc < 0)
        return -EPERM;
    return 0;
}

static bool take_registers(struct leash__tracer *tracer, pid_t tid, long set)
{
    struct iovec into = {tracer->registers + tracer->registers_used, LEASH_TRACER_REGISTERS};
    if (TRACE(PTRACE_GETREGSET, tid, set, &into) < 0 || into.iov_len == LEASH_TRACER_REGISTERS)
        return false;
    tracer->registers_used += into.iov_len;
    return true;
}

/* The general ones and the vectors. */
static int take_all_registers(struct leash__tracer *tracer, pid_t tid)
{
    enum { SETS = 3 };
    if (tracer->registers_room - tracer->registers_used < SETS * LEASH_TRACER_REGISTERS)
        return -ENOBUFS;
    if (!take_registers(tracer, tid, NT_PRSTATUS))
        return -EPERM;
#ifdef __x86_64__
    return take_registers(tracer, tid, NT_X86_XSTATE) || take_registers(tracer, tid, NT_PRFPREG) ? 0 : -EPERM;
#else
    enum { SVE = 0x405 };
    take_registers(tracer, tid, SVE); /* not every processor has them */
    return take_registers(tracer, tid, NT_PRFPREG) ? 0 : -EPERM;
#endif
}

/* What a thread told of itself. In the middle of a signal it stands as still as after the interruption; the signal is
 * given back when it goes on. */
static int take_status(struct leash__tracer *tracer, struct leash__traced *thread, int status)
{
    if (!WIFSTOPPED(status)) {
        thread->state = LEASH_TRACED_GONE;
        return 0;
    }
    thread->state = LEASH_TRACED_STOPPED;
    thread->signal = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
    return take_all_registers(tracer, thread->tid);
}

static int await_stop(struct leash__tracer *tracer, struct leash__traced *thread, uint64_t deadline)
{
    for (unsigned looks = 0;; looks++) {
        int status = 0;
        long got = CALL(SYS_wait4, thread->tid, &status, __WALL | WNOHANG, 0);
        if (got == thread->tid)
            return take_status(tracer, thread, status);
        if (got < 0 && got != -EINTR) {
            thread->state = LEASH_TRACED_GONE;
            return 0;
        }
        if (looks < SPINS) {
            CALL(SYS_sched_yield, 0, 0, 0, 0);
            continue;
        }
        if (is_inert(tracer, thread->tid)) {
            thread->state = LEASH_TRACED_INERT;
            return 0;
        }
        if (clock_ns() >= deadline)
            return -ETIMEDOUT;
        nap(NAP_NS);
    }
}

/* ---- all threads ---- */

/* What the kernel writes for each entry of a directory: getdents(2). */
struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short size;
    unsigned char type;
    char name[];
};

static int meet(struct leash__tracer *tracer, const char *name, bool *fresh)
{
    pid_t tid = 0;
    for (; *name >= '0' && *name <= '9'; name++)
        tid = tid * 10 + (*name - '0');
    if (!tid || tid == tracer->caller)
        return 0;
    struct leash__traced *thread = place_of(tracer, tid);
    if (thread->state == LEASH_TRACED_NONE) {
        if (tracer->used >= tracer->room / 4 * 3)
            return -ENOBUFS;
        tracer->used++;
    } else if (thread->state != LEASH_TRACED_GONE) {
        return 0;
    }
    thread->tid = tid;
    thread->state = LEASH_TRACED_INERT;
    *fresh = true;
    return leash__own_thread_is_aside(tid) ? 0 : seize(tracer, thread);
}

/* Seizes all that are not yet. */
static int meet_all(struct leash__tracer *tracer, bool *fresh)
{
    _Alignas(struct entry) char buffer[4096];
    CALL(SYS_lseek, tracer->tasks, 0, SEEK_SET, 0);
    for (;;) {
        long size = CALL(SYS_getdents64, tracer->tasks, buffer, sizeof buffer, 0);
        if (size < 0)
            return -EPERM;
        if (size == 0)
            return 0;
        for (long at = 0; at < size;) {
            const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
            int rc = meet(tracer, entry->name, fresh);
            if (rc < 0)
                return rc;
            at += entry->size;
        }
    }
}

static int await_all(struct leash__tracer *tracer, uint64_t deadline)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < tracer->room; i++)
        if (tracer->threads[i].state == LEASH_TRACED_SEIZED)
            rc = await_stop(tracer, &tracer->threads[i], deadline);
    return rc;
}

/* A directory that changes while it is read may have been read with gaps: the number of its entries tells. */
static bool are_all(struct leash__tracer *tracer)
{
    enum { DOTS = 2, CALLER = 1 };
    struct stat tasks;
    return CALL(SYS_fstat, tracer->tasks, &tasks, 0, 0) == 0 && tasks.st_nlink == alive(tracer) + DOTS + CALLER;
}

static int stop_all(struct leash__tracer *tracer)
{
    uint64_t deadline = clock_ns() + PATIENCE_NS;
    for (;;) {
        bool fresh = false;
        int rc = meet_all(tracer, &fresh);
        if (rc == 0)
            rc = await_all(tracer, deadline);
        if (rc < 0)
            return rc;
        if (!fresh && are_all(tracer))
            return 0;
        if (clock_ns() >= deadline)
            return -ETIMEDOUT;
    }
}

/* Those that have not stopped yet go on when the helper ends: only stopped ones can be detached. */
static void release_all(struct leash__tracer *tracer)
{
    for (size_t i = 0; i < tracer->room; i++)
        if (tracer->threads[i].state == LEASH_TRACED_STOPPED)
            TRACE(PTRACE_DETACH, tracer->threads[i].tid, 0, tracer->threads[i].signal);
}

/* ---- the helper ---- */

/* Until the caller asks for the end, or is not there any more to ask. */
static void hold(struct leash__tracer *tracer)
{
    struct timespec second = {1, 0};
    __atomic_store_n(&tracer->state, LEASH_TRACER_HOLDS, __ATOMIC_RELEASE);
    CALL(SYS_futex, &tracer->state, FUTEX_WAKE, 1, 0);
    while (__atomic_load_n(&tracer->state, __ATOMIC_ACQUIRE) == LEASH_TRACER_HOLDS) {
        CALL(SYS_futex, &tracer->state, FUTEX_WAIT, LEASH_TRACER_HOLDS, &second);
        if (CALL(SYS_tgkill, tracer->process, tracer->caller, 0, 0) == -ESRCH)
            break;
    }
}

int leash__tracer_run(void *argument)
{
    struct leash__tracer *tracer = argument;
    CALL(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
    if (CALL(SYS_getppid, 0, 0, 0, 0) != tracer->process)
        return 0;
    tracer->result = stop_all(tracer);
    if (tracer->result == 0)
        hold(tracer);
    release_all(tracer);
    return 0;
}
