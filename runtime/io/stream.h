/* Streams: their state, shared by what makes, reads, writes and ends them.
 *
 *     leash_stream_t --> cell --> stream -- wire --> libuv's handle, and what waits to be sent
 *
 * A stream is over when the program has closed it, its wire is gone, and no task is in a call that waits for it. */
#ifndef LEASH_IO_STREAM_H
#define LEASH_IO_STREAM_H

#include <leash/stream.h>

#include "cell.h"
#include "inbuf.h"
#include "line.h"
#include "wire.h"

/* What every read and write looks at comes first, together: of thousands of streams none is in the cache. */
struct leash__stream {
    struct leash__waitable base;
    struct leash__reactor *reactor;
    struct leash__wire *wire; /* NULL: its descriptor is closed */
    int fd;                   /* valid while there is a wire that has one */
    int error;                /* what it was lost with; 0: it was not */
    unsigned users;           /* tasks in a call that may wait */
    bool closing;             /* the program closed it */
    bool polled;              /* libuv tells what comes in */
    bool paused;              /* ... and was told to stop, because too much has */
    bool dry;                 /* all that had come was taken: trying again before libuv tells is in vain */
    bool eof;
    bool full;                  /* `unsent` went over `high`, and not yet down to `low` */
    bool ends;                  /* write_eof was called */
    bool ended;                 /* ... and the peer was told */
    struct leash__node readers; /* the one that waits for bytes */
    struct leash__inbuf in;
    size_t unsent; /* in the wire's chunks */

    size_t limit;
    size_t low, high;
    struct leash__node drainers;
    struct leash__node closers;  /* wait for its end */
    void (*on_end)(void *owner); /* when it goes; NULL: nobody asks */
    void *owner;
};

extern const struct leash__waitable_type leash__stream_type;

/* A new stream with a wire of `type` that has no descriptor yet. NULL: no memory. */
struct leash__stream *leash__stream_new(struct leash__reactor *reactor, uv_handle_type type, const char *name,
                                        struct leash_site *site);
/* Gives a new stream a descriptor. On failure the stream is gone and the descriptor still the caller's. */
int leash__stream_adopt(struct leash__stream *stream, int fd);
static inline leash_stream_t leash__stream_handle(const struct leash__stream *stream)
{
    return leash__cell_handle(stream->base.cell, LEASH__HANDLE_OBJECT);
}
/* The stream of a handle; NULL: *error is 0 if it was closed before, else it is -EINVAL, -EPERM, and said. */
struct leash__stream *leash__stream_of(leash_stream_t handle, const char *call, struct leash_site *site, int *error);

/* The task waits in one of the stream's lines; true if it was cancelled. Between enter and leave only. */
static inline __attribute__((always_inline)) bool leash__stream_wait(struct leash__stream *stream,
                                                                     struct leash__node *line, struct leash_site *site)
{
    struct leash__waiter waiter;
    unsigned hope = stream->polled; /* else only what libuv counts itself can end it, or another task */
    stream->reactor->hopes += hope;
    bool cancelled = leash__line_wait(&stream->base, line, &waiter, site);
    stream->reactor->hopes -= hope;
    return cancelled;
}
static inline void leash__stream_enter(struct leash__stream *stream)
{
    stream->users++;
}
void leash__stream_end(struct leash__stream *stream);
static inline bool leash__stream_is_over(const struct leash__stream *stream)
{
    return stream->closing && !stream->wire && stream->users == 0;
}
static inline void leash__stream_leave(struct leash__stream *stream)
{
    stream->users--;
    if (__builtin_expect(leash__stream_is_over(stream), 0))
        leash__stream_end(stream);
}

/* Its descriptor broke: closes it, keeps the error and tells all who wait. */
void leash__stream_lost(struct leash__stream *stream, int error);
/* Close and abort. */
void leash__stream_close(struct leash__stream *stream, bool at_once);
/* connection_lost(): it broke, or all is sent of one that the program closed. */
void leash__stream_disconnect(struct leash__stream *stream);

#endif
