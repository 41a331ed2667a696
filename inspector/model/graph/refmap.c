#include "graph/refmap.h"
#include "alloc.h"

#include <stdlib.h>

#define SLOTS_FIRST 1024

/* The ids come from a file that anybody may have written: where the map lies in memory salts them. */
static size_t slot_of(const struct refmap *map, struct model_ref ref)
{
    uint64_t mixed = (uint64_t)ref.id ^ ((uint64_t)ref.kind << 56) ^ (uint64_t)(uintptr_t)map->slots;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return (size_t)(mixed ^ mixed >> 31) & (map->slots_count - 1);
}

/* Where it is, or where it would be put. */
static size_t seek(const struct refmap *map, struct model_ref ref)
{
    size_t slot = slot_of(map, ref);
    for (uint32_t number; (number = map->slots[slot]); slot = (slot + 1) & (map->slots_count - 1)) {
        const struct model_ref *known = &map->refs[number - 1];
        if (known->id == ref.id && known->kind == ref.kind)
            break;
    }
    return slot;
}

static void grow(struct refmap *map)
{
    free(map->slots);
    map->slots_count = map->slots_count ? map->slots_count * 2 : SLOTS_FIRST;
    map->slots = xcalloc(map->slots_count, sizeof *map->slots);
    for (uint32_t i = 0; i < map->count; i++)
        map->slots[seek(map, map->refs[i])] = i + 1;
}

uint32_t refmap_add(struct refmap *map, struct model_ref ref)
{
    if (map->slots_count <= (size_t)map->count * 2)
        grow(map);
    size_t slot = seek(map, ref);
    if (!map->slots[slot]) {
        X_GROW(map->refs, map->count, map->capacity);
        map->refs[map->count++] = ref;
        map->slots[slot] = map->count;
    }
    return map->slots[slot] - 1;
}

uint32_t refmap_find(const struct refmap *map, struct model_ref ref)
{
    uint32_t number = map->slots_count ? map->slots[seek(map, ref)] : 0;
    return number ? number - 1 : REFMAP_NONE;
}

void refmap_free(struct refmap *map)
{
    free(map->refs);
    free(map->slots);
    *map = (struct refmap){0};
}
