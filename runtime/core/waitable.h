/* Waitables: objects that keep a state and a line of tasks that wait: locks, events, queues, groups, ... The layers
 * below the core make types of them; each begins with a struct leash__waitable.
 *
 *        struct leash_object (the program's) -- state: a handle --> cell -- arg --> waitable, the type's state
 *        task -- line --> waitable      task -- holds --> hold -- object --> waitable */
#ifndef LEASH_CORE_WAITABLE_H
#define LEASH_CORE_WAITABLE_H

#include <leash/object.h>

#include "cell.h"
#include "needs.h"
#include "types.h"

struct leash__waitable;

struct leash__waitable_type {
    enum leash_object_kind kind;
    const char *name; /* "lock" */
    size_t size;      /* of the struct that begins with a struct leash__waitable */
    /* Makes the type's state, of zeroes, ready; NULL: zeroes are. `object` is the program's struct; NULL: none. */
    void (*begin)(struct leash__waitable *waitable, const struct leash_object *object);
    /* Frees what the type's state owns; NULL: nothing. Called with its destruction, or when its loop is gone: nothing
     * of what waited is there any more. */
    void (*end)(struct leash__waitable *waitable);
    /* LEASH_FACT_ bits at the end of its loop, or when it is destroyed; NULL: none. */
    unsigned (*facts)(const struct leash__waitable *waitable);
    /* What the trace is told of one beside OBJECT and NAME: LIMIT; NULL: nothing. */
    void (*tell)(struct leash__events *events, const struct leash__waitable *waitable);
    /* On whom the end of a wait in its line depends; NULL: anybody may end it. */
    enum leash__need (*needs)(const struct leash__waitable *waitable, struct leash__needs *needs);
    /* The lock that is taken back before a wait in its line ends; NULL: there is none. */
    const struct leash__waitable *(*lock_of)(const struct leash__waitable *waitable);
};

/* A task holds a lock, or a part of a semaphore. */
struct leash__hold {
    struct leash__hold *next, *previous; /* task->holds */
    struct leash__node in_object;        /* waitable->holds */
    struct leash__waitable *object;
    struct leash__task *task; /* NULL: it has ended */
    uint64_t task_id;
    struct leash_site *site; /* where it was acquired */
};

struct leash__waitable {
    struct leash__cell *cell; /* id: its number in the trace */
    const struct leash__waitable_type *type;
    struct leash_site made;
    uint32_t stack;                   /* of the call that made the program's struct; 0: not known */
    struct leash__node holds;         /* in order of acquisition */
    bool given_back, given_by_others; /* a hold of it ended by who had it, by somebody else */
    struct leash__hold first;         /* for the hold of what has one at most, and no others are there */
};

/* ---- from the program's struct to the state ---- */

/* The state of the program's object, made if it has none yet (or its loop has ended), bound to the running loop if one
 * runs. NULL: *error is -EINVAL (NULL, or another type's), -EPERM (another thread's loop), -ENOMEM; said. */
struct leash__waitable *leash__waitable_of(struct leash_object *object, const struct leash__waitable_type *type,
                                           const char *call, struct leash_site *site, int *error);
/* The state, without a word, where all is as it nearly always is: there is one, of the running loop. NULL: ask the
 * functions beside. */
static inline struct leash__waitable *leash__waitable_at_once(const struct leash_object *object,
                                                              const struct leash__waitable_type *type)
{
    struct leash__cell *cell = object && object->state ? leash__cell_of_object(object->state) : NULL;
    struct leash__waitable *waitable = cell && cell->loop ? cell->arg : NULL;
    return waitable && waitable->type == type ? waitable : NULL;
}
/* The same, but NULL with *error 0 if there is none yet: nothing was done with it that could matter. */
struct leash__waitable *leash__waitable_find(struct leash_object *object, const struct leash__waitable_type *type,
                                             const char *call, struct leash_site *site, int *error);
/* leash_<type>_destroy: 0; -EBUSY and a message if `busy` says why ("tasks wait for it"); else what _find says. */
int leash__waitable_destroy(struct leash_object *object, const struct leash__waitable_type *type,
                            const char *(*busy)(const struct leash__waitable *waitable), const char *call);
/* One without a struct of the program's: its handle is the program's. NULL: no memory. `name` may be NULL. */
struct leash__waitable *leash__waitable_new(struct leash__loop *loop, const struct leash__waitable_type *type,
                                            const char *name, struct leash_site *site);
/* The waitable that a handle of leash__waitable_new stands for, of this type; NULL: *error, and it is said. */
struct leash__waitable *leash__waitable_handle(const void *handle, const struct leash__waitable_type *type,
                                               const char *call, struct leash_site *site, int *error);
/* It is over: its event, its facts; its handle is stale, its memory gone. `code` 0 or a negative errno. */
void leash__waitable_end(struct leash__waitable *waitable, int code);
/* It is over, but its handle stays until leash__waitable_end. */
void leash__waitable_over(struct leash__waitable *waitable, int code);
/* The same, but the handle goes when the task suspends or ends. */
void leash__waitable_settle(struct leash__waitable *waitable, struct leash__task *task, int code);
/* Names one that was made without a name, and tells the trace. Without memory it has none. */
void leash__waitable_set_name(struct leash__waitable *waitable, const char *name);
/* Its name, "" without one. */
const char *leash__waitable_name(const struct leash__waitable *waitable);
/* LEASH_FACT_ bits of an object's cell. */
unsigned leash__waitable_facts(const struct leash__cell *cell);
/* Tells the trace of one that was made before anybody recorded. */
void leash__waitable_event(struct leash__thread *thread, const struct leash__cell *cell);

/* An event of an object: of kind SET, CLEARED, ... `loop` is the object's; NULL: it met none yet. */
void leash__object_op(struct leash__loop *loop, unsigned kind, const struct leash__waitable *waitable,
                      struct leash_site *site);

#endif
