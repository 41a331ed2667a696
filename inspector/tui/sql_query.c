#include "sql_query.h"
#include "alloc.h"
#include "clock.h"
#include "listing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 30
#define BLOB_SHOWN  16

struct query {
    struct worker_job job;
    struct tui *tui;
    char *statement;
    struct sql_result result;
    void (*done)(void *owner, struct sql_result *result);
    void *owner;
};

void sql_result_free(struct sql_result *result)
{
    arena_free(&result->memory);
    free(result->cells);
    *result = (struct sql_result){0};
}

/* ---- on the worker's thread ---- */

static const char *blob_text(struct arena *memory, const struct model_cell *cell)
{
    char hex[2 * BLOB_SHOWN + 1] = "";
    size_t shown = cell->length < BLOB_SHOWN ? cell->length : BLOB_SHOWN;
    for (size_t i = 0; i < shown; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned char)cell->text[i]);
    return arena_format(memory, "x'%s%s'", hex, shown < cell->length ? "..." : "");
}

static struct sql_cell copy_cell(struct arena *memory, const struct model_cell *cell)
{
    switch (cell->kind) {
    case MODEL_CELL_INTEGER:
        return (struct sql_cell){arena_format(memory, "%" PRId64, cell->integer), true, cell->integer};
    case MODEL_CELL_REAL:
        return (struct sql_cell){arena_format(memory, "%.15g", cell->real), true, 0};
    case MODEL_CELL_TEXT:
        return (struct sql_cell){
            arena_format(memory, "%.*s", (int)(cell->length < 8192 ? cell->length : 8192), cell->text), false, 0};
    case MODEL_CELL_BLOB:
        return (struct sql_cell){blob_text(memory, cell), false, 0};
    default:
        return (struct sql_cell){0};
    }
}

static void copy_row(struct sql_result *result, struct model_table *table)
{
    if (result->rows == result->rows_capacity) {
        result->rows_capacity = result->rows_capacity ? 2 * result->rows_capacity : 64;
        result->cells = xrealloc(result->cells, result->rows_capacity * result->columns, sizeof *result->cells);
    }
    for (size_t i = 0; i < result->columns; i++) {
        const struct model_cell cell = model_table_cell(table, i);
        struct sql_cell *copy = &result->cells[result->rows * result->columns + i];
        *copy = copy_cell(&result->memory, &cell);
        result->bytes += copy->text ? strlen(copy->text) + sizeof *copy : sizeof *copy;
    }
    result->rows++;
}

static int copy_rows(struct sql_result *result, struct model_table *table)
{
    size_t columns = model_table_columns(table);
    result->cut = columns > TABLE_COLUMNS_MAX;
    result->columns = result->cut ? TABLE_COLUMNS_MAX : columns;
    for (size_t i = 0; i < result->columns; i++)
        result->headings[i] = arena_text(&result->memory, model_table_heading(table, i));
    int rc = 0;
    while (result->columns && (rc = model_table_next(table)) > 0) {
        if (result->rows == SQL_ROWS_MAX || result->bytes > SQL_BYTES_MAX) {
            result->cut = true;
            return 0;
        }
        copy_row(result, table);
    }
    if (rc < 0)
        snprintf(result->why, sizeof result->why, "%s", model_table_failure(table));
    return rc;
}

static int run(struct worker_job *job, struct trace *trace)
{
    struct query *query = (struct query *)job;
    struct sql_result *result = &query->result;
    struct model_table *table;
    int64_t began = clock_now_ns();
    int rc = model_sql_open(trace, query->statement, &table, result->why, sizeof result->why);
    if (rc < 0)
        return rc;
    rc = copy_rows(result, table);
    model_table_close(table);
    result->seconds = (double)(clock_now_ns() - began) / 1e9;
    return rc;
}

/* ---- on the owner's ---- */

static void done(struct worker_job *job)
{
    struct query *query = (struct query *)job;
    if (job->result == -ECANCELED || job->result == -EINTR)
        snprintf(query->result.why, sizeof query->result.why, "stopped");
    query->done(query->owner, &query->result);
    tui_redraw(query->tui);
    free(query->statement);
    free(query);
}

void sql_query(struct tui *tui, const char *statement, void (*then)(void *owner, struct sql_result *result),
               void *owner)
{
    struct worker *worker = tui_worker(tui);
    if (!worker)
        return;
    struct query *query = xcalloc(1, sizeof *query);
    query->job = (struct worker_job){.what = "querying", .run = run, .done = done};
    query->tui = tui;
    query->statement = xstrdup(statement);
    query->done = then;
    query->owner = owner;
    worker_submit(worker, &query->job);
    worker_wait(worker, PATIENCE_MS);
}

/* ---- what a cell stands for ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), other = strlen(end);
    return length >= other && strcmp(text + length - other, end) == 0;
}

static enum model_kind kind_named(const char *name)
{
    static const char *const names[] = {
        [MODEL_TASK] = "task", [MODEL_CORO] = "coro", [MODEL_FUTURE] = "future", [MODEL_OBJECT] = "object"};
    for (int kind = MODEL_TASK; kind <= MODEL_OBJECT; kind++)
        if (name && strcmp(names[kind], name) == 0)
            return (enum model_kind)kind;
    return MODEL_NONE;
}

/* "subject_id": what the row's "subject_kind" says. */
static enum model_kind kind_beside(const struct sql_result *result, size_t row, const char *heading)
{
    size_t stem = strlen(heading) - strlen("id");
    for (size_t i = 0; i < result->columns; i++)
        if (strncmp(result->headings[i], heading, stem) == 0 && strcmp(result->headings[i] + stem, "kind") == 0)
            return kind_named(result->cells[row * result->columns + i].text);
    return MODEL_NONE;
}

struct model_ref sql_ref(const struct sql_result *result, size_t row, size_t column)
{
    const struct sql_cell *cell = &result->cells[row * result->columns + column];
    const char *heading = result->headings[column];
    struct model_ref ref = {0};
    if (cell->text && *cell->text == '#' && model_ref_parse(cell->text, &ref))
        return ref;
    if (!cell->number || cell->integer <= 0 || !heading)
        return (struct model_ref){0};
    for (int kind = MODEL_TASK; kind <= MODEL_OBJECT; kind++) {
        static const char *const ends[] = {[MODEL_TASK] = "task_id",
                                           [MODEL_CORO] = "coro_id",
                                           [MODEL_FUTURE] = "future_id",
                                           [MODEL_OBJECT] = "object_id"};
        if (ends_with(heading, ends[kind]))
            return (struct model_ref){(enum model_kind)kind, cell->integer};
    }
    if (ends_with(heading, "_id"))
        return (struct model_ref){kind_beside(result, row, heading), cell->integer};
    return (struct model_ref){0};
}
