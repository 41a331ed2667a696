#include "idmap.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

enum { FIRST_BITS = 6 };

void leash__idmap_init(struct leash__idmap *map)
{
    *map = (struct leash__idmap){.seed = 0x9e3779b97f4a7c15ull};
    uint64_t seed;
    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == (ssize_t)sizeof(seed))
        map->seed = seed | 1;
}

void leash__idmap_free(struct leash__idmap *map)
{
    free(map->slots);
    map->slots = NULL;
    map->count = 0;
}

static size_t leash_home(const struct leash__idmap *map, uint64_t key)
{
    return (size_t)(key * map->seed >> (64 - map->bits));
}

static size_t leash_mask(const struct leash__idmap *map)
{
    return ((size_t)1 << map->bits) - 1;
}

/* The slot that holds key, or the free one where it belongs. */
static struct leash__idmap_slot *leash_probe(const struct leash__idmap *map, uint64_t key)
{
    size_t i = leash_home(map, key);
    while (map->slots[i].value && map->slots[i].key != key)
        i = (i + 1) & leash_mask(map);
    return &map->slots[i];
}

void *leash__idmap_get(const struct leash__idmap *map, uint64_t key)
{
    return map->slots ? leash_probe(map, key)->value : NULL;
}

static int leash_grow(struct leash__idmap *map)
{
    struct leash__idmap bigger = *map;
    bigger.bits = map->slots ? map->bits + 1 : FIRST_BITS;
    bigger.slots = calloc((size_t)1 << bigger.bits, sizeof(*bigger.slots));
    if (!bigger.slots)
        return -ENOMEM;
    for (size_t i = 0; map->slots && i <= leash_mask(map); i++)
        if (map->slots[i].value)
            *leash_probe(&bigger, map->slots[i].key) = map->slots[i];
    free(map->slots);
    *map = bigger;
    return 0;
}

int leash__idmap_put(struct leash__idmap *map, uint64_t key, void *value)
{
    if (!map->slots || map->count * 2 > leash_mask(map)) {
        int rc = leash_grow(map);
        if (rc < 0)
            return rc;
    }
    *leash_probe(map, key) = (struct leash__idmap_slot){key, value};
    map->count++;
    return 0;
}

void leash__idmap_remove(struct leash__idmap *map, uint64_t key)
{
    if (!map->slots || !leash_probe(map, key)->value)
        return;
    size_t mask = leash_mask(map), hole = (size_t)(leash_probe(map, key) - map->slots);
    /* Close the gap: a later entry of the run moves up unless it is at home between the hole and where it is. */
    for (size_t i = (hole + 1) & mask; map->slots[i].value; i = (i + 1) & mask) {
        size_t home = leash_home(map, map->slots[i].key);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            map->slots[hole] = map->slots[i];
            hole = i;
        }
    }
    map->slots[hole].value = NULL;
    map->count--;
}
