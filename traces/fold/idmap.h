/* A hash table from ids to rows. Ids come from a file that nobody vouches for, so the hash is seeded. */
#ifndef LEASH_FOLD_IDMAP_H
#define LEASH_FOLD_IDMAP_H

#include <stddef.h>
#include <stdint.h>

struct leash__idmap_slot {
    uint64_t key;
    void *value; /* NULL: the slot is free */
};

struct leash__idmap {
    struct leash__idmap_slot *slots;
    unsigned bits; /* log2 of the number of slots; valid while slots is not NULL */
    size_t count;
    uint64_t seed; /* odd */
};

void leash__idmap_init(struct leash__idmap *map);
void leash__idmap_free(struct leash__idmap *map);
/* NULL: not there. */
void *leash__idmap_get(const struct leash__idmap *map, uint64_t key);
/* The key must not be there; value is not NULL. 0, -ENOMEM (the map is as it was). */
int leash__idmap_put(struct leash__idmap *map, uint64_t key, void *value);
void leash__idmap_remove(struct leash__idmap *map, uint64_t key);

#endif
