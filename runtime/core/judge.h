/* A look at the loop's own judgements, for tests: what the runtime holds true of a task, coroutine or future at the
 * end, whether a trace is on or not. */
#ifndef LEASH_CORE_JUDGE_H
#define LEASH_CORE_JUDGE_H

#include <stdint.h>
#include <trace_format.h>

/* Told to the hook alone, beside the facts: a cancellation came back to this task along what waits for what. CPython
 * recurses there until it gives up. */
#define LEASH__JUDGE_CANCEL_CYCLE 0x80000000u

struct leash__cell;
struct leash__loop;
struct leash__task;
struct leash__thread;

/* From now on calls fn(kind, handle, facts, arg) wherever facts (LEASH_FACT_*) are determined on this thread: PENDING
 * when the loop stops after main (or at a standstill), before the clean-up, in order of creation; UNRETRIEVED and
 * NEVER_AWAITED at the loop's end, or earlier when the cell goes. A subject may be told of more than once. `handle` is
 * the value that the program holds. fn must not call leash. NULL: no more. */
void leash__judge_hook(void (*fn)(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg), void *arg);

/* What holds of the tasks that are unfinished now that the loop stopped (but
 * for main and the running task, where the end is a deadlock or exit()). Scans for lost handles if the options ask for
 * it. */
void leash__judge_pending(struct leash__loop *loop);
/* A task has ended, and holds something that nobody will give back for it. */
void leash__judge_holds(struct leash__task *task);
/* A task was cancelled, waited on, and ended otherwise. */
void leash__judge_ignores(struct leash__task *task);
/* What holds of everything that is left at the end of the loop. */
void leash__judge_rest(struct leash__loop *loop);
/* A finished cell is about to go while the loop runs. */
void leash__judge_released(struct leash__cell *cell);
/* The facts that hold of it now, if the loop stopped here. Nothing is noted, and nobody told. */
unsigned leash__judge_facts(struct leash__cell *cell);
/* A cancellation came back to where it had been. */
void leash__judge_cycle(struct leash__cell *cell);
/* The process ends: coroutines and objects that a thread made and that met no loop. They are on no list then. */
void leash__judge_orphans(struct leash__thread *thread);

#endif
