/* The json format's groups and rows, a line each: for tools that read line by line. */
#include "json/json.h"

static void check(const struct report_options *options, const struct report_trace *traces, size_t count, int code)
{
    (void)code;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; traces[i].snapshot && j < traces[i].snapshot->groups_count; j++)
            json_print(options, json_leak(options, &traces[i], &traces[i].snapshot->groups[j]));
}

static int table(const struct report_options *options, struct model_table *rows)
{
    int rc;
    while ((rc = model_table_next(rows)) > 0)
        json_print(options, json_row(rows));
    return rc;
}

const struct report_format report_jsonl = {"jsonl", check, json_detail, table};
