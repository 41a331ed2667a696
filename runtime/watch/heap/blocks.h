/* Which blocks of malloc live: what libleash_malloc keeps, and a scan reads.
 *
 * A bit for every 16 bytes of address space, set where a block begins. The bits of one GiB are a region, mapped when
 * the first block of it appears and never given back; of its pages only those exist that were written. Above the bits
 * stand two summaries, so that the block before an address is found in a few steps; they say "may have been set".
 *
 * A bit is set after malloc has given a block and before the program gets it, and cleared before the block is given
 * back: a set bit always stands for a block that malloc holds to be taken, also in a forked child, in a signal handler
 * and wherever a thread stopped. */
#ifndef LEASH_WATCH_BLOCKS_H
#define LEASH_WATCH_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LEASH_BLOCK_ALIGN = 16,
    LEASH_REGION_SHIFT = 30,
    LEASH_REGIONS = 1 << (48 - LEASH_REGION_SHIFT),
    LEASH_REGION_WORDS = 1 << (LEASH_REGION_SHIFT - 4 - 6),
    LEASH_REGIONS_USED = 1024
};

struct leash__region {
    uint64_t starts[LEASH_REGION_WORDS];           /* atomic */
    uint64_t words[LEASH_REGION_WORDS / 64];       /* atomic; bit i: starts[i] was not 0 once */
    uint64_t groups[LEASH_REGION_WORDS / 64 / 64]; /* atomic; bit i: words[i] is not 0 */
};

#define LEASH_BLOCKS_VERSION 1
struct leash__blocks {
    uint32_t version, size;         /* of this struct; more fields may follow these */
    struct leash__region **regions; /* LEASH_REGIONS of them, by bits 30 to 47 of the address; atomic; NULL: no block */
    /* The numbers of those that there are, plus one, each before the region itself appears; 0: not written yet. In no
     * order, some more than once. Atomic. */
    const uint32_t *used;
    const uint32_t *used_count; /* may be more than LEASH_REGIONS_USED: then `complete` is false */
    const uint32_t *moving;     /* atomic; blocks that realloc is about to move: they are not to be seen meanwhile */
    const bool *complete;       /* atomic; every block that the program has is here */
};

/* Defined by libleash_malloc, in whatever form it is in the program; weak in libleash. */
const struct leash__blocks *leash_malloc_blocks(void);

/* ---- glibc's chunks: a word before each block tells how long it is and where it comes from ---- */

enum {
    LEASH_CHUNK_MAPPED = 2,      /* a mapping of its own */
    LEASH_CHUNK_OTHER_ARENA = 4, /* in an arena that is not the main one: 64 MiB of address space, aligned to that */
    LEASH_CHUNK_FLAGS = 7,
    LEASH_CHUNK_HEADER = 16
};

static inline size_t leash__chunk_word(uintptr_t block)
{
    return ((const size_t *)block)[-1];
}
/* What malloc_usable_size answers. */
static inline size_t leash__chunk_usable(uintptr_t block)
{
    size_t word = leash__chunk_word(block);
    return (word & ~(size_t)LEASH_CHUNK_FLAGS) - (word & LEASH_CHUNK_MAPPED ? 2 : 1) * sizeof(size_t);
}

#endif
