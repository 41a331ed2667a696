#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "address.h"
#include "await.h"
#include "line.h"
#include "lookup.h"
#include "misuse.h"
#include "stream.h"

enum { NAME = LEASH__ADDRESS_TEXT + 64 };

static leash_stream_t no_stream(int error)
{
    errno = -error;
    return NULL;
}

/* ---- descriptors ---- */

struct description {
    uv_handle_type type;
    const char *what;
    bool is_terminal;
};

static int describe_socket(int fd, struct description *description)
{
    int type, family;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ||
        getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) < 0)
        return -errno;
    if (type != SOCK_STREAM || (family != AF_INET && family != AF_INET6 && family != AF_UNIX))
        return -EPROTOTYPE;
    *description = family == AF_UNIX ? (struct description){UV_NAMED_PIPE, "unix", false}
                                     : (struct description){UV_TCP, "tcp", false};
    return 0;
}

static int describe(int fd, struct description *description)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return -errno;
    if (S_ISSOCK(status.st_mode))
        return describe_socket(fd, description);
    if (!S_ISFIFO(status.st_mode) && !isatty(fd))
        return -EPERM;
    bool is_pipe = S_ISFIFO(status.st_mode);
    *description = (struct description){UV_NAMED_PIPE, is_pipe ? "pipe" : "terminal", !is_pipe};
    return 0;
}

/* Others have the terminal open too, through the same open file, and would find it non-blocking: the descriptor gets an
 * open file of its own, where that can be had. */
