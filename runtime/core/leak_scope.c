#include "leak_scope.h"

#include <errno.h>
#include <leash/local.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "job_body.h"
#include "leak_strings.h"
#include "misuse.h"

enum { LEAKS_KEPT = 1000 }; /* a scope */

bool leash__leak_scopes_used;

static struct {
    pthread_mutex_t lock;
    struct leash__leak_scope *open; /* newest first */
    uint32_t *up;                   /* by number, from 1: the one around it, of all that ever were */
    uint32_t count, capacity;
} scopes = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct leash_local here; /* the number */

void leash__leak_scopes_lock(void)
{
    pthread_mutex_lock(&scopes.lock);
}

void leash__leak_scopes_unlock(void)
{
    pthread_mutex_unlock(&scopes.lock);
}

/* ---- numbers ---- */

uint32_t leash__leak_scope_inherit(void)
{
    return (uint32_t)(uintptr_t)leash_local_get(&here);
}

/* Under the lock. */
static struct leash__leak_scope *find(uint32_t id)
{
    for (; id; id = scopes.up[id])
        for (struct leash__leak_scope *scope = scopes.open; scope; scope = scope->next)
            if (scope->id == id)
                return scope;
    return NULL;
}

uint32_t leash__leak_scope_open(uint32_t id)
{
    if (!id)
        return 0;
    leash__leak_scopes_lock();
    const struct leash__leak_scope *scope = find(id);
    id = scope ? scope->id : 0;
    leash__leak_scopes_unlock();
    return id;
}

void leash__leak_scope_event(struct leash__events *events, enum leash_subject subject, uint64_t id, uint32_t scope)
{
    if (scope)
        leash__event(events, LEASH_EV_TEST_MEMBER, NULL, id, scope, (uint64_t)subject);
}

/* ---- what was found ---- */

void leash__leak_list_add(struct leash__leak_list *list, struct leash__leak_kept *kept)
{
    kept->next = NULL;
    *(list->end ? list->end : &list->first) = kept;
    list->end = &kept->next;
    list->count++;
}

void leash__leak_list_clear(struct leash__leak_list *list)
{
    for (struct leash__leak_kept *kept = list->first, *next; kept; kept = next) {
        next = kept->next;
        free(kept);
    }
    *list = (struct leash__leak_list){0};
}

static struct leash__leak_kept *copy_of(const struct leash__leak *leak)
{
    struct leash__leak_kept *kept = malloc(sizeof *kept + leash__leak_strings_size(leak));
    if (!kept)
        return NULL;
    kept->leak = *leak;
    leash__leak_strings_keep(&kept->leak, kept->strings);
    return kept;
}

static void keep(struct leash__leak_scope *scope, const struct leash__leak *leak)
{
    struct leash__leak named = *leak;
    if (!named.test || !*named.test)
        named.test = scope->name;
    struct leash__leak_kept *kept = scope->leaks.count < LEAKS_KEPT ? copy_of(&named) : NULL;
    if (kept)
        leash__leak_list_add(&scope->leaks, kept);
    else
        scope->leaks.homeless++;
}

bool leash__leak_scope_take(uint32_t id, const struct leash__leak *leak)
{
    if (!id)
        return false;
    leash__leak_scopes_lock();
    struct leash__leak_scope *scope = find(id);
    if (scope)
        keep(scope, leak);
    leash__leak_scopes_unlock();
    return scope != NULL;
}

void leash__leak_list_pass_on(struct leash__leak_list *list, uint32_t up)
{
    const struct leash__thread *self = leash__self_pointer;
    bool traced = self && self->events.at;
    for (const struct leash__leak_kept *kept = list->first; kept; kept = kept->next)
        if (!leash__leak_scope_take(up, &kept->leak) && !traced)
            leash__leak_found(&kept->leak);
    leash__leak_list_clear(list);
}

/* ---- one scope ---- */

/* Under the lock. The next number; 0: no memory. */
static uint32_t next_number(uint32_t up)
{
    if (scopes.count + 1 >= scopes.capacity) {
        uint32_t capacity = scopes.capacity ? 2 * scopes.capacity : 64;
        uint32_t *more = realloc(scopes.up, capacity * sizeof *more);
        if (!more)
            return 0;
        scopes.up = more;
        scopes.capacity = capacity;
    }
    scopes.up[++scopes.count] = up;
    return scopes.count;
}

