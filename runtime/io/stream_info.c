#include <errno.h>
#include <string.h>

#include "address.h"
#include "misuse.h"
#include "stream.h"

/* A stream that is open. NULL: *rc is the call's answer. */
static struct leash__stream *open_stream(leash_stream_t handle, const char *call, int *rc)
{
    struct leash__stream *stream = leash__stream_of(handle, call, NULL, rc);
    if (stream && stream->wire)
        return stream;
    if (*rc == 0)
        *rc = leash__refused(-EBADF, "%s: the stream is closed", call);
    return NULL;
}

int leash_stream_fd(leash_stream_t handle)
{
    int rc;
    const struct leash__stream *stream = open_stream(handle, "leash_stream_fd", &rc);
    return stream ? stream->fd : rc;
}

static int name_of(leash_stream_t handle, const char *call, int (*ask)(int, struct sockaddr *, socklen_t *), char *text,
                   size_t size)
{
    int rc;
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    const struct leash__stream *stream = open_stream(handle, call, &rc);
    if (!stream)
        return rc;
    if (ask(stream->fd, (struct sockaddr *)&address, &length) < 0)
        return leash__refused(-errno, "%s: %s", call, strerror(errno));
    return leash__address_copy(&address, length, text, size);
}

static int peer(int fd, struct sockaddr *address, socklen_t *size)
{
    return getpeername(fd, address, size);
}

static int own(int fd, struct sockaddr *address, socklen_t *size)
{
    return getsockname(fd, address, size);
}

int leash_stream_peername(leash_stream_t handle, char *text, size_t size)
{
    return name_of(handle, "leash_stream_peername", peer, text, size);
}

int leash_stream_sockname(leash_stream_t handle, char *text, size_t size)
{
    return name_of(handle, "leash_stream_sockname", own, text, size);
}

/* The handle of one that is TCP; NULL: *rc. */
static uv_tcp_t *tcp_of(leash_stream_t handle, const char *call, int *rc)
{
    const struct leash__stream *stream = open_stream(handle, call, rc);
    if (stream && stream->wire->uv.handle.type == UV_TCP)
        return &stream->wire->uv.tcp;
    if (stream)
        *rc = leash__refused(-EOPNOTSUPP, "%s: the stream is not TCP", call);
    return NULL;
}

int leash_stream_set_nodelay(leash_stream_t handle, int on)
{
    int rc;
    uv_tcp_t *tcp = tcp_of(handle, "leash_stream_set_nodelay", &rc);
    return tcp ? leash__uv_error(uv_tcp_nodelay(tcp, on != 0)) : rc;
}

int leash_stream_set_keepalive(leash_stream_t handle, unsigned seconds)
{
    int rc;
    uv_tcp_t *tcp = tcp_of(handle, "leash_stream_set_keepalive", &rc);
    return tcp ? leash__uv_error(uv_tcp_keepalive(tcp, seconds > 0, seconds)) : rc;
}
