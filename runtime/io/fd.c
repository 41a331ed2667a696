#include "fd.h"

#include <errno.h>
#include <leash/fd.h>
#include <stdlib.h>
#include <string.h>

#include "await.h"
#include "future.h"
#include "misuse.h"
#include "object.h"
#include "task.h"

/* The program's callback for one direction; in the loop's queue while it is due. */
struct listener {
    struct leash__callback callback;
    struct leash__watch *watch;
    void (*fn)(int fd, void *arg); /* NULL: none */
    void *arg;
};

/* There while a task waits or a listener is set; closed, and so out of epoll, when the last one goes. */
struct leash__watch {
    uv_poll_t poll;
    struct leash__reactor *reactor;
    int fd;
    unsigned events;            /* that are polled */
    uint64_t object;            /* in the trace */
    struct leash__node waiters; /* struct waiter */
    struct listener reader, writer;
};

/* On the waiting task's stack. */
struct waiter {
    struct leash__node node;
    struct leash__fut fut;
    unsigned events; /* waited for; once woken: that came */
};

static struct waiter *waiter_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct waiter, node);
}

/* ---- what is polled ---- */

static unsigned wanted(struct leash__watch *watch)
{
    unsigned events = (watch->reader.fn ? LEASH_READABLE : 0u) | (watch->writer.fn ? LEASH_WRITABLE : 0u);
    for (struct leash__node *node = watch->waiters.next; node != &watch->waiters; node = node->next)
        if (!leash__fut_done(&waiter_of(node)->fut))
            events |= waiter_of(node)->events;
    return events;
}

static void closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void watch_free(struct leash__watch *watch)
{
    leash__callback_remove(&watch->reader.callback);
    leash__callback_remove(&watch->writer.callback);
    watch->reactor->watches[watch->fd] = NULL;
    leash__object_done(watch->reactor->loop, watch->object, 0);
    uv_close((uv_handle_t *)&watch->poll, closed);
}

static void on_events(uv_poll_t *poll, int status, int events);

/* Polls for what is wanted now. The last one that wanted anything takes the watch with it: the descriptor may be closed
 * then. While those that were woken have yet to run, what is polled stays as it is. */
static int adjust(struct leash__watch *watch)
{
    unsigned events = wanted(watch);
    if (!events && leash__list_empty(&watch->waiters))
        watch_free(watch);
    if (!events || events == watch->events)
        return 0;
    watch->events = events;
    return uv_poll_start(&watch->poll, (int)events, on_events); /* its bits are ours */
}

static void wake(struct leash__watch *watch, unsigned events)
{
    struct leash__loop *loop = watch->reactor->loop;
    for (struct leash__node *node = watch->waiters.next; node != &watch->waiters; node = node->next) {
        struct waiter *waiter = waiter_of(node);
        if (leash__fut_done(&waiter->fut) || !(waiter->events & events))
            continue;
        waiter->events &= events;
        leash__fut_wake(loop, &waiter->fut);
    }
}

static void call_if_due(struct listener *listener, unsigned bit, unsigned events)
{
    if (listener->fn && events & bit && leash__list_empty(&listener->callback.node))
        leash__queue(listener->watch->reactor->loop, &listener->callback);
}

/* A broken descriptor (a refused connection, a pipe that nobody reads) is ready, as in asyncio: whoever reads or writes
 * learns what is wrong. libuv calls it bad instead, and stops polling. */
static void on_events(uv_poll_t *poll, int status, int events)
{
    struct leash__watch *watch = poll->data;
    bool broken = status < 0;
    unsigned bits = broken ? LEASH_READABLE | LEASH_WRITABLE : (unsigned)events;
    wake(watch, bits);
    call_if_due(&watch->reader, LEASH_READABLE, bits);
    call_if_due(&watch->writer, LEASH_WRITABLE, bits);
    if (broken) {
        watch->events = 0;
        adjust(watch);
    }
}

/* ---- watches ---- */

static void run_listener(struct leash__callback *callback, struct leash__loop *loop)
{
    struct listener *listener = LEASH__CONTAINER(callback, struct listener, callback);
    (void)loop;
    listener->fn(listener->watch->fd, listener->arg);
}

static void listener_init(struct listener *listener, struct leash__watch *watch)
{
    leash__callback_init(&listener->callback, run_listener);
    listener->watch = watch;
}

static int make_room(struct leash__reactor *reactor, int fd)
{
    size_t count = reactor->watches_count ? reactor->watches_count : 64;
    while (count <= (size_t)fd)
        count *= 2;
    if (count == reactor->watches_count)
        return 0;
    struct leash__watch **more = realloc(reactor->watches, count * sizeof(*more));
    if (!more)
        return -ENOMEM;
    memset(more + reactor->watches_count, 0, (count - reactor->watches_count) * sizeof(*more));
    reactor->watches = more;
    reactor->watches_count = count;
    return 0;
}

