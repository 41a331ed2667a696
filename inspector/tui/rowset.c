#include "rowset.h"
#include "alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 30  /* what is made in this time needs no word about it */
#define PAGE        160 /* rows read at once: more than a screen has */

struct rowset_job {
    struct worker_job job;
    struct rowset *set; /* NULL: nobody wants it any more */
    struct filter *filter;
    int column; /* of the view's table, -1: as they come */
    bool descending, to_end;
    struct model_rows_options options;
    struct model_rows *rows;
    char why[300];
};

void rowset_open(struct rowset *set, struct view *view, const char *what, const char *columns)
{
    set->view = view;
    set->what = what;
    set->columns = columns;
    set->width = 1;
    set->sort = -1;
    set->at_once = PAGE;
    for (const char *at = columns; *at; at++)
        set->width += *at == ',';
    set->page.cells = xcalloc(PAGE * set->width, sizeof *set->page.cells);
}

static void forget_page(struct rowset *set)
{
    arena_free(&set->page.memory);
    set->page.count = 0;
}

static void leave_job(struct rowset *set)
{
    if (!set->job)
        return;
    set->job->set = NULL;
    worker_cancel(set->view->tui->worker, &set->job->job);
    set->job = NULL;
}

void rowset_close(struct rowset *set)
{
    leave_job(set);
    forget_page(set);
    model_rows_free(set->rows);
    filter_free(set->filter);
    free(set->page.cells);
    free(set->sql);
}

/* ---- which rows there are ---- */

/* The rows are others: the cursor stays on the row it was on, if that is still there. */
static void take_rows(struct rowset *set, struct model_rows *rows)
{
    struct view *view = set->view;
    struct table *table = &view->table;
    model_row_key before = {MODEL_NONE, -1};
    if (set->rows && table->cursor < table->rows)
        before = model_rows_key(set->rows, view->tui->trace, table->cursor);
    model_rows_free(set->rows);
    set->rows = rows;
    forget_page(set);
    table->rows = model_rows_count(rows);
    size_t at = set->wanted.kind != MODEL_NONE ? rowset_find(set, set->wanted) : table->rows;
    if (at >= table->rows && before.id != -1) {
        long long found = model_rows_find(rows, view->tui->trace, before);
        at = found < 0 ? table->rows : (size_t)found;
    }
    set->wanted = (struct model_ref){0};
    if (at < table->rows)
        table_go(table, at);
    table_clamp(table, table->rows, table->height);
    if (set->changed)
        set->changed(view);
}

static void take_filter(struct rowset *set, struct filter *filter, int column, bool descending)
{
    filter_free(set->filter);
    set->filter = filter;
    set->sort = column;
    set->descending = descending;
}

static int run(struct worker_job *job, struct trace *trace)
{
    struct rowset_job *wanted = (struct rowset_job *)job;
    return model_rows_open(trace, &wanted->options, &wanted->rows, wanted->why, sizeof wanted->why);
}

/* The rows stay what they were, so do filter and sort. */
static void give_up(struct rowset *set, const struct rowset_job *job)
{
    struct view *view = set->view;
    bool stopped = job->job.result == -ECANCELED || job->job.result == -EINTR;
    free(view->where);
    view->where = set->filter ? xstrdup(filter_text(set->filter)) : NULL;
    view->table.sort = set->sort;
    view->table.descending = set->descending;
    tui_say(view->tui, stopped ? ROLE_DIM : ROLE_ERROR, "%s",
            stopped ? "stopped: the rows are as they were" : job->why);
}

static void done(struct worker_job *job)
{
    struct rowset_job *made = (struct rowset_job *)job;
    struct rowset *set = made->set;
    if (set)
        set->job = NULL;
    if (set && job->result == 0) {
        take_filter(set, made->filter, made->column, made->descending);
        if (made->filter)
            view_doubt(set->view, made->filter);
        made->filter = NULL;
        take_rows(set, made->rows);
        if (made->to_end && set->view->table.rows)
            table_move(&set->view->table, (int64_t)set->view->table.rows);
        made->rows = NULL;
        tui_redraw(set->view->tui);
    } else if (set) {
        give_up(set, made);
    }
    model_rows_free(made->rows);
    filter_free(made->filter);
    free(made);
}

static void submit(struct rowset *set, struct filter *filter, const char *sort, bool to_end)
{
    struct tui *tui = set->view->tui;
    struct worker *worker = tui_worker(tui);
    if (!worker) {
        filter_free(filter);
        return;
    }
    struct rowset_job *job = xcalloc(1, sizeof *job);
    job->job = (struct worker_job){.what = filter ? "filtering"
                                           : sort ? "sorting"
                                                  : "reading",
                                   .run = run,
                                   .done = done};
    job->set = set;
    job->to_end = to_end;
    job->filter = filter;
    job->column = set->view->table.sort;
    job->descending = set->view->table.descending;
    job->options = (struct model_rows_options){
        .what = set->what, .filter = filter, .sort = sort, .down = sort && job->descending, .limit = 0};
    set->job = job;
    worker_submit(worker, &job->job);
    worker_wait(worker, PATIENCE_MS);
}

static int make_now(struct rowset *set)
{
    struct view *view = set->view;
    struct model_rows *rows;
    char why[300];
    const struct model_rows_options options = {.what = set->what, .limit = set->limit};
    int rc = model_rows_open(view->tui->trace, &options, &rows, why, sizeof why);
    if (rc < 0) {
        tui_say(view->tui, ROLE_ERROR, "%s", why);
        return 0;
    }
    take_filter(set, NULL, -1, false);
    take_rows(set, rows);
    return 0;
}

