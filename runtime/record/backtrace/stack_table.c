#include "stack_table.h"

#include <stdlib.h>
#include <string.h>

enum { CACHE_LINES = 1024 };

struct line {
    struct leash__stack_entry *entry; /* NULL: empty */
    uint32_t count;
    uintptr_t addresses[LEASH_STACK_RAW];
};

static struct {
    struct line *cache; /* CACHE_LINES of them; NULL: not yet needed, or no memory */
    struct leash__stack_entry **buckets;
    struct leash__stack_entry **numbered; /* `count` of them, in order of their numbers; room for mask + 1 */
    size_t mask, count;                   /* mask + 1 buckets, if there are any */
} stacks;

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

/* ---- the cache ---- */

static struct line *line_of(const uintptr_t *addresses, size_t count)
{
    uint64_t hash = count;
    for (size_t i = 0; i < count; i++)
        hash = mix(hash, addresses[i]);
    return &stacks.cache[(hash >> 32) % CACHE_LINES];
}

struct leash__stack_entry *leash__stack_cached(const uintptr_t *addresses, size_t count)
{
    if (!stacks.cache)
        return NULL;
    const struct line *line = line_of(addresses, count);
    bool same =
        line->entry && line->count == count && memcmp(line->addresses, addresses, count * sizeof(*addresses)) == 0;
    return same ? line->entry : NULL;
}

void leash__stack_cache(const uintptr_t *addresses, size_t count, struct leash__stack_entry *entry)
{
    if (count > LEASH_STACK_RAW)
        return;
    if (!stacks.cache && !(stacks.cache = calloc(CACHE_LINES, sizeof(*stacks.cache))))
        return;
    struct line *line = line_of(addresses, count);
    line->entry = entry;
    line->count = (uint32_t)count;
    memcpy(line->addresses, addresses, count * sizeof(*addresses));
}

void leash__stack_cache_drop(void)
{
    for (size_t i = 0; stacks.cache && i < CACHE_LINES; i++)
        stacks.cache[i].entry = NULL;
}

/* ---- the table ---- */

/* Twice the buckets. */
static void grow(void)
{
    size_t count = stacks.buckets ? 2 * (stacks.mask + 1) : 256;
    struct leash__stack_entry **numbered = realloc(stacks.numbered, count * sizeof(struct leash__stack_entry *));
    if (!numbered)
        return;
    stacks.numbered = numbered;
    struct leash__stack_entry **buckets = calloc(count, sizeof(struct leash__stack_entry *));
    if (!buckets)
        return;
    for (size_t i = 0; stacks.buckets && i <= stacks.mask; i++) {
        for (struct leash__stack_entry *entry = stacks.buckets[i], *next; entry; entry = next) {
            next = entry->chain;
            entry->chain = buckets[entry->hash & (count - 1)];
            buckets[entry->hash & (count - 1)] = entry;
        }
    }
    free(stacks.buckets);
    stacks.buckets = buckets;
    stacks.mask = count - 1;
}

static bool same_frames(const struct leash__stack_entry *entry, const struct leash__frame *frames, size_t depth)
{
    if (entry->depth != depth)
        return false;
    for (size_t i = 0; i < depth; i++)
        if (entry->frames[i].module != frames[i].module || entry->frames[i].offset != frames[i].offset)
            return false;
    return true;
}

struct leash__stack_entry *leash__stack_intern(const struct leash__frame *frames, size_t depth)
{
    uint64_t hash = depth;
    for (size_t i = 0; i < depth; i++)
        hash = mix(mix(hash, (uintptr_t)frames[i].module), frames[i].offset);
    hash ^= hash >> 32;
    if (!stacks.buckets || stacks.count > stacks.mask)
        grow();
    if (!stacks.buckets)
        return NULL;
    struct leash__stack_entry *entry = stacks.buckets[hash & stacks.mask];
    while (entry && (entry->hash != hash || !same_frames(entry, frames, depth)))
        entry = entry->chain;
    if (entry)
        return entry;
    if (stacks.count > stacks.mask)
        return NULL; /* it could not grow */
    entry = malloc(sizeof(*entry) + depth * sizeof(*frames));
    if (!entry)
        return NULL;
    *entry = (struct leash__stack_entry){.chain = stacks.buckets[hash & stacks.mask], .hash = hash};
    stacks.numbered[stacks.count] = entry;
    entry->id = ++stacks.count;
    entry->depth = (unsigned)depth;
    memcpy(entry->frames, frames, depth * sizeof(*frames));
    stacks.buckets[hash & stacks.mask] = entry;
    return entry;
}

struct leash__stack_entry *leash__stack_of_number(uint64_t id)
{
    return id && id <= stacks.count ? stacks.numbered[id - 1] : NULL;
}
