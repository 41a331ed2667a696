/* The leaks of this process, one group a class and site. Not thread-safe: the report's lock is around it. */
#ifndef LEASH_WATCH_LEAK_TABLE_H
#define LEASH_WATCH_LEAK_TABLE_H

#include <ports.h>
#include <stdbool.h>
#include <stddef.h>

struct leash__leak_group {
    struct leash__leak_group *next;  /* in order of discovery */
    struct leash__leak_group *chain; /* of the same bucket */
    struct leash__leak first;        /* strings are the group's own */
    size_t name_common;              /* so many bytes of first.name begin every name of the group */
    bool names_differ;
    bool printed; /* the report's mark */
    unsigned long long count;
    char strings[]; /* what `first` points to */
};

enum { LEASH_LEAK_BUCKETS = 256, LEASH_LEAK_GROUPS = 10000 };

struct leash__leak_table {
    struct leash__leak_group *first, **end; /* end: NULL while there is no group */
    struct leash__leak_group *buckets[LEASH_LEAK_BUCKETS];
    size_t groups;
    unsigned long long errors, warnings; /* leaks, those in no group included */
    unsigned long long homeless;         /* found no memory, or too many groups: counted only */
};

void leash__leak_table_add(struct leash__leak_table *table, const struct leash__leak *leak);
/* Forgets everything. */
void leash__leak_table_clear(struct leash__leak_table *table);

#endif
