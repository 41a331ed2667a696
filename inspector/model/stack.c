/* Sites and stacks. */
#include "loader.h"

#include <string.h>

#define FRAMES_MAX 64

void load_site(struct loader *loader, int64_t id, struct model_site *out)
{
    *out = (struct model_site){0};
    if (id == 0)
        return;
    struct trace_query *row = loader_row(loader, "SELECT file, line, func, expr FROM site WHERE id = ?1", id);
    if (!row)
        return;
    out->file = loader_text(loader, row, 0);
    out->line = loader_int(row, 1);
    out->func = loader_text(loader, row, 2);
    out->expr = loader_text(loader, row, 3);
    trace_finish(row);
}

static bool is_runtime(const struct model_frame *frame)
{
    const char *base = frame->module ? strrchr(frame->module, '/') : NULL;
    base = base ? base + 1 : frame->module;
    return (frame->func && strncmp(frame->func, "leash_", 6) == 0) || (base && strncmp(base, "libleash.so", 11) == 0);
}

void load_stack(struct loader *loader, int64_t id, struct model_stack *out)
{
    *out = (struct model_stack){0};
    if (id == 0)
        return;
    struct trace_query *row =
        loader_prepare(loader, "SELECT f.func, f.file, f.line, m.path, f.offset FROM stack_frame s"
                               " JOIN frame f ON f.id = s.frame_id LEFT JOIN module m ON m.id = f.module_id"
                               " WHERE s.stack_id = ?1 ORDER BY s.position");
    if (!row)
        return;
    trace_bind(row, 1, id);
    struct model_frame *frames = arena_alloc(loader->memory, FRAMES_MAX, sizeof *frames);
    while (out->count < FRAMES_MAX && loader_next(loader, row)) {
        struct model_frame *frame = &frames[out->count++];
        frame->func = loader_text(loader, row, 0);
        frame->file = loader_text(loader, row, 1);
        frame->line = loader_int(row, 2);
        frame->module = loader_text(loader, row, 3);
        frame->offset = (uint64_t)trace_int(row, 4);
        frame->runtime = is_runtime(frame);
        if (frame->func && strcmp(frame->func, "main") == 0)
            break; /* what called it is the same for every program */
    }
    trace_finish(row);
    out->frames = frames;
}

void load_place(struct loader *loader, int64_t site_id, int64_t stack_id, struct model_site *site,
                struct model_stack *stack)
{
    load_site(loader, site_id, site);
    load_stack(loader, stack_id, stack);
    const struct model_frame *frame = stack->frames, *end = stack->frames + stack->count;
    while (frame < end && frame->runtime)
        frame++;
    if (!site->file && frame < end)
        *site = (struct model_site){.file = frame->file, .line = frame->line, .func = frame->func};
}

const char *load_stack_text(struct loader *loader, const struct model_stack *stack)
{
    const char *text = "";
    for (size_t i = 0; i < stack->count; i++) {
        const struct model_frame *frame = &stack->frames[i];
        const char *func = frame->func ? frame->func : "?", *separator = i ? " < " : ": ";
        text = frame->file
                   ? arena_format(loader->memory, "%s%s%s %s:%d", text, separator, func, frame->file, frame->line)
                   : arena_format(loader->memory, "%s%s%s", text, separator, func);
    }
    return text;
}
