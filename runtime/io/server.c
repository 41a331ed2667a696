/* Algorithm: CPython 3.11's Server (Lib/asyncio/base_events.py); wait_closed() is 3.12's. */
#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "address.h"
#include "await.h"
#include "closable.h"
#include "future.h"
#include "line.h"
#include "misuse.h"
#include "timer.h"

/* ---- its type ---- */

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    struct leash__server *server = (struct leash__server *)waitable;
    leash__list_init(&server->connections);
    leash__list_init(&server->acceptors);
    leash__list_init(&server->closers);
    leash__list_init(&server->forever);
    server->rest.item.index = LEASH__HEAP_OUT;
    leash__callback_init(&server->rest.callback, NULL);
}

/* asyncio's from 3.13 on: the socket's file goes with the server, unless somebody else's is there by now. */
static void remove_path(struct leash__server *server)
{
    struct stat now;
    if (server->path && stat(server->path, &now) == 0 && now.st_dev == server->device && now.st_ino == server->inode)
        unlink(server->path);
    free(server->path);
    server->path = NULL;
}

static void stop_listening(struct leash__server *server)
{
    remove_path(server);
    leash__listeners_close(&server->listeners);
}

static void end(struct leash__waitable *waitable)
{
    struct leash__server *server = (struct leash__server *)waitable;
    stop_listening(server);
    leash__server_forget_connections(server);
}

static unsigned facts(const struct leash__waitable *waitable)
{
    return ((const struct leash__server *)waitable)->closing ? 0 : LEASH_FACT_LEFT_OPEN;
}

const struct leash__waitable_type leash__server_type = {.kind = LEASH_OBJECT_DESCRIPTOR,
                                                        .name = "server",
                                                        .size = sizeof(struct leash__server),
                                                        .begin = begin,
                                                        .end = end,
                                                        .facts = facts};

struct leash__server *leash__server_of(leash_server_t handle, const char *call, struct leash_site *site, int *error)
{
    return (struct leash__server *)leash__closable_of(handle, &leash__server_type, call, site, error);
}

/* ---- the end ---- */

static void end_if_over(struct leash__server *server)
{
    if (server->closing && server->count == 0 && server->users == 0 && !server->reactor->loop->over)
        leash__waitable_end(&server->base, 0);
}

void leash__server_leave(struct leash__server *server)
{
    server->users--;
    end_if_over(server);
}

void leash__server_connection_ended(struct leash__server *server)
{
    server->count--;
    if (server->closing && server->count == 0)
        leash__line_wake_all(server->reactor->loop, &server->closers);
    end_if_over(server);
}

static void close_it(struct leash__server *server)
{
    struct leash__loop *loop = server->reactor->loop;
    if (server->closing)
        return;
    server->closing = true;
    stop_listening(server);
    leash__timer_cancel(loop, &server->rest);
    leash__line_wake_all(loop, &server->acceptors);
    leash__line_wake_all(loop, &server->forever);
    if (server->count == 0)
        leash__line_wake_all(loop, &server->closers);
    end_if_over(server);
}

int leash_server_close(leash_server_t handle)
{
    int error;
    struct leash__server *server = leash__server_of(handle, "leash_server_close", NULL, &error);
    if (server)
        close_it(server);
    return error;
}

/* ---- waiting ---- */

/* Whether it was cancelled. */
static bool wait_for_all(struct leash__server *server, struct leash_site *site)
{
    struct leash__waiter waiter;
    if (server->closing && server->count == 0)
        return false;
    return leash__waitable_wait(&server->base, &server->closers, &waiter, site);
}

int leash__server_wait_closed(leash_server_t handle, struct leash_site *site)
{
    int rc;
    struct leash__task *task = leash__task_needed("leash_server_wait_closed", site);
    if (!task)
        return -errno;
    struct leash__server *server = leash__server_of(handle, "leash_server_wait_closed", site, &rc);
    if (!server)
        return rc;
    server->users++;
    rc = wait_for_all(server, site) ? leash__cancelled_here(task) : 0;
    leash__server_leave(server);
    return rc;
}

static int serve_forever(struct leash__server *server, struct leash__task *task, struct leash_site *site)
{
    struct leash__waiter waiter;
    if (!leash__waitable_wait(&server->base, &server->forever, &waiter, site))
        return wait_for_all(server, site) ? leash__cancelled_here(task) : 0;
    int rc = leash__cancelled_here(task);
    close_it(server);
    leash__server_cancel_all(server, NULL, site);
    return wait_for_all(server, site) ? leash__cancelled_here(task) : rc;
}

int leash__server_serve_forever(leash_server_t handle, struct leash_site *site)
{
    int rc;
    const char *call = "leash_server_serve_forever";
    struct leash__task *task = leash__task_needed(call, site);
    if (!task)
        return -errno;
    struct leash__server *server = leash__server_of(handle, call, site, &rc);
    if (rc < 0)
        return rc;
    if (!server || server->closing)
        return leash__misuse(LEASH_MISUSE_STALE, site, -ESTALE, "%s: the server is closed", call);
    const char *name = leash__waitable_name(&server->base);
    if (!server->fn)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL,
                             "%s: the connections of server \"%s\" are accepted by hand; see leash_start_server()",
                             call, name);
    if (!leash__list_empty(&server->forever))
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EBUSY, "%s: another task waits there for server \"%s\"", call,
                             name);
    server->users++;
    rc = serve_forever(server, task, site);
    leash__server_leave(server);
    return rc;
}

/* ---- what it is ---- */

int leash_server_port(leash_server_t handle)
{
    int error;
    const struct leash__server *server = leash__server_of(handle, "leash_server_port", NULL, &error);
    if (error < 0)
        return error;
    if (!server || !server->listeners)
        return leash__refused(-ESTALE, "leash_server_port: the server is closed");
    return leash__address_port(&server->listeners->address);
}

int leash_server_connections(leash_server_t handle)
{
    int error;
    const struct leash__server *server = leash__server_of(handle, "leash_server_connections", NULL, &error);
    return server ? (int)server->count : error;
}

int leash__server_cancel(leash_server_t handle, const char *message, struct leash_site *site)
{
    int error;
    struct leash__server *server = leash__server_of(handle, "leash_server_cancel", site, &error);
    return server ? leash__server_cancel_all(server, message, site) : error;
}
