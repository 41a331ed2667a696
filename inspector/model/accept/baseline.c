/* What is known, and what a trace holds of it. */
#include "accept/baseline.h"
#include "accept/entry.h"
#include "accept/tally.h"
#include "alloc.h"
#include "glob.h"
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct baseline *baseline_new(void)
{
    return xcalloc(1, sizeof(struct baseline));
}

void baseline_free(struct baseline *baseline)
{
    if (!baseline)
        return;
    arena_free(&baseline->memory);
    free(baseline->items);
    free(baseline);
}

/* Where a fingerprint stands, or would stand. */
static size_t place_of(const struct baseline *baseline, uint32_t fingerprint)
{
    size_t low = 0, high = baseline->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (baseline->items[middle].fingerprint < fingerprint)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct baseline_entry *find(const struct baseline *baseline, uint32_t fingerprint)
{
    size_t place = place_of(baseline, fingerprint);
    return place < baseline->count && baseline->items[place].fingerprint == fingerprint ? &baseline->items[place]
                                                                                        : NULL;
}

struct baseline_entry *baseline_enter(struct baseline *baseline, uint32_t fingerprint)
{
    struct baseline_entry *known = find(baseline, fingerprint);
    if (known)
        return known;
    size_t place = place_of(baseline, fingerprint);
    X_GROW(baseline->items, baseline->count, baseline->capacity);
    struct baseline_entry *entry = &baseline->items[place];
    memmove(entry + 1, entry, (baseline->count++ - place) * sizeof *entry);
    *entry = (struct baseline_entry){.fingerprint = fingerprint};
    return entry;
}

size_t baseline_count(const struct baseline *baseline)
{
    return baseline->count;
}

/* One word of a line. */
static const char *word(struct arena *memory, const char *text)
{
    struct buffer quoted = {0};
    if (!text || !*text)
        return "-";
    glob_quote(&quoted, text, "");
    if (quoted.length > BASELINE_WORD_MAX)
        quoted.text[BASELINE_WORD_MAX] = '\0';
    for (char *at = quoted.text; *at; at++)
        if (*at == ' ')
            *at = '_';
    const char *kept = arena_text(memory, quoted.text);
    buffer_free(&quoted);
    return kept;
}

static void describe(struct baseline *baseline, struct baseline_entry *entry, const struct model_group *group,
                     const struct source_options *source)
{
    const struct model_site *site = &group->examples[0].subject.site;
    const char *file = site->file && source ? source_relative(source, site->file) : site->file;
    entry->class = word(&baseline->memory, group->class);
    entry->file = word(&baseline->memory, file);
    entry->function = word(&baseline->memory, site->func);
}

static void enter(struct baseline *baseline, const struct tally_item *item, const struct source_options *source)
{
    struct baseline_entry *entry = baseline_enter(baseline, item->fingerprint);
    describe(baseline, entry, item->first, source);
    entry->count = entry->count > item->count ? entry->count : item->count;
    entry->seen = entry->seen > item->count ? entry->seen : item->count;
}

void baseline_add(struct baseline *baseline, const struct model_snapshot *snapshot, const struct source_options *source)
{
    struct tally tally;
    tally_make(&tally, snapshot);
    for (size_t i = 0; i < tally.count; i++)
        enter(baseline, &tally.items[i], source);
    tally_free(&tally);
}

bool baseline_accept(struct baseline *baseline, uint32_t fingerprint, const struct model_snapshot *snapshot,
                     const struct source_options *source)
{
    struct tally tally;
    tally_make(&tally, snapshot);
    const struct tally_item *item = tally_find(&tally, fingerprint);
    if (item)
        enter(baseline, item, source);
    tally_free(&tally);
    return item;
}

/* Groups of one fingerprint share what the baseline allows, in their order. */
static void set_standing(const struct baseline *baseline, struct model_snapshot *snapshot)
{
    size_t *left = xcalloc(baseline->count + 1, sizeof *left);
    for (size_t i = 0; i < baseline->count; i++)
        left[i] = baseline->items[i].count;
    for (size_t i = 0; i < snapshot->groups_count; i++) {
        struct model_group *group = &snapshot->groups[i];
        const struct baseline_entry *entry = find(baseline, group->fingerprint);
        if (group->suppressed_by)
            continue;
        size_t *rest = entry ? &left[entry - baseline->items] : NULL;
        group->accepted = !rest ? 0 : *rest < group->count ? *rest : group->count;
        group->standing = !rest                            ? MODEL_STANDING_NEW
                          : group->accepted < group->count ? MODEL_STANDING_GREW
                                                           : MODEL_STANDING_KNOWN;
        if (rest)
            *rest -= group->accepted;
    }
    free(left);
}

void baseline_compare(struct baseline *baseline, struct model_snapshot *snapshot)
{
    struct tally tally;
    tally_make(&tally, snapshot);
    for (size_t i = 0; i < baseline->count; i++) {
        struct baseline_entry *entry = &baseline->items[i];
        const struct tally_item *item = tally_find(&tally, entry->fingerprint);
        if (item && item->count > entry->seen)
            entry->seen = item->count;
    }
    tally_free(&tally);
    set_standing(baseline, snapshot);
}

size_t baseline_fixed(const struct baseline *baseline)
{
    size_t fixed = 0;
    for (size_t i = 0; i < baseline->count; i++)
        fixed += baseline->items[i].seen < baseline->items[i].count;
    return fixed;
}

void baseline_forget(struct baseline *baseline)
{
    for (size_t i = 0; i < baseline->count; i++)
        baseline->items[i].seen = 0;
}

size_t baseline_prune(struct baseline *baseline)
{
    size_t kept = 0, changed = baseline_fixed(baseline);
    for (size_t i = 0; i < baseline->count; i++) {
        struct baseline_entry entry = baseline->items[i];
        entry.count = entry.seen < entry.count ? entry.seen : entry.count;
        if (entry.count)
            baseline->items[kept++] = entry;
    }
    baseline->count = kept;
    return changed;
}
