/* Items: handles given to gather, wait_for, shield, ..., which take the duty for them over. */
#ifndef LEASH_CORE_ITEMS_H
#define LEASH_CORE_ITEMS_H

#include <leash/coro.h>

#include "types.h"

/* leash__cell_find for one item; the message tells which. */
struct leash__cell *leash__item_find(const void *handle, size_t index, unsigned mask, const char *call,
                                     struct leash_site *site, int *error);
/* Checks that there can be such a list. 0, -EINVAL. */
int leash__check_list(const leash_awaitable_t *items, size_t n, const char *call, struct leash_site *site);
/* Checks that all items are awaitable, before anything is made of them; coroutines must be unused. 0 or -errno. */
int leash__check_items(const leash_awaitable_t *items, size_t n, const char *call, struct leash_site *site);
/* ensure_future for a checked item: its task or future, or a new task of its coroutine, which makes it a cell of either
 * kind; also for a double coroutine, which is a task by then. The duty is taken over. Needs no memory. */
struct leash__cell *leash__item(struct leash__loop *loop, const void *handle, struct leash_site *site);
/* The same, but the duty stays with the handle; that for a coroutine's new task is open. */
struct leash__cell *leash__item_kept(struct leash__loop *loop, const void *handle, struct leash_site *site);
enum leash_subject leash__subject_of(const struct leash__cell *cell);

#endif
