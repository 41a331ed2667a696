#include "bins.h"

#include <string.h>

enum { BINS = 127, BIN = 2 * sizeof(uintptr_t), BEFORE_LINKS = BIN, SURE = 32 };

/* The heads are chunks with nothing but their links: what points at one points two words before them. */
static bool is_empty_bin(const unsigned char *data, uintptr_t at)
{
    uintptr_t links[2];
    memcpy(links, data, sizeof(links));
    return links[0] == at - BEFORE_LINKS && links[1] == links[0];
}

struct leash__range leash__bins_in(const unsigned char *data, size_t size, uintptr_t from)
{
    size_t first = 0, last = 0, empty = 0;
    for (size_t at = -from & (sizeof(uintptr_t) - 1); at + BIN <= size; at += sizeof(uintptr_t)) {
        if (!is_empty_bin(data + at, from + at))
            continue;
        if (!empty || at - first >= BINS * BIN) {
            if (empty >= SURE)
                break;
            first = at;
            empty = 0;
        }
        last = at + BIN;
        empty++;
    }
    if (empty < SURE)
        return (struct leash__range){0, 0};
    /* Of the large bins the last ones are empty in any program; before the first are the top and the last remainder. */
    size_t all = BINS * BIN + BEFORE_LINKS;
    return (struct leash__range){from + (last > all ? last - all : 0), from + last};
}
