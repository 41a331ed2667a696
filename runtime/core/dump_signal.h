/* SIGUSR1 asks every loop for a dump, at its next return to the loop: option `dump`. */
#ifndef LEASH_CORE_DUMP_SIGNAL_H
#define LEASH_CORE_DUMP_SIGNAL_H

#include <signal.h>

#include "types.h"

/* Joins this thread's loop; the first one takes SIGUSR1, if that is free. Does nothing unless loop->options.dump. */
void leash__dump_signal_begin(struct leash__loop *loop);
/* Leaves; the last one gives the signal back. */
void leash__dump_signal_end(struct leash__loop *loop);
/* Dumps to stderr if that was asked for since the last time. */
void leash__dump_signal_answer(struct leash__loop *loop);

/* Around a sleep of the loop, so that no request falls between the look and the sleep: true if it may sleep, with
 * `mask` for ppoll. _awake must follow in either case. */
bool leash__dump_signal_asleep(struct leash__loop *loop, sigset_t *mask);
void leash__dump_signal_awake(const sigset_t *mask);

#endif
