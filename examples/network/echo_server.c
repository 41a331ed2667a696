/* A small echo server. A SIGINT cancels main: the server closes, its connections are cancelled and end, and nothing is
 * left.
 *
 *     echo_server [PORT [HOST]]        port 0, or none: one that the system chooses; it is printed */
#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
    const char *host;
    int port;
};

static int echo(leash_stream_t stream, void *unused)
{
    char data[4096];
    int n;
    (void)unused;
    while ((n = leash_stream_read(stream, data, sizeof(data))) > 0) {
        int rc = leash_stream_write(stream, data, (size_t)n);
        if (rc == 0)
            rc = leash_stream_drain(stream); /* a client that does not read what it gets waits with what it sends */
        if (rc < 0)
            return rc;
    }
    return n; /* 0: the client is done; the server closes the stream */
}

static void failed(int code, const char *message, void *unused)
{
    (void)unused;
    fprintf(stderr, "echo_server: %s: %s\n", strerror(-code), message);
}

static int app(void *arg)
{
    const struct place *place = arg;
    struct leash_server_options options = LEASH_SERVER_OPTIONS_INIT;
    options.failed = failed;
    leash_server_t server = leash_start_server(place->host, place->port, echo, NULL, &options);
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
        fprintf(stderr, "echo_server: %s\n", leash_last_error());
    return rc < 0 && rc != -EINTR;
}
