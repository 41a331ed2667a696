/* Futures: what asyncio calls Future, as part of tasks, of the user's futures, and as plain waiters on a stack. */
#ifndef LEASH_CORE_FUTURE_H
#define LEASH_CORE_FUTURE_H

#include "types.h"

static inline void leash__callback_init(struct leash__callback *callback,
                                        void (*run)(struct leash__callback *, struct leash__loop *))
{
    leash__list_init(&callback->node);
    callback->run = run;
}

/* call_soon: the end of the ready queue. */
static inline void leash__queue(struct leash__loop *loop, struct leash__callback *callback)
{
    leash__list_append(&loop->ready, &callback->node);
}

/* Takes a callback back, wherever it waits. Equal to asyncio's removal and to letting it run without effect. */
static inline void leash__callback_remove(struct leash__callback *callback)
{
    leash__list_remove(&callback->node);
}

static inline void leash__fut_init(struct leash__fut *fut, enum leash__fut_kind kind)
{
    *fut = (struct leash__fut){.kind = (uint8_t)kind};
    leash__list_init(&fut->callbacks);
}

static inline bool leash__fut_done(const struct leash__fut *fut)
{
    return fut->state != LEASH__PENDING;
}

/* add_done_callback: at once to the queue if it is finished. */
static inline void leash__fut_add_callback(struct leash__loop *loop, struct leash__fut *fut,
                                           struct leash__callback *callback)
{
    leash__list_append(leash__fut_done(fut) ? &loop->ready : &fut->callbacks, &callback->node);
}

/* set_result, set_exception, Future.cancel: must be pending; queue the callbacks. The result and the failure's
 * reference are taken over. */
void leash__fut_set_result(struct leash__loop *loop, struct leash__fut *fut, int code, void *result,
                           void (*drop)(void *));
void leash__fut_set_failure(struct leash__loop *loop, struct leash__fut *fut, int code, struct leash__failure *failure);
void leash__fut_set_cancelled(struct leash__loop *loop, struct leash__fut *fut, struct leash__failure *message);

/* result(): the code (-ECANCELED if cancelled), and *result on success. The outcome is seen. Must be finished. */
int leash__fut_take(struct leash__fut *fut, void **result);

/* Cancelled, or finished with a cancellation for its failure. */
static inline bool leash__fut_cancelled_error(const struct leash__fut *fut)
{
    return fut->state == LEASH__CANCELLED || fut->cancelled_error;
}

/* Counts as looked at, as in asyncio, though no code is given the failure. */
static inline void leash__fut_hide(struct leash__fut *fut)
{
    fut->unseen = fut->unseen == LEASH__UNSEEN || fut->unseen == LEASH__HIDDEN ? LEASH__HIDDEN : LEASH__SEEN;
}

/* A waiter's end: "if not waiter.done(): waiter.set_result(None)". */
static inline void leash__fut_wake(struct leash__loop *loop, struct leash__fut *fut)
{
    if (!leash__fut_done(fut))
        leash__fut_set_result(loop, fut, 0, NULL, NULL);
}

/* A user's future of the running loop, without a claim of its own if `owner` is false. NULL without memory. */
struct leash__cell *leash__future_new(struct leash__loop *loop, struct leash_site *site, enum leash__fut_kind kind);
/* The event of its end; to be called after one of the three above. */
void leash__future_event(struct leash__loop *loop, struct leash__cell *cell);
/* Text of a failure before the event that tells of it. */
void leash__failure_event(struct leash__loop *loop, enum leash_subject subject, uint64_t id,
                          const struct leash__failure *failure);

#endif
