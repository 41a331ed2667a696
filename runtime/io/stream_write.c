/* Algorithm: CPython 3.11's _SelectorSocketTransport and FlowControlMixin (Lib/asyncio/selector_events.py,
 * transports.py, streams.py), statement by statement, but that a failed write says so. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "await.h"
#include "line.h"
#include "misuse.h"
#include "stream.h"

/* ---- what waits to be sent ---- */

static void sent(struct leash__stream *stream);

static void forget_first(struct leash__wire *wire)
{
    struct leash__chunk *first = wire->first;
    wire->first = first->next;
    if (!wire->first)
        wire->last = NULL;
    free(first);
}

static void on_written(uv_write_t *request, int status)
{
    struct leash__wire *wire = request->handle->data;
    struct leash__stream *stream = wire->stream;
    size_t n = wire->flying;
    wire->flying = 0;
    if (!stream)
        return;
    if (status < 0) {
        leash__stream_lost(stream, leash__uv_error(status));
        return;
    }
    wire->first->begin += n;
    stream->unsent -= n;
    if (wire->first->begin == wire->first->end)
        forget_first(wire);
    sent(stream);
}

/* Gives libuv of the first chunk as much as leaves the low mark to send, so that it tells when that is reached. */
static void send_more(struct leash__stream *stream)
{
    struct leash__wire *wire = stream->wire;
    struct leash__chunk *chunk = wire->first;
    size_t n = chunk->end - chunk->begin;
    if (stream->full && stream->unsent > stream->low && n > stream->unsent - stream->low)
        n = stream->unsent - stream->low;
    if (n > UINT_MAX)
        n = UINT_MAX;
    uv_buf_t buffer = uv_buf_init(chunk->data + chunk->begin, (unsigned)n);
    wire->flying = n;
    int rc = uv_write(&wire->request.write, &wire->uv.stream, &buffer, 1, on_written);
    if (rc < 0)
        leash__stream_lost(stream, leash__uv_error(rc));
}

static void tell_the_end(struct leash__stream *stream)
{
    stream->ended = true;
    if (shutdown(stream->fd, SHUT_WR) < 0 && errno != ENOTCONN)
        leash__stream_lost(stream, -errno);
}

/* _write_ready() */
static void sent(struct leash__stream *stream)
{
    if (stream->full && stream->unsent <= stream->low) {
        stream->full = false;
        leash__line_wake_all(stream->reactor->loop, &stream->drainers);
    }
    if (stream->unsent > 0)
        send_more(stream);
    else if (stream->closing)
        leash__stream_disconnect(stream);
    else if (stream->ends && !stream->ended)
        tell_the_end(stream);
}

/* _maybe_pause_protocol() */
static void pause_if_full(struct leash__stream *stream)
{
    if (stream->unsent > stream->high)
        stream->full = true;
}

/* ---- write ---- */

static size_t size_of(const uv_buf_t *parts, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += parts[i].len;
    return size;
}

/* Keeps what lies behind the first `skip` bytes of the parts. */
static int keep(struct leash__stream *stream, const uv_buf_t *parts, size_t count, size_t skip)
{
    bool idle = stream->unsent == 0;
    for (size_t i = 0; i < count; i++) {
        size_t skipped = skip < parts[i].len ? skip : parts[i].len, n = parts[i].len - skipped;
        skip -= skipped;
        if (n == 0)
            continue;
        int rc = leash__wire_keep(stream->wire, parts[i].base + skipped, n);
        if (rc < 0)
            return rc;
        stream->unsent += n;
    }
    pause_if_full(stream);
    if (idle)
        send_more(stream);
    return 0;
}

/* How much of it went out at once; -errno: it is lost. What uv_try_write does, without its four calls: after a system
 * call the processor guesses every return wrong. */
static ssize_t try_now(struct leash__stream *stream, const uv_buf_t *parts, size_t count)
{
    enum { MOST = 1024 }; /* IOV_MAX */
    ssize_t n;
    if (stream->unsent > 0)
        return 0;
    do
        n = count == 1
                ? write(stream->fd, parts->base, parts->len)
                : writev(stream->fd, (const struct iovec *)(const void *)parts, count < MOST ? (int)count : MOST);
    while (n < 0 && errno == EINTR);
    if (n >= 0 || errno == EAGAIN)
        return n < 0 ? 0 : n;
    n = -errno;
    leash__stream_lost(stream, (int)n);
    return n;
}

static int no_memory(struct leash__stream *stream, size_t lost)
{
    int rc = leash__refused(-ENOMEM, "leash_stream_write: no memory for what stream \"%s\" has yet to send%s",
                            leash__waitable_name(&stream->base), lost ? "; it is lost, for a part has been sent" : "");
    if (lost)
        leash__stream_lost(stream, rc);
    return rc;
}

static int write_parts(struct leash__stream *stream, const uv_buf_t *parts, size_t count)
{
    size_t size = size_of(parts, count), before = stream->unsent;
    ssize_t n = size ? try_now(stream, parts, count) : 0;
    if (n < 0 || (size_t)n == size)
        return n < 0 ? (int)n : 0;
    int rc = keep(stream, parts, count, (size_t)n);
    return rc < 0 ? no_memory(stream, (size_t)n + (stream->unsent - before)) : stream->error;
}

