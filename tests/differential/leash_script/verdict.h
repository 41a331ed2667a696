/* The verdict: what the runtime itself judged of every task, coroutine and future of the run. */
#ifndef LEASH_SCRIPT_VERDICT_H
#define LEASH_SCRIPT_VERDICT_H

#include "run.h"

/* From here on the runtime's judgements are collected. */
void verdict_begin(struct run *run);
/* Prints the last lines: main's outcome as leash_run returned it, and what was judged. */
void verdict_print(struct run *run, int rc, const char *result);

#endif
