/* Handles of what the program opens and closes: streams, sockets, processes. That one is closed already is no mistake
 * where it is closed again, and an error of its own elsewhere; what never was one is a mistake. */
#ifndef LEASH_IO_CLOSABLE_H
#define LEASH_IO_CLOSABLE_H

#include "waitable.h"

/* The waitable of a handle. NULL: *error is 0 if it is gone, else -EINVAL, -EPERM, and said. */
struct leash__waitable *leash__closable_of(const void *handle, const struct leash__waitable_type *type,
                                           const char *call, struct leash_site *site, int *error);

#endif
