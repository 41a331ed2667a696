/* Algorithm: CPython 3.11's StreamReader (Lib/asyncio/streams.py), statement by statement. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "misuse.h"
#include "receive.h"
#include "task.h"

enum { LIMIT_MAX = 256 << 20 };

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
    if (leash__stream_is_awaited(stream)) {
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
        leash__stream_poll(stream); /* if it cannot, the next that waits is told */
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
        int got = leash__stream_take(stream, buffer, n);
        if (got != -EAGAIN)
            return got;
        got = leash__stream_wait_for_bytes(stream, site);
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
        int rc = leash__stream_receive(stream, n - size, site);
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
        int rc = stream->eof ? 0 : leash__stream_receive(stream, LEASH__AHEAD, site);
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
