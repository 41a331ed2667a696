#include "history.h"
#include "alloc.h"

#include <stdlib.h>
#include <string.h>

void history_place_free(struct history_place *place)
{
    free(place->where);
    free(place->folds);
    *place = (struct history_place){0};
}

static struct history_place place_of(const struct view *view)
{
    struct view_row row;
    view_current((struct view *)view, &row);
    return (struct history_place){.ops = view->ops,
                                  .ref = row.ref,
                                  .key = row.key,
                                  .row = view->table.cursor,
                                  .top = view->table.top,
                                  .folds = view->ops->folds ? view->ops->folds((struct view *)view) : NULL,
                                  .where = view->where ? xstrdup(view->where) : NULL,
                                  .sort = view->table.sort,
                                  .descending = view->table.descending};
}

static void push(struct history_place *places, size_t *count, struct history_place place)
{
    if (*count == HISTORY_MAX) {
        history_place_free(&places[0]);
        memmove(places, places + 1, (HISTORY_MAX - 1) * sizeof *places);
        --*count;
    }
    places[(*count)++] = place;
}

static void forget(struct history_place *places, size_t *count)
{
    while (*count)
        history_place_free(&places[--*count]);
}

void history_leave(struct history *history, const struct view *view)
{
    push(history->back, &history->back_count, place_of(view));
    forget(history->forward, &history->forward_count);
}

void history_stay(struct history *history)
{
    history_place_free(&history->back[--history->back_count]);
}

bool history_go(struct history *history, bool forward, const struct view *from, struct history_place *to)
{
    struct history_place *source = forward ? history->forward : history->back,
                         *other = forward ? history->back : history->forward;
    size_t *count = forward ? &history->forward_count : &history->back_count,
           *other_count = forward ? &history->back_count : &history->forward_count;
    if (*count == 0)
        return false;
    *to = source[--*count];
    source[*count] = (struct history_place){0};
    push(other, other_count, place_of(from));
    return true;
}

void history_free(struct history *history)
{
    forget(history->back, &history->back_count);
    forget(history->forward, &history->forward_count);
}
