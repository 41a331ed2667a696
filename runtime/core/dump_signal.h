/* SIGUSR1 asks every loop for a dump, at its next return to the loop: option `dump`. */
#ifndef LEASH_CORE_DUMP_SIGNAL_H
#define LEASH_CORE_DUMP_SIGNAL_H

#include "types.h"

/* Joins this thread's loop; the first one takes SIGUSR1, if that is free. Does nothing unless loop->options.dump. */
void leash__dump_signal_begin(struct leash__loop *loop);
/* Leaves; the last one gives the signal back. */
void leash__dump_signal_end(struct leash__loop *loop);
/* The program waits for SIGUSR1 itself: it asks for no dumps until all loops that joined have ended. Any thread. */
void leash__dump_signal_step_back(void);
/* Dumps to stderr if that was asked for since the last time. */
void leash__dump_signal_answer(struct leash__loop *loop);

#endif
