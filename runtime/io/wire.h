/* Wires: what libuv has of a stream: its handle, and the bytes that it still sends. libuv lets go of a handle some time
 * after it was told to: a wire has memory of its own, and outlives its stream. */
#ifndef LEASH_IO_WIRE_H
#define LEASH_IO_WIRE_H

#include "reactor.h"

struct leash__stream;

/* Bytes that wait to be sent, in memory that does not move. */
struct leash__chunk {
    struct leash__chunk *next;
    size_t begin, end, capacity;
    char data[];
};

struct leash__wire {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    union {
        uv_connect_t connect;
        uv_write_t write;
    } request;                         /* there is one at a time */
    struct leash__stream *stream;      /* NULL: it is gone, and libuv has yet to let go */
    int fd;                            /* -1: none yet */
    struct leash__chunk *first, *last; /* waits to be sent */
    size_t flying;                     /* how much of the first chunk libuv has in hand */
};

/* A wire without a descriptor; `type` is UV_TCP or UV_NAMED_PIPE. Nobody waits for it: to libuv it is no reason to go
 * on (uv_ref changes that). NULL: no memory. */
struct leash__wire *leash__wire_new(struct leash__reactor *reactor, uv_handle_type type);
/* Gives it a descriptor; on failure that is still the caller's. 0, -errno. */
int leash__wire_open(struct leash__wire *wire, int fd);
/* A connection was made: the descriptor is libuv's own choice. */
void leash__wire_connected(struct leash__wire *wire);
/* Closes the descriptor, drops what was not sent, and frees the wire when libuv lets go. */
void leash__wire_close(struct leash__wire *wire);
/* Keeps a copy of bytes to send. 0, -ENOMEM: none was kept. */
int leash__wire_keep(struct leash__wire *wire, const char *data, size_t n);

#endif
