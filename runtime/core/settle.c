#include "settle.h"

#include "cell.h"

/* Handles to cells that linger and own nothing are bounded: a body that never suspends must not hoard memory. */
enum { LINGER_MOST = 4096 };

static void linger(struct leash__cell **list, struct leash__cell *cell)
{
    cell->lingers = true;
    cell->next = *list;
    *list = cell;
}

void leash__settled_go(struct leash__cell **list)
{
    struct leash__cell *cell = *list;
    *list = NULL;
    while (cell) {
        struct leash__cell *next = cell->next;
        cell->lingers = false;
        leash__cell_release(cell);
        cell = next;
    }
}

void leash__task_settled_go(struct leash__task *task)
{
    task->lingering = 0;
    leash__settled_go(&task->settled);
}

/* What a result is owned by lives until the task suspends, however many there are. */
static bool owns_result(const struct leash__cell *cell)
{
    return cell->kind != LEASH__CELL_OBJECT && (cell->fut.drop || cell->drop);
}

static void let_the_others_go(struct leash__task *task)
{
    struct leash__cell *cell = task->settled, *kept = NULL, *others = NULL;
    while (cell) {
        struct leash__cell *next = cell->next;
        linger(owns_result(cell) ? &kept : &others, cell);
        cell = next;
    }
    task->settled = kept;
    task->lingering = 0;
    leash__settled_go(&others);
}

void leash__settle(struct leash__cell *cell, struct leash__task *by)
{
    cell->settled = true;
    cell->owner = false;
    if (!by || cell->lingers)
        return;
    if (by->lingering == LINGER_MOST)
        let_the_others_go(by);
    linger(&by->settled, cell);
    by->lingering += !owns_result(cell);
}

void leash__settle_for(struct leash__cell *cell, struct leash__loop *loop)
{
    leash__settle(cell, loop ? loop->current : NULL);
    if (loop && !cell->lingers)
        linger(&loop->settled, cell);
}
