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

static uint32_t fingerprint_of(struct loader *loader, const struct finding *finding)
{
    struct model_site site, coro_site;
    struct model_stack stack;
    struct model_frame function = {0};
    const char *class = model_classes[finding->class].name;
    load_site(loader, finding->site, &site);
    load_site(loader, finding->coro_site, &coro_site);
    load_stack(loader, finding->stack, &stack);
    struct trace_query *row =
        finding->function ? loader_row(loader, "SELECT func FROM frame WHERE id = ?1", finding->function) : NULL;
    if (row)
        function.func = loader_text(loader, row, 0);
    trace_finish(row);

    uint32_t hash = add(2166136261u, strcmp(class, "unreferenced") == 0 ? "pending-at-exit" : class);
    hash = add(hash, function.func ? function.func : coro_site.expr);
    for (size_t i = 0; i < stack.count; i++)
        if (!stack.frames[i].runtime)
            hash = add(hash, stack.frames[i].func);
    if (stack.count == 0)
        hash = add(hash, site.func);
    return add(hash, base_name(site.file));
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
        bool same = before && before->class == at->class && before->site == at->site &&
                    before->coro_site == at->coro_site && before->function == at->function &&
                    before->stack == at->stack;
        at->fingerprint = same ? before->fingerprint : fingerprint_of(loader, at);
    }
}
