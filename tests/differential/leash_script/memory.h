/* Memory for a test program: it ends with a message when there is none. */
#ifndef LEASH_SCRIPT_MEMORY_H
#define LEASH_SCRIPT_MEMORY_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* Zeroed. */
static inline void *must_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) {
        fprintf(stderr, "leash-script: out of memory\n");
        exit(1);
    }
    return memory;
}

static inline void *must_grow(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (!memory) {
        fprintf(stderr, "leash-script: out of memory\n");
        exit(1);
    }
    return memory;
}

#endif
