#include "listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "address.h"

/* ---- sockets ---- */

/* As create_server() sets them (Lib/asyncio/base_events.py). */
static int set_options(int fd, int family, const struct leash__listening *how)
{
    const int on = 1;
    if (family == AF_UNIX)
        return 0;
    if (how->reuse_address && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        return -errno;
    if (how->reuse_port && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0)
        return -errno;
    if (family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0)
        return -errno;
    return 0;
}

static int open_socket(struct leash__listener *listener, const struct leash__listening *how)
{
    struct sockaddr *address = (struct sockaddr *)&listener->address;
    socklen_t size = leash__address_size(&listener->address), room = sizeof listener->address;
    listener->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->fd < 0)
        return -errno;
    int rc = set_options(listener->fd, address->sa_family, how);
    if (rc == 0 && (bind(listener->fd, address, size) < 0 || listen(listener->fd, how->backlog) < 0 ||
                    getsockname(listener->fd, address, &room) < 0))
        rc = -errno;
    return rc;
}

int leash__listener_new(struct leash__reactor *reactor, const struct sockaddr_storage *address,
                        const struct leash__listening *how, struct leash__listener **out)
{
    struct leash__listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        return -ENOMEM;
    listener->address = *address;
    int rc = open_socket(listener, how);
    if (rc == 0)
        rc = leash__uv_error(uv_poll_init(&reactor->uv, &listener->poll, listener->fd));
    if (rc < 0) {
        if (listener->fd >= 0)
            close(listener->fd);
        free(listener);
        return rc;
    }
    listener->poll.data = listener;
    uv_unref((uv_handle_t *)&listener->poll);
    *out = listener;
    return 0;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void close_one(struct leash__listener *listener)
{
    listener->server = NULL;
    uv_close((uv_handle_t *)&listener->poll, on_closed); /* takes the descriptor out of epoll first */
    close(listener->fd);
}

void leash__listeners_close(struct leash__listener **first)
{
    while (*first) {
        struct leash__listener *listener = *first;
        *first = listener->next;
        close_one(listener);
    }
}

/* ---- connections ---- */

int leash__listener_poll(struct leash__listener *listener, uv_poll_cb on_event)
{
    if (listener->polled)
        return 0;
    int rc = uv_poll_start(&listener->poll, UV_READABLE, on_event);
    listener->polled = rc == 0;
    return leash__uv_error(rc);
}

void leash__listener_stop(struct leash__listener *listener)
{
    if (listener->polled)
        uv_poll_stop(&listener->poll);
    listener->polled = false;
}

/* accept(2): errors of a connection that broke before it was taken are told here, and "treated like EAGAIN by
 * retrying". */
static bool is_of_the_connection(int error)
{
    switch (error) {
    case ECONNABORTED:
    case EINTR:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
        return true;
    default:
        return false;
    }
}

int leash__listener_accept(const struct leash__listener *listener, struct sockaddr_storage *peer, socklen_t *size)
{
    int fd;
    do {
        *size = sizeof *peer;
        fd = accept4(listener->fd, (struct sockaddr *)peer, size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (fd < 0 && is_of_the_connection(errno));
    return fd < 0 ? -errno : fd;
}
