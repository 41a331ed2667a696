#include "list.h"

/* The coroutine that a task runs, for one that nobody gave a name; and the function of a coroutine. Both out of the
 * tables: view `coroutine` would be made anew for every row. */
#define TASK_CORO(task)                                                                                                \
    "(SELECT coalesce(f.func, cs.expr) FROM (SELECT " task ".function_frame_id frame, " task ".coro_site_id site)"     \
    " LEFT JOIN frame f ON f.id = frame LEFT JOIN site cs ON cs.id = site)"
#define CORO_NAME                                                                                                      \
    "(SELECT coalesce(f.func, cs.expr) FROM coro c LEFT JOIN frame f ON f.id = c.function_frame_id"                    \
    " LEFT JOIN site cs ON cs.id = c.site_id WHERE e.subject_kind = 'coro' AND c.id = e.subject_id)"

static const struct list_column columns[] = {
    {"time", "e.at_ns", MODEL_TIME, NULL, 0, NULL},
    {"kind", "e.kind", MODEL_PLAIN, NULL, 0, NULL},
    {"subject",
     "CASE e.subject_kind WHEN 'task' THEN '#' WHEN 'coro' THEN '#c' WHEN 'future' THEN '#f' WHEN 'object' THEN '#q'"
     " ELSE e.subject_kind || ' ' END || e.subject_id",
     MODEL_PLAIN, NULL, 0, NULL},
    {"name", "coalesce(t.name, o.name, " TASK_CORO("t") ", " CORO_NAME ")", MODEL_PLAIN, NULL, 0, NULL},
    {"by", LIST_TASK_ID("e.by_task"), MODEL_PLAIN, "e.by_task", 0, NULL},
    {"by-name", "coalesce(b.name, " TASK_CORO("b") ")", MODEL_PLAIN, NULL, 0, NULL},
    {"what", "e.what", MODEL_PLAIN, NULL, 0, NULL},
    {"func", "s.func", MODEL_PLAIN, NULL, 0, NULL},
    {"site", LIST_SITE("s"), MODEL_PLAIN, NULL, 0, NULL},
    {"file", "s.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "s.line", MODEL_PLAIN, NULL, 0, NULL},
    {0},
};

static const struct list_field fields[] = {
    {.name = "id",
     .kind = LIST_REF,
     .number = "e.subject_id",
     .subject = "e.subject_kind",
     .sources = {{"coalesce(t.name, o.name)", NULL}},
     .column = "subject"},
    {.name = "task",
     .kind = LIST_REF,
     .number = "CASE WHEN e.subject_kind = 'task' THEN e.subject_id ELSE e.by_task END",
     .target = MODEL_TASK,
     .sources = {{"coalesce(t.name, b.name)", NULL}},
     .any = "e.subject_kind = 'task' OR e.by_task"},
    {.name = "parent",
     .kind = LIST_REF,
     .number = "e.by_task",
     .target = MODEL_TASK,
     .sources = {{"b.name", NULL}},
     .any = "e.by_task",
     .column = "by"},
    {.name = "name", .kind = LIST_TEXT, .sources = {{"coalesce(t.name, o.name)", NULL}}},
    {.name = "kind", .kind = LIST_TEXT, .sources = {{"e.kind", NULL}}, .words = list_event_kinds},
    {.name = "err", .kind = LIST_TEXT, .sources = {{"e.what", NULL}}, .column = "what"},
    LIST_SITE_FIELDS("e.site_id"),
    {.name = "t", .kind = LIST_SPAN, .number = "e.at_ns", .until = "e.at_ns"},
    {0},
};

/* Rows of view `event_all`: which of its parts, and the rowid there. */
const struct list list_events = {
    .name = "events",
    .one = "event",
    .from = "event_all e LEFT JOIN site s ON s.id = e.site_id LEFT JOIN task t ON e.subject_kind = 'task'"
            " AND t.id = e.subject_id LEFT JOIN object o ON e.subject_kind = 'object' AND o.id = e.subject_id"
            " LEFT JOIN task b ON b.id = e.by_task",
    .view = "event_all",
    .columns = columns,
    .fields = fields,
    .standard = "time,subject,name,kind,what,by,site",
    .order = "e.at_ns, e.part, e.row",
    .key = "e.row",
    .subject = "e.part",
    .instant = "e.at_ns",
    .by_kind = true,
};
