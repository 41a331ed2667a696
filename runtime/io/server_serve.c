/* Servers that serve by themselves: a task for each connection. Algorithm: CPython 3.11's _accept_connection
 * (Lib/asyncio/selector_events.py). */
#include <errno.h>
#include <leash/task.h>
#include <own_frame.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "future.h"
#include "items.h"
#include "server.h"
#include "timer.h"

/* ---- tasks of connections ---- */

static bool is_the_peers_doing(int code)
{
    return code == -ECONNRESET || code == -EPIPE || code == -ECONNABORTED || code == -ETIMEDOUT;
}

/* Looks at the outcome of a task that failed, or leaves that to the findings. */
static void look(const struct leash__server *server, struct leash__fut *fut)
{
    if (fut->state != LEASH__FINISHED || fut->code >= 0)
        return;
    if (!server->options.failed && !is_the_peers_doing(fut->code))
        return;
    fut->unseen = LEASH__SEEN;
    if (server->options.failed)
        server->options.failed(fut->code, fut->failure ? fut->failure->message : "", server->arg);
}

static void end_if_over(struct leash__connection *connection)
{
    if (connection->cell || connection->stream)
        return;
    leash__list_remove(&connection->node);
    leash__server_connection_ended(connection->server);
    free(connection);
}

static void on_stream_end(void *owner)
{
    struct leash__connection *connection = owner;
    connection->stream = NULL;
    end_if_over(connection);
}

static void on_finished(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__connection *connection = LEASH__CONTAINER(callback, struct leash__connection, finished);
    struct leash__cell *cell = connection->cell;
    (void)loop;
    look(connection->server, &cell->fut);
    if (connection->stream)
        leash__stream_close(connection->stream, false); /* may be its end already: on_stream_end */
    connection->cell = NULL;
    end_if_over(connection);
    cell->holds--;
    leash__cell_release(cell);
}

LEASH__OWN_FRAME static int serve(void *arg)
{
    const struct leash__connection *connection = arg;
    const struct leash__server *server = connection->server;
    return server->fn(leash__stream_handle(connection->stream), server->arg);
}

/* Without memory for its task a connection is closed. */
static int start_task(struct leash__server *server, struct leash__stream *stream)
{
    struct leash__loop *loop = server->reactor->loop;
    struct leash__connection *connection = calloc(1, sizeof *connection);
    leash_coro_t coro = connection ? leash__coro(serve, connection, server->site) : NULL;
    if (!coro) {
        free(connection);
        leash__stream_close(stream, true);
        return -ENOMEM;
    }
    connection->server = server;
    connection->stream = stream;
    connection->cell = leash__item(loop, coro, server->site);
    connection->cell->holds++;
    leash__callback_init(&connection->finished, on_finished);
    leash__fut_add_callback(loop, &connection->cell->fut, &connection->finished);
    stream->on_end = on_stream_end;
    stream->owner = connection;
    leash__list_append(&server->connections, &connection->node);
    server->count++;
    return 0;
}

static struct leash__connection *connection_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__connection, node);
}

int leash__server_cancel_all(struct leash__server *server, const char *message, struct leash_site *site)
{
    int count = 0;
    for (struct leash__node *node = server->connections.next; node != &server->connections; node = node->next) {
        const struct leash__connection *connection = connection_of(node);
        if (connection->cell)
            count += leash__cancel(leash__cell_handle(connection->cell, LEASH__HANDLE_TASK), message, site) == 1;
    }
    return count;
}

void leash__server_forget_connections(struct leash__server *server)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&server->connections))) {
        struct leash__connection *connection = connection_of(node);
        if (connection->stream)
            connection->stream->on_end = NULL;
        leash__callback_remove(&connection->finished);
        free(connection);
    }
}

/* ---- serving ---- */

static void stop_all(struct leash__server *server)
{
    for (struct leash__listener *listener = server->listeners; listener; listener = listener->next)
        leash__listener_stop(listener);
}

static void after_rest(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__timer *timer = LEASH__CONTAINER(callback, struct leash__timer, callback);
    (void)loop;
    leash__server_serve(LEASH__CONTAINER(timer, struct leash__server, rest)); /* what failed once rests again */
}

static void tell(struct leash__server *server, int error)
{
    char message[LEASH__ADDRESS_TEXT + 160];
    snprintf(message, sizeof message, "server \"%s\" can accept no connection for now: %s; it tries again in a second",
             leash__waitable_name(&server->base), strerror(-error));
    bool again = server->told;
    server->told = true;
    if (server->options.failed)
        server->options.failed(error, message, server->arg); /* it may close the server */
    else if (!again && !server->reactor->loop->thread->quiet)
        fprintf(stderr, "leash: %s\n", message);
}

/* "We'll try again in a while": the descriptor would be reported as ready over and over. */
static void rest(struct leash__server *server, int error)
{
    enum { ACCEPT_RETRY_DELAY = 1000000000 };
    stop_all(server);
    leash__timer_cancel(server->reactor->loop, &server->rest);
    if (leash__timer_arm(server->reactor->loop, &server->rest, ACCEPT_RETRY_DELAY, after_rest) < 0)
        leash__server_serve(server); /* without memory for that it tries at once */
    tell(server, error);
}

static void serve_those_there(struct leash__server *server, const struct leash__listener *listener)
{
    struct leash__stream *stream;
    for (int i = 0; i < server->options.backlog; i++) {
        int rc = leash__server_take(server, listener, &stream);
        if (rc == 0)
            rc = start_task(server, stream);
        if (rc == -EAGAIN)
            return;
        if (rc < 0) {
            rest(server, rc);
            return;
        }
        server->told = false;
    }
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct leash__listener *listener = poll->data;
    (void)events;
    if (status < 0) /* libuv has stopped */
        listener->polled = false;
    if (status < 0)
        rest(listener->server, leash__uv_error(status));
    else
        serve_those_there(listener->server, listener);
}

int leash__server_serve(struct leash__server *server)
{
    for (struct leash__listener *listener = server->listeners; listener; listener = listener->next) {
        int rc = leash__listener_poll(listener, on_connection);
        if (rc < 0)
            return rc;
        uv_ref((uv_handle_t *)&listener->poll); /* a connection may always come */
    }
    return 0;
}
