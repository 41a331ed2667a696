/* Algorithm: CPython 3.11's StreamReader (Lib/asyncio/streams.py), but for where bytes are: a task takes them from the
 * descriptor itself, into the memory it asked for, and libuv only wakes it. While no task waits libuv receives ahead,
 * as far as the limit allows. */
#include "receive.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "await.h"
#include "line.h"
#include "misuse.h"

/* ---- from libuv ---- */

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
    if (!leash__stream_is_awaited(stream))
        room->base = leash__inbuf_room(&stream->in, &stream->reactor->spare, LEASH__AHEAD, &room->len);
}

static void ready(struct leash__stream *stream)
{
    stream->dry = false;
    if (leash__stream_is_awaited(stream))
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

int leash__stream_poll(struct leash__stream *stream)
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

int leash__stream_take(struct leash__stream *stream, char *into, size_t room)
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

int leash__stream_wait_for_bytes(struct leash__stream *stream, struct leash_site *site)
{
    int rc = leash__stream_poll(stream);
    if (rc < 0)
        return rc;
    leash__inbuf_rest(&stream->in, &stream->reactor->spare);
    if (leash__stream_wait(stream, &stream->readers, site))
        return leash__cancelled_here(stream->reactor->loop->current);
    return 0;
}

int leash__stream_receive(struct leash__stream *stream, size_t least, struct leash_site *site)
{
    for (;;) {
        size_t room;
        char *into = leash__inbuf_room(&stream->in, &stream->reactor->spare, least, &room);
        if (!into)
            return leash__refused(-ENOMEM, "no memory for what stream \"%s\" receives",
                                  leash__waitable_name(&stream->base));
        int n = leash__stream_take(stream, into, room < INT_MAX ? room : INT_MAX);
        if (n > 0)
            stream->in.end += (size_t)n;
        if (n != -EAGAIN)
            return n;
        n = leash__stream_wait_for_bytes(stream, site);
        if (n < 0)
            return n;
    }
}
