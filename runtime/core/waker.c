#include "waker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "misuse.h"
#include "remote_call.h"

struct leash_waker {
    struct leash_waker *next, *previous; /* by lock */
    uint64_t loop_id;
    struct leash_site *site;
    char name[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct leash_waker *held; /* of all loops, newest first; by lock */

/* What it does with wakers is what it has to say of itself. */
static void declare_thread(void)
{
    struct leash__thread *self = leash__self();
    if (self)
        __atomic_store_n(&self->declared, true, __ATOMIC_RELAXED);
}

static struct leash_waker *waker_new(uint64_t loop_id, const char *name, struct leash_site *site)
{
    struct leash_waker *waker = malloc(sizeof *waker + strlen(name) + 1);
    if (!waker)
        return NULL;
    *waker = (struct leash_waker){.loop_id = loop_id, .site = site};
    strcpy(waker->name, name); // NOLINT: there is room
    pthread_mutex_lock(&lock);
    waker->next = held;
    if (held)
        held->previous = waker;
    held = waker;
    pthread_mutex_unlock(&lock);
    return waker;
}

static void waker_free(struct leash_waker *waker)
{
    pthread_mutex_lock(&lock);
    if (waker->next)
        waker->next->previous = waker->previous;
    *(waker->previous ? &waker->previous->next : &held) = waker->next;
    pthread_mutex_unlock(&lock);
    free(waker);
}

leash_waker_t leash__waker_hold(leash_loop_t loop, const char *name, struct leash_site *site)
{
    static const char call[] = "leash_waker_hold";
    uint64_t id;
    if (leash__loop_id(loop, call, &id) < 0)
        return NULL;
    struct leash_waker *waker = waker_new(id, name ? name : "", site);
    if (!waker) {
        leash__refused(-ENOMEM, "%s: no memory", call);
        return NULL;
    }
    if (!leash__loop_ring(id)) {
        waker_free(waker);
        leash__refused(-ESTALE, "%s: the loop has ended", call);
        return NULL;
    }
    declare_thread();
    return waker;
}

int leash_waker_release(leash_waker_t waker)
{
    if (!waker)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL, "leash_waker_release: it is NULL");
    uint64_t id = waker->loop_id;
    declare_thread();
    waker_free(waker);
    leash__loop_ring(id);
    return 0;
}

bool leash__wakers_held(const struct leash__loop *loop)
{
    pthread_mutex_lock(&lock);
    const struct leash_waker *waker = held;
    while (waker && waker->loop_id != loop->id)
        waker = waker->next;
    pthread_mutex_unlock(&lock);
    return waker != NULL;
}

void leash__wakers_dump(const struct leash__loop *loop, FILE *to)
{
    pthread_mutex_lock(&lock);
    for (const struct leash_waker *waker = held; waker; waker = waker->next)
        if (waker->loop_id == loop->id)
            fprintf(to, "  may be woken from outside: \"%s\"  held at %s:%u in %s\n", waker->name, waker->site->file,
                    waker->site->line, waker->site->func);
    pthread_mutex_unlock(&lock);
}

void leash__wakers_lock(void)
{
    pthread_mutex_lock(&lock);
}

void leash__wakers_unlock(void)
{
    pthread_mutex_unlock(&lock);
}
