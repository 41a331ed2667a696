#include "rowpool.h"

#include <stdlib.h>
#include <string.h>

void leash__rowpool_init(struct leash__rowpool *pool, size_t size)
{
    *pool = (struct leash__rowpool){.size = size};
}

static struct leash__row *leash_next_free(const void *row)
{
    return (struct leash__row *)(uintptr_t)((const struct leash__row *)row)->id;
}

static void leash_push_free(struct leash__rowpool *pool, void *row)
{
    struct leash__row *free_row = row;
    *free_row = (struct leash__row){.id = (uintptr_t)pool->free};
    pool->free = row;
}

static int leash_add_chunk(struct leash__rowpool *pool)
{
    char **chunks = realloc(pool->chunks, (pool->chunks_count + 1) * sizeof(*chunks));
    if (!chunks)
        return -1;
    pool->chunks = chunks;
    char *chunk = malloc(LEASH__ROWPOOL_CHUNK * pool->size);
    if (!chunk)
        return -1;
    pool->chunks[pool->chunks_count++] = chunk;
    for (size_t i = LEASH__ROWPOOL_CHUNK; i-- > 0;)
        leash_push_free(pool, chunk + i * pool->size);
    return 0;
}

void *leash__rowpool_take(struct leash__rowpool *pool)
{
    if (!pool->free && leash_add_chunk(pool) < 0)
        return NULL;
    void *row = pool->free;
    pool->free = leash_next_free(row);
    memset(row, 0, pool->size);
    ((struct leash__row *)row)->used = 1;
    return row;
}

void leash__rowpool_give(struct leash__rowpool *pool, void *row)
{
    leash_push_free(pool, row);
}

void *leash__rowpool_at(const struct leash__rowpool *pool, size_t index)
{
    return pool->chunks[index / LEASH__ROWPOOL_CHUNK] + index % LEASH__ROWPOOL_CHUNK * pool->size;
}

void leash__rowpool_each(const struct leash__rowpool *pool, void (*visit)(void *argument, void *row), void *argument)
{
    for (size_t i = 0; i < pool->chunks_count * LEASH__ROWPOOL_CHUNK; i++) {
        struct leash__row *row = leash__rowpool_at(pool, i);
        if (row->used)
            visit(argument, row);
    }
}

void leash__rowpool_free(struct leash__rowpool *pool)
{
    for (size_t c = 0; c < pool->chunks_count; c++)
        free(pool->chunks[c]);
    free(pool->chunks);
    leash__rowpool_init(pool, pool->size);
}
