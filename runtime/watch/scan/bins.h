/* malloc's own lists of free chunks, in libc's data: they point into blocks, namely to the last word of the one before
 * each free chunk, and are no references of the program. */
#ifndef LEASH_WATCH_BINS_H
#define LEASH_WATCH_BINS_H

#include "ranges.h"

/* Where they lie in data[size], which stands at the address `from`; empty if they do not. glibc's main arena is known
 * by its looks: 127 heads of lists, most of which point at themselves. */
struct leash__range leash__bins_in(const unsigned char *data, size_t size, uintptr_t from);

#endif
