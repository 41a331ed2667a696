/* Servers: who listens at an address. Each connection becomes a task of the server's, or is accepted by hand.
 *
 *     static int echo(leash_stream_t stream, void *arg) { ... }        // the stream is closed when it returns
 *
 *     leash_server_t server = leash_start_server("127.0.0.1", 8080, echo, NULL, NULL);
 *     return leash_server_serve_forever(server);                      // until this task is cancelled
 *
 * The tasks of connections are the server's: nobody has to await them, and none is found as lost or never joined.
 * leash_server_wait_closed waits for them. One that fails is told of to `failed` of the options; without that, its
 * failure is a finding (never-retrieved), as asyncio logs it, unless it only says that the peer went away (ECONNRESET,
 * EPIPE, ECONNABORTED, ETIMEDOUT). A server that is still open when main returns is told of as left open, and its
 * connections are pending.
 *
 * Semantics: CPython 3.11's start_server and Server (Lib/asyncio/base_events.py, streams.py), but that wait_closed
 * waits as it does from 3.12 on, and that serve_forever, when cancelled, also cancels the connections. All: the thread
 * of the server's loop (-EPERM otherwise). A server's handle lives until it is closed and its last connection has
 * ended. */
#ifndef LEASH_SERVER_H
#define LEASH_SERVER_H

#include <leash/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_server_ *leash_server_t;

/* What the task of a connection runs. `arg` is the server's. */
typedef int (*leash_connection_fn_t)(leash_stream_t stream, void *arg);

struct leash_server_options {
    size_t size;       /* sizeof(struct leash_server_options): start from LEASH_SERVER_OPTIONS_INIT */
    int backlog;       /* how many connections may wait to be accepted; 0: 100 */
    int exclusive;     /* 1: without SO_REUSEADDR: not while connections of an earlier server linger */
    int reuse_port;    /* 1: SO_REUSEPORT: several processes share the port */
    size_t read_limit; /* of the streams (leash_stream_set_read_limit); 0: 64 KiB */
    /* A connection's task failed with `code`; or none can be accepted now (-EMFILE, -ENFILE, -ENOBUFS, -ENOMEM): those
     * that come wait, and the server tries again after a second. Called outside of tasks: must not wait. NULL: see
     * above; and that none can be accepted is printed, unless report=0. */
    void (*failed)(int code, const char *message, void *arg);
};
#define LEASH_SERVER_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        sizeof(struct leash_server_options), 0, 0, 0, 0, (void (*)(int, const char *, void *))0                        \
    }

/* leash_start_server(host, port, fn, arg, options): listens at all addresses of host (NULL or "": of this machine) and
 * serves at once. Port 0: one that the system chooses, for each address. options may be NULL. Suspends for the look-up
 * of a name only. NULL and errno: EADDRINUSE, EADDRNOTAVAIL, EACCES; ENXIO, EAGAIN as leash_open_connection; EINVAL fn
 * is NULL, port not from 0 to 65535, or options without their size; ECANCELED; EPERM not inside a task; EMFILE,
 * ENFILE, ENOMEM. leash_last_error() names the address. */
#define leash_start_server(host, port, fn, arg, options)                                                               \
    leash__start_server((host), (port), (fn), (arg), (options), LEASH_SITE(#fn))
/* The same at a path. A socket that is left there is removed first, and the server's own when it closes. NULL and
 * errno: ENAMETOOLONG more than 107 bytes; EADDRINUSE there is something else; ENOENT, EACCES; and as above. */
#define leash_start_unix_server(path, fn, arg, options)                                                                \
    leash__start_unix_server((path), (fn), (arg), (options), LEASH_SITE(#fn))

/* Listens; connections are taken with leash_accept. NULL and errno as above. backlog 0: 100. */
#define leash_listen(host, port, backlog) leash__listen((host), (port), (backlog), LEASH_SITE("leash_listen"))
#define leash_listen_unix(path, backlog)  leash__listen_unix((path), (backlog), LEASH_SITE("leash_listen_unix"))
/* leash_accept(server, &stream): suspends until there is a connection. Several tasks may. The stream is the caller's to
 * close. 0; -ECANCELED (no connection is lost); -EMFILE, -ENFILE, -ENOBUFS, -ENOMEM: it waits on, and can be accepted
 * later; -ESTALE the server is closed, also meanwhile; -EINVAL it is no server, or serves by itself; -EPERM not inside
 * a task. */
#define leash_accept(server, stream) leash__accept((server), (stream), LEASH_SITE("leash_accept"))

/* The port of its first address; 0: a Unix socket; -ESTALE it is closed; -EINVAL, -EPERM. */
LEASH_API int leash_server_port(leash_server_t server);
/* How many connections it has whose task or stream has not ended; 0 also of one that is gone; -EINVAL, -EPERM. */
LEASH_API int leash_server_connections(leash_server_t server);
/* Listens no longer; connections go on. Never suspends. 0, also if it is closed; -EINVAL, -EPERM. */
LEASH_API int leash_server_close(leash_server_t server);
/* leash_server_cancel(server, message): cancels the tasks of all connections (leash_cancel). How many; -EINVAL, -EPERM.
 */
#define leash_server_cancel(server, message)                                                                           \
    leash__server_cancel((server), (message), LEASH_SITE("leash_server_cancel"))
/* Suspends until it is closed and the tasks of all connections have ended, and what they wrote is sent. 0, also for one
 * that is gone; -ECANCELED; -EINVAL; -EPERM not inside a task. */
#define leash_server_wait_closed(server) leash__server_wait_closed((server), LEASH_SITE("leash_server_wait_closed"))
/* Suspends until the server is closed by another task and all its connections have ended (0), or this task is
 * cancelled: then closes it, cancels the connections, waits for them (a second cancellation cuts that short), and
 * returns -ECANCELED. -EBUSY another task is in this call; -ESTALE it is closed; -EINVAL, also of one to accept by
 * hand; -EPERM not inside a task. */
#define leash_server_serve_forever(server)                                                                             \
    leash__server_serve_forever((server), LEASH_SITE("leash_server_serve_forever"))

LEASH_API LEASH_MUST_USE leash_server_t leash__start_server(const char *host, int port, leash_connection_fn_t fn,
                                                            void *arg, const struct leash_server_options *options,
                                                            struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_server_t leash__start_unix_server(const char *path, leash_connection_fn_t fn, void *arg,
                                                                 const struct leash_server_options *options,
                                                                 struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_server_t leash__listen(const char *host, int port, int backlog, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_server_t leash__listen_unix(const char *path, int backlog, struct leash_site *site);
LEASH_API int leash__accept(leash_server_t server, leash_stream_t *stream, struct leash_site *site);
LEASH_API int leash__server_cancel(leash_server_t server, const char *message, struct leash_site *site);
LEASH_API int leash__server_wait_closed(leash_server_t server, struct leash_site *site);
LEASH_API int leash__server_serve_forever(leash_server_t server, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
