#include "cell.h"

#include <arena.h>
#include <errno.h>
#include <stdlib.h>
#include <zero.h>

#include "callback.h"
#include "failure.h"
#include "judge.h"
#include "leak_scope.h"
#include "loop.h"
#include "misuse.h"
#include "ports.h"
#include "timeout.h"
#include "unbound.h"

/* Slots are numbered chunk by chunk. A chunk belongs to one thread for good, and is never unmapped: the generations in
 * it are what tells a stale handle from a live one. */
enum { CHUNK_BITS = 8, CHUNK_CELLS = 1 << CHUNK_BITS, CHUNKS = LEASH__SLOTS / CHUNK_CELLS };

union any_cell {
    struct leash__cell cell;
    struct leash__task task;
    struct leash__timeout timeout;
    struct leash__call call;
};

struct chunk {
    struct leash__thread *thread;
    union any_cell cells[CHUNK_CELLS];
};

static struct chunk *chunks[CHUNKS]; /* atomic */
static uint32_t chunks_used;         /* atomic; next number to give out */

static bool chunk_new(struct leash__thread *thread)
{
    struct chunk *chunk = leash__arena_map(sizeof *chunk);
    if (!chunk)
        return false;
    uint32_t number = __atomic_fetch_add(&chunks_used, 1, __ATOMIC_RELAXED);
    if (number >= CHUNKS) {
        __atomic_store_n(&chunks_used, CHUNKS, __ATOMIC_RELAXED);
        leash__arena_unmap(chunk, sizeof *chunk);
        return false;
    }
    chunk->thread = thread;
    for (uint32_t i = CHUNK_CELLS; i-- > 0;) {
        struct leash__cell *cell = &chunk->cells[i].cell;
        cell->slot = number << CHUNK_BITS | i;
        cell->generation = 1;
        cell->next = thread->free;
        thread->free = cell;
    }
    __atomic_store_n(&chunks[number], chunk, __ATOMIC_RELEASE);
    return true;
}

static bool refill(struct leash__thread *thread)
{
    thread->free = __atomic_exchange_n(&thread->remote, NULL, __ATOMIC_ACQUIRE);
    return thread->free || chunk_new(thread);
}

struct leash__cell *leash__cell_new(struct leash__thread *thread, enum leash__cell_kind kind)
{
    if (!thread->free && !refill(thread))
        return NULL;
    struct leash__cell *cell = thread->free;
    thread->free = cell->next;
    leash__zero(&cell->fut, sizeof *cell - offsetof(struct leash__cell, fut) - sizeof cell->name_space);
    __atomic_store_n(&cell->loop, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&cell->kind, (uint8_t)kind, __ATOMIC_RELAXED);
    leash__list_init(&cell->fut.callbacks);
    leash__list_init(&cell->node);
    cell->leak_scope = leash__leak_scope_here();
    return cell;
}

static struct leash__thread *thread_of(const struct leash__cell *cell)
{
    return __atomic_load_n(&chunks[cell->slot >> CHUNK_BITS], __ATOMIC_RELAXED)->thread;
}

static void give_back(struct leash__cell *cell)
{
    uint32_t generation = cell->generation + 1;
    __atomic_store_n(&cell->kind, (uint8_t)LEASH__CELL_FREE, __ATOMIC_RELAXED);
    __atomic_store_n(&cell->generation, generation, __ATOMIC_RELAXED);
    if (generation >= LEASH__GENERATIONS - 1)
        return; /* worn out: a handle must never name two things, so the slot is not used again */
    struct leash__thread *thread = thread_of(cell);
    if (thread == leash__self_pointer) {
        cell->next = thread->free;
        thread->free = cell;
        return;
    }
    cell->next = __atomic_load_n(&thread->remote, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&thread->remote, &cell->next, cell, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        ;
}

void leash__drop(void (*drop)(void *), void *what)
{
    struct leash__loop *loop = leash__running();
    if (!drop)
        return;
    if (!loop || !loop->current) {
        drop(what);
        return;
    }
    loop->dropping = loop->current;
    loop->current = NULL;
    drop(what);
    loop->current = loop->dropping;
    loop->dropping = NULL;
}

static void leave_list(struct leash__cell *cell)
{
    if (cell->loop)
        leash__list_remove(&cell->node);
    else
        leash__unbound_remove(cell);
}

void leash__cell_free(struct leash__cell *cell)
{
    void (*drop_result)(void *) = cell->fut.drop, (*drop_arg)(void *) = cell->arg_copied ? free : cell->drop;
    void *result = cell->fut.result, *arg = cell->arg;
    leave_list(cell);
    leash__failure_unref(cell->fut.failure);
    free(cell->name);
    free(cell->waited_for);
    give_back(cell);
    leash__drop(drop_result, result); /* the program's: may look at the handle */
    leash__drop(drop_arg, arg);
}

/* Gathers and shields let go of what they hold as they are freed: all is held meanwhile, and they, which are younger
 * than the futures they hold, go first, the youngest in front. */
void leash__cells_free(struct leash__node *cells)
{
    for (struct leash__node *node = cells->next; node != cells; node = node->next)
        LEASH__CONTAINER(node, struct leash__cell, node)->holds += 1u << 30;
    for (struct leash__node *node = cells->prev, *before = node->prev; node != cells;
         node = before, before = node->prev) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        if (cell->kind == LEASH__CELL_FUTURE)
            leash__cell_free(cell);
    }
    while (!leash__list_empty(cells))
        leash__cell_free(LEASH__CONTAINER(cells->next, struct leash__cell, node));
}

