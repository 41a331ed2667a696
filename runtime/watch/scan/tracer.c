#include "tracer.h"

#include "raw_call.h"

#include <elf.h>
#include <errno.h>
#include <linux/futex.h>
#include <own_threads.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum {
    NAP_NS = 50 * 1000,
    SPINS = 100 /* looks at a thread before the first nap: most stop within microseconds */
};

#define CALL                               LEASH__RAW_CALL
#define TRACE(request, tid, address, data) CALL(SYS_ptrace, request, tid, address, data)

/* ---- one thread ---- */

static int seize(void *argument, struct leash__other *thread)
{
    const struct leash__tracer *tracer = argument;
    long rc = TRACE(PTRACE_SEIZE, thread->tid, 0, 0);
    thread->state = LEASH_OTHER_TOLD;
    if (rc >= 0)
        rc = TRACE(PTRACE_INTERRUPT, thread->tid, 0, 0);
    if (rc == -ESRCH)
        thread->state = LEASH_OTHER_GONE;
    else if (rc < 0 && leash__other_is_inert(tracer->others, thread->tid))
        thread->state = LEASH_OTHER_INERT;
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
static int take_status(struct leash__tracer *tracer, struct leash__other *thread, int status)
{
    if (!WIFSTOPPED(status)) {
        thread->state = LEASH_OTHER_GONE;
        return 0;
    }
    thread->state = LEASH_OTHER_STANDS;
    thread->note = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
    return take_all_registers(tracer, thread->tid);
}

static int await_stop(void *argument, struct leash__other *thread, uint64_t deadline)
{
    struct leash__tracer *tracer = argument;
    for (unsigned looks = 0;; looks++) {
        int status = 0;
        long got = CALL(SYS_wait4, thread->tid, &status, __WALL | WNOHANG, 0);
        if (got == thread->tid)
            return take_status(tracer, thread, status);
        if (got < 0 && got != -EINTR) {
            thread->state = LEASH_OTHER_GONE;
            return 0;
        }
        if (looks < SPINS) {
            CALL(SYS_sched_yield, 0, 0, 0, 0);
            continue;
        }
        if (leash__other_is_inert(tracer->others, thread->tid)) {
            thread->state = LEASH_OTHER_INERT;
            return 0;
        }
        if (leash__raw_clock_ns() >= deadline)
            return -ETIMEDOUT;
        leash__raw_nap(NAP_NS);
    }
}

/* ---- the helper ---- */

/* Those that have not stopped yet go on when the helper ends: only stopped ones can be detached. */
static void release_all(const struct leash__others *others)
{
    for (size_t i = 0; i < others->room; i++)
        if (others->threads[i].state == LEASH_OTHER_STANDS)
            TRACE(PTRACE_DETACH, others->threads[i].tid, 0, others->threads[i].note);
}

/* Until the caller asks for the end, or is not there any more to ask. */
static void hold(struct leash__tracer *tracer)
{
    struct timespec second = {1, 0};
    __atomic_store_n(&tracer->state, LEASH_TRACER_HOLDS, __ATOMIC_RELEASE);
    CALL(SYS_futex, &tracer->state, FUTEX_WAKE, 1, 0);
    while (__atomic_load_n(&tracer->state, __ATOMIC_ACQUIRE) == LEASH_TRACER_HOLDS) {
        CALL(SYS_futex, &tracer->state, FUTEX_WAIT, LEASH_TRACER_HOLDS, &second);
        if (CALL(SYS_tgkill, tracer->others->process, tracer->others->caller, 0, 0) == -ESRCH)
            break;
    }
}

int leash__tracer_run(void *argument)
{
    static const struct leash__way way = {seize, await_stop};
    struct leash__tracer *tracer = argument;
    CALL(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
    if (CALL(SYS_getppid, 0, 0, 0, 0) != tracer->others->process)
        return 0;
    tracer->result = leash__others_halt(tracer->others, &way, tracer);
    if (tracer->result == 0)
        hold(tracer);
    release_all(tracer->others);
    return 0;
}