/* The stream of a call that writes. NULL: *rc is its answer. */
static struct leash__stream *writable(leash_stream_t handle, const char *call, struct leash_site *site, int *rc)
{
    struct leash__stream *stream = leash__stream_of(handle, call, site, rc);
    if (!stream && *rc < 0)
        return NULL;
    if (!stream || (stream->closing && !stream->error)) {
        *rc = leash__refused(-EPIPE, "%s: the stream is closed", call);
        return NULL;
    }
    *rc = stream->error;
    if (stream->ends)
        *rc = leash__misuse(LEASH_MISUSE_INVALID, site, -EPIPE, "%s: stream \"%s\" was told its end by write_eof", call,
                            leash__waitable_name(&stream->base));
    else if (*rc == 0 && !uv_is_writable(&stream->wire->uv.stream))
        *rc = leash__refused(-EBADF, "%s: stream \"%s\" can only be read", call, leash__waitable_name(&stream->base));
    return *rc < 0 ? NULL : stream;
}

int leash__stream_write(leash_stream_t handle, const void *data, size_t n, struct leash_site *site)
{
    int rc;
    struct leash__stream *stream = writable(handle, "leash_stream_write", site, &rc);
    uv_buf_t part = {.base = (char *)(uintptr_t)data, .len = n}; // NOLINT: libuv only reads it
    return stream ? write_parts(stream, &part, 1) : rc;
}

/* Laid out alike, so that libuv itself takes one for the other. */
_Static_assert(sizeof(uv_buf_t) == sizeof(struct iovec) &&
                   offsetof(uv_buf_t, base) == offsetof(struct iovec, iov_base) &&
                   offsetof(uv_buf_t, len) == offsetof(struct iovec, iov_len),
               "a buffer of libuv is a struct iovec");

int leash__stream_writev(leash_stream_t handle, const struct iovec *parts, int count, struct leash_site *site)
{
    int rc;
    struct leash__stream *stream = writable(handle, "leash_stream_writev", site, &rc);
    if (stream && count < 0)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_stream_writev: %d parts", count);
    return stream ? write_parts(stream, (const uv_buf_t *)(const void *)parts, (size_t)count) : rc;
}

/* ---- drain ---- */

static int drain(struct leash__stream *stream, struct leash__task *task, struct leash_site *site)
{
    if (stream->error)
        return stream->error;
    if (stream->closing && leash__yield(task))
        return leash__cancelled_here(task);
    if (!stream->wire)
        return stream->error ? stream->error : -ECONNRESET;
    if (!stream->full)
        return 0;
    if (leash__stream_wait(stream, &stream->drainers, site))
        return leash__cancelled_here(task);
    return stream->error;
}

int leash__stream_drain(leash_stream_t handle, struct leash_site *site)
{
    int rc;
    struct leash__task *task = leash__task_needed("leash_stream_drain", site);
    if (!task)
        return -errno;
    struct leash__stream *stream = leash__stream_of(handle, "leash_stream_drain", site, &rc);
    if (!stream)
        return rc < 0 ? rc : leash__refused(-ECONNRESET, "leash_stream_drain: the stream is closed");
    leash__stream_enter(stream);
    rc = drain(stream, task, site);
    leash__stream_leave(stream);
    return rc;
}

/* ---- the end of what is written ---- */

static bool is_socket(int fd)
{
    int type;
    socklen_t size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

int leash_stream_write_eof(leash_stream_t handle)
{
    int rc;
    struct leash__stream *stream = leash__stream_of(handle, "leash_stream_write_eof", NULL, &rc);
    if (!stream)
        return rc < 0 ? rc : leash__refused(-EPIPE, "leash_stream_write_eof: the stream is closed");
    if (stream->error || stream->ends)
        return stream->error;
    if (stream->closing)
        return leash__refused(-EPIPE, "leash_stream_write_eof: the stream is closed");
    if (!is_socket(stream->fd))
        return leash__refused(-ENOTSUP, "leash_stream_write_eof: \"%s\" is no socket, and ends when it is closed",
                              leash__waitable_name(&stream->base));
    stream->ends = true;
    if (stream->unsent == 0)
        tell_the_end(stream);
    return stream->error;
}

/* ---- marks ---- */

int leash_stream_unsent(leash_stream_t handle)
{
    int error;
    const struct leash__stream *stream = leash__stream_of(handle, "leash_stream_unsent", NULL, &error);
    if (!stream)
        return error;
    return stream->unsent < INT_MAX ? (int)stream->unsent : INT_MAX;
}

int leash_stream_set_write_limits(leash_stream_t handle, size_t low, size_t high)
{
    int error;
    struct leash__stream *stream = leash__stream_of(handle, "leash_stream_set_write_limits", NULL, &error);
    if (!stream)
        return error;
    if (low > high)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL,
                             "leash_stream_set_write_limits: low (%zu) is more than high (%zu)", low, high);
    stream->low = low;
    stream->high = high;
    pause_if_full(stream);
    return 0;
}
