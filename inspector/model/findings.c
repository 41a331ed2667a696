/* The rows of the view `leak_all`: what was found, and which of it only waits for another finding. */
#include "loader.h"
#include "alloc.h"

#include <stdlib.h>
#include <string.h>

static const char findings_sql[] =
    "SELECT l.class, l.severity, l.also, l.subject_kind, l.subject_id, l.site_id, l.stack_id, l.at_ns, l.detail,"
    " coalesce(t.coro_site_id, c.site_id), coalesce(t.function_frame_id, c.function_frame_id), l.victim_of"
    " FROM leak_all l LEFT JOIN task t ON l.subject_kind = 'task' AND t.id = l.subject_id"
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
        finding.root = trace_int(row, 11);
        finding.victim = finding.root != 0;
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

void findings_sort(struct findings *findings)
{
    if (findings->count)
        qsort(findings->items, findings->count, sizeof *findings->items, by_subject);
}

struct finding *findings_of(const struct findings *findings, struct model_ref ref)
{
    struct finding key = {.subject = ref};
    return findings->count ? bsearch(&key, findings->items, findings->count, sizeof key, by_subject) : NULL;
}

void findings_count_victims(struct findings *findings)
{
    findings_sort(findings);
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        struct finding *root =
            finding->victim ? findings_of(findings, (struct model_ref){MODEL_TASK, finding->root}) : NULL;
        if (root)
            root->victims++;
    }
}
