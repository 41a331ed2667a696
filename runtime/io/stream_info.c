#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "misuse.h"
#include "stream.h"

/* The wire of a stream that is open. NULL: *rc is the call's answer. */
static struct leash__wire *wire_of(leash_stream_t handle, const char *call, int *rc)
{
    const struct leash__stream *stream = leash__stream_of(handle, call, NULL, rc);
    if (stream && stream->wire)
        return stream->wire;
    if (*rc == 0)
        *rc = leash__refused(-EBADF, "%s: the stream is closed", call);
    return NULL;
}

int leash_stream_fd(leash_stream_t handle)
{
    int rc;
    const struct leash__wire *wire = wire_of(handle, "leash_stream_fd", &rc);
    return wire ? wire->fd : rc;
}

static int name_of(leash_stream_t handle, const char *call, int (*ask)(int, struct sockaddr *, socklen_t *), char *text,
                   size_t size)
{
    int rc;
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char name[LEASH__ADDRESS_TEXT];
    const struct leash__wire *wire = wire_of(handle, call, &rc);
    if (!wire)
        return rc;
    if (ask(wire->fd, (struct sockaddr *)&address, &length) < 0)
        return leash__refused(-errno, "%s: %s", call, strerror(errno));
    leash__address_text(&address, length, name);
    return snprintf(text, size, "%s", name);
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
    struct leash__wire *wire = wire_of(handle, call, rc);
    if (wire && wire->uv.handle.type == UV_TCP)
        return &wire->uv.tcp;
    if (wire)
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
