/* Findings of one class, one place and one fingerprint are told once. */
#include "loader.h"
#include "accept/accept.h"
#include "alloc.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_group(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    const int64_t keys[][2] = {
        {a->victim, b->victim},           {a->class, b->class}, {a->site, b->site},
        {a->fingerprint, b->fingerprint}, {a->error, b->error}, {accept_order(a->accepted), accept_order(b->accepted)},
        {a->subject.id, b->subject.id}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static bool same_group(const struct finding *a, const struct finding *b)
{
    return a->class == b->class && a->site == b->site && a->fingerprint == b->fingerprint && a->error == b->error &&
           a->accepted == b->accepted;
}

/* Classes of tasks that are over: what they waited for last says nothing. */
static bool is_of_the_ended(const struct finding *finding)
{
    static const char *const classes[] = {"never-retrieved", "never-joined", "lock-held", "failure-hidden"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (finding->class == model_class_index(classes[i]))
            return true;
    return false;
}

static void load_example(struct loader *loader, const struct finding *finding, struct model_example *out)
{
    *out = (struct model_example){.detail = finding->detail, .at_ns = finding->at_ns};
    bool is_call = model_class_is_of_a_call(model_classes[finding->class].name);
    if (!load_subject(loader, finding->subject, &out->subject) || is_call)
        load_place(loader, finding->site, finding->stack, &out->subject.site, &out->subject.stack);
    if (is_call)
        out->subject.stood = (struct model_stack){0};
    if (strcmp(model_classes[finding->class].name, "blocked-loop") == 0)
        load_block(loader, &out->subject, finding->subject.id);
    if (out->subject.ref.kind != MODEL_TASK || is_of_the_ended(finding) || is_call)
        return;
    load_wait(loader, &out->subject, &out->wait);
    load_chain(loader, &out->subject, &out->chain);
}

/* "worker-*" for worker-0, worker-1; the name itself if all have the same. */
static const char *common_name(struct loader *loader, const struct model_example *examples, size_t count)
{
    const char *first = count ? model_label(&examples[0].subject) : "";
    size_t shared = strlen(first);
    bool same = true;
    for (size_t i = 1; i < count; i++) {
        const char *other = model_label(&examples[i].subject);
        size_t length = 0;
        while (length < shared && other[length] == first[length])
            length++;
        same = same && strcmp(first, other) == 0;
        shared = length;
    }
    if (same)
        return shared ? first : NULL;
    while (shared && utf8_goes_on(first[shared]))
        shared--; /* not in the middle of a character */
    return shared ? arena_format(loader->memory, "%.*s*", (int)shared, first) : NULL;
}

static void fill_group(struct loader *loader, const struct finding *items, size_t count, struct model_group *out)
{
    size_t examples_count = count < MODEL_EXAMPLES ? count : MODEL_EXAMPLES;
    struct model_example *examples = arena_alloc(loader->memory, examples_count, sizeof *examples);
    int64_t *ids = arena_alloc(loader->memory, count, sizeof *ids);
    *out = (struct model_group){.class = model_classes[items->class].name,
                                .also = items->also,
                                .error = items->error,
                                .fingerprint = items->fingerprint,
                                .suppressed_by = accept_pattern(items->accepted),
                                .suppressed_at = accept_place(items->accepted),
                                .count = count,
                                .first_ns = items->at_ns,
                                .last_ns = items->at_ns,
                                .examples = examples,
                                .examples_count = examples_count,
                                .ids = ids};
    for (size_t i = 0; i < count; i++) {
        ids[i] = items[i].subject.id;
        out->victims += items[i].victims;
        if (items[i].at_ns != MODEL_NEVER && (out->first_ns == MODEL_NEVER || items[i].at_ns < out->first_ns))
            out->first_ns = items[i].at_ns;
        if (items[i].at_ns > out->last_ns)
            out->last_ns = items[i].at_ns;
    }
    for (size_t i = 0; i < examples_count; i++)
        load_example(loader, &items[i], &examples[i]);
    out->names = common_name(loader, examples, examples_count);
}

void findings_group(struct loader *loader, struct findings *findings, struct model_snapshot *out)
{
    size_t capacity = 0;
    if (findings->count)
        qsort(findings->items, findings->count, sizeof *findings->items, by_group);
    for (size_t begin = 0, end; begin < findings->count && !findings->items[begin].victim; begin = end) {
        for (end = begin + 1; end < findings->count && !findings->items[end].victim; end++)
            if (!same_group(&findings->items[begin], &findings->items[end]))
                break;
        X_GROW(out->groups, out->groups_count, capacity);
        fill_group(loader, &findings->items[begin], end - begin, &out->groups[out->groups_count++]);
    }
}