int rowset_reload(struct rowset *set, const char *sort, const struct view_args *args)
{
    struct view *view = set->view;
    struct filter_error error;
    struct filter *filter = NULL;
    if (view->where && !(filter = filter_parse(view->where, set->what, &error))) {
        view_refuse(view, &error);
        return -EINVAL;
    }
    leave_job(set);
    set->wanted = args->ref;
    if (!filter && !sort && !set->all)
        return make_now(set);
    submit(set, filter, sort, false);
    return 0;
}

bool rowset_is_cut(const struct rowset *set)
{
    return set->rows && model_rows_cut(set->rows);
}

void rowset_read_all(struct rowset *set)
{
    set->all = true;
    leave_job(set);
    submit(set, NULL, NULL, true);
}

/* ---- what is in them ---- */

/* A quarter of them before the one that was asked for. */
static void read_page(struct rowset *set, size_t row)
{
    struct tui *tui = set->view->tui;
    size_t before = set->at_once / 4;
    char why[300];
    forget_page(set);
    set->page.first = row > before ? row - before : 0;
    memset(set->page.cells, 0, set->at_once * set->width * sizeof *set->page.cells);
    if (model_rows_fetch(set->rows, tui->trace, set->columns, set->page.first, set->at_once, &set->page.memory,
                         set->page.cells, why, sizeof why) < 0)
        tui_say(tui, ROLE_ERROR, "%s", why);
    set->page.count = set->at_once;
}

const struct model_cell *rowset_cells(struct rowset *set, size_t row)
{
    if (row < set->page.first || row >= set->page.first + set->page.count)
        read_page(set, row);
    return &set->page.cells[(row - set->page.first) * set->width];
}

const char *rowset_text(const struct model_cell *cell)
{
    return cell->kind == MODEL_CELL_TEXT ? cell->text : "";
}

int64_t rowset_number(const struct model_cell *cell)
{
    return cell->kind == MODEL_CELL_INTEGER ? cell->integer : MODEL_NEVER;
}

struct model_ref rowset_ref(const struct model_cell *cell)
{
    struct model_ref ref;
    const char *text = rowset_text(cell);
    return *text == '#' && model_ref_parse(text, &ref) ? ref : (struct model_ref){0};
}

struct model_site rowset_site(const struct model_cell *file, const struct model_cell *line,
                              const struct model_cell *func)
{
    int64_t number = rowset_number(line);
    const char *path = rowset_text(file), *name = rowset_text(func);
    return (struct model_site){.file = *path ? path : NULL,
                               .func = *name ? name : NULL,
                               .line = number > 0 && number < INT32_MAX ? (int)number : 0};
}

void rowset_add_duration(const struct model_cell *cell, bool ascii, struct styled *out)
{
    char text[MODEL_TIME_TEXT];
    int64_t ns = rowset_number(cell);
    if (ns == MODEL_NEVER)
        styled_add(out, ROLE_DIM, ascii ? "-" : "–");
    else
        styled_add(out, ROLE_NORMAL, model_duration_text(ns, text));
}

uint64_t rowset_key(struct rowset *set, size_t row)
{
    model_row_key key = model_rows_key(set->rows, set->view->tui->trace, row);
    return (uint64_t)key.kind << 56 ^ (uint64_t)key.id;
}

size_t rowset_view_find_key(struct view *view, uint64_t key)
{
    struct rowset *set = view_data(view);
    enum model_kind kind = (enum model_kind)(key >> 56);
    struct model_ref ref = {kind <= MODEL_SLEEP ? kind : MODEL_NONE, 0};
    ref.id = (int64_t)(key ^ (uint64_t)ref.kind << 56);
    return rowset_find(set, ref);
}

size_t rowset_find(struct rowset *set, struct model_ref ref)
{
    long long at = set->rows ? model_rows_find(set->rows, set->view->tui->trace, ref) : -1;
    return at < 0 ? set->view->table.rows : (size_t)at;
}

char *rowset_narrow(struct rowset *set, size_t row, size_t read, const char *column, bool without)
{
    const struct model_cell *cell = &rowset_cells(set, row)[read];
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)cell->integer);
    const char *value = cell->kind == MODEL_CELL_TEXT ? cell->text : cell->kind == MODEL_CELL_INTEGER ? number : NULL;
    return filter_of_cell(set->what, column, value, without);
}

struct effect rowset_open_sql(struct rowset *set, const char *argument)
{
    if (argument || !set->filter)
        return effect_of(EFFECT_NONE);
    free(set->sql);
    set->sql = model_list_sql(set->view->tui->trace, set->what, set->filter);
    return (struct effect){EFFECT_OPEN, "sql", {.sql = set->sql}};
}

/* ---- for views that begin with one ---- */

const struct model_cell *rowset_view_cells(struct view *view, size_t row)
{
    return rowset_cells(view_data(view), row);
}

void rowset_view_counts(struct view *view, struct styled *out)
{
    const struct rowset *set = view_data(view);
    if (!set->rows)
        return;
    size_t count = model_rows_count(set->rows), total = model_rows_total(set->rows);
    if (set->filter && total > count)
        styled_format(out, ROLE_NORMAL, "%zu of %zu", count, total);
    else if (rowset_is_cut(set))
        styled_format(out, ROLE_NORMAL, "the first %zu %s", count, set->what);
    else
        styled_format(out, ROLE_NORMAL, "%zu %.*s", total, (int)strlen(set->what) - (total == 1), set->what);
}

void rowset_view_empty(struct view *view, int width, struct lines *out)
{
    const struct rowset *set = view_data(view);
    (void)width;
    lines_add(out);
    if (!set->rows) {
        styled_format(lines_add(out), ROLE_DIM, "   %s ...", set->job ? "reading" : "nothing could be read");
    } else {
        styled_format(lines_add(out), ROLE_DIM, "   There are no %s in this trace.", set->what);
    }
}
