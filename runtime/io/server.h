/* Servers: their state, shared by what makes, serves and ends them.
 *
 *     leash_server_t --> cell --> server -- listeners --> sockets
 *                                  '------ connections --> task, stream
 *
 * A server is over when it is closed, no connection is left, and no task is in a call that waits for it. */
#ifndef LEASH_IO_SERVER_H
#define LEASH_IO_SERVER_H

#include <leash/server.h>

#include "listener.h"
#include "stream.h"

struct leash__server {
    struct leash__waitable base;
    struct leash__reactor *reactor;
    struct leash__listener *listeners; /* NULL: it is closed */
    char *path;                        /* of a Unix socket, else NULL: removed if it is still that file */
    uint64_t device, inode;
    leash_connection_fn_t fn; /* NULL: connections are accepted by hand */
    void *arg;
    struct leash_site *site;
    struct leash_server_options options;
    struct leash__node connections; /* struct leash__connection */
    unsigned count;                 /* ... how many */
    struct leash__node acceptors;   /* wait for a connection */
    struct leash__node closers;     /* wait for the end of all */
    struct leash__node forever;     /* the one in serve_forever */
    struct leash__timer rest;       /* armed while nothing can be accepted */
    bool told;                      /* ... and that was said */
    bool closing;
    unsigned users;   /* tasks in a call that may wait */
    unsigned waiting; /* ... that wait for a connection */
};

/* One a connection of a server that serves by itself; on its list until both have ended. */
struct leash__connection {
    struct leash__node node;
    struct leash__server *server;
    struct leash__stream *stream;    /* NULL: it is closed */
    struct leash__cell *cell;        /* the task's; NULL: it has ended */
    struct leash__callback finished; /* in the task's list */
};

extern const struct leash__waitable_type leash__server_type;

/* The server of a handle; NULL: *error is 0 if it is gone, else it is -EINVAL, -EPERM, and said. */
struct leash__server *leash__server_of(leash_server_t handle, const char *call, struct leash_site *site, int *error);
/* Leaves a call that may wait; it may be over then. */
void leash__server_leave(struct leash__server *server);
/* A connection has ended. */
void leash__server_connection_ended(struct leash__server *server);

/* The next connection of a listener. 0; -EAGAIN there is none; -EMFILE, ...: none can be had. */
int leash__server_take(struct leash__server *server, const struct leash__listener *listener,
                       struct leash__stream **stream);
/* Begins to serve by itself (server_serve.c). 0, -errno. */
int leash__server_serve(struct leash__server *server);
/* Cancels the tasks of all connections; how many. */
int leash__server_cancel_all(struct leash__server *server, const char *message, struct leash_site *site);
/* At the end of its loop: what is left of its connections. */
void leash__server_forget_connections(struct leash__server *server);

#endif
