/* Algorithm: CPython 3.11's StreamReader (Lib/asyncio/streams.py), statement by statement, but for where bytes are: a
 * task takes them from the descriptor itself, into the memory it asked for, and libuv only wakes it. While no task
 * waits libuv receives ahead, as far as the limit allows. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "await.h"
#include "line.h"
#include "misuse.h"
#include "stream.h"

enum { AHEAD = 4096, LIMIT_MAX = 256 << 20 };

/* ---- from libuv ---- */

static bool is_awaited(const struct leash__stream *stream)
{
    return !leash__list_empty(&stream->readers);
}

static void stop(struct leash__stream *stream)
{
    uv_read_stop(&stream->wire->uv.stream);
    stream->polled = false;
}

/* Without room libuv reads nothing, and tells so: enough for a task that waits. */
static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
    const struct leash__wire *wire = handle->data;
    struct leash__stream *stream = wire->stream;
    (void)suggested;
    *room = uv_buf_init(NULL, 0);
    if (!is_awaited(stream))
        room->base = leash__inbuf_room(&stream->in, &stream->reactor->spare, AHEAD, &room->len);
}

static void ready(struct leash__stream *stream)
{
    stream->dry = false;
    if (is_awaited(stream))
        leash__line_wake_next(stream->reactor->loop, &stream->readers);
    else
        stop(stream); /* no memory: who reads next tries anew */
}

/* feed_data() */
static void received(struct leash__stream *stream, size_t n, size_t room)
{
    stream->in.end += n;
    stream->dry = n < room;
    if (leash__inbuf_size(&stream->in) > 2 * stream->limit) {
        stop(stream);
        stream->paused = true;
    }
}

static void on_read(uv_stream_t *handle, ssize_t n, const uv_buf_t *room)
{
    const struct leash__wire *wire = handle->data;
    struct leash__stream *stream = wire->stream;
    if (n > 0) {
        received(stream, (size_t)n, room->len);
    } else if (n == UV_ENOBUFS) {
        ready(stream);
    } else if (n == UV_EOF) {
        stream->eof = true;
        stream->polled = false; /* libuv has stopped */
        leash__line_wake_all(stream->reactor->loop, &stream->readers);
    } else if (n < 0) {
        leash__stream_lost(stream, leash__uv_error((int)n));
    }
}

static int poll_it(struct leash__stream *stream)
{
    stream->paused = false;
    if (stream->polled)
        return 0;
    int rc = uv_read_start(&stream->wire->uv.stream, on_room, on_read);
    if (rc < 0)
        return leash__uv_error(rc);
    stream->polled = true;
    return 0;
}

/* ---- from the descriptor ---- */

static int broke(struct leash__stream *stream, int error)
{
    if (error != -EBADF) /* it is open for writing only */
        leash__stream_lost(stream, error);
    return error;
}

static int at_the_end(struct leash__stream *stream)
{
    stream->eof = true;
    if (stream->polled)
        stop(stream);
    return 0;
}

/* What is there now. > 0 how many; 0 the end; -EAGAIN nothing; -errno. */
static int take(struct leash__stream *stream, char *into, size_t room)
{
    ssize_t n;
    if (stream->error || stream->eof || stream->closing)
        return stream->error;
    if (stream->dry)
        return -EAGAIN;
    do
        n = read(stream->wire->fd, into, room);
    while (n < 0 && errno == EINTR);
    stream->dry = n < (ssize_t)room;
    if (n > 0)
        return (int)n;
    if (n == 0)
        return at_the_end(stream);
    return errno == EAGAIN ? -EAGAIN : broke(stream, -errno);
}

static int wait_for_bytes(struct leash__stream *stream, struct leash_site *site)
{
    int rc = poll_it(stream);
    if (rc < 0)
        return rc;
    leash__inbuf_rest(&stream->in, &stream->reactor->spare);
    if (leash__stream_wait(stream, &stream->readers, site))
        return leash__cancelled_here(stream->reactor->loop->current);
    return 0;
}

