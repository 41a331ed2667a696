/* What a stream receives: from the descriptor to a task, or ahead of it. */
#ifndef LEASH_IO_RECEIVE_H
#define LEASH_IO_RECEIVE_H

#include <errno.h>
#include <unistd.h>

#include "await.h"
#include "stream.h"

enum { LEASH__AHEAD = 4096 }; /* room for what comes, at least */

static inline bool leash__stream_is_awaited(const struct leash__stream *stream)
{
    return !leash__list_empty(&stream->readers);
}
/* Lets libuv tell what comes in. 0, -errno. */
int leash__stream_poll(struct leash__stream *stream);
/* What read(2) told when it did not bring bytes: 0 the end; -EAGAIN nothing; -errno. */
int leash__stream_no_bytes(struct leash__stream *stream, ssize_t n);
/* What is there now, into memory of the caller's. > 0 how many; 0 the end; -EAGAIN nothing; -errno. Inline, as is the
 * wait: after a switch, and after a system call, the processor guesses every return wrong. */
static inline __attribute__((always_inline)) int leash__stream_take(struct leash__stream *stream, char *into,
                                                                    size_t room)
{
    ssize_t n;
    if (stream->error || stream->eof || stream->closing)
        return stream->error;
    if (stream->dry)
        return -EAGAIN;
    __builtin_prefetch(stream->base.cell); /* what comes is answered next: the handle leads there */
    __builtin_prefetch(&stream->base.cell->arg);
    do
        n = read(stream->fd, into, room);
    while (__builtin_expect(n < 0, 0) && errno == EINTR);
    stream->dry = n < (ssize_t)room;
    return __builtin_expect(n > 0, 1) ? (int)n : leash__stream_no_bytes(stream, n);
}
/* Waits until there may be something. 0; -ECANCELED; -errno. */
static inline __attribute__((always_inline)) int leash__stream_wait_for_bytes(struct leash__stream *stream,
                                                                              struct leash_site *site)
{
    int rc = stream->polled ? 0 : leash__stream_poll(stream);
    if (rc < 0)
        return rc;
    if (stream->in.memory)
        leash__inbuf_rest(&stream->in, &stream->reactor->spare);
    if (leash__stream_wait(stream, &stream->readers, site))
        return leash__cancelled_here(stream->reactor->loop->current);
    return 0;
}
/* Adds to what is buffered, with room for `least` bytes; waits while there is nothing. > 0 how many; 0 the end; -errno.
 */
int leash__stream_receive(struct leash__stream *stream, size_t least, struct leash_site *site);

#endif
