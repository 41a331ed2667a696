/* Stops a process's other threads by a signal, where nobody may trace them: each tells from its handler that it stands,
 * and waits there until it is let go, with every signal blocked. What they slept or polled in is cut short by that, so
 * it is done only if the program names a signal (stop_signal of struct leash_options).
 *
 * A thread that is asked has a slot, whose state is a table of moves:
 *
 *   FREE -> ASKED      by who stops them, before the signal is sent
 *   ASKED -> STANDS    by the thread, in its handler
 *   ASKED -> OWED      it did not come in time: the signal is still on its way
 *   ASKED -> FREE      it ended before it came
 *   STANDS -> RELEASED it may go
 *   RELEASED -> FREE   by the thread, as it goes
 *   OWED -> ASKED      it is asked the next time by what is still on its way
 *   OWED -> FREE       by the thread, which came at last, and went on; or it ended
 *
 * Slots are never given back to the system: a handler may be late by any time. As long as a signal is on its way its
 * handler stays, since the default would end the process. */
#ifndef LEASH_WATCH_HANDSHAKE_H
#define LEASH_WATCH_HANDSHAKE_H

#include "others.h"
#include "stopper.h"

/* Stops them by signal `number`; the note of each is the number of its slot. The caller blocks all signals, and is the
 * only one in this process until leash__handshake_end. 0: they stand. -EINVAL: the number is no real-time signal's.
 * -EADDRINUSE: something handles it. -ECONNREFUSED: `late` blocks it. -ETIMEDOUT. -EPERM: the kernel sends no signals.
 * -ENOBUFS: more threads than room for them. -ENOMEM. leash__handshake_end is due in any case. */
int leash__handshake_begin(struct leash__others *others, int number);
/* What they held in registers, of those that stand. */
void leash__handshake_registers(const struct leash__others *others, leash__registers_fn *fn, void *argument);
/* Lets go those that stand, and gives the signal back if nothing is on its way. */
void leash__handshake_end(struct leash__others *others);

#endif
