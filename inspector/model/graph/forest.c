#include "graph/forest.h"
#include "alloc.h"
#include "arena.h"
#include "graph/rows.h"

#include <stdlib.h>

const char *model_forest_by_name(enum model_forest_by by)
{
    static const char *const names[] = {"waits", "waiters", "spawn", NULL};
    return names[by];
}

void rows_begin(struct rows *rows, const struct model_forest_options *options, struct model_forest *out)
{
    *out = (struct model_forest){.by = options->by, .memory = xcalloc(1, sizeof *out->memory)};
    *rows = (struct rows){.forest = out,
                          .rows_max = options->rows_max ? options->rows_max : MODEL_FOREST_ROWS,
                          .children_max = options->children_max ? options->children_max : MODEL_FOREST_CHILDREN};
}

static struct model_row *push(struct rows *rows, enum model_row_kind kind, unsigned depth)
{
    struct model_forest *forest = rows->forest;
    X_GROW(forest->rows, forest->count, rows->capacity);
    struct model_row *row = &forest->rows[forest->count++];
    *row = (struct model_row){.kind = kind, .depth = depth, .for_ns = MODEL_NEVER};
    return row;
}

struct model_row *rows_add(struct rows *rows, enum model_row_kind kind, unsigned depth)
{
    if (rows->forest->count < rows->rows_max)
        return push(rows, kind, depth);
    rows->forest->cut = true;
    return NULL;
}

void rows_add_more(struct rows *rows, unsigned depth, size_t more)
{
    rows->forest->cut = true;
    push(rows, MODEL_ROW_MORE, depth)->more = more;
}

/* A row is over at the first one after it that is not deeper. */
void rows_finish(struct rows *rows)
{
    struct model_forest *forest = rows->forest;
    size_t *open = NULL, count = 0, capacity = 0; /* indexes of rows, their depths rise */
    for (size_t i = 0; i <= forest->count; i++) {
        while (count && (i == forest->count || forest->rows[open[count - 1]].depth >= forest->rows[i].depth))
            forest->rows[open[--count]].next = i;
        X_GROW(open, count, capacity);
        open[count++] = i;
    }
    free(open);
}

void model_forest_free(struct model_forest *forest)
{
    if (forest->memory) {
        arena_free(forest->memory);
        free(forest->memory);
    }
    free(forest->rows);
    *forest = (struct model_forest){0};
}
