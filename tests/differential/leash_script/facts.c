#include "facts.h"
#include "memory.h"
#include <stdint.h>

/* The entry of a handle, or the free one where it would be. */
static struct facts_entry *entry_of(const struct facts *facts, const void *handle)
{
    size_t at = (size_t)(((uintptr_t)handle * 0x9e3779b97f4a7c15u) >> 20);
    while (facts->entries[at & (facts->room - 1)].handle && facts->entries[at & (facts->room - 1)].handle != handle)
        at++;
    return &facts->entries[at & (facts->room - 1)];
}

static void grow(struct facts *facts)
{
    struct facts before = *facts;
    facts->room = before.room ? 2 * before.room : 64;
    facts->entries = must_alloc(facts->room * sizeof(*facts->entries));
    for (size_t i = 0; i < before.room; i++)
        if (before.entries[i].handle)
            *entry_of(facts, before.entries[i].handle) = before.entries[i];
    free(before.entries);
}

void facts_watch(struct facts *facts, const void *handle, unsigned *word)
{
    if (2 * facts->count >= facts->room)
        grow(facts);
    struct facts_entry *entry = entry_of(facts, handle);
    facts->count += !entry->handle;
    *entry = (struct facts_entry){handle, word};
}

unsigned *facts_find(const struct facts *facts, const void *handle)
{
    return facts->room ? entry_of(facts, handle)->facts : NULL;
}

void facts_free(struct facts *facts)
{
    free(facts->entries);
    *facts = (struct facts){0};
}
