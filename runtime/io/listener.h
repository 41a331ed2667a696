/* Listeners: sockets that wait for connections, one an address of a server. */
#ifndef LEASH_IO_LISTENER_H
#define LEASH_IO_LISTENER_H

#include <sys/socket.h>

#include "reactor.h"

struct leash__server;

/* Has memory of its own: libuv lets go of its handle later. */
struct leash__listener {
    uv_poll_t poll;
    struct leash__listener *next;
    struct leash__server *server; /* NULL: it is gone, and libuv has yet to let go */
    struct sockaddr_storage address;
    int fd;
    bool polled;
};

struct leash__listening {
    int backlog;
    bool reuse_address, reuse_port;
};

/* Listens at an address; `address` of the result has the port that the system chose. 0, -errno. */
int leash__listener_new(struct leash__reactor *reactor, const struct sockaddr_storage *address,
                        const struct leash__listening *how, struct leash__listener **out);
/* Stops listening at all addresses of a list; frees its listeners when libuv lets go. */
void leash__listeners_close(struct leash__listener **first);
/* Calls on_event when there is a connection, or the socket broke; until stopped. 0, -errno. */
int leash__listener_poll(struct leash__listener *listener, uv_poll_cb on_event);
void leash__listener_stop(struct leash__listener *listener);
/* The descriptor of a connection, non-blocking, and its peer. -EAGAIN there is none; -EMFILE, ...: none can be had. */
int leash__listener_accept(const struct leash__listener *listener, struct sockaddr_storage *peer, socklen_t *size);

#endif
