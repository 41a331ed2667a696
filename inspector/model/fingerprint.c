/* What stays the same about a finding when lines move, ids and times change: hash(class, coroutine, functions of the
 * creation stack without the runtime's, name of the file). Unreferenced and pending-at-exit tasks share one, since it
 * depends on the build whether a scan could tell them apart. */
#include "loader.h"

#include <stdlib.h>
#include <string.h>

static uint32_t add(uint32_t hash, const char *text)
{
    for (const char *at = text ? text : ""; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    return (hash ^ 0xff) * 16777619u; /* ends the text: "ab","c" is not "a","bc" */
}

static const char *base_name(const char *file)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    return slash ? slash + 1 : file;
}

void load_finding_place(struct loader *loader, const struct finding *finding, struct finding_place *out)
{
    struct model_site coro_site;
    load_place(loader, finding->site, finding->stack, &out->site, &out->stack);
    load_site(loader, finding->coro_site, &coro_site);
    out->coro = coro_site.expr;
    struct trace_query *row =
        finding->function ? loader_row(loader, "SELECT func FROM frame WHERE id = ?1", finding->function) : NULL;
    const char *function = row ? loader_text(loader, row, 0) : NULL;
    if (function)
        out->coro = function;
    trace_finish(row);
}

static uint32_t fingerprint_of(struct loader *loader, const struct finding *finding)
{
    struct finding_place place;
    const char *class = model_classes[finding->class].name;
    load_finding_place(loader, finding, &place);
    uint32_t hash = add(2166136261u, strcmp(class, "unreferenced") == 0 ? "pending-at-exit" : class);
    hash = add(hash, place.coro);
    /* A call's stack is always there, be it asked for or not: it must not make another finding of what a site tells. */
    bool by_stack = place.stack.count > 0 && !(finding->site && model_class_is_of_a_call(class));
    for (size_t i = 0; by_stack && i < place.stack.count; i++)
        if (!place.stack.frames[i].runtime)
            hash = add(hash, place.stack.frames[i].func);
    if (!by_stack)
        hash = add(hash, place.site.func);
    return add(hash, base_name(place.site.file));
}

bool finding_same_place(const struct finding *a, const struct finding *b)
{
    return a->site == b->site && a->coro_site == b->coro_site && a->function == b->function && a->stack == b->stack;
}

/* Alike but for the object. */
static int by_place(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    const int64_t keys[][2] = {{a->class, b->class},          {a->site, b->site},   {a->coro_site, b->coro_site},
                               {a->function, b->function},    {a->stack, b->stack}, {a->subject.kind, b->subject.kind},
                               {a->subject.id, b->subject.id}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

void findings_fingerprint(struct loader *loader, struct findings *findings)
{
    if (findings->count)
        qsort(findings->items, findings->count, sizeof *findings->items, by_place);
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *at = &findings->items[i], *before = i ? at - 1 : NULL;
        bool same = before && before->class == at->class && finding_same_place(before, at);
        at->fingerprint = same ? before->fingerprint : fingerprint_of(loader, at);
    }
}
