/* Different texts, each once: a column of millions of names, places or states has few. Sorting those gives every row a
 * number to be sorted by. */
#ifndef LEASH_INSPECTOR_ROWS_TEXTS_H
#define LEASH_INSPECTOR_ROWS_TEXTS_H

#include "arena.h"

#include <stddef.h>
#include <stdint.h>

struct rows_text {
    const char *bytes;
    size_t length;
    uint64_t hash;
    int64_t rank; /* among all of them, once they are sorted */
};

struct rows_texts {
    struct arena memory;
    struct rows_text *items; /* in the order in which they came */
    size_t count, capacity;
    uint32_t *slots; /* a hash table of items: index + 1, 0: free */
    size_t slots_count;
};

/* Its index among the items; -1: there are more different ones than can be kept. */
int64_t rows_texts_add(struct rows_texts *texts, const char *bytes, size_t length);
/* Sets the ranks: as SQLite compares, byte by byte. */
void rows_texts_rank(struct rows_texts *texts);
void rows_texts_free(struct rows_texts *texts);

#endif
