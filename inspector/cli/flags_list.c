#include "flags.h"
#include "values.h"

static int set_columns(struct settings *settings, const char *value)
{
    settings->list.columns = value;
    return 0;
}

static int set_sort(struct settings *settings, const char *value)
{
    settings->list.sort = value;
    return 0;
}

static int set_where(struct settings *settings, const char *value)
{
    settings->where = value;
    return 0;
}

static int set_limit(struct settings *settings, const char *value)
{
    return value_number(value, 0, INT64_MAX, &settings->list.limit)
               ? 0
               : flag_wrong_value(settings, "--limit", value, "a number");
}

static int set_timeout(struct settings *settings, const char *value)
{
    if (value_duration(value, &settings->trace.query_seconds) && settings->trace.query_seconds > 0)
        return 0;
    return flag_wrong_value(settings, "--timeout", value, "a time like 30s");
}

const struct flag flags_list[] = {
    {"where", 0, TAKES_EXPORT | TAKES_LIST | TAKES_TUI, "FILTER", set_where,
     "only these rows: 'state:pending wait>100ms -name:hb*'"},
    {"columns", 0, TAKES_LIST, "A,B", set_columns, "which columns"},
    {"sort", 0, TAKES_LIST | TAKES_TUI, "K", set_sort, "by which column; -K downwards"},
    {"limit", 0, TAKES_EXPORT | TAKES_LIST | TAKES_TREE | TAKES_TIMELINE, "N", set_limit, "no more than N rows"},
    {"timeout", 0, TAKES_SQL | TAKES_CHECK, "TIME", set_timeout, "stop a query that takes longer (default 60s)"},
    {0},
};
