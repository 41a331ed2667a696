#include "awaits.h"
#include "alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS  30 /* what is read in this time needs no word about it */
#define ROWS_MAX     100000
#define CHILDREN_MAX 10000

struct awaits_asking {
    struct worker_job job;
    struct view *view; /* NULL: nobody wants the answer any more */
    enum model_forest_by by;
    int64_t at_ns;
    int step;
    struct model_forest forest;
    char why[512];
};

/* ---- rows ---- */

const struct model_row *awaits_row(const struct awaits *awaits, size_t row)
{
    return &awaits->forest.rows[awaits->shown[row]];
}

uint64_t awaits_key(const struct awaits *awaits, size_t index)
{
    const struct model_row *row = &awaits->forest.rows[index];
    uint64_t id = row->kind == MODEL_ROW_MORE ? index : (uint64_t)row->ref.id;
    return id ^ (uint64_t)row->ref.kind << 56 ^ (uint64_t)row->kind << 60;
}

bool awaits_can_fold(const struct awaits *awaits, size_t index)
{
    return awaits->forest.rows[index].next > index + 1;
}

bool awaits_is_folded(const struct awaits *awaits, size_t index)
{
    if (!awaits_can_fold(awaits, index))
        return false;
    uint32_t number = refmap_find(&awaits->folds, awaits->forest.rows[index].ref);
    return number != REFMAP_NONE && awaits->folded[number];
}

static void fold_ref(struct awaits *awaits, struct model_ref ref, bool fold)
{
    uint32_t number = refmap_add(&awaits->folds, ref);
    if (number == awaits->folded_count)
        X_GROW(awaits->folded, awaits->folded_count, awaits->folded_capacity);
    awaits->folded_count = awaits->folds.count;
    awaits->folded[number] = fold;
}

void awaits_fold(struct awaits *awaits, size_t index, bool fold)
{
    if (awaits_can_fold(awaits, index))
        fold_ref(awaits, awaits->forest.rows[index].ref, fold);
}

static void unfold_all(struct awaits *awaits)
{
    refmap_free(&awaits->folds);
    awaits->folded_count = 0;
}

void awaits_fold_all(struct awaits *awaits, bool fold)
{
    unfold_all(awaits);
    for (size_t i = 0; fold && i < awaits->forest.count; i = awaits->forest.rows[i].next)
        awaits_fold(awaits, i, true);
}

void awaits_show(struct view *view, size_t index)
{
    struct awaits *awaits = view_data(view);
    const struct model_forest *forest = &awaits->forest;
    size_t cursor = 0;
    awaits->shown = xrealloc(awaits->shown, forest->count + 1, sizeof *awaits->shown);
    awaits->shown_count = 0;
    for (size_t i = 0; i < forest->count; i = awaits_is_folded(awaits, i) ? forest->rows[i].next : i + 1) {
        if (i <= index)
            cursor = awaits->shown_count;
        awaits->shown[awaits->shown_count++] = i;
    }
    view->table.rows = awaits->shown_count;
    if (view->table.rows)
        table_go(&view->table, cursor);
    table_clamp(&view->table, view->table.rows, view->table.height);
}

struct view_folds *awaits_folds(struct view *view)
{
    const struct awaits *awaits = view_data(view);
    struct view_folds *folds = xcalloc(1, sizeof *folds + awaits->folded_count * sizeof *folds->refs);
    for (size_t i = 0; i < awaits->folded_count; i++)
        if (awaits->folded[i])
            folds->refs[folds->count++] = awaits->folds.refs[i];
    return folds;
}

void awaits_refold(struct view *view, const struct view_folds *folds)
{
    struct awaits *awaits = view_data(view);
    unfold_all(awaits);
    for (size_t i = 0; i < folds->count; i++)
        fold_ref(awaits, folds->refs[i], true);
    awaits_show(view, view->table.cursor < awaits->shown_count ? awaits->shown[view->table.cursor] : 0);
}

