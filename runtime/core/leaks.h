/* From facts to classes, for the report at exit without a trace. The rules of traces/rules say the same of a trace. */
#ifndef LEASH_CORE_LEAKS_H
#define LEASH_CORE_LEAKS_H

#include "types.h"

/* Reports what the facts of a cell amount to: to the scope of leaks that it belongs to, else, unless a trace is on
 * (then its rules do), for the report at exit. Called once, when nothing more will be judged of the cell. */
void leash__leak_judged(const struct leash__cell *cell);
/* The same of a cell that lives on, at the end of its scope of leaks, with facts that hold now and are not noted. What
 * is reported here is not reported again. */
void leash__leak_judged_early(struct leash__cell *cell, unsigned facts, const char *waits_for);
/* A loop stands still under the task's name: a leak when the process ends, unless it is cleared (suspect.h). NULL: the
 * rules tell of it; or no memory. */
struct leash__suspect *leash__leak_suspect(struct leash__task *task);
/* Keeps what a pending task waits for, before the clean-up wakes it. */
void leash__leak_waits(struct leash__task *task);

#endif
