#include "arena.h"
#include "memory.h"
#include <stdalign.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)1 << 16)

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, room;
    alignas(max_align_t) char bytes[];
};

static void add_chunk(struct arena *arena, size_t room)
{
    struct arena_chunk *chunk = must_alloc(sizeof(*chunk) + room);
    chunk->room = room;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (!arena->chunks || arena->chunks->room - arena->chunks->used < size)
        add_chunk(arena, size > CHUNK_SIZE ? size : CHUNK_SIZE);
    struct arena_chunk *chunk = arena->chunks;
    void *memory = chunk->bytes + chunk->used;
    chunk->used += size;
    return memory;
}

char *arena_copy(struct arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(arena_alloc(arena, size), text, size);
}

void arena_free(struct arena *arena)
{
    for (struct arena_chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    arena->chunks = NULL;
}
