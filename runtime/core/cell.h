/* Cells: allocation, and the way from a handle to its cell. */
#ifndef LEASH_CORE_CELL_H
#define LEASH_CORE_CELL_H

#include "types.h"

/* A cell of this thread with everything that all kinds share set up; NULL without memory. */
struct leash__cell *leash__cell_new(struct leash__thread *thread, enum leash__cell_kind kind);
/* Makes the cell's handles stale, then frees what it held. Not to be called while anything points at it. */
void leash__cell_free(struct leash__cell *cell);
/* Calls a function of the program that drops an argument or a result; NULL is fine. It runs outside of any task: where
 * it is called, a task may be about to suspend, or a list be walked, so that it must not wait. */
void leash__drop(void (*drop)(void *), void *what);
/* Frees all cells of a list, whatever points at them: the end of a loop. */
void leash__cells_free(struct leash__node *cells);
/* Frees a finished cell if no claim, hold or lingering keeps it. */
void leash__cell_release(struct leash__cell *cell);

static inline void *leash__cell_handle(const struct leash__cell *cell, enum leash__handle_kind kind)
{
    return (void *)(uintptr_t)leash__handle_encode(kind, cell->slot, cell->generation); // NOLINT: an opaque value
}

/* What a handle was found to be. */
enum leash__lookup {
    LEASH__FOUND,
    LEASH__LOOKUP_NULL,
    LEASH__LOOKUP_INVALID, /* never a handle */
    LEASH__LOOKUP_STALE,
    LEASH__LOOKUP_USED,  /* a coroutine's handle whose coroutine was awaited or taken: *cell is valid */
    LEASH__LOOKUP_THREAD /* of another thread's loop */
};
enum leash__lookup leash__lookup(const void *handle, struct leash__cell **cell, enum leash__handle_kind *kind);

/* The usual path of a public function: the cell of a handle of one of the kinds in `mask` (1 << enum
 * leash__handle_kind); else NULL, and *error is the negative errno; misuse is recorded and said. `call` names the
 * function. */
struct leash__cell *leash__cell_find(const void *handle, unsigned mask, const char *call, struct leash_site *site,
                                     int *error);
#define LEASH__CORO_BIT       (1u << LEASH__HANDLE_CORO)
#define LEASH__TASK_BIT       (1u << LEASH__HANDLE_TASK)
#define LEASH__FUTURE_BIT     (1u << LEASH__HANDLE_FUTURE)
#define LEASH__OBJECT_BIT     (1u << LEASH__HANDLE_OBJECT)
#define LEASH__AWAITABLE_BITS (LEASH__CORO_BIT | LEASH__TASK_BIT | LEASH__FUTURE_BIT)

/* The cell of an object's handle that leash__cell_find would find; else NULL, and nothing is said. */
struct leash__cell *leash__cell_of_object(const void *handle);

/* As leash__cell_find for all awaitables, but a coroutine that was used (while its cell lives) is fine too. */
struct leash__cell *leash__cell_any(const void *handle, const char *call, struct leash_site *site, int *error);

/* What became of a handle that is not alive: for done (1) and cancel (0). True if it is stale. */
bool leash__handle_is_stale(const void *handle);

/* Calls fn for each cell in use, of all threads. `end`: where the next one's memory begins. */
void leash__cells_each(void (*fn)(const struct leash__cell *cell, const void *end, void *argument), void *argument);

#endif
