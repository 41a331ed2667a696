/* Algorithm: CPython 3.11's _SelectorTransport and FlowControlMixin (Lib/asyncio/selector_events.py, streams.py): who
 * is told of the end, in which order. */
#include "stream.h"

#include <errno.h>

#include "await.h"
#include "closable.h"
#include "future.h"
#include "line.h"
#include "misuse.h"

enum { LIMIT = 65536, LOW = 16384, HIGH = 65536 };

/* ---- its type ---- */

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    struct leash__stream *stream = (struct leash__stream *)waitable;
    leash__list_init(&stream->closers);
    leash__list_init(&stream->readers);
    leash__list_init(&stream->drainers);
    stream->limit = LIMIT;
    stream->low = LOW;
    stream->high = HIGH;
}

static void end(struct leash__waitable *waitable)
{
    struct leash__stream *stream = (struct leash__stream *)waitable;
    if (stream->wire)
        leash__wire_close(stream->wire);
    leash__inbuf_free(&stream->in);
    if (stream->on_end)
        stream->on_end(stream->owner);
}

static unsigned facts(const struct leash__waitable *waitable)
{
    const struct leash__stream *stream = (const struct leash__stream *)waitable;
    return stream->wire && !stream->closing ? LEASH_FACT_LEFT_OPEN : 0;
}

const struct leash__waitable_type leash__stream_type = {.kind = LEASH_OBJECT_DESCRIPTOR,
                                                        .name = "stream",
                                                        .size = sizeof(struct leash__stream),
                                                        .begin = begin,
                                                        .end = end,
                                                        .facts = facts};

struct leash__stream *leash__stream_new(struct leash__reactor *reactor, uv_handle_type type, const char *name,
                                        struct leash_site *site)
{
    struct leash__wire *wire = leash__wire_new(reactor, type);
    struct leash__waitable *waitable =
        wire ? leash__waitable_new(reactor->loop, &leash__stream_type, name, site) : NULL;
    struct leash__stream *stream = (struct leash__stream *)waitable;
    if (!stream) {
        if (wire)
            leash__wire_close(wire);
        return NULL;
    }
    stream->reactor = reactor;
    stream->wire = wire;
    wire->stream = stream;
    leash__reactor_takes_sigpipe(reactor);
    return stream;
}

int leash__stream_adopt(struct leash__stream *stream, int fd)
{
    int rc = leash__wire_open(stream->wire, fd);
    if (rc < 0)
        leash__waitable_end(&stream->base, rc);
    else
        stream->fd = fd;
    return rc;
}

struct leash__stream *leash__stream_of(leash_stream_t handle, const char *call, struct leash_site *site, int *error)
{
    return (struct leash__stream *)leash__closable_of(handle, &leash__stream_type, call, site, error);
}

void leash__stream_end(struct leash__stream *stream)
{
    leash__waitable_end(&stream->base, stream->error);
}

/* ---- the end ---- */

void leash__stream_disconnect(struct leash__stream *stream)
{
    struct leash__loop *loop = stream->reactor->loop;
    if (stream->wire)
        leash__wire_close(stream->wire);
    stream->wire = NULL;
    stream->polled = stream->full = false;
    stream->unsent = 0;
    leash__line_wake_all(loop, &stream->readers);
    leash__line_wake_all(loop, &stream->closers);
    leash__line_wake_all(loop, &stream->drainers);
    if (leash__stream_is_over(stream))
        leash__stream_end(stream);
}

void leash__stream_lost(struct leash__stream *stream, int error)
{
    stream->error = error;
    leash__stream_disconnect(stream);
}

void leash__stream_close(struct leash__stream *stream, bool at_once)
{
    if (stream->closing && !at_once)
        return;
    stream->closing = true;
    leash__inbuf_free(&stream->in);
    if (stream->polled)
        uv_read_stop(&stream->wire->uv.stream);
    stream->polled = false;
    if (at_once || stream->unsent == 0)
        leash__stream_disconnect(stream);
}

static int close_handle(leash_stream_t handle, const char *call, bool at_once)
{
    int error;
    struct leash__stream *stream = leash__stream_of(handle, call, NULL, &error);
    if (stream)
        leash__stream_close(stream, at_once);
    return error;
}

int leash_stream_close(leash_stream_t handle)
{
    return close_handle(handle, "leash_stream_close", false);
}

int leash_stream_abort(leash_stream_t handle)
{
    return close_handle(handle, "leash_stream_abort", true);
}

int leash_stream_is_closing(leash_stream_t handle)
{
    int error;
    const struct leash__stream *stream = leash__stream_of(handle, "leash_stream_is_closing", NULL, &error);
    return stream ? stream->closing || !stream->wire : error < 0 ? error : 1;
}

static int wait_closed(struct leash__stream *stream, struct leash__task *task, struct leash_site *site)
{
    bool cancelled = stream->wire && leash__stream_wait(stream, &stream->closers, site);
    return cancelled ? leash__cancelled_here(task) : stream->error;
}

int leash__stream_wait_closed(leash_stream_t handle, struct leash_site *site)
{
    int rc;
    struct leash__task *task = leash__task_needed("leash_stream_wait_closed", site);
    if (!task)
        return -errno;
    struct leash__stream *stream = leash__stream_of(handle, "leash_stream_wait_closed", site, &rc);
    if (!stream)
        return rc;
    leash__stream_enter(stream);
    rc = wait_closed(stream, task, site);
    leash__stream_leave(stream);
    return rc;
}
