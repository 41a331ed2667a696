#include "list.h"

#define LASTED "coalesce(w.ended_ns, " LIST_END ") - w.began_ns"
#define STATE  "CASE WHEN w.ended_ns IS NULL THEN 'waiting' ELSE 'over' END"

static const struct list_column columns[] = {
    {"id", "w.id", MODEL_PLAIN, NULL, 0, NULL},
    {"task", "'#' || w.task_id", MODEL_PLAIN, "w.task_id", 0, NULL},
    {"name", "t.name", MODEL_PLAIN, NULL, 0, NULL},
    {"coro", "coalesce(f.func, cs.expr)", MODEL_PLAIN, NULL, 0, NULL},
    {"state", STATE, MODEL_PLAIN, NULL, 0, NULL},
    {"kind", "coalesce(o.kind, w.target_kind)", MODEL_PLAIN, NULL, 0, NULL},
    {"waits-for", LIST_TARGET, MODEL_PLAIN, NULL, 0, NULL},
    {"began", "w.began_ns", MODEL_TIME, NULL, 0, NULL},
    {"ended", "w.ended_ns", MODEL_TIME, NULL, 0, NULL},
    {"wait", LASTED, MODEL_DURATION, NULL, 0, NULL},
    {"code", "w.code", MODEL_PLAIN, NULL, 0, NULL},
    {"err", "CASE WHEN w.code < 0 THEN coalesce(e.name, w.code) END", MODEL_PLAIN, NULL, 0, NULL},
    {"func", "s.func", MODEL_PLAIN, NULL, 0, NULL},
    {"site", LIST_SITE("s"), MODEL_PLAIN, NULL, 0, NULL},
    {"file", "s.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "s.line", MODEL_PLAIN, NULL, 0, NULL},
    {0},
};

static const struct list_field fields[] = {
    {.name = "id", .kind = LIST_REF, .number = "w.id"},
    LIST_TASK_FIELD("task", "w.task_id"),
    LIST_TASK_FIELD("awaiter", "w.task_id"),
    {.name = "name", .kind = LIST_TEXT, .sources = {{"t.name", NULL}}},
    {.name = "coro", .kind = LIST_TEXT, .sources = {LIST_CORO_SOURCES("t.function_frame_id", "t.coro_site_id")}},
    {.name = "state", .kind = LIST_TEXT, .sources = {{STATE, NULL}}, .words = list_await_states},
    {.name = "kind",
     .kind = LIST_TEXT,
     .sources = {{"w.target_kind", NULL}, {"o.kind", NULL}},
     .words = list_target_kinds},
    LIST_TARGET_FIELD(0),
    LIST_SITE_FIELDS("w.site_id"),
    LIST_TASK_FIELD("parent", "t.creator_task_id"),
    {.name = "err", .kind = LIST_TEXT, .sources = {LIST_CODE_SOURCE("w.code")}, .any = "w.code < 0"},
    {.name = "wait", .kind = LIST_DURATION, .number = LASTED},
    {.name = "age", .kind = LIST_DURATION, .number = LASTED},
    {.name = "t", .kind = LIST_SPAN, .number = "w.began_ns", .until = "w.ended_ns"},
    {0},
};

const struct list list_awaits = {
    .name = "awaits",
    .one = "await",
    .from = "await w LEFT JOIN site s ON s.id = w.site_id LEFT JOIN task t ON t.id = w.task_id"
            " LEFT JOIN site cs ON cs.id = t.coro_site_id LEFT JOIN frame f ON f.id = t.function_frame_id"
            " LEFT JOIN errno e ON e.code = w.code " LIST_TARGET_OBJECT,
    .view = "await",
    .is_table = true,
    .columns = columns,
    .fields = fields,
    .standard = "task,name,waits-for,began,wait,site",
    .order = "w.id",
    .key = "w.id",
    .total = "awaits",
};
