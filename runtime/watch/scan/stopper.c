#include "stopper.h"

#include "handshake.h"
#include "tracer.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <own_threads.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK = 64 * 1024, ATTEMPTS = 4, SIGNAL_BYTES = 8 };

struct leash__stopper {
    struct leash__others others;
    struct leash__tracer tracer;
    pid_t helper;    /* valid unless `signal` */
    int signal;      /* that stopped them; 0: the tracer did */
    uint64_t mask;   /* the caller's signals as they were */
    int cancelstate; /* likewise */
    size_t mapped;   /* bytes */
};

/* Yama lets a process be traced by its parent only, unless it names another; `declared` once that helped. */
static int declared; /* atomic */

/* In one piece: this, the threads, their registers, the helper's stack. What is never written costs nothing. */
static struct leash__stopper *stopper_new(size_t threads)
{
    enum { LINE = 64, SPARE = 16 };
    size_t room = 64;
    while (room < 2 * threads)
        room *= 2;
    size_t head = (sizeof(struct leash__stopper) + LINE - 1) / LINE * LINE;
    size_t table = room * sizeof(struct leash__other), registers = (threads + SPARE) * LEASH_TRACER_REGISTERS;
    char *base = leash__arena_map(head + table + registers + STACK);
    if (!base)
        return NULL;
    struct leash__stopper *stopper = (struct leash__stopper *)(void *)base;
    stopper->mapped = head + table + registers + STACK;
    stopper->others.threads = (struct leash__other *)(void *)(base + head);
    stopper->others.room = room;
    stopper->tracer.others = &stopper->others;
    stopper->tracer.registers = (unsigned char *)base + head + table;
    stopper->tracer.registers_room = registers;
    return stopper;
}

/* All signals, libc's own too: their handlers could wait for a thread that stands still. */
static void hold_signals_back(struct leash__stopper *stopper)
{
    uint64_t all = ~UINT64_C(0);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &stopper->mask, SIGNAL_BYTES);
}

static void let_signals_in(const struct leash__stopper *stopper)
{
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &stopper->mask, NULL, SIGNAL_BYTES);
}

/* Not a private futex: the kernel's own wake at the helper's end is none either. */
static void wait_while_busy(struct leash__tracer *tracer)
{
    while (__atomic_load_n(&tracer->state, __ATOMIC_ACQUIRE) == LEASH_TRACER_BUSY)
        syscall(SYS_futex, &tracer->state, FUTEX_WAIT, LEASH_TRACER_BUSY, NULL, NULL, 0);
}

/* The helper is a child without a signal at its end: who waits for any child does not meet it. */
static void end_helper(struct leash__stopper *stopper)
{
    wait_while_busy(&stopper->tracer);
    while (waitpid(stopper->helper, NULL, __WALL) < 0 && errno == EINTR)
        ;
}

/* 0: they stand still. */
static int start_helper(struct leash__stopper *stopper)
{
    const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED | CLONE_CHILD_CLEARTID;
    struct leash__tracer *tracer = &stopper->tracer;
    char *stack = (char *)stopper + stopper->mapped;
    tracer->state = LEASH_TRACER_BUSY;
    tracer->result = -EPERM; /* of one that seccomp kills */
    hold_signals_back(stopper);
    stopper->helper = clone(leash__tracer_run, (void *)((uintptr_t)stack & ~(uintptr_t)63), flags, tracer, NULL, NULL,
                            &tracer->state);
    if (stopper->helper < 0) {
        let_signals_in(stopper);
        return -EAGAIN;
    }
    wait_while_busy(tracer);
    if (__atomic_load_n(&tracer->state, __ATOMIC_ACQUIRE) == LEASH_TRACER_HOLDS)
        return 0;
    end_helper(stopper);
    let_signals_in(stopper);
    return tracer->result < 0 ? tracer->result : -EPERM;
}

static void stopper_free(struct leash__stopper *stopper)
{
    int cancelstate = stopper->cancelstate;
    leash__arena_unmap(stopper, stopper->mapped);
    pthread_setcancelstate(cancelstate, NULL);
}

static int start_signal(struct leash__stopper *stopper)
{
    hold_signals_back(stopper);
    int rc = leash__handshake_begin(&stopper->others, stopper->signal);
    if (rc == 0)
        return 0;
    leash__handshake_end(&stopper->others);
    let_signals_in(stopper);
    return rc;
}

/* What is asked for: `signal` 0, that they are traced. */
struct order {
    int tasks;
    size_t threads; /* at least */
    int signal;
    pid_t late;
};

