/* Who created whom, as rows to print. */
#include "graph/rows.h"
#include "alloc.h"
#include "graph/spawn.h"
#include "graph/captions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct spawn_layout {
    const struct model_spawn *spawn;
    struct rows rows;
    struct captions captions;
    int64_t at_ns;
};

static size_t siblings_from(const struct model_spawn *spawn, size_t first, size_t end)
{
    size_t count = 0;
    for (size_t i = first; i < end; i += 1 + spawn->tasks[i].below)
        count++;
    return count;
}

/* What one task created, as far as it was shown. */
struct level {
    size_t shown, end; /* end: where what the creator created ends */
};

/* The tasks from `first` to `end`, which are whole trees. */
static void lay_out(struct spawn_layout *layout, size_t first, size_t end)
{
    const struct model_spawned *tasks = layout->spawn->tasks;
    struct level *levels = xcalloc(1, sizeof *levels);
    size_t levels_count = 1;
    levels[0] = (struct level){0, end};
    for (size_t i = first; i < end;) {
        uint32_t depth = tasks[i].depth - tasks[first].depth;
        if (depth && levels[depth].shown++ == layout->rows.children_max) {
            rows_add_more(&layout->rows, depth, siblings_from(layout->spawn, i, levels[depth].end));
            i = levels[depth].end;
            continue;
        }
        struct model_row *row = rows_add(&layout->rows, MODEL_ROW_NODE, depth);
        if (!row) {
            rows_add_more(&layout->rows, 0, end - i);
            break;
        }
        caption_spawned(&layout->captions, tasks[i].id, layout->at_ns, row);
        if (depth + 2 > levels_count)
            levels = xrealloc(levels, levels_count = depth + 2, sizeof *levels);
        levels[depth + 1] = (struct level){0, i + 1 + tasks[i].below};
        i++;
    }
    free(levels);
}

static int no_such_task(struct trace *trace, struct model_ref ref, char *why, size_t room)
{
    char text[MODEL_REF_TEXT];
    snprintf(why, room, "%s: no task in it is called %s (`leash list tasks` names what there is)", trace_path(trace),
             model_ref_text(ref, text));
    return -ENOENT;
}

/* All, or what is below options->root. */
static int lay_out_from(struct spawn_layout *layout, struct model_ref root, struct trace *trace, char *why, size_t room)
{
    const struct model_spawn *spawn = layout->spawn;
    size_t first = 0, end = spawn->count;
    if (root.kind != MODEL_NONE) {
        first = root.kind == MODEL_TASK ? model_spawn_find(spawn, root.id) : SIZE_MAX;
        if (first == SIZE_MAX)
            return no_such_task(trace, root, why, room);
        end = first + 1 + spawn->tasks[first].below;
    }
    layout->rows.forest->roots = siblings_from(spawn, first, end);
    lay_out(layout, first, end);
    rows_finish(&layout->rows);
    return 0;
}

int model_forest_of_spawn(struct trace *trace, const struct model_forest_options *options, struct model_forest *out,
                          char *why, size_t room)
{
    struct model_spawn spawn;
    int rc = model_spawn_load(trace, &spawn, why, room);
    if (rc < 0)
        return rc;
    struct spawn_layout layout = {.spawn = &spawn};
    rows_begin(&layout.rows, options, out);
    struct loader loader = {.trace = trace, .memory = out->memory};
    struct model_run run;
    load_run(&loader, &run);
    layout.at_ns = out->at_ns = run.ended_ns;
    out->at_end = true;
    out->ending = run.ending;
    out->edges = spawn.count;
    out->cut = spawn.cut;
    captions_begin(&layout.captions, &loader);
    rc = lay_out_from(&layout, options->root, trace, why, room);
    captions_end(&layout.captions);
    model_spawn_free(&spawn);
    if (loader.failed) {
        snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
        rc = -EIO;
    }
    if (rc < 0)
        model_forest_free(out);
    return rc;
}
