#include "list.h"

enum { LEAK = 1 };
static const struct list_join joins[] = {
    {"LEFT JOIN (SELECT subject_id AS id, class FROM leak WHERE subject_kind = 'coro') v ON v.id = c.id", NULL},
};

#define RAN "coalesce(c.ended_ns, " LIST_END ") - c.began_ns"
#define AGE "coalesce(c.ended_ns, " LIST_END ") - c.created_ns"

static const struct list_column columns[] = {
    {"id", "'#c' || c.id", MODEL_PLAIN, "c.id", 0, NULL},
    {"coro", "c.name", MODEL_PLAIN, NULL, 0, NULL},
    {"state", "c.state", MODEL_PLAIN, NULL, 0, NULL},
    {"leak", "v.class", MODEL_PLAIN, NULL, LEAK, NULL},
    {"created", "c.created_ns", MODEL_TIME, NULL, 0, NULL},
    {"began", "c.began_ns", MODEL_TIME, NULL, 0, NULL},
    {"ended", "c.ended_ns", MODEL_TIME, NULL, 0, NULL},
    {"age", AGE, MODEL_DURATION, NULL, 0, NULL},
    {"ran", RAN, MODEL_DURATION, NULL, 0, NULL},
    {"parent", LIST_TASK_ID("c.creator_task_id"), MODEL_PLAIN, "c.creator_task_id", 0, NULL},
    {"task", LIST_TASK_ID("c.task_id"), MODEL_PLAIN, "c.task_id", 0, NULL},
    {"awaiter", LIST_TASK_ID("c.awaiter_task_id"), MODEL_PLAIN, "c.awaiter_task_id", 0, NULL},
    {"awaited", LIST_SITE("w"), MODEL_PLAIN, NULL, 0, NULL},
    {"code", "c.code", MODEL_PLAIN, NULL, 0, NULL},
    {"err", "CASE WHEN c.code < 0 THEN coalesce(e.name, c.code) END", MODEL_PLAIN, NULL, 0, NULL},
    {"func", "s.func", MODEL_PLAIN, NULL, 0, NULL},
    {"site", LIST_SITE("s"), MODEL_PLAIN, NULL, 0, NULL},
    {"file", "s.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "s.line", MODEL_PLAIN, NULL, 0, NULL},
    LIST_TEST_COLUMN("'coro'", "c.id"),
    {0},
};

static const struct list_field fields[] = {
    {.name = "id", .kind = LIST_REF, .number = "c.id", .target = MODEL_CORO, .sources = {{"c.name", NULL}}},
    {.name = "name", .kind = LIST_TEXT, .sources = {{"c.name", NULL}}},
    {.name = "coro", .kind = LIST_TEXT, .sources = {{"c.name", NULL}}},
    {.name = "state", .kind = LIST_TEXT, .sources = {{"c.state", NULL}}, .words = list_coro_states},
    LIST_LEAK_FIELD("coro", "c.id"),
    LIST_SITE_FIELDS("c.site_id"),
    LIST_STACK_FIELD("c.stack_id", "c.site_id"),
    LIST_TASK_FIELD("parent", "c.creator_task_id"),
    LIST_TASK_FIELD("awaiter", "c.awaiter_task_id"),
    LIST_TASK_FIELD("task", "c.task_id"),
    {.name = "err", .kind = LIST_TEXT, .sources = {LIST_CODE_SOURCE("c.code")}, .any = "c.code < 0"},
    {.name = "age", .kind = LIST_DURATION, .number = AGE},
    {.name = "run", .kind = LIST_DURATION, .number = RAN, .column = "ran"},
    LIST_TEST_FIELD("'coro'", "c.id"),
    {.name = "t", .kind = LIST_SPAN, .number = "c.created_ns", .until = "c.ended_ns"},
    {0},
};

/* A coroutine that a task took has no row of its own: it is found by its task. */
const struct list list_coros = {
    .name = "coros",
    .one = "coroutine",
    .from = "coroutine c LEFT JOIN site s ON s.id = c.site_id LEFT JOIN site w ON w.id = c.await_site_id"
            " LEFT JOIN errno e ON e.code = c.code",
    .joins = joins,
    .view = "coroutine",
    .columns = columns,
    .fields = fields,
    .standard = "id,coro,state,created,ran,parent,site",
    .order = "c.id",
    .key = "CASE c.state WHEN 'task' THEN c.task_id ELSE c.id END",
    .subject = "CASE c.state WHEN 'task' THEN 1 ELSE 2 END",
    .kind = MODEL_CORO,
};
_Static_assert(MODEL_TASK == 1 && MODEL_CORO == 2, "as in `subject`");