static void open_anew(int fd)
{
    char path[64];
    int number, flags = fcntl(fd, F_GETFL);
    bool is_master = ioctl(fd, TIOCGPTN, &number) == 0; /* opening that again makes another terminal */
    if (is_master || ttyname_r(fd, path, sizeof path) != 0)
        return;
    int own = open(path, (flags & O_ACCMODE) | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (own < 0)
        return;
    dup3(own, fd, fcntl(fd, F_GETFD) & FD_CLOEXEC ? O_CLOEXEC : 0);
    close(own);
}

static struct leash__stream *from_fd(struct leash__reactor *reactor, int fd, struct leash_site *site, int *error)
{
    struct description description = {0};
    struct leash__stream *stream = NULL;
    char name[NAME];
    *error = describe(fd, &description);
    if (*error == 0) {
        snprintf(name, sizeof name, "%s fd %d", description.what, fd);
        stream = leash__stream_new(reactor, description.type, name, site);
        *error = stream ? 0 : -ENOMEM;
    }
    if (stream && description.is_terminal)
        open_anew(fd);
    if (stream)
        *error = leash__stream_adopt(stream, fd);
    return *error == 0 ? stream : NULL;
}

leash_stream_t leash__stream_from_fd(int fd, struct leash_site *site)
{
    int error;
    struct leash__reactor *reactor = leash__reactor_needed("leash_stream_from_fd", site, &error);
    if (!reactor)
        return no_stream(error);
    const struct leash__stream *stream = from_fd(reactor, fd, site, &error);
    if (stream)
        return leash__stream_handle(stream);
    return no_stream(
        leash__refused(error, "leash_stream_from_fd: descriptor %d: %s", fd,
                       error == -EPERM ? "only pipes, terminals and stream sockets can be streams" : strerror(-error)));
}

int leash__stream_pair(leash_stream_t out[2], struct leash_site *site)
{
    int error, fds[2];
    struct leash__reactor *reactor = leash__reactor_needed("leash_stream_pair", site, &error);
    if (!reactor)
        return error;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
        return leash__refused(-errno, "leash_stream_pair: %s", strerror(errno));
    struct leash__stream *one = from_fd(reactor, fds[0], site, &error);
    struct leash__stream *other = one ? from_fd(reactor, fds[1], site, &error) : NULL;
    if (other) {
        out[0] = leash__stream_handle(one);
        out[1] = leash__stream_handle(other);
        return 0;
    }
    if (one)
        leash__stream_close(one, true);
    else
        close(fds[0]);
    close(fds[1]);
    return leash__refused(error, "leash_stream_pair: %s", strerror(-error));
}

/* ---- connections ---- */

static void on_connected(uv_connect_t *request, int status)
{
    struct leash__wire *wire = request->handle->data;
    struct leash__stream *stream = wire->stream;
    if (!stream)
        return;
    if (status < 0) {
        leash__stream_lost(stream, leash__uv_error(status));
        return;
    }
    stream->fd = leash__wire_connected(wire);
    leash__line_wake_all(stream->reactor->loop, &stream->closers);
}

static int begin_connecting(struct leash__wire *wire, const struct sockaddr_storage *address)
{
    if (wire->uv.handle.type == UV_TCP)
        return uv_tcp_connect(&wire->request.connect, &wire->uv.tcp, (const struct sockaddr *)address, on_connected);
    uv_pipe_connect(&wire->request.connect, &wire->uv.pipe, ((const struct sockaddr_un *)address)->sun_path,
                    on_connected);
    return 0;
}

/* Waits until a new stream is connected; else it is gone. */
static int finish_connecting(struct leash__stream *stream, const struct sockaddr_storage *address,
                             struct leash_site *site)
{
    struct leash__task *task = stream->reactor->loop->current;
    leash__stream_enter(stream);
    int rc = leash__uv_error(begin_connecting(stream->wire, address));
    if (rc == 0)
        rc = leash__stream_wait(stream, &stream->closers, site) ? leash__cancelled_here(task) : stream->error;
    if (rc < 0) {
        stream->error = rc;
        leash__stream_close(stream, true);
    }
    leash__stream_leave(stream);
    return rc;
}

static int connect_to(struct leash__reactor *reactor, const struct sockaddr_storage *address, struct leash_site *site,
                      leash_stream_t *out)
{
    bool is_unix = address->ss_family == AF_UNIX;
    char text[LEASH__ADDRESS_TEXT], name[NAME];
    leash__address_text(address, leash__address_size(address), text);
    snprintf(name, sizeof name, "%s > %s", is_unix ? "unix" : "tcp", text);
    struct leash__stream *stream = leash__stream_new(reactor, is_unix ? UV_NAMED_PIPE : UV_TCP, name, site);
    if (!stream)
        return -ENOMEM;
    int rc = finish_connecting(stream, address, site);
    if (rc == 0)
        *out = leash__stream_handle(stream);
    return rc;
}

/* What became of each address, as far as there is room. */
struct attempts {
    int first;
    char text[384];
};

static void note(struct attempts *attempts, const struct sockaddr_storage *address, int error)
{
    char text[LEASH__ADDRESS_TEXT];
    size_t length = strlen(attempts->text);
    leash__address_text(address, leash__address_size(address), text);
    snprintf(attempts->text + length, sizeof attempts->text - length, "%s%s: %s", length ? "; " : "", text,
             strerror(-error));
    if (!attempts->first)
        attempts->first = error;
}

/* One after the other, until one answers; a cancellation ends it. */
static int connect_to_any(struct leash__reactor *reactor, const struct leash__addresses *addresses,
                          struct leash_site *site, leash_stream_t *out)
{
    struct attempts attempts = {0};
    for (size_t i = 0; i < addresses->count; i++) {
        int rc = connect_to(reactor, &addresses->at[i], site, out);
        if (rc == 0 || rc == -ECANCELED)
            return rc;
        note(&attempts, &addresses->at[i], rc);
    }
    return leash__refused(attempts.first, "leash_open_connection: %s", attempts.text);
}

leash_stream_t leash__open_connection(const char *host, int port, struct leash_site *site)
{
    const char *call = "leash_open_connection";
    int rc = 0;
    leash_stream_t stream = NULL;
    struct leash__addresses *addresses = NULL;
    struct leash__reactor *reactor = leash__task_needed(call, site) ? leash__reactor_needed(call, site, &rc) : NULL;
    if (!reactor)
        return NULL;
    if (!host || !*host || port < 1 || port > LEASH__PORT_MAX) {
        leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: host \"%s\", port %d: a host and a port from 1 to %d",
                      call, host ? host : "NULL", port, LEASH__PORT_MAX);
        return NULL;
    }
    rc = leash__addresses_of(reactor, host, port, call, site, &addresses);
    if (rc == 0)
        rc = connect_to_any(reactor, addresses, site, &stream);
    free(addresses);
    return rc < 0 ? no_stream(rc) : stream;
}

leash_stream_t leash__open_unix_connection(const char *path, struct leash_site *site)
{
    const char *call = "leash_open_unix_connection";
    int rc = 0;
    leash_stream_t stream = NULL;
    struct sockaddr_storage address;
    struct leash__reactor *reactor = leash__task_needed(call, site) ? leash__reactor_needed(call, site, &rc) : NULL;
    if (!reactor)
        return NULL;
    rc = leash__address_unix(path, &address);
    if (rc == 0)
        rc = connect_to(reactor, &address, site, &stream);
    if (rc == 0)
        return stream;
    return no_stream(rc == -ECANCELED ? rc
                                      : leash__refused(rc, "%s: %s: %s", call, path ? path : "NULL", strerror(-rc)));
}
