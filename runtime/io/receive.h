/* What a stream receives: from the descriptor to a task, or ahead of it. */
#ifndef LEASH_IO_RECEIVE_H
#define LEASH_IO_RECEIVE_H

#include "stream.h"

enum { LEASH__AHEAD = 4096 }; /* room for what comes, at least */

static inline bool leash__stream_is_awaited(const struct leash__stream *stream)
{
    return !leash__list_empty(&stream->readers);
}
/* Lets libuv tell what comes in. 0, -errno. */
int leash__stream_poll(struct leash__stream *stream);
/* What is there now, into memory of the caller's. > 0 how many; 0 the end; -EAGAIN nothing; -errno. */
int leash__stream_take(struct leash__stream *stream, char *into, size_t room);
/* Waits until there may be something. 0; -ECANCELED; -errno. */
int leash__stream_wait_for_bytes(struct leash__stream *stream, struct leash_site *site);
/* Adds to what is buffered, with room for `least` bytes; waits while there is nothing. > 0 how many; 0 the end; -errno.
 */
int leash__stream_receive(struct leash__stream *stream, size_t least, struct leash_site *site);

#endif
