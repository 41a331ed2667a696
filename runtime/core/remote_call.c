#include "remote_call.h"

#include <errno.h>
#include <stdlib.h>

#include "future.h"
#include "local.h"
#include "loop.h"
#include "misuse.h"

/* ---- handles ---- */

/* 48 bits of a loop's number, as slot and generation. */
enum { ID_BITS = 24, ID_MASK = (1 << ID_BITS) - 1 };

leash_loop_t leash_running_loop(void)
{
    struct leash__loop *loop = leash__loop_needed("leash_running_loop", NULL);
    if (!loop)
        return NULL;
    int rc = leash__loop_expose(loop);
    if (rc < 0) {
        leash__refused(rc, "leash_running_loop: no descriptor is left to wake the loop by");
        return NULL;
    }
    loop->is_shared = true;
    uint64_t handle = leash__handle_encode(LEASH__HANDLE_LOOP, (uint32_t)(loop->id & ID_MASK),
                                           (uint32_t)(loop->id >> ID_BITS & ID_MASK));
    return (leash_loop_t)(uintptr_t)handle; // NOLINT: an opaque value
}

int leash__loop_id(leash_loop_t loop, const char *call, uint64_t *id)
{
    enum leash__handle_kind kind;
    uint32_t slot, generation;
    if (!leash__handle_decode((uint64_t)(uintptr_t)loop, &kind, &slot, &generation) || kind != LEASH__HANDLE_LOOP)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL,
                             "%s: %p is no loop; leash_running_loop() on its thread tells", call, (void *)loop);
    *id = (uint64_t)generation << ID_BITS | slot;
    return 0;
}

/* ---- calls ---- */

struct remote_call {
    struct leash__letter letter;
    struct leash__callback callback;
    struct leash__node all;       /* loop->remote_calls, once delivered */
    struct leash__locals *locals; /* a copy of the calling thread's; NULL: none */
    void (*fn)(void *arg);
    void *arg;
};

static void drop(struct remote_call *call)
{
    leash__locals_unref(call->locals);
    free(call);
}

static void run(struct leash__callback *callback, struct leash__loop *loop)
{
    struct remote_call *call = LEASH__CONTAINER(callback, struct remote_call, callback);
    void (*fn)(void *) = call->fn;
    void *arg = call->arg;
    struct leash__locals *before = leash__locals_enter(loop, call->locals);
    leash__list_remove(&call->all);
    free(call);
    fn(arg);
    leash__locals_leave(loop, before);
}

static void deliver(struct leash__letter *letter, struct leash__loop *loop)
{
    struct remote_call *call = LEASH__CONTAINER(letter, struct remote_call, letter);
    if (!loop) {
        drop(call);
        return;
    }
    leash__callback_init(&call->callback, run);
    leash__list_append(&loop->remote_calls, &call->all);
    leash__queue(loop, &call->callback);
}

void leash__remote_calls_drop(struct leash__loop *loop)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&loop->remote_calls)))
        drop(LEASH__CONTAINER(node, struct remote_call, all));
}

int leash_call_soon_threadsafe(leash_loop_t loop, void (*fn)(void *), void *arg)
{
    static const char name[] = "leash_call_soon_threadsafe";
    uint64_t id = 0;
    int rc = leash__loop_id(loop, name, &id);
    if (rc < 0)
        return rc;
    if (!fn)
        return leash__misuse(LEASH_MISUSE_NULL_FUNCTION, NULL, -EINVAL, "%s: the function is NULL", name);
    struct remote_call *call = malloc(sizeof *call);
    if (call)
        *call = (struct remote_call){.letter.deliver = deliver, .fn = fn, .arg = arg};
    if (!call || leash__locals_copy(&call->locals) < 0) {
        free(call);
        return leash__refused(-ENOMEM, "%s: no memory", name);
    }
    rc = leash__loop_post(id, &call->letter);
    if (rc < 0) {
        drop(call);
        return leash__refused(rc, "%s: the loop has ended", name);
    }
    return 0;
}
