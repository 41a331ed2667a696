/* Memory that held items. What is freed is still looked at by the scan for lost handles: an item that was taken long
 * ago must not look alive there. */
#ifndef LEASH_SYNC_FORGET_H
#define LEASH_SYNC_FORGET_H

#include <stdlib.h>
#include <string.h>

static inline void leash__forget(void *memory, size_t size)
{
    if (memory)
        explicit_bzero(memory, size);
    free(memory);
}

#endif
