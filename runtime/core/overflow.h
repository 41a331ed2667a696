/* Who overflowed its stack. */
#ifndef LEASH_CORE_OVERFLOW_H
#define LEASH_CORE_OVERFLOW_H

#include <stddef.h>

/* Async-signal-safe: "task #3 \"name\" (src/x.c:12)"; 0 if no task runs on this thread. */
size_t leash__overflow_name(char *buffer, size_t size);

#endif
