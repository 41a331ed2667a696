/* The loop: iterations, and its two ends. */
#ifndef LEASH_CORE_LOOP_H
#define LEASH_CORE_LOOP_H

#include "coro.h"
#include "types.h"

/* 0, -ENOMEM, -EINVAL. The loop runs on the calling thread. */
int leash__loop_new(struct leash__thread *thread, const struct leash_options *options, struct leash__loop **out);
/* Frees it with everything that is left, tasks' stacks unrun. */
void leash__loop_free(struct leash__loop *loop);

/* Iterates until `stop` is set: true. False: nothing is ready and no timer is armed, or real time passed `deadline`
 * (ns; 0: none), or the process forked and this is the child. */
bool leash__loop_run(struct leash__loop *loop, uint64_t deadline);

/* How many loops run in this process, on any thread. */
unsigned leash__loops_running(void);
/* In a forked child: none does. */
void leash__loops_forget(void);

/* For a task that suspends when the batch is empty: begins the next iteration, if nothing but the ready queue is to be
 * looked at for it. False: it is left to leash__loop_run. */
bool leash__loop_turn(struct leash__loop *loop);

/* exit() was called while the loop ran. */
void leash__loop_exited(struct leash__loop *loop);
/* The thread ended inside of leash_run (pthread_exit): judges and frees the loop. */
void leash__run_cut_short(struct leash__loop *loop);

/* Joins the thread to the trace, if one is asked for, and sees to what must happen at the end of the process.
 * `by_loop`: the options are a loop's, and not only the environment's. */
void leash__thread_record(struct leash__thread *thread, const struct leash_options *options, bool by_loop);
/* Calls fn for each thread that ever met leash, as far as its state was not taken over by another. */
void leash__threads_each(void (*fn)(const struct leash__thread *thread, void *argument), void *argument);
/* This process is a forked child that has not called leash_after_fork. */
bool leash__forked(void);
/* The refusal of calls that need a running loop: -EPERM, or -ECHILD in a forked child. */
int leash__no_loop(const char *call, struct leash_site *site);
/* The running loop, for calls that make something for it; if there is none, or it is past its clean-up, NULL and that
 * refusal. */
static inline struct leash__loop *leash__loop_needed(const char *call, struct leash_site *site)
{
    struct leash__loop *loop = leash__running();
    if (__builtin_expect(loop && !loop->over, 1))
        return loop;
    leash__no_loop(call, site);
    return NULL;
}

#endif
