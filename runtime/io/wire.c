#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct leash__wire *leash__wire_new(struct leash__reactor *reactor, uv_handle_type type)
{
    struct leash__wire *wire = calloc(1, sizeof *wire);
    if (!wire)
        return NULL;
    wire->fd = -1;
    if (type == UV_TCP)
        uv_tcp_init(&reactor->uv, &wire->uv.tcp);
    else
        uv_pipe_init(&reactor->uv, &wire->uv.pipe, 0);
    wire->uv.handle.data = wire;
    uv_unref(&wire->uv.handle);
    return wire;
}

int leash__wire_open(struct leash__wire *wire, int fd)
{
    int rc = wire->uv.handle.type == UV_TCP ? uv_tcp_open(&wire->uv.tcp, fd) : uv_pipe_open(&wire->uv.pipe, fd);
    if (rc < 0)
        return leash__uv_error(rc == UV_EEXIST ? UV_EBUSY : rc);
    wire->fd = fd;
    if (wire->uv.handle.type == UV_TCP)
        uv_tcp_nodelay(&wire->uv.tcp, 1);
    return 0;
}

void leash__wire_connected(struct leash__wire *wire)
{
    uv_fileno(&wire->uv.handle, &wire->fd);
    if (wire->uv.handle.type == UV_TCP)
        uv_tcp_nodelay(&wire->uv.tcp, 1);
}

static void on_closed(uv_handle_t *handle)
{
    struct leash__wire *wire = handle->data;
    while (wire->first) {
        struct leash__chunk *chunk = wire->first;
        wire->first = chunk->next;
        free(chunk);
    }
    free(wire);
}

void leash__wire_close(struct leash__wire *wire)
{
    wire->stream = NULL;
    uv_close(&wire->uv.handle, on_closed);
}

int leash__wire_keep(struct leash__wire *wire, const char *data, size_t n)
{
    enum { CHUNK = 16384 - sizeof(struct leash__chunk) };
    struct leash__chunk *last = wire->last;
    size_t here = last ? last->capacity - last->end : 0, rest = n > here ? n - here : 0;
    here = n - rest;
    if (rest) {
        size_t capacity = rest > CHUNK ? rest : CHUNK;
        struct leash__chunk *more = malloc(sizeof *more + capacity);
        if (!more)
            return -ENOMEM;
        *more = (struct leash__chunk){.end = rest, .capacity = capacity};
        memcpy(more->data, data + here, rest);
        *(last ? &last->next : &wire->first) = more;
        wire->last = more;
    }
    if (here) {
        memcpy(last->data + last->end, data, here);
        last->end += here;
    }
    return 0;
}
