#include "accept/diff.h"
#include "accept/tally.h"
#include "alloc.h"

#include <stdlib.h>

static enum model_change change_of(size_t before, size_t now)
{
    if (before == 0)
        return MODEL_NEW;
    if (now == 0)
        return MODEL_FIXED;
    return now > before ? MODEL_GREW : now < before ? MODEL_SHRANK : MODEL_SAME;
}

static void add(struct model_diff *diff, const struct tally_item *before, const struct tally_item *now)
{
    struct model_difference *item = &diff->items[diff->count++];
    *item = (struct model_difference){.fingerprint = now ? now->fingerprint : before->fingerprint,
                                      .before = before ? before->count : 0,
                                      .now = now ? now->count : 0,
                                      .group = now ? now->first : before->first};
    item->change = change_of(item->before, item->now);
    diff->changes[item->change]++;
}

static int by_change(const void *left, const void *right)
{
    const struct model_difference *a = left, *b = right;
    if (a->change != b->change)
        return a->change < b->change ? -1 : 1;
    int class_a = model_class_index(a->group->class), class_b = model_class_index(b->group->class);
    if (class_a != class_b)
        return class_a < class_b ? -1 : 1;
    return (a->fingerprint > b->fingerprint) - (a->fingerprint < b->fingerprint);
}

void model_diff_make(struct model_diff *diff, const struct model_snapshot *before, const struct model_snapshot *now)
{
    struct tally old, new;
    tally_make(&old, before);
    tally_make(&new, now);
    *diff = (struct model_diff){.items = xcalloc(old.count + new.count + 1, sizeof *diff->items)};
    for (size_t i = 0; i < new.count; i++)
        add(diff, tally_find(&old, new.items[i].fingerprint), &new.items[i]);
    for (size_t i = 0; i < old.count; i++)
        if (!tally_find(&new, old.items[i].fingerprint))
            add(diff, &old.items[i], NULL);
    qsort(diff->items, diff->count, sizeof *diff->items, by_change);
    tally_free(&old);
    tally_free(&new);
}

void model_diff_free(struct model_diff *diff)
{
    free(diff->items);
    *diff = (struct model_diff){0};
}

const char *model_change_name(enum model_change change)
{
    static const char *const names[] = {[MODEL_NEW] = "new",
                                        [MODEL_GREW] = "grew",
                                        [MODEL_SHRANK] = "shrank",
                                        [MODEL_FIXED] = "fixed",
                                        [MODEL_SAME] = "same"};
    return names[change];
}
