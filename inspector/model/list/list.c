#include "list.h"
#include "buffer.h"
#include "query.h"
#include "suggest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct list *const lists[] = {&list_tasks,     &list_coros, &list_awaits, &list_events, &list_sites,
                                           &list_functions, &list_files, &list_stacks, &list_leaks,  &list_objects};
#define LISTS (sizeof lists / sizeof *lists)

const struct list *list_at(size_t index)
{
    return index < LISTS ? lists[index] : NULL;
}

const struct list *list_named(const char *name)
{
    for (size_t i = 0; i < LISTS; i++)
        if (strcmp(lists[i]->name, name) == 0)
            return lists[i];
    return NULL;
}

const struct list_column *list_column_named(const struct list *list, const char *name, size_t length, char *why,
                                            size_t room)
{
    char typed[64];
    struct suggestion near;
    snprintf(typed, sizeof typed, "%.*s", (int)(length < 60 ? length : 60), name);
    suggest_begin(&near, typed);
    for (const struct list_column *column = list->columns; column->name; column++) {
        if (strcmp(column->name, typed) == 0)
            return column;
        suggest_offer(&near, column->name);
    }
    int used = snprintf(why, room, "%s have no column \"%s\"", list->name, typed);
    if (near.best)
        snprintf(why + used, room - (size_t)used, "; did you mean \"%s\"?", near.best);
    else
        snprintf(why + used, room - (size_t)used, " (`leash list -h` names them)");
    return NULL;
}

const struct list_field *list_field_named(const struct list *list, const char *name, size_t length)
{
    for (const struct list_field *field = list->fields; field->name; field++)
        if (strlen(field->name) == length && strncmp(field->name, name, length) == 0)
            return field;
    return NULL;
}

bool list_is_indexed(struct trace *trace)
{
    struct trace_query *row = trace_prepare(
        trace, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name IN ('await_by_task', 'task_by_site')");
    bool indexed = row && trace_step(row) > 0 && trace_int(row, 0) == 2;
    trace_finish(row);
    return indexed;
}

static int64_t one_number(struct trace *trace, const char *sql, const char *key)
{
    struct trace_query *row = trace_prepare(trace, sql);
    if (row && key)
        trace_bind_text(row, 1, key);
    int64_t value = row && trace_step(row) > 0 ? trace_int(row, 0) : -1;
    trace_finish(row);
    return value;
}

int64_t list_total(const struct list *list, struct trace *trace)
{
    struct buffer sql = {0};
    int64_t total = list->total ? one_number(trace, "SELECT value FROM total WHERE key = ?1", list->total) : -1;
    if (total < 0) {
        buffer_format(&sql, "SELECT count(*) FROM %s", list->view);
        total = one_number(trace, buffer_text(&sql), NULL);
        buffer_free(&sql);
    }
    return total > 0 ? total : 0;
}

int list_select(const struct list *list, const char *names, struct list_selection *out, char *why, size_t room)
{
    *out = (struct list_selection){0};
    for (const char *at = names ? names : list->standard; *at;) {
        size_t length = strcspn(at, ",");
        const struct list_column *column = list_column_named(list, at, length, why, room);
        if (!column)
            return -EINVAL;
        if (out->count == LIST_COLUMNS_MAX) {
            snprintf(why, room, "more than %d columns", LIST_COLUMNS_MAX);
            return -EINVAL;
        }
        out->columns[out->count++] = column;
        out->joins |= column->joins;
        at += length;
        at += *at == ',';
    }
    if (out->count)
        return 0;
    snprintf(why, room, "no columns are named");
    return -EINVAL;
}

static const char *column_sql(const struct list_column *column, bool indexed)
{
    return !indexed && column->unindexed ? column->unindexed : column->sql;
}

void list_add_columns(const struct list_selection *selection, bool indexed, struct buffer *sql)
{
    for (size_t i = 0; i < selection->count; i++)
        buffer_format(sql, "%s%s", i ? ", " : "SELECT ", column_sql(selection->columns[i], indexed));
}

const char *list_sort_sql(const struct list_column *column, bool indexed)
{
    return column->sort ? column->sort : column_sql(column, indexed);
}

void list_add_from(const struct list *list, unsigned joins, bool indexed, struct buffer *sql)
{
    buffer_format(sql, " FROM %s", list->from);
    for (unsigned i = 0; joins >> i; i++)
        if (joins >> i & 1)
            buffer_format(sql, " %s",
                          !indexed && list->joins[i].unindexed ? list->joins[i].unindexed : list->joins[i].sql);
}

struct model_cell list_cell(struct trace_query *query, int column)
{
    struct model_cell cell = {.kind = MODEL_CELL_NULL};
    switch (trace_type(query, column)) {
    case TRACE_INTEGER:
        cell.kind = MODEL_CELL_INTEGER;
        cell.integer = trace_int(query, column);
        break;
    case TRACE_REAL:
        cell.kind = MODEL_CELL_REAL;
        cell.real = trace_real(query, column);
        break;
    case TRACE_TEXT:
    case TRACE_BLOB:
        cell.kind = trace_type(query, column) == TRACE_TEXT ? MODEL_CELL_TEXT : MODEL_CELL_BLOB;
        cell.text = trace_bytes(query, column, &cell.length);
        break;
    default:
        break;
    }
    return cell;
}
