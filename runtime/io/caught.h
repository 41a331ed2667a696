/* Signals that libuv catches for this library, and what the program did about them before: that comes back when the
 * last one lets go, and in a forked child, where libuv itself would leave the default or its own handler behind. */
#ifndef LEASH_IO_CAUGHT_H
#define LEASH_IO_CAUGHT_H

#include <list.h>
#include <uv.h>

struct leash__caught {
    struct leash__node node; /* of the process's; while it is caught */
    uv_signal_t uv;          /* initialised by its loop's thread */
};

/* Catches a signal; leash_run and the dump, if they had it, step back. 0; -EINVAL: there is no such signal, or it
 * cannot be caught; -errno. */
int leash__caught_begin(struct leash__caught *caught, uv_signal_cb fn, int number);
/* Lets go; its handle is to be closed then. */
void leash__caught_end(struct leash__caught *caught);

#endif
