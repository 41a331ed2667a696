#include "listing.h"
#include "alloc.h"
#include "buffer.h"
#include "model.h"
#include "query.h"
#include "suggest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 24

struct column {
    const char *name;
    const char *sql;
    enum model_unit unit;
    const char *sort; /* what to sort by, where it is not the column itself */
};

struct list {
    const char *name;
    const char *from;
    const char *standard; /* the columns that are shown unless told otherwise */
    const char *order;
    struct column columns[COLUMNS_MAX]; /* up to one without a name */
};

#define SITE_OF(alias) alias ".file || ':' || " alias ".line"
#define RUN_END        "(SELECT max(ended_ns) FROM run)"

static const struct list lists[] = {
    {"tasks",
     "task t LEFT JOIN site s ON s.id = t.site_id LEFT JOIN site cs ON cs.id = t.coro_site_id"
     " LEFT JOIN frame f ON f.id = t.function_frame_id LEFT JOIN errno e ON e.code = t.code"
     " LEFT JOIN failure x ON x.id = t.failure_id",
     "id,name,coro,state,created,life,creator,site",
     "t.id",
     {{"id", "'#' || t.id", MODEL_PLAIN, "t.id"},
      {"name", "t.name", MODEL_PLAIN, NULL},
      {"coro", "coalesce(f.func, cs.expr)", MODEL_PLAIN, NULL},
      {"state", "t.state", MODEL_PLAIN, NULL},
      {"created", "t.created_ns", MODEL_TIME, NULL},
      {"began", "t.began_ns", MODEL_TIME, NULL},
      {"ended", "t.ended_ns", MODEL_TIME, NULL},
      {"life", "coalesce(t.ended_ns, " RUN_END ") - t.created_ns", MODEL_DURATION, NULL},
      {"creator", "CASE WHEN t.creator_task_id THEN '#' || t.creator_task_id END", MODEL_PLAIN, "t.creator_task_id"},
      {"code", "t.code", MODEL_PLAIN, NULL},
      {"error", "CASE WHEN t.code < 0 THEN coalesce(e.name, t.code) END", MODEL_PLAIN, NULL},
      {"message", "x.message", MODEL_PLAIN, NULL},
      {"daemon", "t.daemon", MODEL_PLAIN, NULL},
      {"detached", "t.detached", MODEL_PLAIN, NULL},
      {"loop", "t.loop_id", MODEL_PLAIN, NULL},
      {"thread", "t.thread_id", MODEL_PLAIN, NULL},
      {"steps", "t.steps", MODEL_PLAIN, NULL},
      {"run", "t.run_ns", MODEL_DURATION, NULL},
      {"func", "s.func", MODEL_PLAIN, NULL},
      {"site", SITE_OF("s"), MODEL_PLAIN, NULL}}},
    {"coros",
     "coroutine c LEFT JOIN site s ON s.id = c.site_id LEFT JOIN site w ON w.id = c.await_site_id",
     "id,coro,state,created,ran,creator,site",
     "c.id",
     {{"id", "'#c' || c.id", MODEL_PLAIN, "c.id"},
      {"coro", "c.name", MODEL_PLAIN, NULL},
      {"state", "c.state", MODEL_PLAIN, NULL},
      {"created", "c.created_ns", MODEL_TIME, NULL},
      {"began", "c.began_ns", MODEL_TIME, NULL},
      {"ended", "c.ended_ns", MODEL_TIME, NULL},
      {"ran", "coalesce(c.ended_ns, " RUN_END ") - c.began_ns", MODEL_DURATION, NULL},
      {"creator", "CASE WHEN c.creator_task_id THEN '#' || c.creator_task_id END", MODEL_PLAIN, "c.creator_task_id"},
      {"task", "CASE WHEN c.task_id THEN '#' || c.task_id END", MODEL_PLAIN, "c.task_id"},
      {"awaiter", "CASE WHEN c.awaiter_task_id THEN '#' || c.awaiter_task_id END", MODEL_PLAIN, "c.awaiter_task_id"},
      {"awaited", SITE_OF("w"), MODEL_PLAIN, NULL},
      {"code", "c.code", MODEL_PLAIN, NULL},
      {"func", "s.func", MODEL_PLAIN, NULL},
      {"site", SITE_OF("s"), MODEL_PLAIN, NULL}}},
    {"awaits",
     "await a LEFT JOIN site s ON s.id = a.site_id LEFT JOIN task t ON t.id = a.task_id"
     " LEFT JOIN object o ON a.target_kind = 'object' AND o.id = a.target_id",
     "task,name,target,began,for,site",
     "a.id",
     {{"id", "a.id", MODEL_PLAIN, NULL},
      {"task", "'#' || a.task_id", MODEL_PLAIN, "a.task_id"},
      {"name", "t.name", MODEL_PLAIN, NULL},
      {"target",
       "CASE a.target_kind WHEN 'task' THEN 'join #' || a.target_id WHEN 'future' THEN 'future #f' || a.target_id"
       " WHEN 'sleep' THEN printf('sleep %.3fs', a.sleep_us / 1e6)"
       " ELSE coalesce(o.kind, a.target_kind) || ' #q' || a.target_id END",
       MODEL_PLAIN, "a.target_kind, a.target_id"},
      {"began", "a.began_ns", MODEL_TIME, NULL},
      {"ended", "a.ended_ns", MODEL_TIME, NULL},
      {"for", "coalesce(a.ended_ns, " RUN_END ") - a.began_ns", MODEL_DURATION, NULL},
      {"code", "a.code", MODEL_PLAIN, NULL},
      {"func", "s.func", MODEL_PLAIN, NULL},
      {"site", SITE_OF("s"), MODEL_PLAIN, NULL}}},
    {"leaks",
     "leak l LEFT JOIN site s ON s.id = l.site_id LEFT JOIN task t ON l.subject_kind = 'task' AND t.id = l.subject_id"
     " LEFT JOIN coro c ON l.subject_kind = 'coro' AND c.id = l.subject_id"
     " LEFT JOIN site cs ON cs.id = coalesce(t.coro_site_id, c.site_id)"
     " LEFT JOIN frame f ON f.id = coalesce(t.function_frame_id, c.function_frame_id)",
     "class,severity,id,name,coro,at,site",
     "l.severity, l.class, l.site_id, l.subject_id",
     {{"class", "l.class", MODEL_PLAIN, NULL},
      {"severity", "l.severity", MODEL_PLAIN, NULL},
      {"also", "l.also", MODEL_PLAIN, NULL},
      {"id",
       "CASE l.subject_kind WHEN 'task' THEN '#' WHEN 'coro' THEN '#c' WHEN 'future' THEN '#f' ELSE '#q' END"
       " || l.subject_id",
       MODEL_PLAIN, "l.subject_kind, l.subject_id"},
      {"name", "l.name", MODEL_PLAIN, NULL},
      {"coro", "coalesce(f.func, cs.expr)", MODEL_PLAIN, NULL},
      {"at", "l.at_ns", MODEL_TIME, NULL},
      {"detail", "l.detail", MODEL_PLAIN, NULL},
      {"func", "s.func", MODEL_PLAIN, NULL},
      {"site", SITE_OF("s"), MODEL_PLAIN, NULL}}},
};
#define LISTS (sizeof lists / sizeof *lists)

