/* What the Timeline view shows: which tasks, in which window of time, as far as the worker has painted them. */
#ifndef LEASH_INSPECTOR_TUI_LANES_H
#define LEASH_INSPECTOR_TUI_LANES_H

#include "moment.h"
#include "timeline/timeline.h"
#include "view.h"

/* All tasks of the trace: read once, shared with the jobs that select among them. */
struct lanes_tasks {
    struct model_spawn spawn;
    size_t uses; /* by the view and by its jobs; only the program's thread counts */
};

/* What is to be painted. */
struct lanes_wants {
    struct model_window window;
    int64_t family; /* a task: only its family; 0: all */
    size_t top, height;
};

struct lanes_asking;

struct lanes {
    struct lanes_tasks *tasks;  /* NULL: not read yet */
    struct model_window all;    /* all of the run; columns 0: not known yet */
    struct model_window window; /* as wanted */
    int64_t family;

    struct model_spawn shown;       /* the rows: tasks that lived within the window */
    struct model_timeline timeline; /* of some rows, from `first` on; memory NULL: of none */
    size_t first;
    struct lanes_wants painted; /* what `shown` and `timeline` are of */

    int64_t select;              /* the task to be selected when rows come; 0: the one that is */
    struct lanes_asking *asking; /* what has not been answered yet; NULL: nothing */
    struct lanes_wants asked;

    struct moment moment; /* what the detail tells */
    int64_t marks[26];    /* MODEL_NEVER: not set */
    int marking;          /* 'm' or '\'': the next key is a mark's letter */
    int last_mark;        /* which was set or gone to last; -1: none */
    int drag_col;         /* where the mouse was */
    char why[512];        /* why there is nothing; empty: it is being read */
};

/* Where the cursor stands in time. */
int64_t lanes_cursor(const struct view *view);
/* Shows an instant, which then is that of all views. */
void lanes_go(struct view *view, int64_t at_ns);
/* Asks for what is missing of what is wanted, into so many columns. */
void lanes_want(struct view *view, unsigned columns);
/* Asks for when something next (or last) happened to a task; then that is the instant of all views. */
void lanes_step(struct view *view, int64_t task, bool forward);
/* NULL: that row has not been painted yet. */
const struct model_lane *lanes_at(const struct lanes *lanes, size_t row);
/* Everything is to be read again. */
void lanes_forget(struct view *view);
void lanes_close(struct view *view);

/* ---- lanes_act.c ---- */

enum { LANES_TASK, LANES_LANE }; /* columns of the view's table */
/* How many columns there are for a lane, as the table was placed last. */
unsigned lanes_columns(const struct view *view);
/* All of the run is wanted. */
void lanes_fit(struct lanes *lanes);
struct effect lanes_act(struct view *view, enum action action, const char *argument);
struct effect lanes_key(struct view *view, int typed);
struct effect lanes_mouse(struct view *view, const struct key_event *event);

#endif
