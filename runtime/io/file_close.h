/* Closing descriptors. */
#ifndef LEASH_IO_FILE_CLOSE_H
#define LEASH_IO_FILE_CLOSE_H

#include "types.h"

/* Has a thread close fd, and nobody waits; where no job can begin, it is closed here and now. */
void leash__file_close_detached(struct leash__loop *loop, int fd, struct leash_site *site);

#endif
