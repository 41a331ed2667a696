/* Ranges of addresses that a scan passes over. In the arena; sorted once, then asked. */
#ifndef LEASH_WATCH_RANGES_H
#define LEASH_WATCH_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct leash__range {
    uintptr_t low, high;
};

struct leash__ranges {
    struct leash__range *items;
    size_t count, room;
    bool failed; /* one found no memory to be kept in */
};

void leash__ranges_add(struct leash__ranges *ranges, const void *low, const void *high);
void leash__ranges_sort(struct leash__ranges *ranges);
void leash__ranges_free(struct leash__ranges *ranges); /* zeroed memory is fine */

/* Calls fn for what is left of [low, high) once the (sorted) ranges are taken out. Ends early, with its code, when fn
 * returns a negative one. */
typedef int leash__part_fn(uintptr_t low, uintptr_t high, void *argument);
int leash__ranges_outside(const struct leash__ranges *ranges, uintptr_t low, uintptr_t high, leash__part_fn *fn,
                          void *argument);

#endif
