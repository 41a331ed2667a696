/* The lists: what a row is, its columns, and the fields that a filter may ask for. One file a list, all in SQL: the
 * command line, the terminal and the filter read the same tables.
 *
 * `from` joins by rowid only, so that SQLite drops what a statement does not use. What costs a scan of a table is an
 * optional join, taken in where a column or field says that it needs it. */
#ifndef LEASH_INSPECTOR_LIST_H
#define LEASH_INSPECTOR_LIST_H

#include "listing.h"
#include "model.h"

struct buffer;
struct trace_query;

#define LIST_COLUMNS_MAX 32
#define LIST_SOURCES_MAX 6
#define LIST_SOURCES     (LIST_SOURCES_MAX - 1) /* the last stays empty */

struct list_column {
    const char *name;
    const char *sql;
    enum model_unit unit;
    const char *sort;      /* what to sort by, where it is not the column itself */
    unsigned joins;        /* bits: 1 << index into the list's joins */
    const char *unindexed; /* instead of `sql` in a trace that is still written and has no indexes */
};

struct list_join {
    const char *sql;
    const char *unindexed; /* the same without the indexes that the end of a run leaves; NULL: as `sql` */
};

enum list_field_kind {
    LIST_TEXT,
    LIST_PATH,     /* texts, matched as paths */
    LIST_NUMBER,   /* `number` */
    LIST_DURATION, /* `number`, in ns */
    LIST_SPAN,     /* from `number` to `until` in ns: alive within */
    LIST_REF       /* a subject: by id through `number`, else by the names in `sources` */
};

/* A text of a row: the comparison of `value` stands in `around` where the % is; NULL: it stands alone. */
struct list_source {
    const char *value, *around;
};

struct list_field {
    const char *name;
    enum list_field_kind kind;
    struct list_source sources[LIST_SOURCES_MAX]; /* any of them; up to the first without a value */
    const char *number, *around;                  /* as in a source */
    const char *until;                            /* of a SPAN */
    const char *subject;    /* of a REF to more than one kind: the expression that tells which, "task", "object" */
    enum model_kind target; /* of any other REF; NONE: the list's own numbers */
    const char *any;        /* true where there is one at all: for `any` and `none`; NULL: the field has neither */
    const char *(*words)(size_t index); /* all that a TEXT can be, NULL after the last; NULL: anything */
    unsigned joins;
    const char *column; /* the column whose cells it is compared with, where that has another name */
};

struct list {
    const char *name;
    const char *one; /* "task": what a row is called in messages */
    const char *from;
    const struct list_join *joins;
    const struct list_column *columns; /* up to one without a name */
    const struct list_field *fields;   /* up to one without a name */
    const char *standard;              /* the columns that are shown unless told otherwise */
    const char *order;
    const char *key;     /* the number by which a row is found: a rowid, or anything else that is unique */
    const char *subject; /* the enum model_kind of what `key` numbers, where that varies; NULL: all are of `kind` */
    bool by_kind;        /* rows of each subject are read from another table */
    const char *instant; /* rows are in order of this time, and of key and subject within; NULL: of `order` alone */
    enum model_kind kind;
    const char *view;  /* what holds its rows, and nothing else */
    bool is_table;     /* ... is a table: `key` is its rowid */
    const char *total; /* the key in table `total` that counts them; NULL: none does */
};

extern const struct list list_tasks, list_coros, list_awaits, list_events, list_sites, list_functions, list_files,
    list_stacks, list_leaks, list_objects;

/* NULL after the last. */
const struct list *list_at(size_t index);
const struct list *list_named(const char *name);

/* Columns that were asked for. */
struct list_selection {
    const struct list_column *columns[LIST_COLUMNS_MAX];
    size_t count;
    unsigned joins;
};
/* `names`: "id,name"; NULL: the standard ones. -EINVAL with the reason in `why`. */
int list_select(const struct list *list, const char *names, struct list_selection *out, char *why, size_t room);
/* "SELECT a, b" */
void list_add_columns(const struct list_selection *selection, bool indexed, struct buffer *sql);
/* What to sort by. */
const char *list_sort_sql(const struct list_column *column, bool indexed);
/* NULL: there is none, and why[] says what there is instead. */
const struct list_column *list_column_named(const struct list *list, const char *name, size_t length, char *why,
                                            size_t room);
