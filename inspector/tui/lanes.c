#include "lanes.h"
#include "alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 30 /* what is read in this time needs no word about it */
#define ROWS_FIRST  60 /* painted before anybody knows how high the list is */

struct lanes_asking {
    struct worker_job job;
    struct view *view; /* NULL: nobody wants the answer any more */
    enum { ASK_TASKS, ASK_LANES, ASK_EVENT } what;
    char why[512];

    struct lanes_tasks *tasks; /* read, or selected from */
    struct model_window all;

    struct lanes_wants wants;
    bool narrow;              /* `shown` is to be selected anew */
    int64_t select;           /* a task that is to be among what is painted; 0: none */
    struct model_spawn shown; /* of them, or, unless `narrow`, only those to be painted */
    size_t first;
    struct model_timeline timeline;

    int64_t task, at_ns; /* of an event */
    bool forward;
};

/* ---- tasks ---- */

static void release(struct lanes_tasks *tasks)
{
    if (!tasks || --tasks->uses)
        return;
    model_spawn_free(&tasks->spawn);
    free(tasks);
}

/* ---- on the worker's thread ---- */

static int read_tasks(struct lanes_asking *asking, struct trace *trace)
{
    int rc = model_timeline_extent(trace, &asking->all.from_ns, &asking->all.to_ns, asking->why, sizeof asking->why);
    if (rc < 0)
        return rc;
    return model_spawn_load(trace, &asking->tasks->spawn, asking->why, sizeof asking->why);
}

/* Those that lived within the window, and which of them are painted: those that can be seen, and some around them. */
static void select_tasks(struct lanes_asking *asking)
{
    const struct model_spawn *all = &asking->tasks->spawn;
    const struct lanes_wants *wants = &asking->wants;
    asking->shown.tasks = xcalloc(all->count + 1, sizeof *all->tasks);
    asking->shown.count = all->count;
    memcpy(asking->shown.tasks, all->tasks, all->count * sizeof *all->tasks);
    model_spawn_narrow(&asking->shown, wants->window.from_ns, wants->window.to_ns, wants->family);
    size_t at = asking->select ? model_spawn_find(&asking->shown, asking->select) : SIZE_MAX;
    size_t top = at != SIZE_MAX ? at : wants->top;
    asking->first = top > wants->height ? top - wants->height : 0;
    if (asking->first > asking->shown.count)
        asking->first = 0;
}

static int paint(struct lanes_asking *asking, struct trace *trace)
{
    size_t offset = asking->narrow ? asking->first : 0, most = asking->wants.height * 3;
    if (asking->narrow) {
        select_tasks(asking);
        offset = asking->first;
    }
    size_t count = asking->shown.count - offset < most ? asking->shown.count - offset : most;
    return model_timeline_load(trace, &asking->wants.window, asking->shown.tasks + offset, count, &asking->timeline,
                               asking->why, sizeof asking->why);
}

static int run(struct worker_job *job, struct trace *trace)
{
    struct lanes_asking *asking = (struct lanes_asking *)job;
    if (asking->what == ASK_TASKS)
        return read_tasks(asking, trace);
    if (asking->what == ASK_LANES)
        return paint(asking, trace);
    return model_lane_event(trace, asking->task, asking->at_ns, asking->forward, &asking->at_ns);
}

/* ---- answers ---- */

static void take_tasks(struct lanes *lanes, struct lanes_asking *asking)
{
    lanes->tasks = asking->tasks;
    asking->tasks = NULL;
    asking->all.columns = 1;
    bool whole = lanes->all.columns == 0 || lanes->window.columns == 0 ||
                 (lanes->window.from_ns == lanes->all.from_ns && lanes->window.to_ns == lanes->all.to_ns);
    lanes->all = asking->all;
    if (whole)
        lanes->window = (struct model_window){lanes->all.from_ns, lanes->all.to_ns, lanes->window.columns};
}

static void take_rows(struct view *view, struct lanes_asking *asking)
{
    struct lanes *lanes = view_data(view);
    int64_t select = asking->select;
    model_spawn_free(&lanes->shown);
    lanes->shown = asking->shown;
    asking->shown = (struct model_spawn){0};
    view->table.rows = lanes->shown.count;
    size_t at = select ? model_spawn_find(&lanes->shown, select) : SIZE_MAX;
    if (at != SIZE_MAX)
        table_go(&view->table, at);
    table_clamp(&view->table, view->table.rows, view->table.height);
}

