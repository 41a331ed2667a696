/* When the runtime itself makes the program stand still: what lasts long then is no doing of the program's. */
#ifndef LEASH_BASE_PAUSE_H
#define LEASH_BASE_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

/* Any thread; several at a time. */
void leash__pause_begin(void);
void leash__pause_end(void);
/* Whether it stood still at any time since the last question, of which *seen (at first 0) knows. */
bool leash__paused_since(uint64_t *seen);

#endif