/* Adds to what is buffered, with room for `least` bytes. > 0 how many; 0 the end; -errno. */
static int receive(struct leash__stream *stream, size_t least, struct leash_site *site)
{
    for (;;) {
        size_t room;
        char *into = leash__inbuf_room(&stream->in, &stream->reactor->spare, least, &room);
        if (!into)
            return leash__refused(-ENOMEM, "no memory for what stream \"%s\" receives",
                                  leash__waitable_name(&stream->base));
        int n = take(stream, into, room < INT_MAX ? room : INT_MAX);
        if (n > 0)
            stream->in.end += (size_t)n;
        if (n != -EAGAIN)
            return n;
        n = wait_for_bytes(stream, site);
        if (n < 0)
            return n;
    }
}

/* ---- one reader at a time ---- */

/* What a call that reads begins with. NULL: *rc is its answer, 0 for the end. */
static struct leash__stream *begin(leash_stream_t handle, const char *call, struct leash_site *site, int *rc)
{
    if (!leash__task_needed(call, site)) {
        *rc = -errno;
        return NULL;
    }
    struct leash__stream *stream = leash__stream_of(handle, call, site, rc);
    if (!stream || stream->closing)
        return NULL;
    if (is_awaited(stream)) {
        *rc = leash__misuse(LEASH_MISUSE_INVALID, site, -EBUSY,
                            "%s: another task waits for the bytes of stream \"%s\"; only one can have them", call,
                            leash__waitable_name(&stream->base));
        return NULL;
    }
    leash__inbuf_take_back(&stream->in);
    *rc = stream->error;
    if (*rc < 0)
        return NULL;
    leash__stream_enter(stream);
    return stream;
}

/* _maybe_resume_transport() */
static void resume(struct leash__stream *stream)
{
    if (stream->paused && leash__inbuf_size(&stream->in) <= stream->limit && stream->wire)
        poll_it(stream); /* if it cannot, the next that waits is told */
}

static int give(struct leash__stream *stream, void *buffer, size_t n)
{
    memcpy(buffer, stream->in.memory + stream->in.begin, n);
    leash__inbuf_consume(&stream->in, n);
    resume(stream);
    return (int)n;
}

/* ---- read, readexactly ---- */

static int read_some(struct leash__stream *stream, char *buffer, size_t n, struct leash_site *site)
{
    size_t size = leash__inbuf_size(&stream->in);
    if (size > 0)
        return give(stream, buffer, size < n ? size : n);
    for (;;) {
        int got = take(stream, buffer, n);
        if (got != -EAGAIN)
            return got;
        got = wait_for_bytes(stream, site);
        if (got < 0)
            return got;
    }
}

int leash__stream_read(leash_stream_t handle, void *buffer, size_t n, struct leash_site *site)
{
    int rc;
    struct leash__stream *stream = begin(handle, "leash_stream_read", site, &rc);
    if (!stream)
        return rc;
    rc = n ? read_some(stream, buffer, n < INT_MAX ? n : INT_MAX, site) : 0;
    leash__stream_leave(stream);
    return rc;
}

static int incomplete(struct leash__stream *stream, const char *call, const char *wanted)
{
    return leash__refused(-ENODATA, "%s: the end came after %zu bytes, before %s", call, leash__inbuf_size(&stream->in),
                          wanted);
}

static int read_exactly(struct leash__stream *stream, void *buffer, size_t n, struct leash_site *site)
{
    size_t size;
    while ((size = leash__inbuf_size(&stream->in)) < n) {
        int rc = receive(stream, n - size, site);
        if (rc == 0)
            return incomplete(stream, "leash_stream_readexactly", "all that was asked for");
        if (rc < 0)
            return rc;
    }
    return give(stream, buffer, n);
}

int leash__stream_readexactly(leash_stream_t handle, void *buffer, size_t n, struct leash_site *site)
{
    int rc;
    if (n > INT_MAX)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_stream_readexactly: %zu bytes are too many",
                             n);
    struct leash__stream *stream = begin(handle, "leash_stream_readexactly", site, &rc);
    if (!stream)
        return rc == 0 && n > 0 ? -ENODATA : rc;
    rc = n ? read_exactly(stream, buffer, n, site) : 0;
    leash__stream_leave(stream);
    return rc;
}

/* ---- readuntil, readline ---- */

/* How long it is, separator included; -ENODATA the end came; -EMSGSIZE: *found is where a separator is, or how many
 * bytes are known to be without one. */
