/* Watches: who waits for a descriptor. libuv takes one poll handle a descriptor, so there is one watch for all. */
#ifndef LEASH_IO_FD_H
#define LEASH_IO_FD_H

#include "reactor.h"

/* At the end of the loop: nobody waits any more. */
void leash__watches_end(struct leash__reactor *reactor);

#endif
