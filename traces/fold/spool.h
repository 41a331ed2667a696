/* Which segments of a spool hold events, in the order in which they are to be read. */
#ifndef LEASH_FOLD_SPOOL_H
#define LEASH_FOLD_SPOOL_H

#include "fold.h"

/* A live segment whose header made sense when it was looked at; numbers are copies, so that they cannot change. */
struct leash__spool_part {
    uint32_t number, thread, generation, slots_count;
    uint64_t sequence, base_ns, first_ns;
    const uint64_t *slots;
};

struct leash__spool_list {
    struct leash__spool_part *parts; /* by thread, then by sequence; NULL if there are none */
    uint32_t count;
    uint32_t segments; /* that the file holds */
    uint32_t bad;      /* of them, neither free nor sane */
};

/* 0, -ENOMEM. What is listed was live before the first slot of it is read: a thread's earlier segment is complete if a
 * later one is on the list. */
int leash__spool_list(const void *map, size_t size, struct leash__spool_list *out);
void leash__spool_list_free(struct leash__spool_list *list);

#endif
