/* Memory that lives as long as the run: the stack of a task that never ends is thrown away unrun, so that nothing which
 * a waiting op holds could be freed by it. */
#ifndef LEASH_SCRIPT_ARENA_H
#define LEASH_SCRIPT_ARENA_H

#include <stddef.h>

struct arena {
    struct arena_chunk *chunks; /* newest first; NULL: none yet */
};

/* Zeroed, aligned for anything. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const char *text);
void arena_free(struct arena *arena);

#endif
