/* Creation stacks: what was made by way of each. Only in a trace that was recorded with them (stacks=1). */
#include "list.h"

enum { LEAK = 1 };
static const struct list_join joins[] = {
    {"LEFT JOIN (SELECT stack_id, count(*) AS n FROM leak GROUP BY stack_id) k ON k.stack_id = g.id", NULL},
};

#define STACKS                                                                                                         \
    "(SELECT m.stack_id AS id, min(m.site_id) AS site_id, count(DISTINCT m.site_id) AS sites, count(*) AS made,"       \
    " sum(m.state = 'pending') AS live, sum(m.state = 'failed') AS fail, sum(m.state = 'cancelled') AS canc,"          \
    " max(m.life) AS longest FROM (SELECT stack_id, site_id, state, coalesce(ended_ns, " LIST_END                      \
    ") - created_ns AS life FROM task WHERE stack_id IS NOT NULL UNION ALL SELECT stack_id, site_id, '', NULL"         \
    " FROM coro WHERE stack_id IS NOT NULL AND state <> 'task' UNION ALL SELECT stack_id, site_id, '', NULL"           \
    " FROM object WHERE stack_id IS NOT NULL) m GROUP BY m.stack_id)"
/* Innermost first, without the library's own frames. */
#define FUNCTIONS                                                                                                      \
    "(SELECT group_concat(func, ' < ') FROM (SELECT f.func AS func FROM stack_frame x JOIN frame f ON"                 \
    " f.id = x.frame_id WHERE x.stack_id = g.id AND f.func NOT LIKE 'leash\\_%' ESCAPE '\\'"                           \
    " ORDER BY x.position LIMIT 12))"
#define LEAKED "coalesce(k.n, 0)"

static const struct list_column columns[] = {
    {"id", "g.id", MODEL_PLAIN, NULL, 0, NULL},
    {"site", LIST_SITE("s"), MODEL_PLAIN, NULL, 0, NULL},
    {"file", "s.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "s.line", MODEL_PLAIN, NULL, 0, NULL},
    {"func", FUNCTIONS, MODEL_PLAIN, NULL, 0, NULL},
    {"sites", "g.sites", MODEL_PLAIN, NULL, 0, NULL},
    {"made", "g.made", MODEL_PLAIN, NULL, 0, NULL},
    {"live", "g.live", MODEL_PLAIN, NULL, 0, NULL},
    {"leak", LEAKED, MODEL_PLAIN, NULL, LEAK, NULL},
    {"fail", "g.fail", MODEL_PLAIN, NULL, 0, NULL},
    {"canc", "g.canc", MODEL_PLAIN, NULL, 0, NULL},
    {"p50", "NULL", MODEL_DURATION, NULL, 0, NULL},
    {"p99", "NULL", MODEL_DURATION, NULL, 0, NULL},
    {"longest", "nullif(g.longest, 0)", MODEL_DURATION, NULL, 0, NULL},
    {"share", "100 * " LEAKED " / nullif((SELECT count(*) FROM leak), 0)", MODEL_PLAIN, NULL, LEAK, NULL},
    {0},
};

static const struct list_field fields[] = {
    {.name = "name", .kind = LIST_TEXT, .sources = {{"s.func", NULL}}},
    {.name = "site", .kind = LIST_PATH, .sources = {{LIST_SITE("s"), NULL}}},
    {.name = "file", .kind = LIST_PATH, .sources = {{"s.file", NULL}}},
    {.name = "fn", .kind = LIST_TEXT, .sources = {{"s.func", NULL}}, .column = "func"},
    LIST_STACK_FIELD("g.id", "g.site_id"),
    {.name = "made", .kind = LIST_NUMBER, .number = "g.made"},
    {.name = "live", .kind = LIST_NUMBER, .number = "g.live"},
    {.name = "leaks", .kind = LIST_NUMBER, .number = LEAKED, .joins = LEAK, .column = "leak"},
    {.name = "fail", .kind = LIST_NUMBER, .number = "g.fail"},
    {.name = "canc", .kind = LIST_NUMBER, .number = "g.canc"},
    {0},
};

const struct list list_stacks = {
    .name = "stacks",
    .one = "creation stack",
    .from = STACKS " g LEFT JOIN site s ON s.id = g.site_id",
    .joins = joins,
    .view = STACKS,
    .columns = columns,
    .fields = fields,
    .standard = "func,site,made,live,leak,fail,canc,longest",
    .order = "g.id",
    .key = "g.id",
};
