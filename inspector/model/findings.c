/* The rows of the view `leak`, and which of them only wait for others. */
#include "loader.h"
#include "alloc.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 64 /* from a victim to its root */

static const char findings_sql[] =
    "SELECT l.class, l.severity, l.also, l.subject_kind, l.subject_id, l.site_id, l.stack_id, l.at_ns, l.detail,"
    " coalesce(t.coro_site_id, c.site_id), coalesce(t.function_frame_id, c.function_frame_id)"
    " FROM leak l LEFT JOIN task t ON l.subject_kind = 'task' AND t.id = l.subject_id"
    " LEFT JOIN coro c ON l.subject_kind = 'coro' AND c.id = l.subject_id";

/* Rows repeat the same few texts. */
static const char *shared_text(struct loader *loader, struct trace_query *row, int column, const char *last)
{
    const char *text = trace_text(row, column);
    if (!text || !*text)
        return NULL;
    return last && strcmp(last, text) == 0 ? last : arena_text(loader->memory, text);
}

void findings_load(struct loader *loader, struct findings *out)
{
    struct trace_query *row = loader_prepare(loader, findings_sql);
    const struct finding *last = NULL;
    while (loader_next(loader, row)) {
        struct finding finding = {.class = model_class_index(trace_text(row, 0))};
        const char *severity = trace_text(row, 1);
        if (finding.class < 0)
            continue;
        finding.error = severity && strcmp(severity, "error") == 0;
        finding.also = shared_text(loader, row, 2, last ? last->also : NULL);
        finding.subject = (struct model_ref){model_kind_of(trace_text(row, 3)), trace_int(row, 4)};
        finding.site = trace_int(row, 5);
        finding.stack = trace_int(row, 6);
        finding.at_ns = loader_time(row, 7);
        finding.detail = shared_text(loader, row, 8, last ? last->detail : NULL);
        finding.coro_site = trace_int(row, 9);
        finding.function = trace_int(row, 10);
        X_GROW(out->items, out->count, out->capacity);
        out->items[out->count] = finding;
        last = &out->items[out->count++];
    }
    trace_finish(row);
}

static int by_subject(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    if (a->subject.kind != b->subject.kind)
        return a->subject.kind < b->subject.kind ? -1 : 1;
    return (a->subject.id > b->subject.id) - (a->subject.id < b->subject.id);
}

static struct finding *finding_of(struct findings *findings, struct model_ref ref)
{
    struct finding key = {.subject = ref};
    return findings->count ? bsearch(&key, findings->items, findings->count, sizeof key, by_subject) : NULL;
}

/* What a pending task waits for, if that is a task that was found as well. */
static struct finding *blocker_of(struct loader *loader, struct findings *findings, const struct finding *finding)
{
    const struct waits_edge *edge = waits_of(loader, finding->subject.id);
    if (!edge)
        return NULL;
    struct model_ref target = edge->target;
    size_t members;
    if (target.kind == MODEL_OBJECT)
        target = waits_member(loader, target.id, &members);
    return target.kind == MODEL_TASK ? finding_of(findings, target) : NULL;
}

static void fold_one(struct loader *loader, struct findings *findings, struct finding *finding)
{
    struct finding *root = finding, *next;
    for (int steps = 0; steps < STEPS_MAX && (next = blocker_of(loader, findings, root)); steps++) {
        root = next;
        if (root == finding)
            return; /* they wait for each other: none is a victim */
    }
    if (root == finding || blocker_of(loader, findings, root))
        return;
    finding->victim = true;
    root->victims++;
}

void findings_fold_victims(struct loader *loader, struct findings *findings)
{
    const int pending = model_class_index("pending-at-exit");
    if (findings->count)
        qsort(findings->items, findings->count, sizeof *findings->items, by_subject);
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = &findings->items[i];
        if (finding->class == pending && finding->subject.kind == MODEL_TASK)
            fold_one(loader, findings, finding);
    }
}
