#include "command.h"
#include "picture.h"

static int load_forest(struct trace *trace, const struct settings *settings, struct model_ref root,
                       struct model_forest *out, char *why, size_t room)
{
    const struct model_forest_options options = {.by = settings->picture.by,
                                                 .root = root,
                                                 .rows_max = settings->list.limit < 0    ? 0
                                                             : settings->list.limit == 0 ? 1
                                                                                         : (size_t)settings->list.limit,
                                                 .children_max = settings->list.limit < 0 ? 0 : SIZE_MAX};
    struct model_graph *graph;
    if (options.by == MODEL_BY_SPAWN)
        return model_forest_of_spawn(trace, &options, out, why, room);
    int rc = model_graph_open(trace, settings->picture.at_ns, &graph, why, room);
    if (rc < 0)
        return rc;
    rc = model_forest_of_graph(graph, trace, &options, out, why, room);
    model_graph_close(graph);
    return rc;
}

static int print_tree(struct settings *settings, struct trace *trace, struct model_ref root)
{
    struct model_forest forest;
    char why[1024];
    int code = EXIT_TROUBLE;
    if (load_forest(trace, settings, root, &forest, why, sizeof why) < 0) {
        complain("tree", "%s", why);
        return EXIT_TROUBLE;
    }
    if (settings_open(settings, settings->output) == 0) {
        picture_format_of(settings->format)->tree(&settings->report, &forest);
        code = settings_close(settings, EXIT_CLEAN);
    }
    model_forest_free(&forest);
    return code;
}

int cmd_tree(int argc, char **argv)
{
    struct settings settings;
    struct trace *trace;
    struct model_ref root;
    const char *path;
    int rc = settings_read(&settings, "tree", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0 || !settings_picture(&settings) || !settings_part(&settings, &root, &path))
        goto done;
    trace = settings_trace(&settings, path);
    if (!trace)
        goto done;
    code = print_tree(&settings, trace, root);
    trace_close(trace);
done:
    settings_free(&settings);
    return code;
}
