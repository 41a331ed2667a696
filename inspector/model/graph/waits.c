/* Who waited for what: one edge a task, the await that it was in when it was judged, or that is still open. */
#include "loader.h"
#include "alloc.h"

#include <stdlib.h>
#include <string.h>
#include <trace_format.h>

struct membership {
    int64_t object;
    struct model_ref member;
};

struct waits {
    struct waits_edges edges;
    const struct waits_edge **by_target;
    struct membership *members; /* of the objects that are waited for, by member */
    size_t members_count, members_capacity;
};

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_refs(struct model_ref a, struct model_ref b)
{
    return a.kind != b.kind ? compare(a.kind, b.kind) : compare(a.id, b.id);
}

static int by_target(const void *left, const void *right)
{
    const struct waits_edge *a = *(struct waits_edge *const *)left, *b = *(struct waits_edge *const *)right;
    int order = compare_refs(a->target, b->target);
    return order ? order : compare(a->task, b->task);
}

static int by_member(const void *left, const void *right)
{
    const struct membership *a = left, *b = right;
    int order = compare_refs(a->member, b->member);
    return order ? order : compare(a->object, b->object);
}

static void sort_by_target(struct waits *waits)
{
    waits->by_target = xcalloc(waits->edges.count, sizeof(void *));
    for (size_t i = 0; i < waits->edges.count; i++)
        waits->by_target[i] = &waits->edges.items[i];
    if (waits->edges.count)
        qsort(waits->by_target, waits->edges.count, sizeof(void *), by_target);
}

static void read_members(struct loader *loader, struct waits *waits)
{
    struct trace_query *row =
        loader_prepare(loader, "SELECT member_kind, member_id FROM child WHERE object_id = ?1 ORDER BY position");
    for (size_t i = 0; row && i < waits->edges.count; i++) {
        struct model_ref target = waits->by_target[i]->target;
        if (target.kind != MODEL_OBJECT || (i && compare_refs(target, waits->by_target[i - 1]->target) == 0))
            continue;
        trace_bind(row, 1, target.id);
        while (loader_next(loader, row)) {
            X_GROW(waits->members, waits->members_count, waits->members_capacity);
            waits->members[waits->members_count++] =
                (struct membership){target.id, {model_kind_of(trace_text(row, 0)), trace_int(row, 1)}};
        }
        trace_reset(row);
    }
    trace_finish(row);
    if (waits->members_count)
        qsort(waits->members, waits->members_count, sizeof *waits->members, by_member);
}

static struct waits *loaded(struct loader *loader)
{
    if (!loader->waits) {
        loader->waits = xcalloc(1, sizeof *loader->waits);
        waits_edges_load(loader, MODEL_NEVER, &loader->waits->edges);
        sort_by_target(loader->waits);
        read_members(loader, loader->waits);
    }
    return loader->waits;
}

void waits_free(struct waits *waits)
{
    if (!waits)
        return;
    free(waits->edges.items);
    free(waits->by_target);
    free(waits->members);
    free(waits);
}

const struct waits_edge *waits_of(struct loader *loader, int64_t task)
{
    const struct waits *waits = loaded(loader);
    size_t low = 0, high = waits->edges.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (waits->edges.items[middle].task < task)
            low = middle + 1;
        else
            high = middle;
    }
    return low < waits->edges.count && waits->edges.items[low].task == task ? &waits->edges.items[low] : NULL;
}

static size_t first_for(const struct waits *waits, struct model_ref target)
{
    size_t low = 0, high = waits->edges.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_refs(waits->by_target[middle]->target, target) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct waits_edge *direct(const struct waits *waits, struct model_ref target)
{
    size_t at = first_for(waits, target);
    bool found = at < waits->edges.count && compare_refs(waits->by_target[at]->target, target) == 0;
    return found ? waits->by_target[at] : NULL;
}

size_t waits_waiters(struct loader *loader, struct model_ref target, struct model_ref *out, size_t most)
{
    const struct waits *waits = loaded(loader);
    size_t count = 0;
    for (size_t at = first_for(waits, target); at < waits->edges.count && count < most; at++) {
        if (compare_refs(waits->by_target[at]->target, target) != 0)
            break;
        out[count++] = (struct model_ref){MODEL_TASK, waits->by_target[at]->task};
    }
    const struct waits_edge *through = count == 0 && most ? waits_for(loader, target) : NULL;
    if (through)
        out[count++] = (struct model_ref){MODEL_TASK, through->task};
    return count;
}

/* The object that `member` belongs to and somebody waits for. */
static const struct membership *membership_of(const struct waits *waits, struct model_ref member)
{
    struct membership key = {INT64_MIN, member};
    size_t low = 0, high = waits->members_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_member(&waits->members[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < waits->members_count && compare_refs(waits->members[low].member, member) == 0;
    return found ? &waits->members[low] : NULL;
}

const struct waits_edge *waits_for(struct loader *loader, struct model_ref target)
{
    const struct waits *waits = loaded(loader);
    const struct waits_edge *edge = direct(waits, target);
    const struct membership *membership = edge ? NULL : membership_of(waits, target);
    return membership ? direct(waits, (struct model_ref){MODEL_OBJECT, membership->object}) : edge;
}

size_t waits_count(struct loader *loader, struct model_ref target)
{
    const struct waits *waits = loaded(loader);
    size_t at = first_for(waits, target), count = 0;
    while (at + count < waits->edges.count && compare_refs(waits->by_target[at + count]->target, target) == 0)
        count++;
    return count;
}

static bool is_unfinished(struct loader *loader, struct model_ref ref)
{
    if (ref.kind != MODEL_TASK)
        return false;
    struct trace_query *row = loader_row(loader, "SELECT state = 'pending', facts FROM task WHERE id = ?1", ref.id);
    bool unfinished = row && (trace_int(row, 0) || (trace_int(row, 1) & LEASH_FACT_PENDING));
    trace_finish(row);
    return unfinished;
}

struct model_ref waits_member(struct loader *loader, int64_t object, size_t *members)
{
    struct model_ref found = {0};
    *members = 0;
    struct trace_query *row = loader_prepare(
        loader, "SELECT member_kind, member_id FROM child WHERE object_id = ?1 ORDER BY position LIMIT 1000");
    if (!row)
        return found;
    trace_bind(row, 1, object);
    while (loader_next(loader, row)) {
        struct model_ref member = {model_kind_of(trace_text(row, 0)), trace_int(row, 1)};
        if (!found.kind && is_unfinished(loader, member))
            found = member;
        ++*members;
    }
    trace_finish(row);
    return found;
}