struct model_table {
    struct trace *trace;
    struct trace_query *query;
    const struct column *columns[COLUMNS_MAX]; /* of a list; a statement's own names otherwise */
    bool is_list;
};

static const struct list *list_named(const char *name)
{
    for (size_t i = 0; i < LISTS; i++)
        if (strcmp(lists[i].name, name) == 0)
            return &lists[i];
    return NULL;
}

const char *model_list_name(size_t index)
{
    return index < LISTS ? lists[index].name : NULL;
}

const char *model_list_column(const char *what, size_t index)
{
    const struct list *list = list_named(what);
    return list && index < COLUMNS_MAX ? list->columns[index].name : NULL;
}

/* NULL, and in `why` what there is instead. */
static const struct column *column_named(const struct list *list, const char *name, size_t length, char *why,
                                         size_t room)
{
    char typed[64];
    struct suggestion near;
    snprintf(typed, sizeof typed, "%.*s", (int)(length < 60 ? length : 60), name);
    suggest_begin(&near, typed);
    for (size_t i = 0; i < COLUMNS_MAX && list->columns[i].name; i++) {
        if (strcmp(list->columns[i].name, typed) == 0)
            return &list->columns[i];
        suggest_offer(&near, list->columns[i].name);
    }
    int used = snprintf(why, room, "%s have no column \"%s\"", list->name, typed);
    if (near.best)
        snprintf(why + used, room - (size_t)used, "; did you mean \"%s\"?", near.best);
    else
        snprintf(why + used, room - (size_t)used, " (`leash list -h` names them)");
    return NULL;
}

