/* --to dot: who waited for whom when the run ended, for Graphviz. Dashed: who created whom, among those. */
#include "alloc.h"
#include "escape.h"
#include "export_private.h"
#include "graph/forest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define ROWS       2000 /* unless told otherwise: beyond, nobody can read it */
#define LEAKS_MOST 100000

struct leak {
    struct model_ref ref;
    const char *class;
};

struct dot {
    struct export_run run;
    struct model_forest forest;
    struct leak *leaks; /* by ref */
    size_t leaks_count, leaks_capacity;
    struct model_ref *tasks; /* that are shown, by id */
    size_t tasks_count;
};

static int compare_refs(const void *left, const void *right)
{
    const struct model_ref *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static void load_leaks(struct dot *dot)
{
    struct loader *loader = &dot->run.loader;
    struct trace_query *row = loader_prepare(loader, "SELECT subject_kind, subject_id, class FROM leak_all LIMIT ?1");
    if (row)
        trace_bind(row, 1, LEAKS_MOST);
    while (loader_next(loader, row)) {
        X_GROW(dot->leaks, dot->leaks_count, dot->leaks_capacity);
        dot->leaks[dot->leaks_count++] =
            (struct leak){{model_kind_of(trace_text(row, 0)), trace_int(row, 1)}, loader_text(loader, row, 2)};
    }
    trace_finish(row);
    if (dot->leaks_count)
        qsort(dot->leaks, dot->leaks_count, sizeof *dot->leaks, compare_refs);
}

static const char *leak_of(const struct dot *dot, struct model_ref ref)
{
    const struct leak *leak =
        dot->leaks_count ? bsearch(&ref, dot->leaks, dot->leaks_count, sizeof *leak, compare_refs) : NULL;
    return leak ? leak->class : NULL;
}

/* ---- words ---- */

/* Into a label: what is a control byte is told, and what is special to Graphviz stands for itself. */
static void add_words(struct buffer *out, const char *text)
{
    struct buffer escaped = {0};
    escape_text(&escaped, text, false);
    for (const char *at = buffer_text(&escaped); *at; at++) {
        if (*at == '"' || *at == '\\')
            buffer_add(out, "\\");
        buffer_add_bytes(out, at, 1);
    }
    buffer_free(&escaped);
}

static void print_name(FILE *out, struct model_ref ref)
{
    static const char letters[] = {[MODEL_NONE] = 'x',   [MODEL_TASK] = 't',   [MODEL_CORO] = 'c',
                                   [MODEL_FUTURE] = 'f', [MODEL_OBJECT] = 'q', [MODEL_SLEEP] = 's'};
    fprintf(out, ref.id < 0 ? "%c_%" PRIu64 : "%c%" PRIu64, letters[ref.kind],
            ref.id < 0 ? -(uint64_t)ref.id : (uint64_t)ref.id);
}

static const char *shape_of(enum model_kind kind)
{
    return kind == MODEL_TASK ? "box" : kind == MODEL_SLEEP ? "plaintext" : "ellipse";
}

static void print_node(const struct dot *dot, const struct model_row *row)
{
    FILE *out = dot->run.job->out;
    struct buffer label = {0};
    const char *class = leak_of(dot, row->ref);
    add_words(&label, row->label);
    if (row->coro) {
        buffer_add(&label, "\\n");
        add_words(&label, row->coro);
    }
    if (row->site.file) {
        buffer_add(&label, "\\n");
        add_words(&label, row->site.file);
        buffer_format(&label, ":%d", row->site.line);
    }
    if (class) {
        buffer_add(&label, "\\n");
        add_words(&label, class);
    }
    fputs("  ", out);
    print_name(out, row->ref);
    fprintf(out, " [shape=%s, label=\"%s\"%s]\n", shape_of(row->ref.kind), buffer_text(&label),
            class ? ", color=red, penwidth=2" : "");
    buffer_free(&label);
}

static void print_edge(const struct dot *dot, const struct model_row *from, const struct model_row *to)
{
    FILE *out = dot->run.job->out;
    struct buffer label = {0};
    add_words(&label, from->reason);
    fputs("  ", out);
    print_name(out, from->ref);
    fputs(" -> ", out);
    print_name(out, to->ref);
    fprintf(out, " [label=\"%s\"%s]\n", buffer_text(&label), to->kind == MODEL_ROW_CYCLE ? ", color=red" : "");
    buffer_free(&label);
}

static void print_left_out(const struct dot *dot, const struct model_row *above, size_t index, size_t more)
{
    FILE *out = dot->run.job->out;
    fprintf(out, "  more%zu [shape=plaintext, label=\"and %zu more\"]\n", index, more);
    if (!above)
        return;
    fputs("  ", out);
    print_name(out, above->ref);
    fprintf(out, " -> more%zu [style=dotted]\n", index);
}

/* ---- the graph ---- */

/* Rows come depth first: the row above one is the last that was less deep. */
static void print_waits(struct dot *dot)
{
    const struct model_forest *forest = &dot->forest;
    const struct model_row **above = xcalloc(forest->count + 1, sizeof *above);
    for (size_t i = 0; i < forest->count; i++) {
        const struct model_row *row = &forest->rows[i];
        const struct model_row *parent = row->depth ? above[row->depth - 1] : NULL;
        if (row->kind == MODEL_ROW_MORE) {
            print_left_out(dot, parent, i, row->more);
            continue;
        }
        if (row->kind == MODEL_ROW_NODE)
            print_node(dot, row);
        if (parent)
            print_edge(dot, parent, row);
        above[row->depth] = row;
    }
    free(above);
}

static void note_tasks(struct dot *dot)
{
    dot->tasks = xcalloc(dot->forest.count + 1, sizeof *dot->tasks);
    for (size_t i = 0; i < dot->forest.count; i++)
        if (dot->forest.rows[i].kind == MODEL_ROW_NODE && dot->forest.rows[i].ref.kind == MODEL_TASK)
            dot->tasks[dot->tasks_count++] = dot->forest.rows[i].ref;
    qsort(dot->tasks, dot->tasks_count, sizeof *dot->tasks, compare_refs);
}

static void print_spawns(struct dot *dot)
{
    struct trace_query *row = loader_prepare(&dot->run.loader, "SELECT creator_task_id FROM task WHERE id = ?1");
    note_tasks(dot);
    for (size_t i = 0; row && i < dot->tasks_count; i++) {
        trace_bind(row, 1, dot->tasks[i].id);
        struct model_ref creator = {MODEL_TASK, loader_next(&dot->run.loader, row) ? trace_int(row, 0) : 0};
        trace_reset(row);
        if (!bsearch(&creator, dot->tasks, dot->tasks_count, sizeof creator, compare_refs))
            continue;
        fputs("  ", dot->run.job->out);
        print_name(dot->run.job->out, creator);
        fputs(" -> ", dot->run.job->out);
        print_name(dot->run.job->out, dot->tasks[i]);
        fputs(" [style=dashed, color=gray, constraint=false]\n", dot->run.job->out);
    }
    trace_finish(row);
}

static int load_forest(struct dot *dot)
{
    struct export_job *job = dot->run.job;
    const struct model_forest_options options = {
        .by = MODEL_BY_WAITS, .rows_max = job->limit > 0 ? (size_t)job->limit : ROWS, .children_max = SIZE_MAX};
    struct model_graph *graph;
    int rc = model_graph_open(job->trace, MODEL_NEVER, &graph, job->failure, sizeof job->failure);
    if (rc < 0)
        return rc;
    rc = model_forest_of_graph(graph, job->trace, &options, &dot->forest, job->failure, sizeof job->failure);
    model_graph_close(graph);
    return rc;
}

static void print_graph(struct dot *dot)
{
    FILE *out = dot->run.job->out;
    struct buffer title = {0};
    char at[MODEL_TIME_TEXT];
    add_words(&title, trace_path(dot->run.job->trace));
    fprintf(out, "digraph leash {\n  label=\"%s, who waits for whom at %s\"\n  node [fontname=monospace]\n",
            buffer_text(&title), model_time_text(dot->forest.at_ns, at));
    print_waits(dot);
    print_spawns(dot);
    fputs("}\n", out);
    buffer_free(&title);
}

int export_dot(struct export_job *job)
{
    struct dot dot = {0};
    export_begin(&dot.run, job);
    int rc = load_forest(&dot);
    if (rc == 0) {
        load_leaks(&dot);
        print_graph(&dot);
        if (dot.forest.cut)
            snprintf(job->note, sizeof job->note, "not all waits are shown (--limit N: so many nodes)");
        model_forest_free(&dot.forest);
    }
    free(dot.leaks);
    free(dot.tasks);
    int ended = export_end(&dot.run);
    return rc < 0 ? -EIO : ended;
}
