#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"
#include "lookup.h"
#include "misuse.h"
#include "server.h"
#include "task.h"

enum { BACKLOG = 100, NAME = LEASH__ADDRESS_TEXT + 16 };

/* What is asked for, on its way to a server. */
struct order {
    const char *call;
    struct leash_site *site;
    struct leash__reactor *reactor;
    leash_connection_fn_t fn; /* NULL: connections are accepted by hand */
    void *arg;
    struct leash_server_options options;
    struct leash__listener *listeners;
};

static leash_server_t no_server(struct order *order, int error)
{
    leash__listeners_close(&order->listeners);
    errno = -error;
    return NULL;
}

/* ---- checks ---- */

static int begin(struct order *order, const struct leash_server_options *options)
{
    int rc = 0;
    if (!leash__task_needed(order->call, order->site))
        return -errno;
    if (options && options->size < sizeof options->size)
        return leash__misuse(LEASH_MISUSE_INVALID, order->site, -EINVAL,
                             "%s: the options do not begin with their size; start from LEASH_SERVER_OPTIONS_INIT",
                             order->call);
    if (options)
        memcpy(&order->options, options, options->size < sizeof *options ? options->size : sizeof *options);
    if (order->options.backlog <= 0)
        order->options.backlog = BACKLOG;
    order->reactor = leash__reactor_needed(order->call, order->site, &rc);
    return rc;
}

static int check_function(const struct order *order)
{
    if (order->fn)
        return 0;
    return leash__misuse(LEASH_MISUSE_NULL_FUNCTION, order->site, -EINVAL, "%s: the function is NULL", order->call);
}

/* ---- listening ---- */

static int listen_at(struct order *order, const struct sockaddr_storage *address)
{
    const struct leash__listening how = {.backlog = order->options.backlog,
                                         .reuse_address = !order->options.exclusive,
                                         .reuse_port = order->options.reuse_port};
    char text[LEASH__ADDRESS_TEXT];
    struct leash__listener *listener, **last = &order->listeners;
    int rc = leash__listener_new(order->reactor, address, &how, &listener);
    if (rc < 0) {
        leash__address_text(address, leash__address_size(address), text);
        return leash__refused(rc, "%s: %s: %s", order->call, text, strerror(-rc));
    }
    while (*last)
        last = &(*last)->next;
    *last = listener;
    return 0;
}

/* Not of this machine, though a name led there: passed over if another address will do (asyncio: from 3.13 on). */
static bool is_elsewhere(int error)
{
    return error == -EADDRNOTAVAIL || error == -EAFNOSUPPORT;
}

static int listen_at_all(struct order *order, const struct leash__addresses *addresses)
{
    int skipped = 0;
    for (size_t i = 0; i < addresses->count; i++) {
        int rc = listen_at(order, &addresses->at[i]);
        if (rc < 0 && !is_elsewhere(rc))
            return rc;
        if (rc < 0)
            skipped = rc;
    }
    return order->listeners ? 0 : skipped;
}

/* ---- servers ---- */

static struct leash__server *server_new(struct order *order)
{
    char text[LEASH__ADDRESS_TEXT], name[NAME];
    const struct sockaddr_storage *address = &order->listeners->address;
    leash__address_text(address, leash__address_size(address), text);
    snprintf(name, sizeof name, "%s %s", address->ss_family == AF_UNIX ? "unix" : "tcp", text);
    struct leash__waitable *waitable =
        leash__waitable_new(order->reactor->loop, &leash__server_type, name, order->site);
    struct leash__server *server = (struct leash__server *)waitable;
    if (!server)
        return NULL;
    server->reactor = order->reactor;
    server->fn = order->fn;
    server->arg = order->arg;
    server->site = order->site;
    server->options = order->options;
    server->listeners = order->listeners;
    for (struct leash__listener *listener = server->listeners; listener; listener = listener->next)
        listener->server = server;
    order->listeners = NULL;
    return server;
}

