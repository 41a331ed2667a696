#include <leash/defer.h>

#include <errno.h>
#include <own_frame.h>
#include <stdlib.h>

#include "cell.h"
#include "coro.h"
#include "failure.h"
#include "misuse.h"
#include "scope.h"

struct deferred {
    struct leash__scope scope;
    leash_fn_t fn;
    void *arg;
};

static struct deferred *deferred_of(struct leash__scope *scope)
{
    return LEASH__CONTAINER(scope, struct deferred, scope);
}

static void remove_and_free(struct deferred *deferred)
{
    leash__scope_remove(&deferred->scope);
    free(deferred);
}

/* Runs it as a body of its own; how that ended. */
LEASH__OWN_FRAME static struct leash__ending run(struct leash__task *task, leash_fn_t fn, void *arg)
{
    struct leash__frame frame;
    task->deferring++;
    leash__body_begin(task, NULL, &frame);
    int code = leash__body_end(task, &frame, fn(arg));
    task->deferring--;
    struct leash__ending ending = leash__body_ending(task, &frame, code);
    leash__drop(frame.drop, frame.result);
    return ending;
}

LEASH__OWN_FRAME static int close_scope(struct leash__scope *scope, struct leash__task *task, int code)
{
    struct deferred copy = *deferred_of(scope);
    remove_and_free(deferred_of(scope));
    struct leash__ending ending = run(task, copy.fn, copy.arg);
    if (ending.code >= 0)
        return code;
    /* What the body failed with is not passed on, also if the codes are the same. */
    leash__failure_set(&copy.scope.frame->failure, ending.failure);
    leash__failure_set(&task->last_failure, NULL);
    return ending.code;
}

static unsigned drop(struct leash__scope *scope)
{
    free(deferred_of(scope));
    return 1;
}

static const struct leash__scope_type scope_type = {.close = close_scope, .drop = drop};

int leash_defer(leash_fn_t fn, void *arg)
{
    struct leash__task *task = leash__body_needed("leash_defer");
    if (!task)
        return -EPERM;
    if (!fn)
        return leash__misuse(LEASH_MISUSE_NULL_FUNCTION, NULL, -EINVAL, "leash_defer: the function is NULL");
    struct deferred *deferred = malloc(sizeof *deferred);
    if (!deferred)
        return leash__refused(-ENOMEM, "leash_defer: no memory");
    deferred->fn = fn;
    deferred->arg = arg;
    leash__scope_open(&deferred->scope, &scope_type, task);
    return 0;
}

int leash_undefer(leash_fn_t fn, void *arg)
{
    struct leash__task *task = leash__body_needed("leash_undefer");
    if (!task)
        return -EPERM;
    for (struct leash__scope *scope = task->frame->scopes; scope; scope = scope->outer) {
        struct deferred *deferred = deferred_of(scope);
        if (scope->type != &scope_type || deferred->fn != fn || deferred->arg != arg)
            continue;
        remove_and_free(deferred);
        return 1;
    }
    return 0;
}
