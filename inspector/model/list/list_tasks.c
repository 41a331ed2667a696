#include "list.h"

/* Not finished, or not when its loop stopped: the clean-up that came then is not what is looked for. */
#define UNFINISHED "(t.state = 'pending' OR t.facts & 1)"

/* The awaits that tasks are in, or were in when their loop stopped. */
#define CURRENT_AWAITS                                                                                                 \
    "(SELECT task_id, target_kind, target_id FROM await WHERE ended_ns IS NULL UNION ALL"                              \
    " SELECT a.task_id, a.target_kind, a.target_id FROM task p JOIN await a ON a.id = p.exit_await_id"                 \
    " WHERE p.facts <> 0 OR p.state = 'pending')"
/* Who waits for whom, also through a gather and the like. */
#define WAITERS                                                                                                        \
    "(SELECT task_id AS waiter, target_id AS id FROM " CURRENT_AWAITS " WHERE target_kind = 'task' UNION ALL"          \
    " SELECT u.task_id, c.member_id FROM " CURRENT_AWAITS " u JOIN child c ON u.target_kind = 'object'"                \
    " AND c.object_id = u.target_id WHERE c.member_kind = 'task')"

enum { WAIT = 1, CHILDREN = 2, AWAITER = 4, LEAK = 8, PARENT = 16 };
static const struct list_join joins[] = {
    LIST_WAIT_JOIN,
    {"LEFT JOIN (SELECT creator_task_id AS id, count(*) AS n FROM task GROUP BY creator_task_id) k ON k.id = t.id",
     NULL},
    {"LEFT JOIN (SELECT id, min(waiter) AS waiter FROM " WAITERS " GROUP BY id) b ON b.id = t.id", NULL},
    {"LEFT JOIN (SELECT subject_id AS id, class FROM leak WHERE subject_kind = 'task') v ON v.id = t.id", NULL},
    {"LEFT JOIN task q ON q.id = t.creator_task_id", NULL},
};

#define STATE                                                                                                          \
    "CASE WHEN NOT " UNFINISHED " THEN t.state WHEN t.began_ns IS NULL THEN 'new' WHEN w.id IS NULL THEN 'running'"    \
    " ELSE 'waiting' END"
#define WAITED                                                                                                         \
    "CASE WHEN w.id = t.exit_await_id THEN coalesce(l.main_ended_ns, w.ended_ns, " LIST_END ") ELSE " LIST_END         \
    " END - w.began_ns"
#define AGE         "coalesce(CASE WHEN t.facts & 1 THEN l.main_ended_ns END, t.ended_ns, " LIST_END ") - t.created_ns"
#define CHILD_COUNT "coalesce(k.n, 0)"
/* Hostile traces have circles. */
#define DEPTH                                                                                                          \
    "(WITH RECURSIVE up(id, n) AS (SELECT t.creator_task_id, 0 UNION ALL SELECT p.creator_task_id, n + 1 FROM up"      \
    " JOIN task p ON p.id = up.id WHERE n < 1000) SELECT max(n) FROM up)"

