/* SIGINT, as asyncio.run takes it: the first one cancels main, the second ends the run as it is, the third one ends the
 * process. Only for a loop on the process's first thread, if the signal is free (SIG_DFL), and unless sigint=0; and no
 * longer once the program has shown an interest of its own.
 * Algorithm: CPython 3.11's Runner.run and Runner._on_sigint (Lib/asyncio/runners.py). */
#ifndef LEASH_CORE_INTERRUPT_H
#define LEASH_CORE_INTERRUPT_H

#include "types.h"

void leash__interrupt_begin(struct leash__loop *loop);
void leash__interrupt_end(struct leash__loop *loop);
/* The program waits for SIGINT itself: until the end of the run it is none of the loop's business. Any thread. */
void leash__interrupt_step_back(void);
/* In a forked child: SIGINT is as it was before. */
void leash__interrupt_forget(void);
/* The bell rang: maybe for this. */
void leash__interrupt_answer(struct leash__loop *loop);
/* The run is to end without more ado. */
static inline bool leash__interrupted_twice(const struct leash__loop *loop)
{
    return loop->interrupts > 1;
}

#endif
