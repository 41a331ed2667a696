/* Standstills: nothing is ready, no timer is armed, main is unfinished, and nothing is left that could wake the loop;
 * or nothing but threads that nobody declared. Of these it is never known whether they will: such a standstill is told
 * when the process ends, unless the loop was woken. */
#ifndef LEASH_CORE_STANDSTILL_H
#define LEASH_CORE_STANDSTILL_H

#include "types.h"

/* Nothing is left. True: something was done about it, the loop goes on. */
bool leash__standstill(struct leash__loop *loop);
/* For a while nothing but threads that nobody declared could have woken the loop. */
void leash__standstill_outside(struct leash__loop *loop);
/* It was woken. */
void leash__standstill_woken(struct leash__loop *loop);
/* It was told already, and nothing has come of it since (on_deadlock=report). */
bool leash__standstill_stays(struct leash__loop *loop);
/* It is judged as it stands. */
void leash__standstill_judge(struct leash__loop *loop);

#endif
