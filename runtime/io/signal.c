/* Signals, on libuv's. One that a loop catches has one watch for all who wait for it. */
#include <errno.h>
#include <leash/signal.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "await.h"
#include "caught.h"
#include "cell.h"
#include "future.h"
#include "line.h"
#include "misuse.h"
#include "signals.h"
#include "task.h"
#include "waitable.h"

/* There while anybody is interested. */
struct watch {
    struct leash__caught caught;
    struct leash__node node; /* reactor->signals */
    struct leash__reactor *reactor;
    int number;
    struct leash__node interests;
    struct interest *common; /* that of leash_signal_wait, which stays for as long as the loop; NULL: none */
    struct leash__callback callback;
    void (*fn)(int number, void *arg); /* leash_add_signal_handler's; NULL: none */
    void *arg;
    unsigned due; /* calls of fn */
};

/* What leash_signal_open makes, and what leash_signal_wait waits on. */
struct interest {
    struct leash__waitable base;
    struct leash__node node; /* watch->interests */
    struct watch *watch;
    struct leash__node waiters;
    int came; /* since somebody was told; not of the common one */
};

static struct interest *interest_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct interest, node);
}

/* ---- a signal comes ---- */

static void tell(struct interest *interest, struct leash__loop *loop)
{
    leash__object_op(loop, LEASH_EV_NOTIFIED, &interest->base, NULL);
    if (interest == interest->watch->common) {
        leash__line_wake_all(loop, &interest->waiters);
        return;
    }
    interest->came += interest->came < INT_MAX;
    leash__line_wake_next(loop, &interest->waiters);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct watch *watch = handle->data;
    struct leash__loop *loop = watch->reactor->loop;
    (void)number;
    if (watch->fn && watch->due++ == 0)
        leash__queue(loop, &watch->callback);
    for (struct leash__node *node = watch->interests.next; node != &watch->interests; node = node->next)
        tell(interest_of(node), loop);
}

/* A call each, as asyncio has them; the function may take itself back. */
static void call_handler(struct leash__callback *callback, struct leash__loop *loop)
{
    struct watch *watch = LEASH__CONTAINER(callback, struct watch, callback);
    if (--watch->due > 0)
        leash__queue(loop, callback);
    watch->fn(watch->number, watch->arg);
}

/* ---- watches ---- */

static void closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void watch_free(struct watch *watch)
{
    leash__callback_remove(&watch->callback);
    leash__list_remove(&watch->node);
    leash__caught_end(&watch->caught);
    uv_close((uv_handle_t *)&watch->caught.uv, closed);
}

/* Something to wait for it is only while a signal would make something go on. */
static void adjust(struct watch *watch)
{
    bool matters = watch->fn != NULL;
    for (struct leash__node *node = watch->interests.next; node != &watch->interests; node = node->next)
        matters |= !leash__list_empty(&interest_of(node)->waiters);
    if (matters)
        uv_ref((uv_handle_t *)&watch->caught.uv);
    else
        uv_unref((uv_handle_t *)&watch->caught.uv);
    if (!watch->fn && leash__list_empty(&watch->interests))
        watch_free(watch);
}

static struct watch *find(struct leash__reactor *reactor, int number)
{
    for (struct leash__node *node = reactor->signals.next; node != &reactor->signals; node = node->next)
        if (LEASH__CONTAINER(node, struct watch, node)->number == number)
            return LEASH__CONTAINER(node, struct watch, node);
    return NULL;
}

static int begin(struct watch *watch, struct leash__reactor *reactor, int number)
{
    watch->reactor = reactor;
    watch->number = number;
    leash__list_init(&watch->interests);
    leash__callback_init(&watch->callback, call_handler);
    int rc = uv_signal_init(&reactor->uv, &watch->caught.uv);
    if (rc < 0) {
        free(watch);
        return leash__uv_error(rc);
    }
    watch->caught.uv.data = watch;
    uv_unref((uv_handle_t *)&watch->caught.uv);
    rc = leash__caught_begin(&watch->caught, on_signal, number);
    if (rc < 0)
        uv_close((uv_handle_t *)&watch->caught.uv, closed);
    else
        leash__list_append(&reactor->signals, &watch->node);
    return leash__uv_error(rc);
}

static int refuse(int rc, int number, const char *call, struct leash_site *site)
{
    if (rc == -EINVAL)
        return leash__misuse(LEASH_MISUSE_INVALID, site, rc, "%s: %d is no signal that can be waited for", call,
                             number);
    return leash__refused(rc, "%s: signal %d cannot be caught: %s", call, number, strerror(-rc));
}

/* The watch of a signal, made if need be. NULL: *error; said. Without interest it must go again: adjust(). */
static struct watch *watch_of(int number, const char *call, struct leash_site *site, int *error)
{
    struct leash__reactor *reactor = leash__reactor_needed(call, site, error);
    if (!reactor)
        return NULL;
    struct watch *watch = find(reactor, number);
    if (watch)
        return watch;
    watch = calloc(1, sizeof *watch);
    int rc = watch ? begin(watch, reactor, number) : -ENOMEM;
    if (rc == 0)
        return watch;
    *error = refuse(rc, number, call, site);
    return NULL;
}

void leash__signals_end(struct leash__reactor *reactor)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&reactor->signals)))
        watch_free(LEASH__CONTAINER(node, struct watch, node));
}

/* ---- interests ---- */

