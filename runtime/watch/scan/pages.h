/* Which pages of a mapping hold anything: reading one that was never touched would fault it in. */
#ifndef LEASH_WATCH_PAGES_H
#define LEASH_WATCH_PAGES_H

#include "ranges.h"

#include <stdbool.h>

enum leash__pages_way {
    LEASH_PAGES_SCAN,  /* ioctl PAGEMAP_SCAN (Linux 6.7) */
    LEASH_PAGES_TABLE, /* a word a page, read from /proc/self/pagemap */
    LEASH_PAGES_ALL    /* neither: every page counts */
};

struct leash__pages {
    int file; /* /proc/self/pagemap; -1 if it cannot be opened */
    enum leash__pages_way way;
    void *buffer; /* in the arena: what the kernel answers */
    bool forked;  /* in a forked child, which has the pages of shared mappings in no table of its own */
};

/* 0, -ENOMEM. Starts with the best way and falls back on its own; a test may set a lesser one. */
int leash__pages_new(struct leash__pages *pages);
void leash__pages_free(struct leash__pages *pages);
/* Calls fn for each run of pages in [low, high) that are in memory or swapped out; of a private mapping only those the
 * process has written. Runs that touch are one. Ends early when fn returns a negative code, and returns it. */
int leash__pages_each(struct leash__pages *pages, uintptr_t low, uintptr_t high, bool shared, leash__part_fn *fn,
                      void *argument);

#endif
