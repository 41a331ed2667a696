#include "list.h"

enum { WAIT = 1 };
static const struct list_join joins[] = {LIST_WAIT_JOIN};

#define ID                                                                                                             \
    "CASE y.subject_kind WHEN 'task' THEN '#' WHEN 'coro' THEN '#c' WHEN 'future' THEN '#f' WHEN 'object'"             \
    " THEN '#q' ELSE 'thread ' END || y.subject_id"
#define AGE     LIST_END " - y.at_ns"
#define CREATOR "coalesce(t.creator_task_id, c.creator_task_id)"

static const struct list_column columns[] = {
    {"class", "y.class", MODEL_PLAIN, NULL, 0, NULL},
    {"severity", "y.severity", MODEL_PLAIN, NULL, 0, NULL},
    {"also", "y.also", MODEL_PLAIN, NULL, 0, NULL},
    {"id", ID, MODEL_PLAIN, NULL, 0, NULL},
    {"name", "y.name", MODEL_PLAIN, NULL, 0, NULL},
    {"coro", "coalesce(f.func, cs.expr)", MODEL_PLAIN, NULL, 0, NULL},
    {"at", "y.at_ns", MODEL_TIME, NULL, 0, NULL},
    {"age", AGE, MODEL_DURATION, NULL, 0, NULL},
    {"waits-for", "CASE WHEN w.id IS NOT NULL THEN " LIST_TARGET " END", MODEL_PLAIN, NULL, WAIT, NULL},
    {"detail", "y.detail", MODEL_PLAIN, NULL, 0, NULL},
    {"err", "CASE WHEN y.code < 0 THEN coalesce(e.name, y.code) END", MODEL_PLAIN, NULL, 0, NULL},
    {"parent", LIST_TASK_ID(CREATOR), MODEL_PLAIN, CREATOR, 0, NULL},
    {"func", "s.func", MODEL_PLAIN, NULL, 0, NULL},
    {"site", LIST_SITE("s"), MODEL_PLAIN, NULL, 0, NULL},
    {"file", "s.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "s.line", MODEL_PLAIN, NULL, 0, NULL},
    LIST_TEST_COLUMN("y.subject_kind", "y.subject_id"),
    {0},
};

static const struct list_field fields[] = {
    {.name = "id",
     .kind = LIST_REF,
     .number = "y.subject_id",
     .subject = "y.subject_kind",
     .sources = {{"y.name", NULL}}},
    {.name = "leak",
     .kind = LIST_TEXT,
     .sources = {{"y.class", NULL},
                 {"class", "EXISTS (SELECT 1 FROM rule_hit h WHERE h.subject_kind = y.subject_kind"
                           " AND h.subject_id = y.subject_id AND %)"}},
     .any = "1",
     .words = list_classes,
     .column = "class"},
    {.name = "kind", .kind = LIST_TEXT, .sources = {{"y.subject_kind", NULL}}, .words = list_subject_kinds},
    {.name = "name", .kind = LIST_TEXT, .sources = {{"y.name", NULL}}},
    {.name = "coro", .kind = LIST_TEXT, .sources = {{"coalesce(f.func, cs.expr)", NULL}}},
    LIST_SITE_FIELDS("y.site_id"),
    LIST_STACK_FIELD("y.stack_id", "y.site_id"),
    LIST_TASK_FIELD("parent", CREATOR),
    LIST_TARGET_FIELD(WAIT),
    {.name = "err",
     .kind = LIST_TEXT,
     .sources = {LIST_CODE_SOURCE("y.code"), LIST_FAILURE_SOURCE("t.failure_id")},
     .any = "y.code < 0"},
    {.name = "age", .kind = LIST_DURATION, .number = AGE},
    LIST_TEST_FIELD("y.subject_kind", "y.subject_id"),
    {.name = "t",
     .kind = LIST_SPAN,
     .number = "coalesce(t.created_ns, c.created_ns, y.at_ns)",
     .until = "coalesce(t.ended_ns, c.ended_ns)"},
    {0},
};

const struct list list_leaks = {
    .name = "leaks",
    .one = "leak",
    .from = "leak y LEFT JOIN site s ON s.id = y.site_id LEFT JOIN task t ON y.subject_kind = 'task'"
            " AND t.id = y.subject_id LEFT JOIN coro c ON y.subject_kind = 'coro' AND c.id = y.subject_id"
            " LEFT JOIN site cs ON cs.id = coalesce(t.coro_site_id, c.site_id) LEFT JOIN frame f"
            " ON f.id = coalesce(t.function_frame_id, c.function_frame_id) LEFT JOIN errno e ON e.code = y.code",
    .joins = joins,
    .view = "leak",
    .columns = columns,
    .fields = fields,
    .standard = "class,severity,id,name,coro,at,site",
    .order = "y.severity, y.class, y.site_id, y.subject_id",
    .key = "y.subject_id",
    .subject =
        "CASE y.subject_kind WHEN 'task' THEN 1 WHEN 'coro' THEN 2 WHEN 'future' THEN 3 WHEN 'object' THEN 4 ELSE 0"
        " END",
};
_Static_assert(MODEL_TASK == 1 && MODEL_CORO == 2 && MODEL_FUTURE == 3 && MODEL_OBJECT == 4, "as in `subject`");