static bool finished(const struct leash__cell *cell)
{
    if (cell->kind == LEASH__CELL_CORO)
        return !cell->used || cell->fut.state != LEASH__PENDING;
    return cell->fut.state != LEASH__PENDING;
}

void leash__cell_release(struct leash__cell *cell)
{
    if (cell->owner || cell->refs || cell->holds || cell->lingers)
        return;
    /* A future that nobody holds is as good as finished: no one can set it. */
    if (!finished(cell) && !(cell->kind == LEASH__CELL_FUTURE && leash__list_empty(&cell->fut.callbacks)))
        return;
    /* Nearly always all is well; only what may be a finding is judged. */
    if (!cell->settled || cell->facts || cell->lost || cell->deadlocked || cell->fut.unseen)
        leash__judge_released(cell);
    leash__cell_free(cell);
}

enum leash__lookup leash__lookup(const void *handle, struct leash__cell **out, enum leash__handle_kind *kind)
{
    uint32_t slot, generation;
    if (!handle)
        return LEASH__LOOKUP_NULL;
    if (!leash__handle_decode((uint64_t)(uintptr_t)handle, kind, &slot, &generation))
        return LEASH__LOOKUP_INVALID;
    struct chunk *chunk = __atomic_load_n(&chunks[slot >> CHUNK_BITS], __ATOMIC_ACQUIRE);
    if (!chunk || generation == 0)
        return LEASH__LOOKUP_INVALID;
    struct leash__cell *cell = &chunk->cells[slot & (CHUNK_CELLS - 1)].cell;
    uint32_t live = __atomic_load_n(&cell->generation, __ATOMIC_RELAXED);
    if (generation > live)
        return LEASH__LOOKUP_INVALID;
    if (generation < live)
        return LEASH__LOOKUP_STALE;
    uint8_t cell_kind = __atomic_load_n(&cell->kind, __ATOMIC_RELAXED);
    if (cell_kind == LEASH__CELL_FREE)
        return LEASH__LOOKUP_INVALID;
    struct leash__loop *loop = __atomic_load_n(&cell->loop, __ATOMIC_RELAXED);
    struct leash__thread *self = leash__self_pointer;
    if (loop && (!self || loop != self->loop))
        return LEASH__LOOKUP_THREAD;
    *out = cell;
    if (*kind == LEASH__HANDLE_CORO)
        return cell_kind != LEASH__CELL_CORO || cell->used ? LEASH__LOOKUP_USED : LEASH__FOUND;
    return cell_kind == (uint8_t)*kind + LEASH__CELL_CORO ? LEASH__FOUND : LEASH__LOOKUP_INVALID;
}

static const char *const kind_names[] = {"coroutine", "task", "future", "callback", "timeout scope", "object", "loop"};

static int refuse(enum leash__lookup result, const void *handle, enum leash__handle_kind kind, const char *call,
                  struct leash_site *site)
{
    switch (result) {
    case LEASH__LOOKUP_NULL:
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: the handle is NULL; look at what created it",
                             call);
    case LEASH__LOOKUP_STALE:
        if (kind == LEASH__HANDLE_CORO) /* a coroutine's cell goes only after it was used */
            return refuse(LEASH__LOOKUP_USED, handle, kind, call, site);
        return leash__misuse(LEASH_MISUSE_STALE, site, -ESTALE,
                             "%s: this %s is gone: it ended and its outcome was delivered or given up; "
                             "keep it with leash_ref() to use it longer",
                             call, kind_names[kind]);
    case LEASH__LOOKUP_THREAD:
        if (leash__forked())
            return leash__no_loop(call, site);
        return leash__misuse(LEASH_MISUSE_WRONG_THREAD, site, -EPERM,
                             "%s: this %s belongs to the loop of another thread", call, kind_names[kind]);
    case LEASH__LOOKUP_USED:
        return leash__misuse(LEASH_MISUSE_AWAITED_TWICE, site, -EINVAL,
                             "%s: this coroutine was awaited, closed or given to a task before, or its loop has ended; "
                             "make a new one",
                             call);
    default:
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: %p is no handle of leash", call, handle);
    }
}