static const struct list_column columns[] = {
    {"id", "'#' || t.id", MODEL_PLAIN, "t.id", 0, NULL},
    {"name", "t.name", MODEL_PLAIN, NULL, 0, NULL},
    {"coro", "coalesce(f.func, cs.expr)", MODEL_PLAIN, NULL, 0, NULL},
    {"state", STATE, MODEL_PLAIN, NULL, WAIT, NULL},
    {"leak", "v.class", MODEL_PLAIN, NULL, LEAK, NULL},
    {"created", "t.created_ns", MODEL_TIME, NULL, 0, NULL},
    {"began", "t.began_ns", MODEL_TIME, NULL, 0, NULL},
    {"ended", "t.ended_ns", MODEL_TIME, NULL, 0, NULL},
    {"age", AGE, MODEL_DURATION, NULL, 0, NULL},
    {"wait", WAITED, MODEL_DURATION, NULL, WAIT, NULL},
    {"run", "t.run_ns", MODEL_DURATION, NULL, 0, NULL},
    {"polls", "t.steps", MODEL_PLAIN, NULL, 0, NULL},
    {"waits-for", "CASE WHEN w.id IS NOT NULL THEN " LIST_TARGET " END", MODEL_PLAIN, NULL, WAIT, NULL},
    {"parent", LIST_TASK_ID("t.creator_task_id"), MODEL_PLAIN, "t.creator_task_id", 0, NULL},
    {"parent-name", "q.name", MODEL_PLAIN, NULL, PARENT, NULL},
    {"awaiter", LIST_TASK_ID("b.waiter"), MODEL_PLAIN, "b.waiter", AWAITER, NULL},
    {"children", CHILD_COUNT, MODEL_PLAIN, NULL, CHILDREN, NULL},
    {"depth", DEPTH, MODEL_PLAIN, NULL, 0, NULL},
    {"code", "t.code", MODEL_PLAIN, NULL, 0, NULL},
    {"err", "CASE WHEN t.code < 0 THEN coalesce(e.name, t.code) END", MODEL_PLAIN, NULL, 0, NULL},
    {"message", "x.message", MODEL_PLAIN, NULL, 0, NULL},
    {"daemon", "t.daemon", MODEL_PLAIN, NULL, 0, NULL},
    {"detached", "t.detached", MODEL_PLAIN, NULL, 0, NULL},
    {"loop", "t.loop_id", MODEL_PLAIN, NULL, 0, NULL},
    {"thread", "t.thread_id", MODEL_PLAIN, NULL, 0, NULL},
    {"func", "s.func", MODEL_PLAIN, NULL, 0, NULL},
    {"site", LIST_SITE("s"), MODEL_PLAIN, NULL, 0, NULL},
    {"file", "s.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "s.line", MODEL_PLAIN, NULL, 0, NULL},
    LIST_TEST_COLUMN("'task'", "t.id"),
    {0},
};

static const struct list_field fields[] = {
    {.name = "id", .kind = LIST_REF, .number = "t.id", .target = MODEL_TASK, .sources = {{"t.name", NULL}}},
    {.name = "name", .kind = LIST_TEXT, .sources = {{"t.name", NULL}}},
    {.name = "coro", .kind = LIST_TEXT, .sources = {LIST_CORO_SOURCES("t.function_frame_id", "t.coro_site_id")}},
    {.name = "state",
     .kind = LIST_TEXT,
     .sources = {{STATE, NULL}, {"CASE WHEN " UNFINISHED " THEN 'pending' END", NULL}},
     .words = list_task_states,
     .joins = WAIT},
    LIST_LEAK_FIELD("task", "t.id"),
    LIST_SITE_FIELDS("t.site_id"),
    LIST_STACK_FIELD("t.stack_id", "t.site_id"),
    LIST_TASK_FIELD("parent", "t.creator_task_id"),
    {.name = "root",
     .kind = LIST_REF,
     .number = "victim_of",
     .around = "t.id IN (SELECT subject_id FROM leak_all WHERE subject_kind = 'task' AND %)",
     .target = MODEL_TASK,
     .sources = {{"r.name", "t.id IN (SELECT y.subject_id FROM leak_all y JOIN task r ON r.id = y.victim_of"
                            " WHERE y.subject_kind = 'task' AND %)"}},
     .any = "t.id IN (SELECT subject_id FROM leak_all WHERE subject_kind = 'task' AND victim_of IS NOT NULL)"},
    {.name = "awaiter",
     .kind = LIST_REF,
     .number = "waiter",
     .around = "t.id IN (SELECT id FROM " WAITERS " WHERE %)",
     .target = MODEL_TASK,
     .sources = {{"r.name", "t.id IN (SELECT y.id FROM " WAITERS " y JOIN task r ON r.id = y.waiter WHERE %)"}},
     .any = "t.id IN (SELECT id FROM " WAITERS ")"},
    LIST_TARGET_FIELD(WAIT),
    {.name = "err",
     .kind = LIST_TEXT,
     .sources = {LIST_CODE_SOURCE("t.code"), LIST_FAILURE_SOURCE("t.failure_id")},
     .any = "t.code < 0"},
    {.name = "age", .kind = LIST_DURATION, .number = AGE},
    {.name = "wait", .kind = LIST_DURATION, .number = WAITED, .joins = WAIT},
    {.name = "run", .kind = LIST_DURATION, .number = "t.run_ns"},
    {.name = "polls", .kind = LIST_NUMBER, .number = "t.steps"},
    {.name = "children", .kind = LIST_NUMBER, .number = CHILD_COUNT, .joins = CHILDREN},
    {.name = "depth", .kind = LIST_NUMBER, .number = DEPTH},
    LIST_TEST_FIELD("'task'", "t.id"),
    {.name = "t", .kind = LIST_SPAN, .number = "t.created_ns", .until = "t.ended_ns"},
    {0},
};

const struct list list_tasks = {
    .name = "tasks",
    .one = "task",
    .from = "task t LEFT JOIN site s ON s.id = t.site_id LEFT JOIN site cs ON cs.id = t.coro_site_id"
            " LEFT JOIN frame f ON f.id = t.function_frame_id LEFT JOIN errno e ON e.code = t.code"
            " LEFT JOIN failure x ON x.id = t.failure_id LEFT JOIN loop l ON l.id = t.loop_id",
    .joins = joins,
    .view = "task",
    .is_table = true,
    .columns = columns,
    .fields = fields,
    .standard = "id,name,coro,state,created,age,wait,waits-for,parent,site",
    .order = "t.id",
    .key = "t.id",
    .kind = MODEL_TASK,
    .total = "tasks",
};
