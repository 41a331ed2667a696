#include "glimpse.h"

#include <errno.h>
#include <event.h>
#include <free_signal.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum state { IDLE, ASKED, COPYING, COPIED };

/* What is asked of the handler. It belongs to who asks, but while COPYING to the handler. */
static struct {
    int state; /* enum state; atomic */
    pid_t tid;
    struct leash__glimpse *into;
} request;

/* A signal that was sent and not taken: the handler stays for it, or the default would end the process. */
static int owed;

static void take_registers(const ucontext_t *context, struct leash__registers *out)
{
    *out = (struct leash__registers){0};
#if defined(__x86_64__)
    static const int callee_saved[] = {REG_RBX, REG_R12, REG_R13, REG_R14, REG_R15};
    const greg_t *from = context->uc_mcontext.gregs;
    for (int i = 0; i < 5; i++)
        out->callee_saved[i] = (uintptr_t)from[callee_saved[i]];
    out->sp = (uintptr_t)from[REG_RSP];
    out->pc = (uintptr_t)from[REG_RIP];
    out->fp = (uintptr_t)from[REG_RBP];
#else
    for (int i = 0; i < 10; i++)
        out->callee_saved[i] = context->uc_mcontext.regs[19 + i];
    out->sp = context->uc_mcontext.sp;
    out->pc = context->uc_mcontext.pc;
    out->fp = context->uc_mcontext.regs[29];
#endif
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    int saved = errno, asked = ASKED;
    (void)number, (void)info;
    if (request.tid == (pid_t)syscall(SYS_gettid) &&
        __atomic_compare_exchange_n(&request.state, &asked, COPYING, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        struct leash__glimpse *into = request.into;
        take_registers(context, &into->registers);
        into->all_registers = true;
        into->size = leash__memory_copy(into->stack, into->registers.sp, LEASH_GLIMPSE_SIZE);
        __atomic_store_n(&request.state, COPIED, __ATOMIC_RELEASE);
    }
    errno = saved;
}

/* ---- who asks ---- */

/* Takes a real-time signal that nobody uses. 0: there is none. */
static int take_signal(void)
{
    for (int number = SIGRTMAX - 3; number >= SIGRTMIN; number--)
        if (leash__signal_take(number, on_signal))
            return number;
    return 0;
}

static int state(void)
{
    return __atomic_load_n(&request.state, __ATOMIC_ACQUIRE);
}

/* Waits for the copy; not for long where the thread gets no processor, or blocks the signal. */
static bool wait_for_copy(void)
{
    enum { PAUSES = 500, PAUSE_NS = 100000 };
    const struct timespec pause = {0, PAUSE_NS};
    for (int i = 0; i < PAUSES && state() == ASKED; i++)
        nanosleep(&pause, NULL);
    int asked = ASKED;
    if (__atomic_compare_exchange_n(&request.state, &asked, IDLE, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return false;
    while (state() == COPYING)
        nanosleep(&pause, NULL);
    return true;
}

bool leash__glimpse_by_signal(pid_t tid, struct leash__glimpse *out)
{
    if (owed)
        return false; /* it would find the same mask */
    int number = take_signal();
    if (!number)
        return false;
    request.tid = tid;
    request.into = out;
    __atomic_store_n(&request.state, ASKED, __ATOMIC_RELEASE);
    bool sent = leash__thread_waits(tid) == 0 && syscall(SYS_tgkill, getpid(), tid, number) == 0;
    bool copied = sent && wait_for_copy();
    __atomic_store_n(&request.state, IDLE, __ATOMIC_RELAXED);
    if (sent && !copied)
        owed = number;
    else
        leash__signal_give_back(number, on_signal);
    return copied && out->size;
}
