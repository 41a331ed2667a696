/* Where the user has been: view, row, filter and folds, in both directions. */
#ifndef LEASH_INSPECTOR_HISTORY_H
#define LEASH_INSPECTOR_HISTORY_H

#include "view.h"

#define HISTORY_MAX 100

struct history_place {
    const struct view_ops *ops;
    struct model_ref ref; /* of the row, or of the subject that was shown */
    uint64_t key;         /* of the row */
    size_t row, top;      /* where it stood, if it is not found by its key */
    char *where;
    struct view_folds *folds; /* NULL: nothing folds there */
    int sort;
    bool descending;
};

struct history {
    struct history_place back[HISTORY_MAX], forward[HISTORY_MAX]; /* the nearest last */
    size_t back_count, forward_count;
};

/* Takes the place down; what was ahead is forgotten. */
void history_leave(struct history *history, const struct view *view);
/* The place that was taken down last was not left after all. */
void history_stay(struct history *history);
/* Goes back (or forward): where to, and takes down the place that is left. False: there is none. history_free_place the
 * answer. */
bool history_go(struct history *history, bool forward, const struct view *from, struct history_place *to);
void history_place_free(struct history_place *place);
void history_free(struct history *history);

#endif