const struct list_field *list_field_named(const struct list *list, const char *name, size_t length);

/* Has the trace got the indexes that the end of a run leaves? */
bool list_is_indexed(struct trace *trace);
/* How many rows it has, as the fold counted them, or counted now; 0 if that cannot be read. */
int64_t list_total(const struct list *list, struct trace *trace);
/* " FROM ..." with what `joins` asks for. */
void list_add_from(const struct list *list, unsigned joins, bool indexed, struct buffer *sql);

/* A column of the row that a query stands at; its text lasts until the next step. */
struct model_cell list_cell(struct trace_query *query, int column);

/* ---- pieces of SQL that several lists use ---- */

/* clang-format off */
#define LIST_SITE(alias) alias ".file || ':' || " alias ".line"
/* When the run ended, or how far it was told. */
#define LIST_END "coalesce((SELECT max(ended_ns) FROM run), (SELECT max(last_ns) FROM drain))"
#define LIST_TASK_ID(id) "CASE WHEN " id " THEN '#' || " id " END"
/* The fields `site`, `file` and `fn` of something made at site `id`. */
#define LIST_SITE_FIELDS(id)                                                                                           \
    {.name = "site", .kind = LIST_PATH, .sources = {{"file || ':' || line", id " IN (SELECT id FROM site WHERE %)"}}}, \
    {.name = "file", .kind = LIST_PATH, .sources = {{"file", id " IN (SELECT id FROM site WHERE %)"}}},                \
    {.name = "fn", .kind = LIST_TEXT, .sources = {{"func", id " IN (SELECT id FROM site WHERE %)"}}, .column = "func"}
/* What a creation stack has in it; where none was taken, the function of the site. */
#define LIST_STACK_FIELD(stack, site)                                                                                  \
    {.name = "stack", .kind = LIST_TEXT,                                                                               \
     .sources = {{"func", stack " IN (SELECT stack_id FROM stack_frame JOIN frame ON frame.id = frame_id WHERE %)"},   \
                 {"func", site " IN (SELECT id FROM site WHERE %)"}}}
/* The function that a coroutine runs: of its frame, else as written at its site. */
#define LIST_CORO_SOURCES(frame, site)                                                                                 \
    {"func", frame " IN (SELECT id FROM frame WHERE %)"},                                                              \
    {"expr", "(" site " IN (SELECT id FROM site WHERE %) AND (" frame " IS NULL OR " frame                             \
             " NOT IN (SELECT id FROM frame WHERE func IS NOT NULL)))"}
/* The names of task `id`: its own, and its coroutine's. */
#define LIST_TASK_SOURCES(id)                                                                                          \
    {"name", id " IN (SELECT id FROM task WHERE %)"},                                                                  \
    {"coalesce(nf.func, ns.expr)",                                                                                     \
     id " IN (SELECT n.id FROM task n LEFT JOIN site ns ON ns.id = n.coro_site_id"                                     \
        " LEFT JOIN frame nf ON nf.id = n.function_frame_id WHERE %)"}
#define LIST_TASK_FIELD(field, id)                                                                                     \
    {.name = field, .kind = LIST_REF, .sources = {LIST_TASK_SOURCES(id)}, .number = id, .target = MODEL_TASK,          \
     .any = id}
/* Errors by name, and by the message that came with them. */
#define LIST_CODE_SOURCE(code) {"name", code " IN (SELECT code FROM errno WHERE code < 0 AND %)"}
#define LIST_FAILURE_SOURCE(failure) {"message", failure " IN (SELECT id FROM failure WHERE %)"}
/* Found by a rule, and no victim of another. */
#define LIST_IS_LEAK(kind, id) id " IN (SELECT subject_id FROM leak WHERE subject_kind = '" kind "')"
#define LIST_LEAK_FIELD(subject_kind, id)                                                                              \
    {.name = "leak", .kind = LIST_TEXT,                                                                                \
     .sources = {{"class", "(" LIST_IS_LEAK(subject_kind, id) " AND " id                                               \
                  " IN (SELECT subject_id FROM rule_hit WHERE subject_kind = '" subject_kind "' AND %))"}},            \
     .any = LIST_IS_LEAK(subject_kind, id), .words = list_classes}
