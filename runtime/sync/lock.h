/* Locks, for what is made of them: conditions. */
#ifndef LEASH_SYNC_LOCK_H
#define LEASH_SYNC_LOCK_H

#include <leash/lock.h>

#include "waitable.h"

struct leash__lock {
    struct leash__waitable base;
    struct leash__node waiters;
    bool locked;
    unsigned users; /* tasks that wait for a condition of it: they will want it back */
};

extern const struct leash__waitable_type leash__lock_type;

/* The lock's state; NULL: *error, as of leash__waitable_of. */
struct leash__lock *leash__lock_of(leash_lock_t *lock, const char *call, struct leash_site *site, int *error);
/* acquire(): true if cancelled; then it is not held. */
bool leash__lock_take(struct leash__lock *lock, struct leash__task *task, struct leash_site *site);
/* release() of a lock that is held. */
void leash__lock_give(struct leash__lock *lock, struct leash__loop *loop, struct leash_site *site);
/* release(), on behalf of `call`. 0; -EINVAL it is not held, said. */
int leash__lock_give_if_held(struct leash__lock *lock, const char *call, struct leash_site *site);
/* On whom its being free depends. */
enum leash__need leash__lock_needs(const struct leash__lock *lock, struct leash__needs *needs);
/* leash_lock_destroy, on behalf of `call`. */
int leash__lock_destroy(leash_lock_t *lock, const char *call);

#endif
