#include "items.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "cell.h"
#include "misuse.h"
#include "task.h"

enum leash_subject leash__subject_of(const struct leash__cell *cell)
{
    switch (cell->kind) {
    case LEASH__CELL_TASK:
        return LEASH_SUBJECT_TASK;
    case LEASH__CELL_FUTURE:
        return LEASH_SUBJECT_FUTURE;
    case LEASH__CELL_OBJECT:
        return LEASH_SUBJECT_OBJECT;
    default:
        return LEASH_SUBJECT_CORO;
    }
}

struct leash__cell *leash__item_find(const void *handle, size_t index, unsigned mask, const char *call,
                                     struct leash_site *site, int *error)
{
    struct leash__cell *cell = NULL;
    enum leash__handle_kind kind;
    char member[64];
    if (leash__lookup(handle, &cell, &kind) == LEASH__FOUND && (mask & 1u << kind))
        return cell;
    snprintf(member, sizeof member, "%s: item %zu", call, index);
    return leash__cell_find(handle, mask, member, site, error);
}

int leash__check_list(const leash_awaitable_t *items, size_t n, const char *call, struct leash_site *site)
{
    if (n > PTRDIFF_MAX / sizeof *items)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: %zu items are more than there can be", call, n);
    if (n && !items)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: %zu items at NULL", call, n);
    return 0;
}

int leash__check_items(const leash_awaitable_t *items, size_t n, const char *call, struct leash_site *site)
{
    int error = leash__check_list(items, n, call, site);
    for (size_t i = 0; i < n && !error; i++)
        leash__item_find(items[i], i, LEASH__AWAITABLE_BITS, call, site, &error);
    return error;
}

static void give(struct leash__loop *loop, struct leash__cell *cell, struct leash_site *site)
{
    if (cell->owner)
        leash__event(loop->events, LEASH_EV_CLAIM, site, cell->id, LEASH_CLAIM_GIVEN,
                     (uint64_t)leash__subject_of(cell));
    cell->owner = false;
    cell->settled = true;
}

static struct leash__cell *as_future(struct leash__loop *loop, const void *handle, struct leash_site *site, bool owner)
{
    struct leash__cell *cell = NULL;
    enum leash__handle_kind kind;
    leash__lookup(handle, &cell, &kind);
    return cell->kind == LEASH__CELL_CORO ? &leash__task_new(loop, cell, NULL, site, owner)->cell : cell;
}

struct leash__cell *leash__item(struct leash__loop *loop, const void *handle, struct leash_site *site)
{
    struct leash__cell *cell = as_future(loop, handle, site, false);
    give(loop, cell, site);
    return cell;
}

struct leash__cell *leash__item_kept(struct leash__loop *loop, const void *handle, struct leash_site *site)
{
    return as_future(loop, handle, site, true);
}
