/* 4.17 A web server with three routes, each of which takes its time, and five requests to it at once, over TCP. All are
 * answered in about the time of the slowest. */
#include "http/client.h"
#include "http/server.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the routes take, in seconds. */
#define USERS_TAKE   0.5
#define POSTS_TAKE   1.0
#define UNKNOWN_TAKE 0.2

/* ---- the server ---- */

static int json(struct http_exchange *exchange, int status, const char *text)
{
    return http_respond(exchange, status, "application/json", text, strlen(text));
}

static int get_users(struct http_exchange *exchange)
{
    int rc = leash_sleep(USERS_TAKE); /* the database is asked */
    return rc < 0 ? rc : json(exchange, 200, "{\"users\": [\"Alice\", \"Bob\"]}");
}

static int get_posts(struct http_exchange *exchange)
{
    int rc = leash_sleep(POSTS_TAKE); /* a harder question */
    return rc < 0 ? rc : json(exchange, 200, "{\"posts\": [\"Post 1\", \"Post 2\"]}");
}

static int not_found(struct http_exchange *exchange)
{
    int rc = leash_sleep(UNKNOWN_TAKE);
    return rc < 0 ? rc : json(exchange, 404, "{\"message\": \"Not Found\"}");
}

static const struct http_route routes[] = {
    {"GET", "/api/users", get_users},
    {"GET", "/api/posts", get_posts},
    {"GET", "/*", not_found},
};

/* ---- the client ---- */

enum { COUNT = 5 };

struct request {
    int id, port;
    const char *path;
    int status;
    char *body; /* of malloc; NULL before it was answered */
};

static int send_request(void *arg)
{
    struct request *request = arg;
    size_t size;
    printf("request %d: %s\n", request->id, request->path);
    request->status = http_fetch("127.0.0.1", request->port, request->path, &request->body, &size);
    if (request->status < 0)
        return leash_fail(request->status, "request %d: %s", request->id, strerror(-request->status));
    printf("answered: %s\n", request->path); /* without its number: of two that take as long, either may be first */
    return 0;
}

static int send_all(struct request *requests)
{
    leash_awaitable_t sent[COUNT];
    struct leash_outcome outcomes[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        sent[i] = leash_coro(send_request, &requests[i]);
    int rc = leash_gather_wait_array(sent, COUNT, LEASH_RETURN_FAILURES, outcomes);
    for (size_t i = 0; rc >= 0 && i < COUNT; i++)
        rc = outcomes[i].rc;
    return rc;
}

static void print_answers(const struct request *requests, double seconds)
{
    const double sum = 2 * USERS_TAKE + 2 * POSTS_TAKE + UNKNOWN_TAKE;
    printf("\n%d answers:\n", COUNT);
    for (size_t i = 0; i < COUNT; i++)
        printf("- request %d: %d %s\n", requests[i].id, requests[i].status, requests[i].body);
    printf("one after the other they would take %.1f s; faster than that: %s\n", sum, seconds < sum ? "yes" : "no");
    printf("on average faster than the slowest route: %s\n", seconds / COUNT < POSTS_TAKE ? "yes" : "no");
}

static int ask(int port)
{
    static const char *const paths[COUNT] = {"/api/users", "/api/posts", "/api/users", "/api/comments", "/api/posts"};
    struct request requests[COUNT];
    for (int i = 0; i < COUNT; i++)
        requests[i] = (struct request){.id = i + 1, .port = port, .path = paths[i]};
    double began = leash_time();
    int rc = send_all(requests);
    if (rc == 0)
        print_answers(requests, leash_time() - began);
    for (size_t i = 0; i < COUNT; i++)
        free(requests[i].body);
    return rc;
}

static int app(void *unused)
{
    static struct http_site site = {routes, sizeof(routes) / sizeof(routes[0]), 30, NULL};
    (void)unused;
    leash_server_t server = leash_start_server("127.0.0.1", 0, http_serve, &site, NULL);
    if (!server)
        return leash_fail(-errno, "%s", leash_last_error());
    int rc = ask(leash_server_port(server));
    leash_server_close(server);
    int closed = leash_server_wait_closed(server);
    return rc < 0 ? rc : closed;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
