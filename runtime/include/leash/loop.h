/* The loop: running a program, its options, plain callbacks, time. */
#ifndef LEASH_LOOP_H
#define LEASH_LOOP_H

#include <leash/coro.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum leash_overflow {
    LEASH_OVERFLOW_WAIT, /* the program waits while the writer catches up (default) */
    LEASH_OVERFLOW_DROP  /* events are dropped and counted */
};

/* When memory is searched for the handles of tasks that nobody else waits for (leash/scan.h). */
enum leash_scan_when {
    LEASH_SCAN_NEVER,
    LEASH_SCAN_AT_END,
    LEASH_SCAN_RUNNING /* also while it runs and records, if the clock is real: when the loop is idle, and for no more
                          than a hundredth of the time (default) */
};

/* blocked_ms that is not set. */
#define LEASH_BLOCKED_DEFAULT (~0u)

/* What is done about tasks that wait for each other, or for what nothing is left to bring about. It is said on stderr
 * at once, and recorded, whatever this is.
 *
 * What may yet be none, a task that waits for a lock or semaphore which it holds itself (somebody may give it back for
 * it, as a signal), and a cycle in which one waits for a shield (somebody may set its future), is said, and nothing is
 * done about it before a standstill. */
enum leash_on_deadlock {
    /* The run ends with -EDEADLK once nothing can happen any more (default). As long as other tasks, timers or
     * descriptors can go on it goes on with them, also if main waits for a cycle: one of them might cancel it. */
    LEASH_ON_DEADLOCK_END,
    /* Nothing: at a standstill the loop sleeps until it is woken, by SIGINT at the latest. What it comes out of was
     * none, and the next one is told of as well. */
    LEASH_ON_DEADLOCK_REPORT,
    /* Main is cancelled, once, as soon as it waits for a cycle, or at a standstill; by its own wait where what it waits
     * for would only hand the cancellation round, or does so once the rest of it has ended. leash_run returns -EDEADLK
     * if main ends cancelled by that; what does not end by it ends as with END. */
    LEASH_ON_DEADLOCK_CANCEL,
    LEASH_ON_DEADLOCK_ABORT /* abort(), at the first one: for a debugger, or a core dump */
};

/* How to run. LEASH_OPTIONS (the environment) sets what the program did not. A field at its default below counts as not
 * set. `size` makes room for later fields: always start from LEASH_OPTIONS_INIT. Names there that begin with
 * "inspector." are for the program leash. */
struct leash_options {
    size_t size;            /* sizeof(struct leash_options) */
    const char *trace;      /* path of the trace; NULL: LEASH_TRACE, else none */
    size_t stack_size;      /* bytes a task's stack, guard included; 0: 64 KiB */
    size_t spool_size;      /* bytes the spool may grow to; 0: 256 MiB */
    double cleanup_timeout; /* real seconds that the clean-up after main may take; 0: 5 */
    unsigned blocked_ms;    /* longest step or iteration that is no finding, ms; 0: all are none; as below: 100 */
    uint64_t seed;          /* not 0: shuffles the ready queue with this seed */
    int exitcode;           /* not 0: the process exits with this if the report at exit holds an E class */
    int virtual_time;       /* 1: time jumps when nothing is ready; 0: real; -1: not set */
    int stacks;             /* 1: a stack at each creation, of objects too; -1: not set (0) */
    int steps;              /* 1: every resume and suspend too; -1: not set (0) */
    int scan;               /* enum leash_scan_when; -1: not set (LEASH_SCAN_RUNNING) */
    int report;             /* 0: no report at exit without a trace, no diagnostics; -1: not set (1) */
    int overflow;           /* enum leash_overflow; -1: not set */
    int dump;               /* 1: SIGUSR1, if free, makes every loop leash_dump() to stderr; -1: not set (0) */
    int sigint;             /* 0: SIGINT is left alone; -1: not set (1: see leash_run) */
    unsigned threads;       /* that do jobs at a time (leash/thread.h); 0: as CPython, min(32, processors + 4) */
    int on_deadlock;        /* enum leash_on_deadlock; -1: not set */
    int unused;             /* not looked at: a program that was built with less has anything here */
    int stop_signal;        /* real-time signal that stops other threads for a scan where ptrace cannot; 0: none does
                               (leash/scan.h) */
    int reserved;           /* 0; so that no part of the struct is padding */
};
#define LEASH_OPTIONS_INIT                                                                                             \
    {                                                                                                                  \
        sizeof(struct leash_options), 0, 0, 0, 0, LEASH_BLOCKED_DEFAULT, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, 0, -1,  \
            0, 0, 0                                                                                                    \
    }

/* leash_run(coro): makes a loop, runs coro as its main task, and ends as asyncio.run does: what is pending then is
 * noted, cancelled once each in order of creation, and awaited, then what threads do for it (leash/thread.h). On the
 * process's first thread a SIGINT, if it is free (SIG_DFL), cancels main; a second one ends the run as it is, a third
 * one the process; not once the program waits for it itself (leash/signal.h). Returns main's code. -EINTR: main ended
 * cancelled by a SIGINT, or a second one came. -EDEADLK: nothing was ready, no timer armed, and main unfinished
 * (enum leash_on_deadlock, leash/waker.h).
 * -EPERM: a loop runs on this thread already. -EINVAL, -ESTALE: coro. -ENOMEM. */
#define leash_run(...) leash__run((__VA_ARGS__), (const struct leash_options *)0, (void **)0, LEASH_SITE(#__VA_ARGS__))
/* leash_run_with(coro, &options, &result): options and result may be NULL. A result made by leash_return_copy or
 * leash_return_own is dropped when leash_run_with returns: *result is then NULL; a plain pointer is kept. Untouched
 * on failure. */
#define leash_run_with(...) leash__run(__VA_ARGS__, LEASH_SITE(#__VA_ARGS__))

/* Seconds on the loop's clock, read at the start of this iteration for the real clock; -1 with no running loop. */
LEASH_API double leash_time(void);

/* A callback in the queue or armed; carries no claim; stale once it ran or was cancelled. */
typedef struct leash_callback_ *leash_callback_t;
/* Calls fn(arg) from the loop: in the next iteration, after so many seconds, at a time of leash_time(). A callback must
 * not wait. NULL and errno: EPERM no running event loop on this thread, EINVAL fn is NULL, ENOMEM. */
LEASH_API leash_callback_t leash_call_soon(void (*fn)(void *arg), void *arg);
LEASH_API leash_callback_t leash_call_later(double seconds, void (*fn)(void *arg), void *arg);
LEASH_API leash_callback_t leash_call_at(double when, void (*fn)(void *arg), void *arg);
/* 1 taken back, 0 it ran already or was cancelled before, -EINVAL. */
LEASH_API int leash_callback_cancel(leash_callback_t callback);

/* After fork(), in the child: lets it use leash again, with loops and a trace (path.PID) of its own. 0, -errno. */
LEASH_API int leash_after_fork(void);

LEASH_API int leash__run(leash_coro_t coro, const struct leash_options *options, void **result,
                         struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
