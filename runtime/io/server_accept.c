/* Connections that are accepted: one by one, by whoever asks. libuv's own way (uv_listen) is not taken: out of
 * descriptors it accepts all that wait and drops them, silently. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "await.h"
#include "line.h"
#include "misuse.h"
#include "server.h"

enum { NAME = 2 * LEASH__ADDRESS_TEXT + 32 };

/* ---- from a descriptor to a stream ---- */

static struct leash__stream *stream_new(struct leash__server *server, int fd, const struct sockaddr_storage *peer,
                                        socklen_t size)
{
    char text[LEASH__ADDRESS_TEXT], name[NAME];
    bool is_unix = peer->ss_family == AF_UNIX;
    leash__address_text(peer, size, text);
    if (!*text)
        snprintf(text, sizeof text, "fd %d", fd);
    snprintf(name, sizeof name, "%s < %s", leash__waitable_name(&server->base), text);
    struct leash__stream *stream =
        leash__stream_new(server->reactor, is_unix ? UV_NAMED_PIPE : UV_TCP, name, server->site);
    if (stream && leash__stream_adopt(stream, fd) < 0)
        return NULL;
    if (stream && server->options.read_limit)
        stream->limit = server->options.read_limit;
    return stream;
}

int leash__server_take(struct leash__server *server, const struct leash__listener *listener,
                       struct leash__stream **stream)
{
    struct sockaddr_storage peer;
    socklen_t size;
    int fd = leash__listener_accept(listener, &peer, &size);
    if (fd < 0)
        return fd;
    *stream = stream_new(server, fd, &peer, size);
    if (*stream)
        return 0;
    close(fd);
    return -ENOMEM;
}

/* ---- by hand ---- */

static void on_acceptable(uv_poll_t *poll, int status, int events)
{
    struct leash__listener *listener = poll->data;
    struct leash__server *server = listener->server;
    (void)events;
    if (leash__list_empty(&server->acceptors) || status < 0)
        leash__listener_stop(listener); /* until somebody waits again */
    if (status < 0)
        leash__line_wake_all(server->reactor->loop, &server->acceptors);
    else
        leash__line_wake_next(server->reactor->loop, &server->acceptors);
}

static int poll_all(struct leash__server *server)
{
    for (struct leash__listener *listener = server->listeners; listener; listener = listener->next) {
        int rc = leash__listener_poll(listener, on_acceptable);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static void hope(struct leash__server *server, void (*ref)(uv_handle_t *))
{
    for (struct leash__listener *listener = server->listeners; listener; listener = listener->next)
        ref((uv_handle_t *)&listener->poll);
}

static int wait_for_one(struct leash__server *server, struct leash_site *site)
{
    struct leash__waiter waiter;
    int rc = poll_all(server);
    if (rc < 0)
        return rc;
    if (server->waiting++ == 0)
        hope(server, uv_ref);
    bool cancelled = leash__waitable_wait(&server->base, &server->acceptors, &waiter, site);
    if (--server->waiting == 0)
        hope(server, uv_unref);
    return cancelled ? leash__cancelled_here(server->reactor->loop->current) : 0;
}

/* Tries all addresses; -EAGAIN nobody is there. */
static int take_any(struct leash__server *server, struct leash__stream **stream)
{
    int rc = -EAGAIN;
    for (struct leash__listener *listener = server->listeners; listener && rc == -EAGAIN; listener = listener->next)
        rc = leash__server_take(server, listener, stream);
    return rc;
}

static int accept_one(struct leash__server *server, leash_stream_t *out, struct leash_site *site)
{
    struct leash__stream *stream;
    for (;;) {
        if (server->closing)
            return leash__refused(-ESTALE, "leash_accept: the server is closed");
        int rc = take_any(server, &stream);
        if (rc == 0)
            *out = leash__stream_handle(stream);
        if (rc < 0 && rc != -EAGAIN)
            leash__refused(rc, "leash_accept: server \"%s\": %s", leash__waitable_name(&server->base), strerror(-rc));
        if (rc != -EAGAIN)
            return rc;
        rc = wait_for_one(server, site);
        if (rc < 0)
            return rc;
    }
}

int leash__accept(leash_server_t handle, leash_stream_t *stream, struct leash_site *site)
{
    int rc;
    if (!leash__task_needed("leash_accept", site))
        return -errno;
    struct leash__server *server = leash__server_of(handle, "leash_accept", site, &rc);
    if (!server)
        return rc < 0 ? rc : leash__misuse(LEASH_MISUSE_STALE, site, -ESTALE, "leash_accept: the server is closed");
    if (server->fn)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL,
                             "leash_accept: server \"%s\" serves its connections itself; see leash_listen()",
                             leash__waitable_name(&server->base));
    server->users++;
    rc = accept_one(server, stream, site);
    leash__server_leave(server);
    return rc;
}
