/* Signals that a loop waits for. */
#ifndef LEASH_IO_SIGNALS_H
#define LEASH_IO_SIGNALS_H

#include "reactor.h"

/* At the end of the loop: nobody waits any more. */
void leash__signals_end(struct leash__reactor *reactor);

#endif
