#include "texts.h"
#include "alloc.h"

#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX (1u << 20)
#define BYTES_MAX 4096 /* of one text */

/* FNV-1a from a place that no trace can know, so that none can make its texts collide. */
static uint64_t hash_of(const struct rows_texts *texts, const char *bytes, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)(uintptr_t)texts * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* Where the text stands in the table, or the free slot where it belongs. */
static uint32_t *slot_of(const struct rows_texts *texts, const char *bytes, size_t length, uint64_t hash)
{
    size_t at = (size_t)hash & (texts->slots_count - 1);
    for (;; at = (at + 1) & (texts->slots_count - 1)) {
        const struct rows_text *item = texts->slots[at] ? &texts->items[texts->slots[at] - 1] : NULL;
        if (!item || (item->hash == hash && item->length == length && memcmp(item->bytes, bytes, length) == 0))
            return &texts->slots[at];
    }
}

/* At most half full. */
static void make_room(struct rows_texts *texts)
{
    if (texts->count * 2 < texts->slots_count)
        return;
    free(texts->slots);
    texts->slots_count = texts->slots_count ? 2 * texts->slots_count : 1024;
    texts->slots = xcalloc(texts->slots_count, sizeof *texts->slots);
    for (size_t i = 0; i < texts->count; i++) {
        const struct rows_text *item = &texts->items[i];
        *slot_of(texts, item->bytes, item->length, item->hash) = (uint32_t)i + 1;
    }
}

int64_t rows_texts_add(struct rows_texts *texts, const char *bytes, size_t length)
{
    if (length > BYTES_MAX)
        return -1;
    make_room(texts);
    uint64_t hash = hash_of(texts, bytes, length);
    uint32_t *slot = slot_of(texts, bytes, length, hash);
    if (*slot)
        return (int64_t)*slot - 1;
    if (texts->count == TEXTS_MAX)
        return -1;
    char *copy = arena_alloc(&texts->memory, length + 1, 1);
    if (length)
        memcpy(copy, bytes, length);
    X_GROW(texts->items, texts->count, texts->capacity);
    texts->items[texts->count++] = (struct rows_text){copy, length, hash, 0};
    *slot = (uint32_t)texts->count;
    return (int64_t)texts->count - 1;
}

static int compare(const void *left, const void *right)
{
    const struct rows_text *a = *(struct rows_text *const *)left, *b = *(struct rows_text *const *)right;
    int order = memcmp(a->bytes, b->bytes, a->length < b->length ? a->length : b->length);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

void rows_texts_rank(struct rows_texts *texts)
{
    struct rows_text **sorted = xcalloc(texts->count + 1, sizeof(void *));
    for (size_t i = 0; i < texts->count; i++)
        sorted[i] = &texts->items[i];
    if (texts->count)
        qsort(sorted, texts->count, sizeof(void *), compare);
    for (size_t i = 0; i < texts->count; i++)
        sorted[i]->rank = (int64_t)i;
    free(sorted);
}

void rows_texts_free(struct rows_texts *texts)
{
    arena_free(&texts->memory);
    free(texts->items);
    free(texts->slots);
}