static int stop(struct leash__stopper **out, struct order *order)
{
    struct leash__stopper *stopper = stopper_new(order->threads);
    if (!stopper)
        return -ENOMEM;
    stopper->others.tasks = order->tasks;
    stopper->others.process = getpid();
    stopper->others.caller = gettid();
    stopper->signal = order->signal;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &stopper->cancelstate);
    int rc = order->signal ? start_signal(stopper) : start_helper(stopper);
    order->late = stopper->others.late;
    if (rc < 0)
        stopper_free(stopper);
    else
        *out = stopper;
    return rc;
}

static bool declare(void)
{
    return prctl(PR_SET_PTRACER, getpid(), 0, 0, 0) == 0; /* EINVAL: there is no Yama */
}

static void undeclare(void)
{
    prctl(PR_SET_PTRACER, 0, 0, 0, 0);
}

/* As many times as threads come faster than they are met. */
static int try_to_stop(struct leash__stopper **out, struct order *order)
{
    int rc = -ENOBUFS;
    for (int attempt = 0; rc == -ENOBUFS && attempt < ATTEMPTS; attempt++, order->threads *= 4)
        rc = stop(out, order);
    return rc == -ENOBUFS ? -ETIMEDOUT : rc;
}

/* Threads beside the caller that run anything of the program. One may be set aside, or end, while they are counted. */
static bool others_run(void)
{
    unsigned aside = leash__own_threads_aside(), threads = leash__process_threads(), later = leash__own_threads_aside();
    return threads > 1 + (aside < later ? aside : later);
}

static int trace_others(struct leash__stopper **out, struct order *order)
{
    bool named = __atomic_load_n(&declared, __ATOMIC_RELAXED) && declare();
    int rc = try_to_stop(out, order);
    if (rc == -EPERM && !named && (named = declare())) {
        rc = try_to_stop(out, order);
        __atomic_store_n(&declared, rc == 0, __ATOMIC_RELAXED);
    }
    if (named)
        undeclare();
    return rc;
}

static int stop_others(struct leash__stopper **out, struct order *order, int signal)
{
    int rc = trace_others(out, order);
    if ((rc != -EPERM && rc != -EAGAIN) || !signal)
        return rc;
    order->signal = signal;
    return try_to_stop(out, order);
}

/* ---- one caller at a time: each of two would stop the other ---- */

static int turn; /* futex; the process whose thread has it: in a forked child it says the parent's; 0: nobody */

static void take_turn(void)
{
    int mine = getpid();
    for (int seen = 0; !__atomic_compare_exchange_n(&turn, &seen, mine, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);) {
        if (seen != mine)
            continue; /* take it from whom the fork left behind */
        syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, mine, NULL, NULL, 0);
        seen = 0;
    }
}

static void give_turn(void)
{
    __atomic_store_n(&turn, 0, __ATOMIC_RELEASE);
    syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* ---- */

void leash__threads_registers(const struct leash__stopper *stopper, leash__registers_fn *fn, void *argument)
{
    if (stopper && stopper->signal)
        leash__handshake_registers(&stopper->others, fn, argument);
    else if (stopper)
        fn(stopper->tracer.registers, stopper->tracer.registers_used, argument);
}

int leash__threads_stop(struct leash__stopper **out, int signal, pid_t *late)
{
    struct leash__stopper *stopper = NULL;
    int rc = 0;
    struct order order = {.threads = leash__process_threads(), .tasks = -1};
    if (order.threads)
        order.tasks = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (order.tasks < 0)
        return -ENODATA;
    take_turn();
    if (others_run())
        rc = stop_others(&stopper, &order, signal);
    if (!stopper)
        give_turn();
    close(order.tasks);
    if (rc == 0)
        *out = stopper;
    else if (late)
        *late = order.late;
    return rc;
}

static bool release_traced(struct leash__stopper *stopper)
{
    int held = LEASH_TRACER_HOLDS;
    bool good = __atomic_compare_exchange_n(&stopper->tracer.state, &held, LEASH_TRACER_BUSY, false, __ATOMIC_ACQ_REL,
                                            __ATOMIC_ACQUIRE);
    syscall(SYS_futex, &stopper->tracer.state, FUTEX_WAKE, 1, NULL, NULL, 0);
    end_helper(stopper);
    return good;
}

bool leash__threads_resume(struct leash__stopper *stopper)
{
    bool good = true;
    if (!stopper)
        return true;
    if (stopper->signal)
        leash__handshake_end(&stopper->others);
    else
        good = release_traced(stopper);
    let_signals_in(stopper);
    stopper_free(stopper);
    give_turn();
    return good;
}
