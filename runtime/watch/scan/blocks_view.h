/* The blocks of malloc as a scan sees them, where libleash_malloc is in the program. Nothing here calls malloc or takes
 * a lock. What a block holds is read as it stands: while other threads run, in a forked child only. */
#ifndef LEASH_WATCH_BLOCKS_VIEW_H
#define LEASH_WATCH_BLOCKS_VIEW_H

#include "ranges.h"

#include <blocks.h>

enum { LEASH_VIEW_REGIONS = 256, LEASH_VIEW_GAPS = 64 };

struct leash__blocks_view {
    size_t count; /* of regions that have blocks, in order of address */
    uint32_t numbers[LEASH_VIEW_REGIONS];
    const struct leash__region *regions[LEASH_VIEW_REGIONS];
    struct leash__range over[LEASH_VIEW_REGIONS]; /* the last block of each, if it reaches beyond; else empty */
    bool any_over;
    uint16_t *slots;           /* in the arena; by bits 30 to 47 of an address: 1 + which of the regions, 0: none */
    struct leash__range found; /* the last answer: pointers to one block come together */
    /* The last places without blocks, by address: stacks, and what is mapped beside them, lead to one another. */
    struct leash__range gaps[LEASH_VIEW_GAPS];
};

/* A block, and the bit that stands for it. */
struct leash__block {
    uintptr_t low, high; /* high: behind what the program may use */
    size_t region;       /* which of the view's */
    size_t bit;
};

/* What malloc tells; NULL: it is not told of, or not wholly, or in words of another version. */
const struct leash__blocks *leash__blocks_told(void);
/* 0, -ENOMEM, -E2BIG: blocks lie in more places than the view has room for. */
int leash__blocks_view_new(struct leash__blocks_view *view, const struct leash__blocks *blocks);
void leash__blocks_view_free(struct leash__blocks_view *view); /* zeroed memory is fine */

/* The block that this address lies in, at its start or anywhere inside. */
bool leash__block_at(struct leash__blocks_view *view, uintptr_t address, struct leash__block *out);
/* Where the first block at or behind `from` starts; UINTPTR_MAX: there is none. */
uintptr_t leash__block_next(const struct leash__blocks_view *view, uintptr_t from);
/* Calls fn for what is left of [low, high) without the blocks, as leash__ranges_outside does. */
int leash__blocks_outside(struct leash__blocks_view *view, uintptr_t low, uintptr_t high, leash__part_fn *fn,
                          void *argument);
/* Adds to `out`: malloc's arenas beside the main one, in which what is no block is free; and libleash_malloc's own
 * pages. The main arena is the mapping "[heap]". */
void leash__blocks_arenas(const struct leash__blocks_view *view, struct leash__ranges *out);

#endif