static void take_lanes(struct view *view, struct lanes_asking *asking)
{
    struct lanes *lanes = view_data(view);
    if (asking->narrow)
        take_rows(view, asking);
    model_timeline_free(&lanes->timeline);
    lanes->timeline = asking->timeline;
    asking->timeline = (struct model_timeline){0};
    lanes->first = asking->first;
    lanes->painted = asking->wants;
    if (lanes->select == asking->select)
        lanes->select = 0;
}

static void take_failure(struct view *view, struct lanes_asking *asking)
{
    struct lanes *lanes = view_data(view);
    int rc = asking->job.result;
    if (asking->what == ASK_EVENT && rc == -ENOENT)
        tui_say(view->tui, ROLE_DIM, asking->forward ? "nothing more happens to it" : "nothing happened to it before");
    else if (rc == -ECANCELED || rc == -EINTR)
        snprintf(lanes->why, sizeof lanes->why, "stopped: 0 reads it again");
    else
        snprintf(lanes->why, sizeof lanes->why, "%s", *asking->why ? asking->why : asking->job.failure);
}

static void done(struct worker_job *job)
{
    struct lanes_asking *asking = (struct lanes_asking *)job;
    struct view *view = asking->view;
    struct lanes *lanes = view ? view_data(view) : NULL;
    if (view) {
        lanes->asking = NULL;
        if (job->result < 0)
            take_failure(view, asking);
        else if (asking->what == ASK_TASKS)
            take_tasks(lanes, asking);
        else if (asking->what == ASK_LANES)
            take_lanes(view, asking);
        else
            lanes_go(view, asking->at_ns);
        tui_redraw(view->tui);
    }
    release(asking->tasks);
    model_spawn_free(&asking->shown);
    model_timeline_free(&asking->timeline);
    free(asking);
}

/* ---- questions ---- */

/* Nobody wants it any more. */
static void drop(struct view *view)
{
    struct lanes *lanes = view_data(view);
    if (!lanes->asking)
        return;
    lanes->asking->view = NULL;
    worker_cancel(view->tui->worker, &lanes->asking->job);
    lanes->asking = NULL;
}

static struct lanes_asking *begin(struct view *view, const char *what)
{
    struct lanes *lanes = view_data(view);
    if (!tui_worker(view->tui)) {
        snprintf(lanes->why, sizeof lanes->why, "%s", view->tui->message);
        return NULL;
    }
    drop(view);
    struct lanes_asking *asking = lanes->asking = xcalloc(1, sizeof *asking);
    asking->job = (struct worker_job){.what = what, .run = run, .done = done};
    asking->view = view;
    return asking;
}

static void submit(struct view *view, struct lanes_asking *asking)
{
    worker_submit(view->tui->worker, &asking->job);
    worker_wait(view->tui->worker, PATIENCE_MS);
}

static void ask_tasks(struct view *view)
{
    struct lanes_asking *asking = begin(view, "tasks");
    if (!asking)
        return;
    asking->what = ASK_TASKS;
    asking->tasks = xcalloc(1, sizeof *asking->tasks);
    asking->tasks->uses = 1;
    submit(view, asking);
}

static bool same_window(const struct model_window *a, const struct model_window *b)
{
    return a->from_ns == b->from_ns && a->to_ns == b->to_ns && a->columns == b->columns;
}

static bool same_rows(const struct lanes_wants *a, const struct lanes_wants *b)
{
    return a->family == b->family && a->window.from_ns == b->window.from_ns && a->window.to_ns == b->window.to_ns;
}

