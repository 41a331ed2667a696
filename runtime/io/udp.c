/* A receive or send tries first, and waits only if the kernel says so. What was waited for stays polled until it comes
 * and nobody waits: who waits again and again costs no system call for that. */
#include "udp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "await.h"
#include "closable.h"
#include "line.h"
#include "misuse.h"

/* ---- its type ---- */

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    struct leash__udp *udp = (struct leash__udp *)waitable;
    (void)object;
    leash__list_init(&udp->readers);
    leash__list_init(&udp->writers);
    udp->fd = -1;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void close_descriptor(struct leash__udp *udp)
{
    if (!udp->watcher)
        return;
    uv_close((uv_handle_t *)&udp->watcher->poll, on_closed);
    close(udp->fd);
    udp->watcher = NULL;
    udp->fd = -1;
}

static void end(struct leash__waitable *waitable)
{
    close_descriptor((struct leash__udp *)waitable);
}

static unsigned facts(const struct leash__waitable *waitable)
{
    return ((const struct leash__udp *)waitable)->watcher ? LEASH_FACT_LEFT_OPEN : 0;
}

const struct leash__waitable_type leash__udp_type = {.kind = LEASH_OBJECT_DESCRIPTOR,
                                                     .name = "socket",
                                                     .size = sizeof(struct leash__udp),
                                                     .begin = begin,
                                                     .end = end,
                                                     .facts = facts};

static struct leash__udp_watcher *watcher_new(struct leash__reactor *reactor, int fd, int *error)
{
    struct leash__udp_watcher *watcher = calloc(1, sizeof *watcher);
    int rc = watcher ? uv_poll_init(&reactor->uv, &watcher->poll, fd) : UV_ENOMEM;
    if (rc < 0) {
        *error = leash__uv_error(rc);
        free(watcher);
        return NULL;
    }
    watcher->poll.data = watcher;
    uv_unref((uv_handle_t *)&watcher->poll);
    return watcher;
}

struct leash__udp *leash__udp_new(struct leash__reactor *reactor, int fd, const char *name, struct leash_site *site,
                                  int *error)
{
    struct leash__udp_watcher *watcher = watcher_new(reactor, fd, error);
    struct leash__udp *udp =
        watcher ? (struct leash__udp *)leash__waitable_new(reactor->loop, &leash__udp_type, name, site) : NULL;
    if (!watcher)
        return NULL;
    if (!udp) {
        uv_close((uv_handle_t *)&watcher->poll, on_closed);
        *error = -ENOMEM;
        return NULL;
    }
    watcher->udp = udp;
    udp->reactor = reactor;
    udp->watcher = watcher;
    udp->fd = fd;
    return udp;
}

struct leash__udp *leash__udp_of(leash_udp_t handle, const char *call, struct leash_site *site, int *rc)
{
    struct leash__udp *udp = (struct leash__udp *)leash__closable_of(handle, &leash__udp_type, call, site, rc);
    if (udp && udp->watcher)
        return udp;
    if (*rc == 0)
        *rc = leash__refused(-EBADF, "%s: the socket is closed", call);
    return NULL;
}

/* ---- waiting ---- */

static void on_events(uv_poll_t *poll, int status, int events);

static int poll_for(struct leash__udp *udp, unsigned events)
{
    if (events == udp->polled)
        return 0;
    udp->polled = events;
    return leash__uv_error(uv_poll_start(&udp->watcher->poll, (int)events, on_events)); /* 0: stop */
}

/* An error is told by the next system call. libuv has stopped then. */
static void on_error(struct leash__udp *udp)
{
    udp->polled = 0;
    leash__line_wake_all(udp->reactor->loop, &udp->readers);
    leash__line_wake_all(udp->reactor->loop, &udp->writers);
}

static void on_events(uv_poll_t *poll, int status, int events)
{
    const struct leash__udp_watcher *watcher = poll->data;
    struct leash__udp *udp = watcher->udp;
    struct leash__loop *loop = udp->reactor->loop;
    unsigned still = udp->polled;
    if (status < 0) {
        on_error(udp);
        return;
    }
    if (events & UV_READABLE && !leash__line_wake_next(loop, &udp->readers))
        still &= ~(unsigned)UV_READABLE;
    if (events & UV_WRITABLE && !leash__line_wake_next(loop, &udp->writers))
        still &= ~(unsigned)UV_WRITABLE;
    poll_for(udp, still);
}