static int choose_columns(const struct list *list, const char *names, struct model_table *table, char *why, size_t room)
{
    size_t count = 0;
    for (const char *at = names; *at;) {
        size_t length = strcspn(at, ",");
        const struct column *column = column_named(list, at, length, why, room);
        if (!column)
            return -EINVAL;
        if (count == COLUMNS_MAX) {
            snprintf(why, room, "more than %d columns", COLUMNS_MAX);
            return -EINVAL;
        }
        table->columns[count++] = column;
        at += length;
        at += *at == ',';
    }
    if (count)
        return 0;
    snprintf(why, room, "no columns are named");
    return -EINVAL;
}

static int add_order(const struct list *list, const char *sort, struct buffer *sql, char *why, size_t room)
{
    if (!sort) {
        buffer_format(sql, " ORDER BY %s", list->order);
        return 0;
    }
    bool down = *sort == '-';
    sort += down;
    const struct column *column = column_named(list, sort, strlen(sort), why, room);
    if (!column)
        return -EINVAL;
    buffer_format(sql, " ORDER BY %s%s, %s", column->sort ? column->sort : column->sql, down ? " DESC" : "",
                  list->order);
    return 0;
}

static void add_columns(const struct model_table *table, struct buffer *sql)
{
    buffer_add(sql, "SELECT ");
    for (size_t i = 0; i < COLUMNS_MAX && table->columns[i]; i++)
        buffer_format(sql, "%s%s", i ? ", " : "", table->columns[i]->sql);
}

int model_list_open(struct trace *trace, const char *what, const struct model_list_options *options,
                    struct model_table **out, char *why, size_t room)
{
    const struct list *list = list_named(what);
    struct model_table *table = xcalloc(1, sizeof *table);
    struct buffer sql = {0};
    int rc = -EINVAL;
    table->trace = trace;
    table->is_list = true;
    if (!list) {
        snprintf(why, room, "there is no list \"%.40s\"", what);
        goto failed;
    }
    rc = choose_columns(list, options->columns ? options->columns : list->standard, table, why, room);
    if (rc < 0)
        goto failed;
    add_columns(table, &sql);
    buffer_format(&sql, " FROM %s", list->from);
    rc = add_order(list, options->sort, &sql, why, room);
    if (rc < 0)
        goto failed;
    buffer_format(&sql, " LIMIT %lld", (long long)options->limit);
    table->query = trace_prepare(trace, buffer_text(&sql));
    buffer_free(&sql);
    if (table->query) {
        *out = table;
        return 0;
    }
    snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
    rc = -EIO;
failed:
    buffer_free(&sql);
    free(table);
    return rc;
}

int model_sql_open(struct trace *trace, const char *sql, struct model_table **out, char *why, size_t room)
{
    struct trace_query *query = trace_prepare_user(trace, sql);
    if (!query) {
        snprintf(why, room, "%s", trace_failure(trace));
        return -EINVAL;
    }
    *out = xcalloc(1, sizeof **out);
    (*out)->trace = trace;
    (*out)->query = query;
    return 0;
}

void model_table_close(struct model_table *table)
{
    if (!table)
        return;
    trace_finish(table->query);
    free(table);
}

size_t model_table_columns(const struct model_table *table)
{
    return (size_t)trace_columns(table->query);
}

const char *model_table_heading(const struct model_table *table, size_t column)
{
    return table->is_list ? table->columns[column]->name : trace_column_name(table->query, (int)column);
}

enum model_unit model_table_unit(const struct model_table *table, size_t column)
{
    return table->is_list ? table->columns[column]->unit : MODEL_PLAIN;
}

int model_table_next(struct model_table *table)
{
    return trace_step(table->query);
}

struct model_cell model_table_cell(struct model_table *table, size_t column)
{
    struct model_cell cell = {.kind = MODEL_CELL_NULL};
    struct trace_query *query = table->query;
    int index = (int)column;
    switch (trace_type(query, index)) {
    case TRACE_INTEGER:
        cell.kind = MODEL_CELL_INTEGER;
        cell.integer = trace_int(query, index);
        break;
    case TRACE_REAL:
        cell.kind = MODEL_CELL_REAL;
        cell.real = trace_real(query, index);
        break;
    case TRACE_TEXT:
    case TRACE_BLOB:
        cell.kind = trace_type(query, index) == TRACE_TEXT ? MODEL_CELL_TEXT : MODEL_CELL_BLOB;
        cell.text = trace_bytes(query, index, &cell.length);
        break;
    default:
        break;
    }
    return cell;
}

const char *model_table_failure(const struct model_table *table)
{
    return trace_failure(table->trace);
}
