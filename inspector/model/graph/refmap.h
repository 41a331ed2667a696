/* Numbers for refs, in the order in which they are first named: 0, 1, 2, ... */
#ifndef LEASH_INSPECTOR_REFMAP_H
#define LEASH_INSPECTOR_REFMAP_H

#include "model.h"

#define REFMAP_NONE UINT32_MAX

struct refmap {
    struct model_ref *refs; /* by number */
    uint32_t count;
    size_t capacity;
    uint32_t *slots;    /* number + 1; 0: free */
    size_t slots_count; /* a power of two, more than twice `count` */
};

uint32_t refmap_add(struct refmap *map, struct model_ref ref);
/* REFMAP_NONE: it was never named. */
uint32_t refmap_find(const struct refmap *map, struct model_ref ref);
void refmap_free(struct refmap *map);

#endif