static int find(struct leash__stream *stream, const void *separator, size_t length, size_t *found,
                struct leash_site *site)
{
    for (size_t offset = 0;;) { /* before it there is none */
        const struct leash__inbuf *in = &stream->in;
        size_t size = leash__inbuf_size(in);
        if (size >= offset + length) {
            const char *from = in->memory + in->begin;
            const char *at = memmem(from + offset, size - offset, separator, length);
            offset = *found = at ? (size_t)(at - from) : size + 1 - length;
            if (offset > stream->limit)
                return -EMSGSIZE;
            if (at)
                return (int)(offset + length);
        }
        int rc = stream->eof ? 0 : receive(stream, AHEAD, site);
        if (rc <= 0)
            return rc == 0 ? -ENODATA : rc;
    }
}

static int lend(struct leash__stream *stream, size_t n, const char **data)
{
    *data = leash__inbuf_lend(&stream->in, n);
    resume(stream);
    return (int)n;
}

static int too_long(const struct leash__stream *stream, const char *call)
{
    return leash__refused(-EMSGSIZE,
                          "%s: no separator within the limit of %zu bytes; see leash_stream_set_read_limit()", call,
                          stream->limit);
}

static int read_until(struct leash__stream *stream, const void *separator, size_t length, const char **data,
                      struct leash_site *site)
{
    size_t found;
    int rc = find(stream, separator, length, &found, site);
    if (rc == -EMSGSIZE)
        return too_long(stream, "leash_stream_readuntil");
    if (rc == -ENODATA)
        return incomplete(stream, "leash_stream_readuntil", "the separator");
    return rc < 0 ? rc : lend(stream, (size_t)rc, data);
}

int leash__stream_readuntil(leash_stream_t handle, const void *separator, size_t length, const char **data,
                            struct leash_site *site)
{
    int rc;
    if (length == 0 || length > LIMIT_MAX)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL,
                             "leash_stream_readuntil: a separator has at least one byte, and no more than %d",
                             LIMIT_MAX);
    struct leash__stream *stream = begin(handle, "leash_stream_readuntil", site, &rc);
    if (!stream)
        return rc == 0 ? -ENODATA : rc;
    rc = read_until(stream, separator, length, data, site);
    leash__stream_leave(stream);
    return rc;
}

static int read_line(struct leash__stream *stream, const char **data, struct leash_site *site)
{
    size_t found;
    int rc = find(stream, "\n", 1, &found, site);
    if (rc == -EMSGSIZE) {
        size_t size = leash__inbuf_size(&stream->in);
        leash__inbuf_consume(&stream->in, found < size ? found + 1 : size);
        resume(stream);
        return too_long(stream, "leash_stream_readline");
    }
    if (rc == -ENODATA)
        rc = (int)leash__inbuf_size(&stream->in); /* "return e.partial" */
    return rc > 0 ? lend(stream, (size_t)rc, data) : rc;
}

int leash__stream_readline(leash_stream_t handle, const char **data, struct leash_site *site)
{
    int rc;
    struct leash__stream *stream = begin(handle, "leash_stream_readline", site, &rc);
    if (!stream)
        return rc;
    rc = read_line(stream, data, site);
    leash__stream_leave(stream);
    return rc;
}

/* ---- what is there ---- */

int leash_stream_at_eof(leash_stream_t handle)
{
    int error;
    const struct leash__stream *stream = leash__stream_of(handle, "leash_stream_at_eof", NULL, &error);
    if (!stream)
        return error < 0 ? error : 1;
    return stream->closing || (stream->eof && leash__inbuf_size(&stream->in) == 0);
}

int leash_stream_buffered(leash_stream_t handle)
{
    int error;
    const struct leash__stream *stream = leash__stream_of(handle, "leash_stream_buffered", NULL, &error);
    return stream ? (int)leash__inbuf_size(&stream->in) : error;
}

int leash_stream_set_read_limit(leash_stream_t handle, size_t limit)
{
    int error;
    if (limit == 0 || limit > LIMIT_MAX)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL,
                             "leash_stream_set_read_limit: the limit is from 1 to %d bytes", LIMIT_MAX);
    struct leash__stream *stream = leash__stream_of(handle, "leash_stream_set_read_limit", NULL, &error);
    if (stream)
        stream->limit = limit;
    return error;
}
