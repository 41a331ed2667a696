/* A forest: its rows in order, each with its depth. */
#include "json/json.h"
#include "picture.h"

static const char *kind_of(enum model_row_kind kind)
{
    static const char *const names[] = {"node", "above", "cycle", "more"};
    return names[kind];
}

static json_t *row_of(const struct model_row *row)
{
    json_t *object =
        json_pack("{ss,so,sI,so,so,so,so,so,so,sb}", "kind", kind_of(row->kind), "id", json_ref(row->ref), "depth",
                  (json_int_t)row->depth, "label", json_words(row->label), "coro", json_words(row->coro), "for_ns",
                  json_time(row->for_ns), "reason", json_words(row->reason), "note", json_words(row->note), "site",
                  json_site(&row->site), "stuck", (int)row->stuck);
    if (row->kind == MODEL_ROW_MORE)
        json_object_set_new(object, "more", json_integer((json_int_t)row->more));
    if (row->above)
        json_object_set_new(object, "above", json_true());
    return object;
}

static json_t *cause_of(const struct model_cause *cause)
{
    return json_pack("{so,so,sI,sI}", "id", json_ref(cause->ref), "label", json_words(cause->label), "frees",
                     (json_int_t)cause->frees, "cycle", (json_int_t)cause->cycle);
}

void json_tree(const struct report_options *options, const struct model_forest *forest)
{
    json_t *rows = json_array(), *causes = json_array();
    bool at_end = forest->at_end && forest->by != MODEL_BY_SPAWN;
    for (size_t i = 0; i < forest->count; i++)
        json_array_append_new(rows, row_of(&forest->rows[i]));
    for (size_t i = 0; i < forest->causes_count; i++)
        json_array_append_new(causes, cause_of(&forest->causes[i]));
    json_print(options,
               json_pack("{ss,ss,so,sb,sI,sI,sb,so,so}", "schema", "leash.tree/1", "by",
                         model_forest_by_name(forest->by), "at_ns", json_time(forest->at_ns), "at_end", (int)at_end,
                         "roots", (json_int_t)forest->roots, forest->by == MODEL_BY_SPAWN ? "tasks" : "edges",
                         (json_int_t)forest->edges, "cut", (int)forest->cut, "causes", causes, "rows", rows));
}
