/* leash: a task a connection. Recording is switched on from outside. */
#include <errno.h>
#include <leash.h>
#include <stdio.h>

static int echo(leash_stream_t stream, void *unused)
{
    char data[4096];
    int n;
    (void)unused;
    while ((n = leash_stream_read(stream, data, sizeof(data))) > 0) {
        int rc = leash_stream_write(stream, data, (size_t)n);
        if (rc == 0)
            rc = leash_stream_drain(stream);
        if (rc < 0)
            return rc;
    }
    return n;
}

static int app(void *unused)
{
    struct leash_server_options options = LEASH_SERVER_OPTIONS_INIT;
    (void)unused;
    options.backlog = 1024;
    leash_server_t server = leash_start_server("127.0.0.1", 0, echo, NULL, &options);
    if (!server)
        return -errno;
    printf("port %d\n", leash_server_port(server));
    fflush(stdout);
    return leash_server_serve_forever(server);
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) != -EINTR;
}
