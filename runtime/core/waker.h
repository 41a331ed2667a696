/* Wakers, as the loop knows them. */
#ifndef LEASH_CORE_WAKER_H
#define LEASH_CORE_WAKER_H

#include <leash/waker.h>

#include "types.h"

/* Whether somebody outside has said that it may wake the loop. */
bool leash__wakers_held(const struct leash__loop *loop);
/* Prints a line for each that does. */
void leash__wakers_dump(const struct leash__loop *loop, FILE *to);
/* How many other threads that live have declared by themselves when they may wake a loop. */
unsigned leash__threads_declared(void);
/* Before a fork, and after it in both processes. */
void leash__wakers_lock(void);
void leash__wakers_unlock(void);

#endif
