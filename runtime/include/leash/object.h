/* Objects: what all that a task can wait for beside tasks and futures has in common: locks, semaphores, events, ...
 *
 * The structs of these types are the program's: static, automatic or part of others. They hold a name and a handle;
 * the state is the runtime's, made at the first use, and belongs to the loop that runs then. It goes with
 * leash_<type>_destroy(), or at the end of that loop; the struct can be used with the next loop then, and begins anew.
 * So a task that still waits when the struct is gone waits on, and is found. One that comes and goes while the loop
 * runs should be destroyed; a static one need not be. Copies of a struct stand for the same object once it was used. */
#ifndef LEASH_OBJECT_H
#define LEASH_OBJECT_H

#include <leash/site.h>

#ifdef __cplusplus
extern "C" {
#endif

struct leash_object {
    struct leash_site made; /* where; version 0: not told. Its `reserved`: the stack of the call, 0: not known */
    const char *name;       /* shows in traces and dumps; copied at the first use; NULL: none */
    void *state;            /* the runtime's handle; NULL before the first use */
};
#define LEASH_OBJECT_INIT(name)                                                                                        \
    {                                                                                                                  \
        {LEASH_SITE_VERSION, __LINE__, __FILE__, "", name, 0, 0}, name, (void *)0                                      \
    }

/* The place of an object that is made there: with the caller's stack, where stacks are recorded (option `stacks`). */
LEASH_API struct leash_site leash__object_made(const struct leash_site *site);

/* What leash_<type>_init() does: a fresh object. `name` must live until the first use. */
static inline void leash__object_init(struct leash_object *object, const char *name, struct leash_site made)
{
    object->made = made;
    object->name = name;
    object->state = (void *)0;
}

#ifdef __cplusplus
}
#endif
#endif
