#include "list.h"

enum { WAITERS = 1, HOLDERS = 2 };
static const struct list_join joins[] = {
    {"LEFT JOIN (SELECT target_id AS id, count(*) AS n FROM await WHERE ended_ns IS NULL AND target_kind = 'object'"
     " GROUP BY target_id) k ON k.id = o.id",
     NULL},
    {"LEFT JOIN (SELECT object_id AS id, group_concat('#' || task_id, ' ') AS tasks, count(*) AS n FROM hold"
     " WHERE ended_ns IS NULL GROUP BY object_id) h ON h.id = o.id",
     NULL},
};

#define AGE     "coalesce(o.ended_ns, " LIST_END ") - o.created_ns"
#define STATE   "CASE WHEN o.ended_ns IS NULL THEN 'open' ELSE 'over' END"
#define MEMBERS "(SELECT count(*) FROM child WHERE object_id = o.id)"

static const struct list_column columns[] = {
    {"id", "'#q' || o.id", MODEL_PLAIN, "o.id", 0, NULL},
    {"kind", "o.kind", MODEL_PLAIN, NULL, 0, NULL},
    {"name", "o.name", MODEL_PLAIN, NULL, 0, NULL},
    {"state", STATE, MODEL_PLAIN, NULL, 0, NULL},
    {"created", "o.created_ns", MODEL_TIME, NULL, 0, NULL},
    {"ended", "o.ended_ns", MODEL_TIME, NULL, 0, NULL},
    {"age", AGE, MODEL_DURATION, NULL, 0, NULL},
    {"children", MEMBERS, MODEL_PLAIN, NULL, 0, NULL},
    {"waiters", "coalesce(k.n, 0)", MODEL_PLAIN, NULL, WAITERS, NULL},
    {"holders", "h.tasks", MODEL_PLAIN, "h.n", HOLDERS, NULL},
    {"capacity", "o.capacity", MODEL_PLAIN, NULL, 0, NULL},
    {"parent", LIST_TASK_ID("o.creator_task_id"), MODEL_PLAIN, "o.creator_task_id", 0, NULL},
    {"code", "o.code", MODEL_PLAIN, NULL, 0, NULL},
    {"err", "CASE WHEN o.code < 0 THEN coalesce(e.name, o.code) END", MODEL_PLAIN, NULL, 0, NULL},
    {"func", "s.func", MODEL_PLAIN, NULL, 0, NULL},
    {"site", LIST_SITE("s"), MODEL_PLAIN, NULL, 0, NULL},
    {"file", "s.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "s.line", MODEL_PLAIN, NULL, 0, NULL},
    LIST_TEST_COLUMN("'object'", "o.id"),
    {0},
};

static const struct list_field fields[] = {
    {.name = "id", .kind = LIST_REF, .number = "o.id", .target = MODEL_OBJECT, .sources = {{"o.name", NULL}}},
    {.name = "kind", .kind = LIST_TEXT, .sources = {{"o.kind", NULL}}, .words = list_object_kinds},
    {.name = "name", .kind = LIST_TEXT, .sources = {{"o.name", NULL}}},
    {.name = "state", .kind = LIST_TEXT, .sources = {{STATE, NULL}}, .words = list_object_states},
    LIST_LEAK_FIELD("object", "o.id"),
    LIST_SITE_FIELDS("o.site_id"),
    LIST_STACK_FIELD("coalesce(o.stack_id, o.first_use_stack_id)", "o.site_id"),
    LIST_TASK_FIELD("parent", "o.creator_task_id"),
    {.name = "awaiter",
     .kind = LIST_REF,
     .number = "task_id",
     .around = "o.id IN (SELECT target_id FROM await WHERE target_kind = 'object' AND ended_ns IS NULL AND %)",
     .target = MODEL_TASK,
     .sources = {{"r.name", "o.id IN (SELECT a.target_id FROM await a JOIN task r ON r.id = a.task_id"
                            " WHERE a.target_kind = 'object' AND a.ended_ns IS NULL AND %)"}},
     .any = "o.id IN (SELECT target_id FROM await WHERE target_kind = 'object' AND ended_ns IS NULL)"},
    {.name = "holder",
     .kind = LIST_REF,
     .number = "task_id",
     .around = "o.id IN (SELECT object_id FROM hold WHERE ended_ns IS NULL AND %)",
     .target = MODEL_TASK,
     .sources = {{"r.name", "o.id IN (SELECT b.object_id FROM hold b JOIN task r ON r.id = b.task_id"
                            " WHERE b.ended_ns IS NULL AND %)"}},
     .any = "o.id IN (SELECT object_id FROM hold WHERE ended_ns IS NULL)",
     .column = "holders"},
    {.name = "capacity", .kind = LIST_NUMBER, .number = "o.capacity"},
    {.name = "err", .kind = LIST_TEXT, .sources = {LIST_CODE_SOURCE("o.code")}, .any = "o.code < 0"},
    {.name = "age", .kind = LIST_DURATION, .number = AGE},
    {.name = "children", .kind = LIST_NUMBER, .number = MEMBERS},
    LIST_TEST_FIELD("'object'", "o.id"),
    {.name = "t", .kind = LIST_SPAN, .number = "o.created_ns", .until = "o.ended_ns"},
    {0},
};

const struct list list_objects = {
    .name = "objects",
    .one = "object",
    .from = "object o LEFT JOIN site s ON s.id = o.site_id LEFT JOIN errno e ON e.code = o.code",
    .joins = joins,
    .view = "object",
    .is_table = true,
    .columns = columns,
    .fields = fields,
    .standard = "id,kind,name,state,created,age,parent,site",
    .order = "o.id",
    .key = "o.id",
    .kind = MODEL_OBJECT,
    .total = "objects",
};
