#include "list.h"

enum { LEAK = 1 };
static const struct list_join joins[] = {
    {"LEFT JOIN (SELECT site_id, count(*) AS n FROM leak GROUP BY site_id) k ON k.site_id = s.id", NULL},
};

#define PROBES "100" /* of the tasks of a busy site, evenly spread over its ids; of others all are looked at */
#define LIFE   "coalesce(t.ended_ns, " LIST_END ") - t.created_ns"
#define PERCENTILE(p)                                                                                                  \
    "CASE WHEN n.tasks <= " PROBES " THEN (SELECT leash_percentile(" LIFE ", " p                                       \
    ") FROM task t WHERE t.site_id = s.id)"                                                                            \
    " ELSE (WITH ends(low, high) AS (SELECT (SELECT min(id) FROM task WHERE site_id = s.id),"                          \
    " (SELECT max(id) FROM task WHERE site_id = s.id)), probe(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM probe"       \
    " WHERE n < " PROBES ") SELECT leash_percentile((SELECT " LIFE " FROM task t WHERE t.site_id = s.id"               \
    " AND t.id >= low + (high - low) / " PROBES " * probe.n ORDER BY t.id LIMIT 1), " p ") FROM probe, ends) END"

#define MADE   "coalesce(n.tasks, 0) + coalesce(n.coros, 0)"
#define LEAKED "coalesce(k.n, 0)"