static int watch_new(struct leash__reactor *reactor, int fd, struct leash_site *site)
{
    struct leash__loop *loop = reactor->loop;
    struct leash__watch *watch = calloc(1, sizeof *watch);
    int rc = watch ? uv_poll_init(&reactor->uv, &watch->poll, fd) : -ENOMEM;
    if (rc < 0) {
        free(watch);
        return leash__uv_error(rc == UV_EEXIST ? UV_EBUSY : rc);
    }
    watch->poll.data = watch;
    watch->reactor = reactor;
    watch->fd = fd;
    leash__list_init(&watch->waiters);
    listener_init(&watch->reader, watch);
    listener_init(&watch->writer, watch);
    watch->object = leash__object_new(loop, LEASH_OBJECT_DESCRIPTOR, site);
    leash__object_named(loop, watch->object, "fd %d", fd);
    reactor->watches[fd] = watch;
    return 0;
}

/* The watch of a descriptor, made if need be. NULL: *error; said. */
static struct leash__watch *watch_of(int fd, const char *call, struct leash_site *site, int *error)
{
    struct leash__reactor *reactor = leash__reactor_needed(call, site, error);
    if (!reactor)
        return NULL;
    int rc = fd < 0 ? -EBADF : make_room(reactor, fd);
    if (rc == 0 && !reactor->watches[fd])
        rc = watch_new(reactor, fd, site);
    if (rc == 0)
        return reactor->watches[fd];
    *error = leash__refused(rc, "%s: descriptor %d cannot be waited for: %s", call, fd, strerror(-rc));
    return NULL;
}

void leash__watches_end(struct leash__reactor *reactor)
{
    for (size_t fd = 0; fd < reactor->watches_count; fd++)
        if (reactor->watches[fd])
            watch_free(reactor->watches[fd]);
    free(reactor->watches);
    reactor->watches = NULL;
    reactor->watches_count = 0;
}

/* ---- tasks that wait ---- */

static int wait_for(struct leash__watch *watch, struct leash__task *task, unsigned events, struct leash_site *site)
{
    struct leash__loop *loop = task->cell.loop;
    struct waiter waiter = {.events = events};
    leash__fut_init(&waiter.fut, LEASH__FUT_PLAIN);
    leash__list_append(&watch->waiters, &waiter.node);
    int rc = adjust(watch);
    if (rc < 0) {
        leash__list_remove(&waiter.node);
        adjust(watch);
        return leash__uv_error(rc);
    }
    LEASH__EVENT_NOW(loop, LEASH_EV_AWAIT_OBJECT, site, task->cell.id, watch->object);
    leash__waits_at(task, site, "descriptor");
    bool cancelled = leash__await_waiter(task, &waiter.fut);
    leash__list_remove(&waiter.node);
    LEASH__EVENT_NOW(loop, LEASH_EV_WAKE, NULL, task->cell.id, cancelled ? ECANCELED : 0);
    adjust(watch);
    return cancelled ? leash__cancelled_here(task) : (int)waiter.events;
}

int leash__fd_wait(int fd, unsigned events, struct leash_site *site)
{
    int error = 0;
    struct leash__task *task = leash__task_needed("leash_fd_wait", site);
    if (!task)
        return -errno;
    if (!events || events & ~(unsigned)(LEASH_READABLE | LEASH_WRITABLE))
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL,
                             "leash_fd_wait: %#x are no events; wait for LEASH_READABLE, LEASH_WRITABLE or both",
                             events);
    struct leash__watch *watch = watch_of(fd, "leash_fd_wait", site, &error);
    return watch ? wait_for(watch, task, events, site) : error;
}

/* ---- callbacks ---- */

static int listen_to(int fd, const char *call, bool writes, void (*fn)(int, void *), void *arg)
{
    int error = 0;
    if (!fn)
        return leash__misuse(LEASH_MISUSE_NULL_FUNCTION, NULL, -EINVAL, "%s: the function is NULL", call);
    struct leash__watch *watch = watch_of(fd, call, NULL, &error);
    if (!watch)
        return error;
    struct listener *listener = writes ? &watch->writer : &watch->reader;
    listener->fn = fn;
    listener->arg = arg;
    int rc = adjust(watch);
    if (rc == 0)
        return 0;
    listener->fn = NULL;
    adjust(watch);
    return leash__refused(leash__uv_error(rc), "%s: descriptor %d cannot be waited for: %s", call, fd, uv_strerror(rc));
}

static int unlisten(int fd, const char *call, bool writes)
{
    int error = 0;
    struct leash__reactor *reactor = leash__reactor_needed(call, NULL, &error);
    if (!reactor)
        return error;
    struct leash__watch *watch = fd >= 0 && (size_t)fd < reactor->watches_count ? reactor->watches[fd] : NULL;
    struct listener *listener = !watch ? NULL : writes ? &watch->writer : &watch->reader;
    if (!listener || !listener->fn)
        return 0;
    listener->fn = NULL;
    leash__callback_remove(&listener->callback);
    adjust(watch);
    return 1;
}

int leash_add_reader(int fd, void (*fn)(int, void *), void *arg)
{
    return listen_to(fd, "leash_add_reader", false, fn, arg);
}

int leash_add_writer(int fd, void (*fn)(int, void *), void *arg)
{
    return listen_to(fd, "leash_add_writer", true, fn, arg);
}

int leash_remove_reader(int fd)
{
    return unlisten(fd, "leash_remove_reader", false);
}

int leash_remove_writer(int fd)
{
    return unlisten(fd, "leash_remove_writer", true);
}