static void ask_lanes(struct view *view, const struct lanes_wants *wants)
{
    struct lanes *lanes = view_data(view);
    struct lanes_asking *asking = begin(view, "timeline");
    if (!asking)
        return;
    lanes->asked = *wants;
    asking->what = ASK_LANES;
    asking->wants = *wants;
    asking->tasks = lanes->tasks;
    asking->tasks->uses++;
    asking->narrow = !lanes->timeline.memory || !same_rows(wants, &lanes->painted);
    bool has = view->table.cursor < lanes->shown.count;
    asking->select = lanes->select ? lanes->select : has ? lanes->shown.tasks[view->table.cursor].id : 0;
    if (!asking->narrow) {
        size_t first = wants->top > wants->height ? wants->top - wants->height : 0;
        size_t left = first < lanes->shown.count ? lanes->shown.count - first : 0, most = wants->height * 3;
        asking->first = first;
        asking->shown.count = left < most ? left : most;
        asking->shown.tasks = xcalloc(asking->shown.count + 1, sizeof *asking->shown.tasks);
        if (asking->shown.count)
            memcpy(asking->shown.tasks, lanes->shown.tasks + first, asking->shown.count * sizeof *lanes->shown.tasks);
    }
    submit(view, asking);
}

/* All rows that can be seen are painted. */
static bool covers(const struct lanes *lanes, const struct lanes_wants *wants)
{
    size_t end = wants->top + wants->height, painted = lanes->first + lanes->timeline.count;
    if (end > lanes->shown.count)
        end = lanes->shown.count;
    return lanes->timeline.memory && same_rows(wants, &lanes->painted) &&
           same_window(&wants->window, &lanes->painted.window) && wants->top >= lanes->first && end <= painted &&
           !lanes->select;
}

void lanes_want(struct view *view, unsigned columns)
{
    struct lanes *lanes = view_data(view);
    if (*lanes->why)
        return;
    if (!lanes->tasks) {
        if (!lanes->asking)
            ask_tasks(view);
        if (!lanes->tasks)
            return;
    }
    lanes->window.columns = columns < MODEL_COLUMNS_MIN   ? MODEL_COLUMNS_MIN
                            : columns > MODEL_COLUMNS_MAX ? MODEL_COLUMNS_MAX
                                                          : columns;
    const struct lanes_wants wants = {.window = lanes->window,
                                      .family = lanes->family,
                                      .top = view->table.top,
                                      .height = view->table.height > 0 ? (size_t)view->table.height : ROWS_FIRST};
    bool asked = lanes->asking && lanes->asking->what == ASK_LANES && same_rows(&wants, &lanes->asked) &&
                 same_window(&wants.window, &lanes->asked.window) && wants.top == lanes->asked.top &&
                 lanes->asking->select == (lanes->select ? lanes->select : lanes->asking->select);
    bool stepping = lanes->asking && lanes->asking->what == ASK_EVENT;
    if (!asked && !stepping && !covers(lanes, &wants))
        ask_lanes(view, &wants);
}

void lanes_step(struct view *view, int64_t task, bool forward)
{
    struct lanes_asking *asking = begin(view, "events");
    if (!asking)
        return;
    asking->what = ASK_EVENT;
    asking->task = task;
    asking->at_ns = lanes_cursor(view);
    asking->forward = forward;
    submit(view, asking);
}

/* ---- the rest ---- */

void lanes_go(struct view *view, int64_t at_ns)
{
    struct lanes *lanes = view_data(view);
    const struct model_window *all = &lanes->all;
    view->tui->at_ns = at_ns >= all->to_ns ? MODEL_NEVER : at_ns < all->from_ns ? all->from_ns : at_ns;
    model_window_show(&lanes->window, all, lanes_cursor(view));
}

int64_t lanes_cursor(const struct view *view)
{
    const struct lanes *lanes = view_data(view);
    return view->tui->at_ns == MODEL_NEVER ? lanes->all.to_ns : view->tui->at_ns;
}

const struct model_lane *lanes_at(const struct lanes *lanes, size_t row)
{
    bool painted = row >= lanes->first && row - lanes->first < lanes->timeline.count && row < lanes->shown.count;
    const struct model_lane *lane = painted ? &lanes->timeline.lanes[row - lanes->first] : NULL;
    return lane && lane->ref.id == lanes->shown.tasks[row].id ? lane : NULL;
}

void lanes_forget(struct view *view)
{
    struct lanes *lanes = view_data(view);
    drop(view);
    release(lanes->tasks);
    lanes->tasks = NULL;
    moment_forget(&lanes->moment);
    lanes->why[0] = '\0';
    lanes->painted = (struct lanes_wants){.top = SIZE_MAX};
}

void lanes_close(struct view *view)
{
    struct lanes *lanes = view_data(view);
    lanes_forget(view);
    model_spawn_free(&lanes->shown);
    model_timeline_free(&lanes->timeline);
}
