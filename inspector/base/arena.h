/* Memory that is given back all at once: everything that one snapshot of a trace points to. */
#ifndef LEASH_INSPECTOR_ARENA_H
#define LEASH_INSPECTOR_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *blocks; /* the newest first */
};

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
/* A copy of `text`; NULL stays NULL. */
char *arena_text(struct arena *arena, const char *text);
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_free(struct arena *arena);

#endif
