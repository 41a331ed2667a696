#include "picturing.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

struct trace *picturing_open(struct fixture *fixture, const char *sql)
{
    struct trace *trace = NULL;
    struct trace_error error;
    char *own = sql ? NULL : fixture_text("waits.sql");
    remove(fixture->path);
    fixture_make(fixture->path, sql ? sql : own);
    free(own);
    if (trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error) != 0)
        fail_msg("%s", error.text);
    return trace;
}

void picturing_forest(struct trace *trace, int64_t at_ns, const struct model_forest_options *options,
                      struct model_forest *out)
{
    struct model_graph *graph = NULL;
    char why[300] = "";
    int rc;
    if (options->by == MODEL_BY_SPAWN) {
        rc = model_forest_of_spawn(trace, options, out, why, sizeof why);
    } else {
        if (model_graph_open(trace, at_ns, &graph, why, sizeof why) != 0)
            fail_msg("%s", why);
        rc = model_forest_of_graph(graph, trace, options, out, why, sizeof why);
        model_graph_close(graph);
    }
    if (rc != 0)
        fail_msg("%s", why);
}

const struct model_row *picturing_row(const struct model_forest *forest, const char *label)
{
    for (size_t i = 0; i < forest->count; i++)
        if (forest->rows[i].label && strcmp(forest->rows[i].label, label) == 0)
            return &forest->rows[i];
    return NULL;
}

char *picturing_text(const struct model_forest *forest, const struct report_format *format,
                     const struct report_options *wanted)
{
    struct shown shown;
    show_begin(&shown, "/");
    if (wanted) {
        shown.options.ascii = wanted->ascii;
        shown.options.colour = wanted->colour;
        shown.options.verbosity = wanted->verbosity;
    }
    picture_format_of(format)->tree(&shown.options, forest);
    fclose(shown.options.out);
    return shown.text;
}
