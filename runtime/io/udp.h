/* UDP sockets: their state, shared by what opens and what uses them.
 *
 *     leash_udp_t --> cell --> udp --> watcher: libuv's handle, which it lets go of some time after it was told to
 *
 * A socket is over when the program has closed it and no task is in a call that waits for it. */
#ifndef LEASH_IO_UDP_H
#define LEASH_IO_UDP_H

#include <leash/udp.h>

#include "reactor.h"
#include "waitable.h"

struct leash__udp_watcher {
    uv_poll_t poll;
    struct leash__udp *udp; /* valid until libuv was told to let go */
};

struct leash__udp {
    struct leash__waitable base;
    struct leash__reactor *reactor;
    struct leash__udp_watcher *watcher; /* NULL: it is closed */
    int fd;                             /* likewise: -1 */
    unsigned polled;                    /* UV_READABLE, UV_WRITABLE: what libuv tells */
    unsigned waiting;                   /* tasks that do */
    unsigned users;                     /* tasks in a call that may wait */
    struct leash__node readers, writers;
    struct sockaddr_storage remote; /* AF_UNSPEC: it has none */
    bool connected;                 /* the kernel knows of the remote */
};

extern const struct leash__waitable_type leash__udp_type;

/* A new one; takes the descriptor over. NULL: no memory, or libuv's *error; it is still the caller's. */
struct leash__udp *leash__udp_new(struct leash__reactor *reactor, int fd, const char *name, struct leash_site *site,
                                  int *error);

/* The socket of a handle that is open. NULL: *rc is the call's answer, and said. */
struct leash__udp *leash__udp_of(leash_udp_t handle, const char *call, struct leash_site *site, int *rc);
/* Waits until the kernel has a datagram, or room for one (UV_READABLE, UV_WRITABLE). 0: perhaps it has; -ECANCELED;
 * -EBADF it was closed; said. Between users++ and leave only. */
int leash__udp_wait(struct leash__udp *udp, enum uv_poll_event event, const char *call, struct leash_site *site);
void leash__udp_leave(struct leash__udp *udp);

#endif
