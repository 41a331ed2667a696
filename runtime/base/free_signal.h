/* Signals that nobody uses, for the runtime to take for a while. */
#ifndef LEASH_BASE_FREE_SIGNAL_H
#define LEASH_BASE_FREE_SIGNAL_H

#include <signal.h>
#include <stdbool.h>

typedef void leash__signal_fn(int number, siginfo_t *info, void *context);

/* Sets the handler of a signal that the program leaves at its default and the runtime has not taken, with SA_RESTART,
 * on the alternate stack of a thread that has one, every signal blocked meanwhile, libc's own too. False: it is not
 * free. Async-signal-safe. */
bool leash__signal_take(int number, leash__signal_fn *fn);
/* Sets the default again, unless the program has put something else there. What was sent must have arrived: a pending
 * signal would end the process. */
void leash__signal_give_back(int number, leash__signal_fn *fn);

#endif