/* Where the view shows a row of the forest that is not folded away. */
static size_t shown_at(const struct awaits *awaits, size_t index)
{
    size_t low = 0, high = awaits->shown_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (awaits->shown[middle] < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t awaits_reveal(struct view *view, size_t index)
{
    struct awaits *awaits = view_data(view);
    bool hidden = false;
    for (size_t i = 0; i < index;) {
        bool above = awaits->forest.rows[i].next > index;
        if (above && awaits_is_folded(awaits, i)) {
            awaits_fold(awaits, i, false);
            hidden = true;
        }
        i = above ? i + 1 : awaits->forest.rows[i].next;
    }
    if (hidden && view->table.cursor < awaits->shown_count)
        awaits_show(view, awaits->shown[view->table.cursor]);
    return shown_at(awaits, index);
}

void awaits_go(struct view *view, size_t index)
{
    size_t row = awaits_reveal(view, index);
    table_move(&view->table, (int64_t)row - (int64_t)view->table.cursor);
}

size_t awaits_find(const struct awaits *awaits, struct model_ref ref)
{
    const struct model_forest *forest = &awaits->forest;
    size_t at = 0;
    while (at < forest->count && !(forest->rows[at].kind == MODEL_ROW_NODE && forest->rows[at].ref.kind == ref.kind &&
                                   forest->rows[at].ref.id == ref.id))
        at++;
    return at;
}

/* ---- asking the worker ---- */

static int run(struct worker_job *job, struct trace *trace)
{
    struct awaits_asking *asking = (struct awaits_asking *)job;
    const struct model_forest_options options = {.by = asking->by, .rows_max = ROWS_MAX, .children_max = CHILDREN_MAX};
    struct model_graph *graph;
    int rc = asking->step ? model_graph_instant(trace, asking->at_ns, asking->step > 0, &asking->at_ns) : 0;
    if (rc < 0)
        return rc;
    rc = model_graph_open(trace, asking->at_ns, &graph, asking->why, sizeof asking->why);
    if (rc < 0)
        return rc;
    rc = model_forest_of_graph(graph, trace, &options, &asking->forest, asking->why, sizeof asking->why);
    model_graph_close(graph);
    return rc;
}

/* What was selected stays so, if it is still there. */
static void take(struct view *view, struct awaits_asking *asking)
{
    struct awaits *awaits = view_data(view);
    struct model_ref ref = awaits->wanted;
    bool had = view->table.cursor < awaits->shown_count;
    if (ref.kind == MODEL_NONE && had)
        ref = awaits_row(awaits, view->table.cursor)->ref;
    model_forest_free(&awaits->forest);
    awaits->forest = asking->forest;
    awaits->wanted = (struct model_ref){.kind = MODEL_NONE};
    awaits->at_ns = view->tui->at_ns = asking->at_ns;
    size_t index = awaits_find(awaits, ref);
    bool there = index < awaits->forest.count;
    awaits_show(view, there ? index : 0);
    if (there)
        awaits_go(view, index);
}

static void done(struct worker_job *job)
{
    struct awaits_asking *asking = (struct awaits_asking *)job;
    struct view *view = asking->view;
    struct awaits *awaits = view ? view_data(view) : NULL;
    if (!view) {
        if (job->result == 0)
            model_forest_free(&asking->forest);
        free(asking);
        return;
    }
    awaits->asking = NULL;
    if (job->result == 0)
        take(view, asking);
    else if (job->result == -ENOENT && asking->step)
        tui_say(view->tui, ROLE_DIM, asking->step > 0 ? "nothing changed after this" : "nothing changed before this");
    else if (job->result == -ECANCELED || job->result == -EINTR)
        snprintf(awaits->why, sizeof awaits->why, "stopped: ] reads it again");
    else
        snprintf(awaits->why, sizeof awaits->why, "%s", *asking->why ? asking->why : job->failure);
    tui_redraw(view->tui);
    free(asking);
}

/* Nobody wants it any more. */
static void forget(struct view *view, struct awaits *awaits)
{
    if (!awaits->asking)
        return;
    awaits->asking->view = NULL;
    worker_cancel(view->tui->worker, &awaits->asking->job);
    awaits->asking = NULL;
}

void awaits_ask(struct view *view, int step)
{
    struct awaits *awaits = view_data(view);
    struct worker *worker = tui_worker(view->tui);
    awaits->why[0] = '\0';
    awaits->at_ns = view->tui->at_ns;
    if (!worker) {
        snprintf(awaits->why, sizeof awaits->why, "%s", view->tui->message);
        return;
    }
    forget(view, awaits);
    struct awaits_asking *asking = awaits->asking = xcalloc(1, sizeof *asking);
    asking->job = (struct worker_job){.what = "who waits for whom", .run = run, .done = done};
    asking->view = view;
    asking->by = awaits->by;
    asking->at_ns = view->tui->at_ns;
    asking->step = step;
    worker_submit(worker, &asking->job);
    worker_wait(worker, PATIENCE_MS);
}

void awaits_close(struct view *view)
{
    struct awaits *awaits = view_data(view);
    forget(view, awaits);
    model_forest_free(&awaits->forest);
    free(awaits->shown);
    refmap_free(&awaits->folds);
    free(awaits->folded);
}