/* The test that a thing was made in: of the column and the field. */
#define LIST_TEST_OF(subject_kind, id, value)                                                                          \
    "(SELECT " value " FROM test_member tm JOIN test_scope ts ON ts.id = tm.test_id WHERE tm.subject_kind = "          \
    subject_kind " AND tm.subject_id = " id ")"
#define LIST_TEST_COLUMN(subject_kind, id) {"test", LIST_TEST_OF(subject_kind, id, "ts.name"), MODEL_PLAIN, NULL, 0, NULL}
#define LIST_TEST_FIELD(subject_kind, id)                                                                              \
    {.name = "test", .kind = LIST_TEXT, .sources = {{LIST_TEST_OF(subject_kind, id, "ts.name"), NULL}},                \
     .any = LIST_TEST_OF(subject_kind, id, "1") " IS NOT NULL"}
/* What an await is for: alias `w`, with `o` its object. */
#define LIST_TARGET                                                                                                    \
    "CASE w.target_kind WHEN 'task' THEN 'join #' || w.target_id WHEN 'future' THEN 'future #f' || w.target_id"        \
    " WHEN 'sleep' THEN printf('sleep %.3fs', w.sleep_us / 1e6)"                                                       \
    " WHEN 'object' THEN coalesce(o.kind, 'object') || coalesce(' of ' ||"                                             \
    " nullif((SELECT count(*) FROM child WHERE object_id = o.id), 0), '') || ' #q' || w.target_id"                     \
    " || coalesce(' \"' || o.name || '\"', '') ELSE w.target_kind END"
#define LIST_TARGET_OBJECT "LEFT JOIN object o ON w.target_kind = 'object' AND o.id = w.target_id"
/* An optional join: of task `t` the await that it is in, or was in when its loop stopped. */
#define LIST_WAIT_JOIN                                                                                                 \
    {"LEFT JOIN await w ON w.id = coalesce(t.exit_await_id, CASE WHEN t.state = 'pending' THEN"                        \
     " (SELECT max(a.id) FROM await a WHERE a.task_id = t.id) END) AND (w.id = t.exit_await_id OR w.ended_ns IS NULL)" \
     " " LIST_TARGET_OBJECT,                                                                                           \
     "LEFT JOIN (SELECT task_id, max(id) AS id FROM await WHERE ended_ns IS NULL GROUP BY task_id) open"               \
     " ON open.task_id = t.id LEFT JOIN await w ON w.id = coalesce(t.exit_await_id,"                                   \
     " CASE WHEN t.state = 'pending' THEN open.id END) " LIST_TARGET_OBJECT}
#define LIST_TARGET_FIELD(joins_needed)                                                                                \
    {.name = "waits-for", .kind = LIST_REF, .number = "w.target_id", .subject = "w.target_kind",                       \
     .sources = {{LIST_TARGET, NULL}, {"coalesce(o.kind, w.target_kind)", NULL}, {"o.name", NULL},                     \
                 {"name", "(w.target_kind = 'task' AND w.target_id IN (SELECT id FROM task WHERE %))"}},               \
     .any = "w.id IS NOT NULL", .joins = joins_needed}
/* clang-format on */

/* words.c: NULL after the last. */
const char *list_classes(size_t index);
const char *list_task_states(size_t index);
const char *list_coro_states(size_t index);
const char *list_await_states(size_t index);
const char *list_object_states(size_t index);
const char *list_object_kinds(size_t index);
const char *list_target_kinds(size_t index);
const char *list_subject_kinds(size_t index);
const char *list_event_kinds(size_t index);

#endif
