/* A look at the loop's own judgements, for tests: what the runtime holds true of a task, coroutine or future at the
 * end, whether a trace is on or not. */
#ifndef LEASH_CORE_JUDGE_H
#define LEASH_CORE_JUDGE_H

#include <stdint.h>
#include <trace_format.h>

/* From now on calls fn(kind, handle, facts, arg) wherever facts (LEASH_FACT_*) are determined on this thread: PENDING
 * when the loop stops after main (or at a standstill), before the clean-up, in order of creation; UNRETRIEVED and
 * NEVER_AWAITED at the loop's end, or earlier when the cell goes. A subject may be told of more than once. `handle` is
 * the value that the program holds. fn must not call leash. NULL: no more. */
void leash__judge_hook(void (*fn)(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg), void *arg);

#endif
