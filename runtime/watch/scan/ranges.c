#include "ranges.h"

#include <arena.h>
#include <string.h>

static bool grow(struct leash__ranges *ranges)
{
    size_t room = ranges->room ? 2 * ranges->room : 4096 / sizeof(struct leash__range);
    struct leash__range *items = leash__arena_map(room * sizeof(*items));
    if (!items)
        return false;
    if (ranges->count)
        memcpy(items, ranges->items, ranges->count * sizeof(*items));
    leash__arena_unmap(ranges->items, ranges->room * sizeof(*items));
    ranges->items = items;
    ranges->room = room;
    return true;
}

void leash__ranges_add(struct leash__ranges *ranges, const void *low, const void *high)
{
    if ((uintptr_t)low >= (uintptr_t)high)
        return;
    if (ranges->count == ranges->room && !grow(ranges)) {
        ranges->failed = true;
        return;
    }
    ranges->items[ranges->count++] = (struct leash__range){(uintptr_t)low, (uintptr_t)high};
}

/* Moves items[root] down to its place in the heap items[0..count). */
static void sift(struct leash__range *items, size_t root, size_t count)
{
    struct leash__range moved = items[root];
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && items[child + 1].low > items[child].low)
            child++;
        if (items[child].low <= moved.low)
            break;
        items[root] = items[child];
    }
    items[root] = moved;
}

/* Heapsort: libc's qsort calls malloc, whose memory is being searched. */
void leash__ranges_sort(struct leash__ranges *ranges)
{
    for (size_t root = ranges->count / 2; root-- > 0;)
        sift(ranges->items, root, ranges->count);
    for (size_t end = ranges->count; end-- > 1;) {
        struct leash__range largest = ranges->items[0];
        ranges->items[0] = ranges->items[end];
        ranges->items[end] = largest;
        sift(ranges->items, 0, end);
    }
    size_t kept = 0; /* overlapping ones become one, so that a search by halves works */
    for (size_t i = 0; i < ranges->count; i++) {
        struct leash__range range = ranges->items[i];
        if (kept && range.low <= ranges->items[kept - 1].high) {
            if (range.high > ranges->items[kept - 1].high)
                ranges->items[kept - 1].high = range.high;
        } else {
            ranges->items[kept++] = range;
        }
    }
    ranges->count = kept;
}

void leash__ranges_free(struct leash__ranges *ranges)
{
    leash__arena_unmap(ranges->items, ranges->room * sizeof(*ranges->items));
    *ranges = (struct leash__ranges){0};
}

/* Number of the first range that ends behind `low`. */
static size_t first_behind(const struct leash__ranges *ranges, uintptr_t low)
{
    size_t from = 0, to = ranges->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (ranges->items[middle].high <= low)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

int leash__ranges_outside(const struct leash__ranges *ranges, uintptr_t low, uintptr_t high, leash__part_fn *fn,
                          void *argument)
{
    int rc = 0;
    for (size_t i = first_behind(ranges, low); rc >= 0 && low < high && i < ranges->count; i++) {
        const struct leash__range *out = &ranges->items[i];
        if (out->low >= high)
            break;
        if (out->low > low)
            rc = fn(low, out->low, argument);
        low = out->high;
    }
    return rc >= 0 && low < high ? fn(low, high, argument) : rc;
}