static void list_open(struct leash__leak_scope *scope)
{
    leash__leak_scopes_lock();
    scope->id = next_number(scope->up);
    if (scope->id) {
        scope->next = scopes.open;
        scopes.open = scope;
    }
    leash__leak_scopes_unlock();
}

static void list_closed(struct leash__leak_scope *scope)
{
    leash__leak_scopes_lock();
    struct leash__leak_scope **place = &scopes.open;
    while (*place != scope)
        place = &(*place)->next;
    *place = scope->next;
    leash__leak_scopes_unlock();
}

static uint64_t running_task(const struct leash__thread *self)
{
    return self->loop && self->loop->current ? self->loop->current->cell.id : 0;
}

int leash__leak_scope_new(const char *name, struct leash_site *site)
{
    struct leash__thread *self = leash__self();
    size_t size = strlen(name) + 1;
    struct leash__leak_scope *scope = self ? calloc(1, sizeof *scope + size) : NULL;
    if (!scope)
        return -ENOMEM;
    memcpy(scope->name, name, size);
    scope->site = site;
    scope->thread = self;
    scope->task = running_task(self);
    scope->job = leash__job_running;
    scope->up = leash__leak_scope_open(leash__leak_scope_here());
    list_open(scope);
    if (!scope->id || leash_local_set(&here, (void *)(uintptr_t)scope->id) < 0) { // NOLINT: a number, not a pointer
        if (scope->id)
            list_closed(scope);
        free(scope);
        return -ENOMEM;
    }
    __atomic_store_n(&leash__leak_scopes_used, true, __ATOMIC_RELAXED);
    if (self->events.at)
        leash__events_text(&self->events, LEASH_EV_TEST_BEGIN, site, scope->id, scope->up, name, size - 1);
    return 0;
}

struct leash__leak_scope *leash__leak_scope_mine(const char *call, int *error)
{
    const struct leash__thread *self = leash__self_pointer;
    uint32_t id = leash__leak_scope_here();
    leash__leak_scopes_lock();
    struct leash__leak_scope *scope = find(id);
    leash__leak_scopes_unlock(); /* nobody but its owner ends it */
    if (!scope) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL,
                               "%s: no scope is open here; open one with leash_leaks_begin()", call);
        return NULL;
    }
    if (scope->thread == self && scope->task == running_task(self) && scope->job == leash__job_running)
        return scope;
    *error =
        leash__misuse(LEASH_MISUSE_INVALID, scope->site, -EPERM,
                      "%s: scope \"%s\" was opened by another task or thread, which has to end it", call, scope->name);
    return NULL;
}

void leash__leak_scope_close(struct leash__leak_scope *scope)
{
    list_closed(scope);
    /* Without memory the old number stays here: it leads to the same scope. */
    leash_local_set(&here, (void *)(uintptr_t)scope->up); // NOLINT: a number, not a pointer
}

void leash__leak_scope_free(struct leash__leak_scope *scope, unsigned long long reported)
{
    struct leash__thread *self = leash__self_pointer;
    if (self && self->events.at)
        leash__event_at(&self->events, LEASH_EV_TEST_END, NULL, scope->id, reported,
                        self->loop ? leash__now(self->loop) : self->events.last_ns);
    leash__leak_list_clear(&scope->leaks);
    free(scope);
}

/* Takes out the innermost scope of this owner that is open; NULL: there is none. */
static struct leash__leak_scope *take_of(const struct leash__thread *thread, uint64_t task, const void *job)
{
    leash__leak_scopes_lock();
    struct leash__leak_scope **place = &scopes.open;
    while (*place && !((*place)->thread == thread && (*place)->task == task && (*place)->job == job))
        place = &(*place)->next;
    struct leash__leak_scope *scope = *place;
    if (scope)
        *place = scope->next;
    leash__leak_scopes_unlock();
    return scope;
}

void leash__leak_scopes_abandon(uint64_t task, const void *job)
{
    struct leash__leak_scope *scope;
    while ((scope = take_of(leash__self_pointer, task, job))) {
        leash__leak_list_pass_on(&scope->leaks, scope->up);
        leash__leak_scope_free(scope, 0);
    }
}

void leash__leak_scopes_end(void)
{
    leash__leak_scopes_lock();
    struct leash__leak_scope *scope = scopes.open;
    scopes.open = NULL;
    leash__leak_scopes_unlock();
    for (struct leash__leak_scope *next; scope; scope = next) {
        next = scope->next;
        leash__leak_list_pass_on(&scope->leaks, 0);
        free(scope);
    }
}
