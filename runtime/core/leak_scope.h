/* Scopes of leaks: what a test made, and what came of it (leash/leaks.h). Not the scopes of a body (scope.h).
 *
 * A scope has a number. Whoever opens it has that number among its inherited values (local.h), so that it goes wherever
 * those go; each cell keeps the number that there was when it was made. Numbers are never given twice: of a scope that
 * has ended the one around it is remembered, and takes what is found later.
 *
 *        cell -- leak_scope --> number --> scope, while it is open -- up --> number of the one around
 *        task, thread, job -- locals --> number that they make things in */
#ifndef LEASH_CORE_LEAK_SCOPE_H
#define LEASH_CORE_LEAK_SCOPE_H

#include "ports.h"
#include "types.h"

/* Leaks that were found and wait for the end of their scope. */
struct leash__leak_list {
    struct leash__leak_kept *first, **end; /* end: NULL while it is empty */
    size_t count;
    unsigned long long homeless; /* found no memory, or too many: counted only */
};

struct leash__leak_scope {
    struct leash__leak_scope *next;     /* of those that are open, newest first */
    uint32_t id, up;                    /* up: 0: there is none around */
    const struct leash__thread *thread; /* that opened it */
    uint64_t task;                      /* likewise; 0: it was in none */
    const void *job;                    /* likewise; NULL: it was in none */
    struct leash_site *site;
    struct leash__leak_list leaks;
    char name[];
};

/* A scope was ever opened in this process: gate, so that programs without any pay nothing. Atomic. */
extern bool leash__leak_scopes_used;

/* The number that what is made here belongs to; 0: none. */
uint32_t leash__leak_scope_inherit(void);
static inline uint32_t leash__leak_scope_here(void)
{
    return __builtin_expect(__atomic_load_n(&leash__leak_scopes_used, __ATOMIC_RELAXED), 0)
               ? leash__leak_scope_inherit()
               : 0;
}
/* The number of the innermost scope that is open, of this one and those around it; 0: none is. */
uint32_t leash__leak_scope_open(uint32_t id);
/* Keeps a leak for that scope, with its name as the test's. False: none is open. */
bool leash__leak_scope_take(uint32_t id, const struct leash__leak *leak);
/* Tells the trace what a new thing belongs to. */
void leash__leak_scope_event(struct leash__events *events, enum leash_subject subject, uint64_t id, uint32_t scope);

/* ---- of one scope, for leash/leaks.h ---- */

/* A new one within that of here, which becomes the one of here. 0, -ENOMEM. */
int leash__leak_scope_new(const char *name, struct leash_site *site);
/* The innermost open one of here; NULL: *error is -EINVAL or -EPERM, and it is said. */
struct leash__leak_scope *leash__leak_scope_mine(const char *call, int *error);
/* No longer open; its leaks are the caller's only. */
void leash__leak_scope_close(struct leash__leak_scope *scope);
/* Gives a list's leaks to the scope around, or to the process; empties it. */
void leash__leak_list_pass_on(struct leash__leak_list *list, uint32_t up);
void leash__leak_list_add(struct leash__leak_list *list, struct leash__leak_kept *kept);
void leash__leak_list_clear(struct leash__leak_list *list);
/* Tells the trace that it has ended, and how many leaks it reported. */
void leash__leak_scope_free(struct leash__leak_scope *scope, unsigned long long reported);

/* A task, a job, or with neither this thread, has ended: what was found in scopes that it left open is passed on. */
void leash__leak_scopes_abandon(uint64_t task, const void *job);
static inline void leash__leak_scopes_left(uint64_t task, const void *job)
{
    if (__builtin_expect(__atomic_load_n(&leash__leak_scopes_used, __ATOMIC_RELAXED), 0))
        leash__leak_scopes_abandon(task, job);
}
/* The process ends: what was found in scopes that nobody ended is passed on. */
void leash__leak_scopes_end(void);
/* Before a fork, and after it in both processes. */
void leash__leak_scopes_lock(void);
void leash__leak_scopes_unlock(void);

#endif