/* libuv is something to wait for while a task waits, and only then. */
static bool wait_in(struct leash__udp *udp, struct leash__node *line, struct leash_site *site)
{
    struct leash__waiter waiter;
    if (udp->waiting++ == 0)
        uv_ref((uv_handle_t *)&udp->watcher->poll);
    bool cancelled = leash__waitable_wait(&udp->base, line, &waiter, site);
    if (--udp->waiting == 0 && udp->watcher)
        uv_unref((uv_handle_t *)&udp->watcher->poll);
    return cancelled;
}

int leash__udp_wait(struct leash__udp *udp, enum uv_poll_event event, const char *call, struct leash_site *site)
{
    int rc = poll_for(udp, udp->polled | event);
    if (rc < 0)
        return leash__refused(rc, "%s: \"%s\": %s", call, leash__waitable_name(&udp->base), strerror(-rc));
    if (wait_in(udp, event == UV_READABLE ? &udp->readers : &udp->writers, site))
        return leash__cancelled_here(udp->reactor->loop->current);
    return udp->watcher ? 0 : leash__refused(-EBADF, "%s: the socket was closed", call);
}

/* ---- the end ---- */

static void end_if_over(struct leash__udp *udp)
{
    if (!udp->watcher && udp->users == 0)
        leash__waitable_end(&udp->base, 0);
}

void leash__udp_leave(struct leash__udp *udp)
{
    udp->users--;
    end_if_over(udp);
}

int leash_udp_close(leash_udp_t handle)
{
    int error;
    struct leash__udp *udp =
        (struct leash__udp *)leash__closable_of(handle, &leash__udp_type, "leash_udp_close", NULL, &error);
    if (!udp || !udp->watcher)
        return error;
    close_descriptor(udp);
    leash__line_wake_all(udp->reactor->loop, &udp->readers);
    leash__line_wake_all(udp->reactor->loop, &udp->writers);
    end_if_over(udp);
    return 0;
}

/* ---- what it is ---- */

int leash_udp_fd(leash_udp_t handle)
{
    int rc;
    const struct leash__udp *udp = leash__udp_of(handle, "leash_udp_fd", NULL, &rc);
    return udp ? udp->fd : rc;
}

/* Asks the kernel. How long it is; -errno, the answer of `call`. */
static int own_address(leash_udp_t handle, const char *call, struct sockaddr_storage *address)
{
    int rc;
    socklen_t length = sizeof *address;
    const struct leash__udp *udp = leash__udp_of(handle, call, NULL, &rc);
    if (!udp)
        return rc;
    if (getsockname(udp->fd, (struct sockaddr *)address, &length) < 0)
        return leash__refused(-errno, "%s: %s", call, strerror(errno));
    return (int)length;
}

int leash_udp_port(leash_udp_t handle)
{
    struct sockaddr_storage address;
    int length = own_address(handle, "leash_udp_port", &address);
    return length < 0 ? length : leash__address_port(&address);
}

int leash_udp_sockname(leash_udp_t handle, char *text, size_t size)
{
    struct sockaddr_storage address;
    int length = own_address(handle, "leash_udp_sockname", &address);
    return length < 0 ? length : leash__address_copy(&address, (socklen_t)length, text, size);
}

int leash_udp_peername(leash_udp_t handle, char *text, size_t size)
{
    int rc;
    const struct leash__udp *udp = leash__udp_of(handle, "leash_udp_peername", NULL, &rc);
    if (!udp)
        return rc;
    if (udp->remote.ss_family == AF_UNSPEC)
        return leash__refused(-ENOTCONN, "leash_udp_peername: \"%s\" has no remote", leash__waitable_name(&udp->base));
    return leash__address_copy(&udp->remote, leash__address_size(&udp->remote), text, size);
}