/* What leash__cell_find refuses, with the reason; or finds for a thread that never met leash. */
static __attribute__((noinline, cold)) struct leash__cell *
find_slowly(const void *handle, unsigned mask, const char *call, struct leash_site *site, int *error)
{
    struct leash__cell *cell = NULL;
    enum leash__handle_kind kind = LEASH__HANDLE_CORO;
    enum leash__lookup result = leash__lookup(handle, &cell, &kind);
    if (result == LEASH__FOUND && (mask & 1u << kind))
        return cell;
    if (result == LEASH__FOUND || (result == LEASH__LOOKUP_USED && !(mask & LEASH__CORO_BIT)))
        *error = leash__misuse(
            LEASH_MISUSE_INVALID, site, -EINVAL, "%s: it does not take a %s%s", call, kind_names[kind],
            kind == LEASH__HANDLE_CORO && (mask & LEASH__TASK_BIT) ? "; make a task of it with leash_create_task()"
                                                                   : "");
    else
        *error = refuse(result, handle, kind, call, site);
    return NULL;
}

/* The same questions as in leash__lookup, all at once: nearly always every answer is yes. */
static inline __attribute__((always_inline)) struct leash__cell *peek(const void *handle, unsigned mask)
{
    enum leash__handle_kind kind;
    uint32_t slot, generation;
    struct leash__thread *self = leash__self_pointer;
    if (!self || !leash__handle_decode((uint64_t)(uintptr_t)handle, &kind, &slot, &generation))
        return NULL;
    struct chunk *chunk = __atomic_load_n(&chunks[slot >> CHUNK_BITS], __ATOMIC_ACQUIRE);
    if (!chunk)
        return NULL;
    struct leash__cell *cell = &chunk->cells[slot & (CHUNK_CELLS - 1)].cell;
    struct leash__loop *loop = __atomic_load_n(&cell->loop, __ATOMIC_RELAXED);
    bool found = (mask & 1u << kind) && __atomic_load_n(&cell->generation, __ATOMIC_RELAXED) == generation &&
                 __atomic_load_n(&cell->kind, __ATOMIC_RELAXED) == (uint8_t)kind + LEASH__CELL_CORO &&
                 (!loop || loop == self->loop) && !(kind == LEASH__HANDLE_CORO && cell->used);
    return __builtin_expect(found, 1) ? cell : NULL;
}

struct leash__cell *leash__cell_of_object(const void *handle)
{
    return peek(handle, LEASH__OBJECT_BIT);
}

struct leash__cell *leash__cell_find(const void *handle, unsigned mask, const char *call, struct leash_site *site,
                                     int *error)
{
    struct leash__cell *cell = peek(handle, mask);
    return __builtin_expect(cell != NULL, 1) ? cell : find_slowly(handle, mask, call, site, error);
}

struct leash__cell *leash__cell_any(const void *handle, const char *call, struct leash_site *site, int *error)
{
    struct leash__cell *cell = NULL;
    enum leash__handle_kind kind = LEASH__HANDLE_CORO;
    if (leash__lookup(handle, &cell, &kind) == LEASH__LOOKUP_USED)
        return cell;
    return leash__cell_find(handle, LEASH__AWAITABLE_BITS, call, site, error);
}

void leash__cells_each(void (*fn)(const struct leash__cell *cell, const void *end, void *argument), void *argument)
{
    uint32_t used = __atomic_load_n(&chunks_used, __ATOMIC_RELAXED);
    for (uint32_t number = 0; number < used && number < CHUNKS; number++) {
        const struct chunk *chunk = __atomic_load_n(&chunks[number], __ATOMIC_ACQUIRE);
        for (size_t i = 0; chunk && i < CHUNK_CELLS; i++) {
            const struct leash__cell *cell = &chunk->cells[i].cell;
            if (cell->kind != LEASH__CELL_FREE)
                fn(cell, &chunk->cells[i + 1], argument);
        }
    }
}

bool leash__handle_is_stale(const void *handle)
{
    struct leash__cell *cell;
    enum leash__handle_kind kind;
    return leash__lookup(handle, &cell, &kind) == LEASH__LOOKUP_STALE;
}

/* ---- for the scan ---- */

static bool keeps_argument(const union any_cell *any)
{
    switch (any->cell.kind) {
    case LEASH__CELL_CORO:
        return !any->cell.used;
    case LEASH__CELL_TASK:
        return !any->task.started;
    default:
        return any->cell.kind == LEASH__CELL_CALLBACK;
    }
}

static bool keeps_result(const struct leash__cell *cell)
{
    return (cell->kind == LEASH__CELL_TASK || cell->kind == LEASH__CELL_FUTURE) && cell->fut.state == LEASH__FINISHED &&
           cell->fut.code >= 0;
}

struct words {
    void (*fn)(uint64_t word, void *argument);
    void *argument;
};

static void words_of(const struct leash__cell *cell, const void *end, void *argument)
{
    const struct words *words = argument;
    (void)end;
    if (keeps_argument(LEASH__CONTAINER(cell, const union any_cell, cell)))
        words->fn((uint64_t)(uintptr_t)cell->arg, words->argument);
    if (keeps_result(cell))
        words->fn((uint64_t)(uintptr_t)cell->fut.result, words->argument);
}

void leash__cells_words(void (*fn)(uint64_t word, void *argument), void *argument)
{
    struct words words = {fn, argument};
    leash__cells_each(words_of, &words);
}