static const struct list_column columns[] = {
    {"id", "s.id", MODEL_PLAIN, NULL, 0, NULL},
    {"site", LIST_SITE("s"), MODEL_PLAIN, NULL, 0, NULL},
    {"file", "s.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "s.line", MODEL_PLAIN, NULL, 0, NULL},
    {"func", "s.func", MODEL_PLAIN, NULL, 0, NULL},
    {"expr", "s.expr", MODEL_PLAIN, NULL, 0, NULL},
    {"sites", "1", MODEL_PLAIN, NULL, 0, NULL},
    {"made", MADE, MODEL_PLAIN, NULL, 0, NULL},
    {"live", "coalesce(n.pending, 0)", MODEL_PLAIN, NULL, 0, NULL},
    {"leak", LEAKED, MODEL_PLAIN, NULL, LEAK, NULL},
    {"fail", "coalesce(n.failed, 0)", MODEL_PLAIN, NULL, 0, NULL},
    {"canc", "coalesce(n.cancelled, 0)", MODEL_PLAIN, NULL, 0, NULL},
    {"p50", PERCENTILE("50"), MODEL_DURATION, NULL, 0, "NULL"},
    {"p99", PERCENTILE("99"), MODEL_DURATION, NULL, 0, "NULL"},
    {"longest", "nullif(n.max_life_ns, 0)", MODEL_DURATION, NULL, 0, NULL},
    {"awaits", "coalesce(n.awaits, 0)", MODEL_PLAIN, NULL, 0, NULL},
    {"waited", "n.wait_ns", MODEL_DURATION, NULL, 0, NULL},
    {"share", "100 * " LEAKED " / nullif((SELECT count(*) FROM leak), 0)", MODEL_PLAIN, NULL, LEAK, NULL},
    {0},
};

static const struct list_field fields[] = {
    {.name = "id", .kind = LIST_REF, .number = "s.id"},
    {.name = "name", .kind = LIST_TEXT, .sources = {{"s.expr", NULL}}, .column = "expr"},
    {.name = "coro", .kind = LIST_TEXT, .sources = {{"s.expr", NULL}}},
    {.name = "site", .kind = LIST_PATH, .sources = {{LIST_SITE("s"), NULL}}},
    {.name = "file", .kind = LIST_PATH, .sources = {{"s.file", NULL}}},
    {.name = "fn", .kind = LIST_TEXT, .sources = {{"s.func", NULL}}, .column = "func"},
    {.name = "leak",
     .kind = LIST_TEXT,
     .sources = {{"class", "s.id IN (SELECT site_id FROM leak WHERE %)"}},
     .any = "s.id IN (SELECT site_id FROM leak)",
     .words = list_classes,
     .column = "class"},
    {.name = "made", .kind = LIST_NUMBER, .number = MADE},
    {.name = "live", .kind = LIST_NUMBER, .number = "coalesce(n.pending, 0)"},
    {.name = "leaks", .kind = LIST_NUMBER, .number = LEAKED, .joins = LEAK, .column = "leak"},
    {.name = "fail", .kind = LIST_NUMBER, .number = "coalesce(n.failed, 0)"},
    {.name = "canc", .kind = LIST_NUMBER, .number = "coalesce(n.cancelled, 0)"},
    {.name = "awaits", .kind = LIST_NUMBER, .number = "coalesce(n.awaits, 0)"},
    {0},
};

const struct list list_sites = {
    .name = "sites",
    .one = "site",
    .from = "site s LEFT JOIN site_stat n ON n.site_id = s.id",
    .joins = joins,
    .view = "site",
    .is_table = true,
    .columns = columns,
    .fields = fields,
    .standard = "site,func,expr,made,live,leak,fail,canc,awaits,p50,p99,share",
    .order = "s.id",
    .key = "s.id",
};

/* ---- the same, put together ---- */

/* Of sites with something made there; one row a `by`, numbered by the first of its sites. */
#define GROUPED(by)                                                                                                    \
    "(SELECT min(s.id) AS id, s.file AS file, s.func AS func, count(*) AS sites, sum(n.tasks) + sum(n.coros) AS made," \
    " sum(n.pending) AS live, sum(n.failed) AS fail, sum(n.cancelled) AS canc, max(n.max_life_ns) AS longest"          \
    " FROM site s JOIN site_stat n ON n.site_id = s.id GROUP BY " by ")"
#define LEAKS_BY(by, match) "LEFT JOIN (SELECT file, func, count(*) AS n FROM leak GROUP BY " by ") k ON " match

static const struct list_join function_joins[] = {
    {LEAKS_BY("file, func", "k.file IS g.file AND k.func IS g.func"), NULL}};
static const struct list_join file_joins[] = {{LEAKS_BY("file", "k.file IS g.file"), NULL}};

static const struct list_column grouped_columns[] = {
    {"id", "g.id", MODEL_PLAIN, NULL, 0, NULL},
    {"site", "g.file", MODEL_PLAIN, NULL, 0, NULL},
    {"file", "g.file", MODEL_PLAIN, NULL, 0, NULL},
    {"line", "NULL", MODEL_PLAIN, NULL, 0, NULL},
    {"func", "g.func", MODEL_PLAIN, NULL, 0, NULL},
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

static const struct list_field grouped_fields[] = {
    {.name = "name", .kind = LIST_TEXT, .sources = {{"g.func", NULL}}},
    {.name = "site", .kind = LIST_PATH, .sources = {{"g.file", NULL}}},
    {.name = "file", .kind = LIST_PATH, .sources = {{"g.file", NULL}}},
    {.name = "fn", .kind = LIST_TEXT, .sources = {{"g.func", NULL}}, .column = "func"},
    {.name = "made", .kind = LIST_NUMBER, .number = "g.made"},
    {.name = "live", .kind = LIST_NUMBER, .number = "g.live"},
    {.name = "leaks", .kind = LIST_NUMBER, .number = LEAKED, .joins = LEAK, .column = "leak"},
    {.name = "fail", .kind = LIST_NUMBER, .number = "g.fail"},
    {.name = "canc", .kind = LIST_NUMBER, .number = "g.canc"},
    {0},
};

const struct list list_functions = {
    .name = "functions",
    .one = "function",
    .from = GROUPED("s.file, s.func") " g",
    .joins = function_joins,
    .view = GROUPED("s.file, s.func"),
    .columns = grouped_columns,
    .fields = grouped_fields,
    .standard = "func,file,sites,made,live,leak,fail,canc,longest",
    .order = "g.id",
    .key = "g.id",
};

const struct list list_files = {
    .name = "files",
    .one = "file",
    .from = GROUPED("s.file") " g",
    .joins = file_joins,
    .view = GROUPED("s.file"),
    .columns = grouped_columns,
    .fields = grouped_fields,
    .standard = "file,sites,made,live,leak,fail,canc,longest",
    .order = "g.id",
    .key = "g.id",
};