/* Makes a server of what listens. */
static leash_server_t open_server(struct order *order, char *path)
{
    struct stat file;
    struct leash__server *server = server_new(order);
    int rc = server ? 0 : -ENOMEM;
    if (server && path && stat(path, &file) == 0) {
        server->device = file.st_dev;
        server->inode = file.st_ino;
    }
    if (server)
        server->path = path;
    if (server && server->fn)
        rc = leash__server_serve(server);
    if (rc == 0)
        return leash__cell_handle(server->base.cell, LEASH__HANDLE_OBJECT);
    if (server)
        leash__waitable_end(&server->base, rc);
    else
        free(path);
    return no_server(order, leash__refused(rc, "%s: %s", order->call, strerror(-rc)));
}

static leash_server_t start_inet(struct order *order, const char *host, int port)
{
    struct leash__addresses *addresses = NULL;
    if (port < 0 || port > LEASH__PORT_MAX)
        return no_server(order,
                         leash__misuse(LEASH_MISUSE_INVALID, order->site, -EINVAL,
                                       "%s: port %d: ports are from 0 to %d", order->call, port, LEASH__PORT_MAX));
    int rc = leash__addresses_of(order->reactor, host, port, order->call, order->site, &addresses);
    if (rc == 0)
        rc = listen_at_all(order, addresses);
    free(addresses);
    return rc < 0 ? no_server(order, rc) : open_server(order, NULL);
}

/* A socket of a server that is no more; another kind of file stays, and is in the way. */
static void remove_old_socket(const char *path)
{
    struct stat file;
    if (stat(path, &file) == 0 && S_ISSOCK(file.st_mode))
        unlink(path);
}

static leash_server_t start_unix(struct order *order, const char *path)
{
    struct sockaddr_storage address;
    int rc = leash__address_unix(path, &address);
    char *copy = rc == 0 ? strdup(path) : NULL;
    if (rc == 0 && !copy)
        rc = -ENOMEM;
    if (rc < 0)
        return no_server(order, leash__refused(rc, "%s: %s: %s", order->call, path ? path : "NULL", strerror(-rc)));
    remove_old_socket(path);
    rc = listen_at(order, &address);
    if (order->listeners)
        return open_server(order, copy);
    free(copy);
    return no_server(order, rc);
}

/* ---- public ---- */

leash_server_t leash__start_server(const char *host, int port, leash_connection_fn_t fn, void *arg,
                                   const struct leash_server_options *options, struct leash_site *site)
{
    struct order order = {.call = "leash_start_server", .site = site, .fn = fn, .arg = arg};
    int rc = begin(&order, options);
    rc = rc < 0 ? rc : check_function(&order);
    return rc < 0 || !order.reactor ? no_server(&order, rc) : start_inet(&order, host, port);
}

leash_server_t leash__start_unix_server(const char *path, leash_connection_fn_t fn, void *arg,
                                        const struct leash_server_options *options, struct leash_site *site)
{
    struct order order = {.call = "leash_start_unix_server", .site = site, .fn = fn, .arg = arg};
    int rc = begin(&order, options);
    rc = rc < 0 ? rc : check_function(&order);
    return rc < 0 || !order.reactor ? no_server(&order, rc) : start_unix(&order, path);
}

leash_server_t leash__listen(const char *host, int port, int backlog, struct leash_site *site)
{
    struct order order = {.call = "leash_listen", .site = site, .options.backlog = backlog};
    int rc = begin(&order, NULL);
    return rc < 0 || !order.reactor ? no_server(&order, rc) : start_inet(&order, host, port);
}

leash_server_t leash__listen_unix(const char *path, int backlog, struct leash_site *site)
{
    struct order order = {.call = "leash_listen_unix", .site = site, .options.backlog = backlog};
    int rc = begin(&order, NULL);
    return rc < 0 || !order.reactor ? no_server(&order, rc) : start_unix(&order, path);
}
