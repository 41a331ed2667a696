/* The process's mappings, as /proc/self/maps tells them. */
#ifndef LEASH_WATCH_MAPS_H
#define LEASH_WATCH_MAPS_H

#include <stdbool.h>
#include <stdint.h>

struct leash__mapping {
    uintptr_t low, high;
    bool readable, writable, shared;
    const char *name; /* "" for anonymous memory; valid during the call */
};

/* Calls fn for each mapping in order of address, until it returns a negative code. Uses the arena and no malloc. 0,
 * fn's code, -ENOMEM, -ENODATA: /proc/self/maps cannot be read. */
typedef int leash__mapping_fn(const struct leash__mapping *mapping, void *argument);
int leash__maps_each(leash__mapping_fn *fn, void *argument);

/* One line of the file, without its end. False if it is none. */
bool leash__maps_parse(char *line, struct leash__mapping *out);

#endif