static void begin_interest(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    struct interest *interest = (struct interest *)waitable;
    leash__list_init(&interest->waiters);
    leash__list_init(&interest->node);
}

static void end_interest(struct leash__waitable *waitable)
{
    struct interest *interest = (struct interest *)waitable;
    struct watch *watch = interest->watch;
    leash__list_remove(&interest->node);
    if (watch->common == interest)
        watch->common = NULL;
    adjust(watch);
}

static const struct leash__waitable_type type = {.kind = LEASH_OBJECT_SIGNAL,
                                                 .name = "signal",
                                                 .size = sizeof(struct interest),
                                                 .begin = begin_interest,
                                                 .end = end_interest};

static const char *name_of(int number, char text[16])
{
    const char *word = sigabbrev_np(number);
    if (word)
        snprintf(text, 16, "SIG%s", word);
    else
        snprintf(text, 16, "SIGRTMIN+%d", number - SIGRTMIN);
    return text;
}

/* NULL: *error; said. */
static struct interest *interest_new(int number, const char *call, struct leash_site *site, int *error)
{
    char name[16];
    struct watch *watch = watch_of(number, call, site, error);
    if (!watch)
        return NULL;
    struct interest *interest =
        (struct interest *)leash__waitable_new(watch->reactor->loop, &type, name_of(number, name), site);
    if (!interest) {
        adjust(watch);
        *error = leash__refused(-ENOMEM, "%s: no memory", call);
        return NULL;
    }
    interest->watch = watch;
    leash__list_append(&watch->interests, &interest->node);
    return interest;
}

/* What leash_signal_wait waits on, made if need be. NULL: *error; said. */
static struct interest *common_of(int number, const char *call, struct leash_site *site, int *error)
{
    struct leash__reactor *reactor = leash__reactor_needed(call, site, error);
    const struct watch *watch = reactor ? find(reactor, number) : NULL;
    if (!reactor || (watch && watch->common))
        return reactor ? watch->common : NULL;
    struct interest *interest = interest_new(number, call, site, error);
    if (interest)
        interest->watch->common = interest;
    return interest;
}

/* True: cancelled. */
static bool wait_on(struct interest *interest, struct leash_site *site)
{
    struct leash__waiter waiter;
    uv_ref((uv_handle_t *)&interest->watch->caught.uv);
    bool cancelled = leash__waitable_wait(&interest->base, &interest->waiters, &waiter, site);
    adjust(interest->watch);
    return cancelled;
}

/* ---- the calls ---- */

int leash__signal_wait(int number, struct leash_site *site)
{
    static const char call[] = "leash_signal_wait";
    int error;
    struct leash__task *task = leash__task_needed(call, site);
    if (!task)
        return -errno;
    struct interest *interest = common_of(number, call, site, &error);
    if (!interest)
        return error;
    return wait_on(interest, site) ? leash__cancelled_here(task) : 0;
}

leash_signal_t leash__signal_open(int number, struct leash_site *site)
{
    int error;
    const struct interest *interest = interest_new(number, "leash_signal_open", site, &error);
    return interest ? leash__cell_handle(interest->base.cell, LEASH__HANDLE_OBJECT) : NULL;
}

/* NULL: *error; said. */
static struct interest *find_interest(leash_signal_t signal, const char *call, struct leash_site *site, int *error)
{
    return (struct interest *)leash__waitable_handle(signal, &type, call, site, error);
}

int leash__signal_next(leash_signal_t signal, struct leash_site *site)
{
    int error;
    struct leash__task *task = leash__task_needed("leash_signal_next", site);
    if (!task)
        return -errno;
    struct interest *interest = find_interest(signal, "leash_signal_next", site, &error);
    if (!interest)
        return error;
    while (!interest->came) {
        if (!wait_on(interest, site))
            continue;
        if (interest->came)
            leash__line_wake_next(task->cell.loop, &interest->waiters); /* it was woken for nothing */
        return leash__cancelled_here(task);
    }
    int came = interest->came;
    interest->came = 0;
    return came;
}

int leash_signal_close(leash_signal_t signal)
{
    int error;
    struct interest *interest = find_interest(signal, "leash_signal_close", NULL, &error);
    if (!interest)
        return error;
    if (!leash__list_empty(&interest->waiters))
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EBUSY, "leash_signal_close: tasks wait for %s",
                             leash__waitable_name(&interest->base));
    leash__waitable_end(&interest->base, 0);
    return 0;
}

int leash_add_signal_handler(int number, void (*fn)(int, void *), void *arg)
{
    static const char call[] = "leash_add_signal_handler";
    int error;
    if (!fn)
        return leash__misuse(LEASH_MISUSE_NULL_FUNCTION, NULL, -EINVAL, "%s: the function is NULL", call);
    struct watch *watch = watch_of(number, call, NULL, &error);
    if (!watch)
        return error;
    watch->fn = fn;
    watch->arg = arg;
    adjust(watch);
    return 0;
}

int leash_remove_signal_handler(int number)
{
    int error;
    struct leash__reactor *reactor = leash__reactor_needed("leash_remove_signal_handler", NULL, &error);
    if (!reactor)
        return error;
    struct watch *watch = find(reactor, number);
    if (!watch || !watch->fn)
        return 0;
    watch->fn = NULL;
    watch->due = 0;
    leash__callback_remove(&watch->callback);
    adjust(watch);
    return 1;
}
