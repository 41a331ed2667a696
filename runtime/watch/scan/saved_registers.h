/* What a thread held in registers, as the kernel saved it for the handler of a signal. */
#ifndef LEASH_WATCH_SAVED_REGISTERS_H
#define LEASH_WATCH_SAVED_REGISTERS_H

#include "stopper.h"

/* Calls fn for them: the general ones and the vectors. `saved`: the ucontext_t that the handler was given.
 * Async-signal-safe if fn is. */
void leash__saved_registers(const void *saved, leash__registers_fn *fn, void *argument);

#endif
