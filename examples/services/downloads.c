/* 4.14 Three downloads at the same time, from an HTTP server in the same process. Each shows how far it has come; the
 * server sends each file in pieces, so that they take turns. Results keep the order of the call, whatever ends first.
 */
#include "http/client.h"
#include "http/server.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 10000, COUNT = 3 };

/* What the server has. */
static const struct file {
    const char *path;
    int pieces;
    double latency; /* seconds until the first piece */
} files[COUNT] = {{"/users", 4, 0.1}, {"/posts", 6, 0.15}, {"/comments", 3, 0.05}};

/* The server begins when all files have been asked for: who is first is then a matter of latency alone, however slow
 * the machine is. */
static leash_barrier_t all_asked = LEASH_BARRIER_INIT("all asked", COUNT);

/* The byte at an offset of each file. */
static char byte_at(size_t offset)
{
    return (char)('a' + offset % 23);
}

/* ---- the server ---- */

static const struct file *find_file(const char *path)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(files[i].path, path) == 0)
            return &files[i];
    return NULL;
}

static int send_file(struct http_exchange *exchange)
{
    char piece[PIECE];
    const struct file *file = find_file(exchange->request.target);
    if (!file)
        return -ENOENT;
    int rc = http_begin(exchange, 200, "text/plain", (uint64_t)file->pieces * PIECE);
    if (rc == 0)
        rc = leash_barrier_wait(&all_asked);
    if (rc >= 0)
        rc = leash_sleep(file->latency);
    for (int i = 0; rc == 0 && i < file->pieces; i++) {
        for (size_t n = 0; n < PIECE; n++)
            piece[n] = byte_at((size_t)i * PIECE + n);
        rc = http_write(exchange, piece, PIECE);
        if (rc == 0 && i + 1 < file->pieces)
            rc = leash_sleep(0.2);
    }
    return rc;
}

/* ---- the client ---- */

struct download {
    const char *path;
    int port;
    size_t size;
    bool intact; /* every byte was where it should be */
};

/* Reads the body of an answer as it comes. */
static int receive(struct http_message *response, struct download *download)
{
    char data[4096];
    int n;
    uint64_t whole = response->left;
    while ((n = http_read_body(response, data, sizeof(data))) > 0)
        for (int i = 0; i < n; i++) {
            if (data[i] != byte_at(download->size))
                download->intact = false;
            download->size++;
            if (download->size % PIECE == 0)
                printf("  %-9s %5zu of %llu bytes\n", download->path, download->size, (unsigned long long)whole);
        }
    return n;
}

static int fetch(void *arg)
{
    struct download *download = arg;
    struct http_message response = {.patience = 30};
    printf("request begins: %s\n", download->path);
    response.stream = leash_open_connection("127.0.0.1", download->port);
    if (!response.stream)
        return leash_fail(-errno, "%s", leash_last_error());
    int rc = http_get(&response, "127.0.0.1", download->path);
    if (rc == 0 && response.status != 200)
        rc = leash_fail(-ENOENT, "%s: status %d", download->path, response.status);
    if (rc == 0)
        rc = receive(&response, download);
    leash_stream_close(response.stream);
    if (rc == 0)
        printf("request done: %s\n", download->path);
    return rc;
}

static int fetch_all(int port)
{
    struct download downloads[COUNT];
    leash_awaitable_t requests[COUNT];
    struct leash_outcome outcomes[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        downloads[i] = (struct download){.path = files[i].path, .port = port, .intact = true};
        requests[i] = leash_coro(fetch, &downloads[i]);
    }
    /* With failures returned, no request outlives this frame, which the others' downloads are in. */
    int rc = leash_gather_wait_array(requests, COUNT, LEASH_RETURN_FAILURES, outcomes);
    for (size_t i = 0; rc >= 0 && i < COUNT; i++)
        rc = outcomes[i].rc;
    if (rc < 0)
        return rc;
    printf("\n%d results:\n", COUNT);
    for (size_t i = 0; i < COUNT; i++)
        printf("- %s: %zu bytes, %s\n", downloads[i].path, downloads[i].size,
               downloads[i].intact ? "intact" : "damaged");
    return 0;
}

static int app(void *unused)
{
    static const struct http_route routes[] = {{"GET", "/*", send_file}};
    static struct http_site site = {routes, 1, 30, NULL};
    (void)unused;
    leash_server_t server = leash_start_server("127.0.0.1", 0, http_serve, &site, NULL);
    if (!server)
        return leash_fail(-errno, "%s", leash_last_error());
    int rc = fetch_all(leash_server_port(server));
    leash_server_close(server);
    if (rc < 0)
        leash_server_cancel(server, NULL); /* who waits for the other downloads would wait for ever */
    int closed = leash_server_wait_closed(server);
    return rc < 0 ? rc : closed;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
