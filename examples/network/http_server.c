/* A small HTTP server. A SIGINT cancels main: the server closes, its connections are cancelled and end, and nothing is
 * left.
 *
 *     http_server [PORT [HOST]]        port 0, or none: one that the system chooses; it is printed
 *
 *     GET  /           says what there is
 *     POST /echo       the body comes back, up to 16 MiB
 *     GET  /bytes/N    N bytes, up to 1 GiB */
#include "http/server.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ECHO_MAX = 16 << 20, BYTES_MAX = 1 << 30, PATIENCE = 30 };

struct place {
    const char *host;
    int port;
};

static int index_page(struct http_exchange *exchange)
{
    static const char text[] = "GET /\nPOST /echo\nGET /bytes/N\n";
    return http_respond(exchange, 200, "text/plain", text, sizeof(text) - 1);
}

static int echo(struct http_exchange *exchange)
{
    char *body;
    size_t size;
    int rc = http_read_whole_body(&exchange->request, ECHO_MAX, &body, &size);
    if (rc < 0)
        return rc;
    rc = http_respond(exchange, 200, "application/octet-stream", body, size);
    free(body);
    return rc;
}

/* Every byte is the low half of its own offset: who reads them can tell whether one is missing. */
static int bytes(struct http_exchange *exchange)
{
    static unsigned char data[65536];
    char *end;
    const char *number = exchange->request.target + strlen("/bytes/");
    unsigned long left = strtoul(number, &end, 10);
    if (end == number || *number == '-' || *number == '+' || *end)
        return -ENOENT;
    if (left > BYTES_MAX)
        return -EFBIG;
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (unsigned char)i;
    int rc = http_begin(exchange, 200, "application/octet-stream", left);
    while (rc == 0 && left > 0) {
        size_t n = left < sizeof(data) ? left : sizeof(data);
        rc = http_write(exchange, data, n);
        left -= n;
        if (rc == 0)
            rc = leash_sleep(0); /* a peer that keeps up never lets a drain wait: the others have their turn here */
    }
    return rc;
}

static void failed(int code, const char *message, void *unused)
{
    (void)unused;
    fprintf(stderr, "http_server: %s: %s\n", strerror(-code), message);
}

static int app(void *arg)
{
    static const struct http_route routes[] = {
        {"GET", "/", index_page},
        {"POST", "/echo", echo},
        {"GET", "/bytes/*", bytes},
    };
    struct http_site site = {routes, sizeof(routes) / sizeof(routes[0]), PATIENCE, NULL};
    const struct place *place = arg;
    struct leash_server_options options = LEASH_SERVER_OPTIONS_INIT;
    options.failed = failed;
    leash_server_t server = leash_start_server(place->host, place->port, http_serve, &site, &options);
    if (!server)
        return leash_fail(-errno, "%s", leash_last_error());
    printf("listening on port %d\n", leash_server_port(server));
    fflush(stdout);
    return leash_server_serve_forever(server);
}

int main(int argc, char **argv)
{
    struct place place = {argc > 2 ? argv[2] : "127.0.0.1", argc > 1 ? atoi(argv[1]) : 0};
    int rc = leash_run(leash_coro(app, &place));
    if (rc == -EINTR)
        puts("interrupted, and done");
    else if (rc < 0)
        fprintf(stderr, "http_server: %s\n", leash_last_error());
    return rc < 0 && rc != -EINTR;
}
