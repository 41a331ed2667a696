#include "accept/tally.h"
#include "alloc.h"

#include <stdlib.h>

static int by_fingerprint(const void *left, const void *right)
{
    const struct tally_item *a = left, *b = right;
    if (a->fingerprint != b->fingerprint)
        return a->fingerprint < b->fingerprint ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

void tally_make(struct tally *tally, const struct model_snapshot *snapshot)
{
    size_t kept = 0;
    *tally = (struct tally){.items = xcalloc(snapshot->groups_count + 1, sizeof *tally->items)};
    for (size_t i = 0; i < snapshot->groups_count; i++) {
        struct model_group *group = &snapshot->groups[i];
        if (!group->suppressed_by)
            tally->items[tally->count++] = (struct tally_item){group->fingerprint, group->count, group};
    }
    qsort(tally->items, tally->count, sizeof *tally->items, by_fingerprint);
    for (size_t i = 0; i < tally->count; i++) {
        if (kept && tally->items[kept - 1].fingerprint == tally->items[i].fingerprint)
            tally->items[kept - 1].count += tally->items[i].count;
        else
            tally->items[kept++] = tally->items[i];
    }
    tally->count = kept;
}

const struct tally_item *tally_find(const struct tally *tally, uint32_t fingerprint)
{
    size_t low = 0, high = tally->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tally->items[middle].fingerprint < fingerprint)
            low = middle + 1;
        else
            high = middle;
    }
    return low < tally->count && tally->items[low].fingerprint == fingerprint ? &tally->items[low] : NULL;
}

void tally_free(struct tally *tally)
{
    free(tally->items);
    *tally = (struct tally){0};
}
