/* Reachability: what a pointer that is found leads to. Blocks of malloc are looked into once something that is live
 * points to them, at their start or inside. */
#ifndef LEASH_WATCH_REACH_H
#define LEASH_WATCH_REACH_H

#include "marks.h"
#include "reader.h"

struct leash__reach {
    struct leash__blocks_view view;
    struct leash__marks marks;
    uintptr_t low, high; /* all blocks lie in between */
    uint64_t bytes;      /* of the blocks that were looked into */
};

/* 0; -ENOMEM; -E2BIG: see leash__blocks_view_new. */
int leash__reach_new(struct leash__reach *reach, const struct leash__blocks *blocks);
void leash__reach_free(struct leash__reach *reach); /* zeroed memory is fine */
/* The block at this address is not looked into, whatever leads to it. Before anything is followed. */
void leash__reach_pass_over(struct leash__reach *reach, const void *address);
/* Follows the pointers in data[size], which stands at the address `from`: whole words at multiples of four bytes. */
void leash__reach_words(struct leash__reach *reach, const unsigned char *data, size_t size, uintptr_t from);
/* The same for a mapping of a file, in which malloc's own lists may stand. */
void leash__reach_data(struct leash__reach *reach, const unsigned char *data, size_t size, uintptr_t from);
/* Gives the next block that was reached, and follows what it points to. False: none is left. */
bool leash__reach_next(struct leash__reach *reach, struct leash__range *out);

#endif
