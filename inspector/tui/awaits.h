/* The rows of the Awaits view: a forest that the worker loads, and which of it is folded away. */
#ifndef LEASH_INSPECTOR_TUI_AWAITS_H
#define LEASH_INSPECTOR_TUI_AWAITS_H

#include "graph/forest.h"
#include "graph/refmap.h"
#include "view.h"

struct awaits_asking;

struct awaits {
    struct model_forest forest; /* memory NULL: there is none yet */
    enum model_forest_by by;    /* as wanted: waits or waiters */
    int64_t at_ns;              /* the instant that was asked for last */
    size_t *shown;              /* indexes of rows that are not below a folded one */
    size_t shown_count;
    struct refmap folds; /* rows that were ever folded, by their refs */
    bool *folded;        /* by number in `folds` */
    size_t folded_count, folded_capacity;
    struct model_ref wanted;      /* to be selected when the answer comes; kind NONE: what is selected */
    struct awaits_asking *asking; /* what has not been answered yet; NULL: nothing */
    char why[512];                /* why there are no rows; empty: nobody waits, or they are being read */
};

/* Asks for the forest at view->tui->at_ns. `step`: at the change before (-1) or after (1) it, which then becomes the
 * instant of all views. */
void awaits_ask(struct view *view, int step);
void awaits_close(struct view *view);

const struct model_row *awaits_row(const struct awaits *awaits, size_t row);
uint64_t awaits_key(const struct awaits *awaits, size_t index); /* of a row of the forest */
bool awaits_is_folded(const struct awaits *awaits, size_t index);
bool awaits_can_fold(const struct awaits *awaits, size_t index);
/* Folds or unfolds; awaits_show() follows. */
void awaits_fold(struct awaits *awaits, size_t index, bool fold);
void awaits_fold_all(struct awaits *awaits, bool fold);
/* For the history: what is folded, also of rows that are not there at this instant; and exactly that folded again. */
struct view_folds *awaits_folds(struct view *view);
void awaits_refold(struct view *view, const struct view_folds *folds);
/* Sets the view's rows, and keeps the cursor on the row of that index, or on what it is folded into. */
void awaits_show(struct view *view, size_t index);
/* Unfolds what is above a row of the forest; the row of the view that shows it. The cursor stays on its row. */
size_t awaits_reveal(struct view *view, size_t index);
/* Reveals it and moves the cursor there; the picture moves no more than it must. */
void awaits_go(struct view *view, size_t index);
/* The row that tells of a ref in full; forest.count: there is none. */
size_t awaits_find(const struct awaits *awaits, struct model_ref ref);

#endif
