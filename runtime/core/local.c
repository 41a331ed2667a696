#include "local.h"

#include <errno.h>
#include <leash/local.h>
#include <stdlib.h>
#include <string.h>

#include "job_body.h"
#include "misuse.h"

struct leash__locals {
    unsigned refs; /* of one thread: tasks, callbacks, itself */
    uint32_t count;
    void *values[];
};

/* The values of what runs here: a task, a thread's job, else the thread itself; NULL: leash does not know it yet. */
static struct leash__locals **here(void)
{
    struct leash__thread *self = leash__self_pointer;
    if (self && self->loop && self->loop->current)
        return &self->loop->current->locals;
    if (leash__job_running)
        return &leash__job_running->locals;
    return self ? &self->locals : NULL;
}

struct leash__locals *leash__locals_inherit(void)
{
    struct leash__locals *locals = *here();
    if (locals)
        locals->refs++;
    return locals;
}

void leash__locals_unref(struct leash__locals *locals)
{
    if (locals && --locals->refs == 0)
        free(locals);
}

struct leash__locals *leash__locals_enter(struct leash__loop *loop, struct leash__locals *locals)
{
    struct leash__locals *before = loop->thread->locals;
    loop->thread->locals = locals;
    return before;
}

void leash__locals_leave(struct leash__loop *loop, struct leash__locals *before)
{
    leash__locals_unref(loop->thread->locals);
    loop->thread->locals = before;
}

static uint32_t key_id(struct leash_local *key)
{
    static uint32_t used; /* atomic */
    uint32_t id = __atomic_load_n(&key->id, __ATOMIC_RELAXED);
    if (id)
        return id;
    uint32_t fresh = __atomic_add_fetch(&used, 1, __ATOMIC_RELAXED), none = 0;
    return __atomic_compare_exchange_n(&key->id, &none, fresh, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED) ? fresh
                                                                                                          : none;
}

/* With room for `count`, which is no fewer than `old`, if any, has. */
static struct leash__locals *copy_of(const struct leash__locals *old, uint32_t count)
{
    struct leash__locals *copy = calloc(1, sizeof *copy + count * sizeof copy->values[0]);
    if (!copy)
        return NULL;
    if (old)
        memcpy(copy->values, old->values, old->count * sizeof old->values[0]);
    copy->refs = 1;
    copy->count = count;
    return copy;
}

int leash__locals_copy(struct leash__locals **out)
{
    struct leash__locals **place = here();
    const struct leash__locals *locals = place ? *place : NULL;
    struct leash__locals *copy = locals ? copy_of(locals, locals->count) : NULL;
    if (locals && !copy)
        return -ENOMEM;
    *out = copy;
    return 0;
}

/* A copy of its own for the writer, with room for `id`. */
static struct leash__locals *writable(struct leash__locals *old, uint32_t id)
{
    if (old && old->refs == 1 && old->count >= id)
        return old;
    struct leash__locals *copy = copy_of(old, old && old->count > id ? old->count : id);
    if (copy)
        leash__locals_unref(old);
    return copy;
}

int leash_local_set(struct leash_local *key, void *value)
{
    if (!here() && !leash__self())
        return -ENOMEM;
    if (!key)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL, "leash_local_set: the key is NULL");
    uint32_t id = key_id(key);
    struct leash__locals **place = here();
    struct leash__locals *locals = writable(*place, id);
    if (!locals)
        return leash__refused(-ENOMEM, "leash_local_set: no memory");
    *place = locals;
    locals->values[id - 1] = value;
    return 0;
}

void *leash_local_get(const struct leash_local *key)
{
    struct leash__locals **place = here();
    uint32_t id = key ? __atomic_load_n(&key->id, __ATOMIC_RELAXED) : 0;
    const struct leash__locals *locals = place ? *place : NULL;
    return id && locals && id <= locals->count ? locals->values[id - 1] : NULL;
}
