/* leash_start_server, leash_listen and their like, with clients in the same loop. */
#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <leash.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <trace_format.h>
#include <unistd.h>

#include "open_descriptors.h"
#include "peer.h"

struct place {
    leash_server_t server;
    int port;
    int before; /* descriptors that were open */
    int rc[8];
    unsigned served, failures;
    char text[512];
};

static char folder[] = "/tmp/leash-server-XXXXXX";
static char path[64];

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (!place)
        return -1;
    place->before = open_descriptors();
    *state = place;
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;
    int left = open_descriptors() - place->before;
    free(place);
    return left == 0 ? 0 : -1;
}

static int start(struct place *place, leash_connection_fn_t fn, const struct leash_server_options *options)
{
    place->server = leash_start_server("127.0.0.1", 0, fn, place, options);
    place->port = place->server ? leash_server_port(place->server) : 0;
    return place->server ? 0 : -errno;
}

/* ---- what connections do ---- */

static int echo(leash_stream_t stream, void *arg)
{
    struct place *place = arg;
    char data[256];
    int n;
    while ((n = leash_stream_read(stream, data, sizeof data)) > 0) {
        leash_stream_write(stream, data, (size_t)n);
        int rc = leash_stream_drain(stream);
        if (rc < 0)
            return rc;
    }
    place->served++;
    return n;
}

static int asks_once(void *arg)
{
    struct place *place = arg;
    char got[8] = "";
    leash_stream_t stream = leash_open_connection("127.0.0.1", place->port);
    if (!stream)
        return -errno;
    leash_stream_write(stream, "hello", 5);
    int rc = leash_stream_readexactly(stream, got, 5);
    leash_stream_close(stream);
    return rc == 5 && !strcmp(got, "hello") ? 0 : rc < 0 ? rc : -EBADMSG;
}

/* ---- a server's life ---- */

enum { CLIENTS = 20 };

static int ask_many(struct place *place)
{
    leash_awaitable_t clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = leash_coro(asks_once, place);
    return leash_gather_wait_array(clients, CLIENTS, 0, NULL);
}

static int serves_many(void *arg)
{
    struct place *place = arg;
    int rc = start(place, echo, NULL);
    rc = rc < 0 ? rc : ask_many(place);
    leash_server_close(place->server);
    int closed = leash_server_wait_closed(place->server);
    place->rc[0] = leash_server_connections(place->server);
    place->rc[1] = leash_server_port(place->server);
    place->rc[2] = leash_server_close(place->server);
    place->rc[3] = leash_server_wait_closed(place->server);
    return rc < 0 ? rc : closed;
}

/* None of the tasks, and nothing else, is found to be left. */
static void test_many_connections(void **state)
{
    struct place *place = *state;
    char name[64];
    sink_on(false);
    assert_int_equal(run_really(serves_many, place), 0);
    assert_int_equal(place->served, CLIENTS);
    assert_int_equal(place->rc[0], 0);
    assert_int_equal(place->rc[1], -ESTALE);
    assert_int_equal(place->rc[2], 0);
    assert_int_equal(place->rc[3], 0);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 0);
    snprintf(name, sizeof name, "tcp 127.0.0.1:%d", place->port);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, name);
    unsigned connections = 0;
    strcat(name, " < 127.0.0.1:");
    for (size_t i = 0; sink_find(LEASH_EV_NAME, i); i++)
        connections += !strncmp(sink_find(LEASH_EV_NAME, i)->text, name, strlen(name));
    assert_int_equal(connections, CLIENTS);
    /* the server, and both ends of the connections; the gather ends as the future that it is */
    assert_in_range(sink_count_of(LEASH_EV_OBJECT_DONE), 1 + 2 * CLIENTS, 2 + 2 * CLIENTS);
    sink_off();
}

static int serves_by_name(void *arg)
{
    struct place *place = arg;
    place->server = leash_start_server("localhost", 0, echo, place, NULL);
    if (!place->server)
        return -errno;
    place->port = leash_server_port(place->server);
    int rc = asks_once(place);
    leash_server_close(place->server);
    place->server = leash_start_server(NULL, 0, echo, place, NULL);
    place->port = leash_server_port(place->server);
    rc = rc < 0 ? rc : asks_once(place);
    leash_server_close(place->server);
    return rc;
}

static void test_names_and_all_addresses(void **state)
{
    assert_int_equal(run_really(serves_by_name, *state), 0);
}

/* ---- waiting for connections to end ---- */

static int waits_closed(void *arg)
{
    struct place *place = arg;
    int rc = leash_server_wait_closed(place->server);
    snprintf(place->text, sizeof place->text, "closed with %u served", place->served);
    return rc;
}

static bool is_connected(void *arg)
{
    return leash_server_connections(((struct place *)arg)->server) > 0;
}

static int closes_with_a_guest(void *arg)
{
    struct place *place = arg;
    start(place, echo, NULL);
    leash_stream_t guest = leash_open_connection("127.0.0.1", place->port);
    turn_until(is_connected, place);
    leash_task_t waiter = leash_create_task(leash_coro(waits_closed, place));
    leash_sleep(0);
    leash_server_close(place->server);
    look_around();
    place->rc[0] = leash_done(waiter);
    place->rc[1] = leash_server_connections(place->server);
    leash_stream_t late = leash_open_connection("127.0.0.1", place->port);
    place->rc[2] = late ? 0 : -errno;
    leash_stream_close(guest);
    return leash_await(waiter, NULL);
}

static void test_wait_closed_waits_for_connections(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(closes_with_a_guest, place), 0);
    assert_int_equal(place->rc[0], 0);
    assert_int_equal(place->rc[1], 1);
    assert_int_equal(place->rc[2], -ECONNREFUSED);
    assert_string_equal(place->text, "closed with 1 served");
}

enum { LARGE = 4 << 20 };

static int writes_large(leash_stream_t stream, void *arg)
{
    static char data[LARGE];
    (void)arg;
    return leash_stream_write(stream, data, sizeof data); /* neither drains nor closes */
}

static int reads_all(void *arg)
{
    struct place *place = arg;
    static char data[65536];
    int n;
    place->server = leash_start_unix_server(path, writes_large, place, NULL); /* TCP would take all of it at once */
    leash_stream_t stream = leash_open_unix_connection(path);
    turn_until(is_connected, place);
    leash_server_close(place->server);
    leash_task_t waiter = leash_create_task(leash_coro(waits_closed, place));
    look_around();
    place->rc[0] = leash_done(waiter); /* the task is gone, but not what it wrote */
    while ((n = leash_stream_read(stream, data, sizeof data)) > 0)
        place->rc[1] += n;
    leash_stream_close(stream);
    return n < 0 ? n : leash_await(waiter, NULL);
}

static void test_streams_are_closed_and_flushed(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(reads_all, place), 0);
    assert_int_equal(place->rc[0], 0);
    assert_int_equal(place->rc[1], LARGE);
}

/* ---- serve_forever ---- */

static int serves_forever(void *arg)
{
    struct place *place = arg;
    return leash_server_serve_forever(place->server);
}

static int is_cancelled(void *arg)
{
    struct place *place = arg;
    char byte;
    start(place, echo, NULL);
    leash_task_t task = leash_create_task(leash_coro(serves_forever, place));
    leash_stream_t guest = leash_open_connection("127.0.0.1", place->port);
    turn_until(is_connected, place);
    place->rc[0] = leash_server_serve_forever(place->server);
    leash_cancel(task, NULL);
    place->rc[1] = leash_await(task, NULL);
    place->rc[2] = leash_server_connections(place->server);
    place->rc[3] = leash_stream_read(guest, &byte, 1); /* its connection was closed */
    place->rc[4] = leash_server_serve_forever(place->server);
    return leash_stream_close(guest);
}

static void test_serve_forever(void **state)
{
    struct place *place = *state;
    sink_on(false);
    assert_int_equal(run_really(is_cancelled, place), 0);
    assert_int_equal(place->rc[0], -EBUSY);
    assert_int_equal(place->rc[1], -ECANCELED);
    assert_int_equal(place->rc[2], 0);
    assert_int_equal(place->rc[3], 0);
    assert_int_equal(place->rc[4], -ESTALE);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 0);
    sink_off();
}

static int is_closed_by_another(void *arg)
{
    struct place *place = arg;
    start(place, echo, NULL);
    leash_task_t task = leash_create_task(leash_coro(serves_forever, place));
    leash_sleep(0);
    leash_server_close(place->server);
    return leash_await(task, NULL);
}

static void test_serve_forever_ends_with_the_server(void **state)
{
    assert_int_equal(run_really(is_closed_by_another, *state), 0);
}

/* ---- connections that fail ---- */

static int fails(leash_stream_t stream, void *arg)
{
    struct place *place = arg;
    char byte;
    leash_stream_read(stream, &byte, 1);
    place->served++;
    return leash_fail(place->rc[7], "no good");
}

static void failed(int code, const char *message, void *arg)
{
    struct place *place = arg;
    place->failures++;
    place->rc[6] = code;
    snprintf(place->text, sizeof place->text, "%s", message);
}

static int asks_in_vain(void *arg)
{
    struct place *place = arg;
    struct leash_server_options options = LEASH_SERVER_OPTIONS_INIT;
    char byte;
    options.failed = failed;
    start(place, fails, place->rc[5] ? &options : NULL);
    leash_stream_t stream = leash_open_connection("127.0.0.1", place->port);
    leash_stream_write(stream, "x", 1);
    int rc = leash_stream_read(stream, &byte, 1);
    leash_stream_close(stream);
    leash_server_close(place->server);
    leash_server_wait_closed(place->server);
    return rc;
}

static void test_a_failure_is_told(void **state)
{
    struct place *place = *state;
    place->rc[7] = -EBADMSG;
    place->rc[5] = 1;
    sink_on(false);
    assert_int_equal(run_really(asks_in_vain, place), 0);
    assert_int_equal(place->failures, 1);
    assert_int_equal(place->rc[6], -EBADMSG);
    assert_string_equal(place->text, "no good");
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 0);
    sink_off();
}

static void test_a_failure_is_found(void **state)
{
    struct place *place = *state;
    place->rc[7] = -EBADMSG;
    sink_on(false);
    assert_int_equal(run_really(asks_in_vain, place), 0);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 1);
    assert_int_equal(sink_find(LEASH_EV_JUDGED, 0)->b, LEASH_SUBJECT_TASK);
    assert_true(sink_find(LEASH_EV_JUDGED, 0)->c & LEASH_FACT_UNRETRIEVED);
    sink_off();
}

static void test_what_the_peer_did_is_no_finding(void **state)
{
    struct place *place = *state;
    place->rc[7] = -ECONNRESET;
    sink_on(false);
    assert_int_equal(run_really(asks_in_vain, place), 0);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 0);
    sink_off();
}

/* A connection that is cancelled before its task ran: its stream is closed all the same. */
static int cancels_at_once(void *arg)
{
    struct place *place = arg;
    char byte;
    start(place, echo, NULL);
    leash_stream_t stream = leash_open_connection("127.0.0.1", place->port);
    while (!is_connected(place))
        leash_sleep(0);
    place->rc[0] = leash_server_cancel(place->server, "enough");
    place->rc[1] = leash_stream_read(stream, &byte, 1);
    place->rc[2] = leash_server_cancel(place->server, "enough");
    leash_stream_close(stream);
    leash_server_close(place->server);
    return leash_server_cancel(place->server, NULL);
}

static void test_cancel(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(cancels_at_once, place), 0);
    assert_int_equal(place->rc[0], 1);
    assert_int_equal(place->rc[1], 0);
    assert_int_equal(place->rc[2], 0);
}

static int leaves(void *arg)
{
    struct place *place = arg;
    start(place, echo, NULL);
    leash_stream_t stream = leash_open_connection("127.0.0.1", place->port);
    return stream ? turn_until(is_connected, place) : -errno;
}

static unsigned count_judged(unsigned kind, unsigned facts)
{
    unsigned count = 0;
    for (size_t i = 0; sink_find(LEASH_EV_JUDGED, i); i++)
        count += sink_find(LEASH_EV_JUDGED, i)->b == kind && (sink_find(LEASH_EV_JUDGED, i)->c & facts) == facts;
    return count;
}

static void test_left_open(void **state)
{
    struct place *place = *state;
    sink_on(false);
    assert_int_equal(run_really(leaves, place), 0);
    assert_int_equal(count_judged(LEASH_SUBJECT_TASK, LEASH_FACT_PENDING), 1);
    assert_int_equal(count_judged(LEASH_SUBJECT_OBJECT, LEASH_FACT_LEFT_OPEN), 2); /* the server, and the guest */
    sink_off();
}

static int stubborn(leash_stream_t stream, void *arg)
{
    (void)stream;
    (void)arg;
    while (leash_time() >= 0) /* swallows its cancellation */
        leash_sleep(1000);
    return 0;
}

static int leaves_the_stubborn(void *arg)
{
    struct place *place = arg;
    start(place, stubborn, NULL);
    leash_stream_t stream = leash_open_connection("127.0.0.1", place->port);
    turn_until(is_connected, place);
    leash_sleep(0);
    return leash_stream_close(stream);
}

static void test_what_will_not_end(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.cleanup_timeout = 0.01;
    options.virtual_time = 0;
    assert_int_equal(run_options(leaves_the_stubborn, *state, &options), 0);
}

/* ---- by hand ---- */

static int accepts(void *arg)
{
    struct place *place = arg;
    leash_stream_t stream = NULL;
    int rc = leash_accept(place->server, &stream);
    if (rc == 0) {
        rc = echo(stream, place);
        leash_stream_close(stream);
    }
    return rc;
}

static int listen_somewhere(struct place *place)
{
    place->server = leash_listen("127.0.0.1", 0, 0);
    place->port = place->server ? leash_server_port(place->server) : 0;
    return place->server ? 0 : -errno;
}

static int accepts_by_hand(void *arg)
{
    struct place *place = arg;
    int rc = listen_somewhere(place);
    leash_task_t a = leash_create_task(leash_coro(accepts, place)), b = leash_create_task(leash_coro(accepts, place));
    rc = rc < 0 ? rc : leash_gather_wait(NULL, leash_coro(asks_once, place), leash_coro(asks_once, place), a, b);
    leash_task_t c = leash_create_task(leash_coro(accepts, place));
    leash_sleep(0);
    leash_cancel(c, NULL);
    place->rc[0] = leash_await(c, NULL);
    leash_timeout_t scope = leash_timeout_begin(0.001);
    place->rc[1] = leash_timeout_end(scope, accepts(place));
    c = leash_create_task(leash_coro(asks_once, place));
    place->rc[2] = accepts(place);
    rc = rc < 0 ? rc : leash_await(c, NULL);
    c = leash_create_task(leash_coro(accepts, place));
    leash_sleep(0);
    leash_server_close(place->server);
    place->rc[3] = leash_await(c, NULL);
    place->rc[4] = leash_accept(place->server, &(leash_stream_t){NULL});
    return rc;
}

static void test_by_hand(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(accepts_by_hand, place), 0);
    assert_int_equal(place->served, 3);
    assert_int_equal(place->rc[0], -ECANCELED);
    assert_int_equal(place->rc[1], -ETIMEDOUT);
    assert_int_equal(place->rc[2], 0);
    assert_int_equal(place->rc[3], -ESTALE);
    assert_int_equal(place->rc[4], -ESTALE);
}

static int waits_in_vain(void *arg)
{
    struct place *place = arg;
    listen_somewhere(place);
    leash_timeout_t scope = leash_timeout_begin(0);
    place->rc[0] = leash_timeout_end(scope, accepts(place)); /* polled from now on */
    return leash_await(leash_future(), NULL);
}

static void test_a_server_that_nobody_accepts_from_is_no_hope(void **state)
{
    assert_int_equal(run_really(waits_in_vain, *state), -EDEADLK);
}

/* ---- Unix sockets ---- */

static int asks_at_path(void *arg)
{
    struct place *place = arg;
    char got[8] = "";
    leash_stream_t stream = leash_open_unix_connection(path);
    if (!stream)
        return -errno;
    leash_stream_write(stream, "hello", 5);
    int rc = leash_stream_readexactly(stream, got, 5);
    snprintf(place->text, sizeof place->text, "%s", got);
    leash_stream_close(stream);
    return rc;
}

static int serves_at_path(void *arg)
{
    struct place *place = arg;
    leash_server_t old = leash_start_unix_server(path, echo, place, NULL), new;
    new = leash_start_unix_server(path, echo, place, NULL); /* in its place */
    place->rc[0] = leash_server_port(new);
    place->rc[1] = leash_server_close(old); /* its path is the other's by now */
    place->rc[2] = asks_at_path(place);
    leash_server_close(new);
    leash_server_wait_closed(new);
    place->rc[3] = access(path, F_OK);
    new = leash_listen_unix(path, 1);
    leash_task_t client = leash_create_task(leash_coro(asks_at_path, place));
    place->server = new;
    place->rc[4] = accepts(place);
    place->rc[5] = leash_await(client, NULL);
    return leash_server_close(new);
}

static void test_unix(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(serves_at_path, place), 0);
    assert_string_equal(place->text, "hello");
    assert_int_equal(place->rc[0], 0);
    assert_int_equal(place->rc[1], 0);
    assert_int_equal(place->rc[2], 5);
    assert_int_equal(place->rc[3], -1);
    assert_int_equal(place->rc[4], 0);
    assert_int_equal(place->rc[5], 5);
}

static int open_at(const char *where)
{
    leash_server_t server = leash_start_unix_server(where, echo, NULL, NULL);
    return server ? leash_server_close(server) : -errno;
}

static int is_in_the_way(void *arg)
{
    struct place *place = arg;
    char long_path[109];
    memset(long_path, 'x', sizeof long_path);
    long_path[108] = '\0';
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    place->rc[0] = open_at(path);
    unlink(path);
    place->rc[1] = open_at(long_path);
    place->rc[2] = open_at("/nonexistent/socket");
    place->rc[3] = open_at(NULL);
    return 0;
}

static void test_paths_that_will_not_do(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(is_in_the_way, place), 0);
    assert_int_equal(place->rc[0], -EADDRINUSE);
    assert_int_equal(place->rc[1], -ENAMETOOLONG);
    assert_int_equal(place->rc[2], -ENOENT);
    assert_int_equal(place->rc[3], -EINVAL);
}

/* ---- addresses that will not do, and misuse ---- */

static int open_with(const char *host, int port, leash_connection_fn_t fn, const struct leash_server_options *options)
{
    leash_server_t server = leash_start_server(host, port, fn, NULL, options);
    return server ? leash_server_close(server) : -errno;
}

static int is_misused(void *arg)
{
    struct place *place = arg;
    const struct leash_server_options no_size = {0};
    start(place, echo, NULL);
    place->rc[0] = open_with("127.0.0.1", place->port, echo, NULL);
    snprintf(place->text, sizeof place->text, "%s", leash_last_error());
    place->rc[1] = open_with("192.0.2.1", 0, echo, NULL);
    place->rc[2] = open_with("127.0.0.1", 65536, echo, NULL);
    place->rc[3] = open_with("127.0.0.1", 0, NULL, NULL);
    place->rc[4] = open_with("127.0.0.1", 0, echo, &no_size);
    place->rc[5] = leash_accept(place->server, &(leash_stream_t){NULL});
    place->rc[6] = leash_server_close((leash_server_t)leash_current_task());
    leash_server_close(place->server);
    place->server = leash_listen("127.0.0.1", 0, 0);
    place->rc[7] = leash_server_serve_forever(place->server);
    return leash_server_close(place->server);
}

static void test_misuse(void **state)
{
    struct place *place = *state;
    char expected[128];
    assert_int_equal(run_really(is_misused, place), 0);
    assert_int_equal(place->rc[0], -EADDRINUSE);
    snprintf(expected, sizeof expected, "leash_start_server: 127.0.0.1:%d: Address already in use", place->port);
    assert_string_equal(place->text, expected);
    assert_int_equal(place->rc[1], -EADDRNOTAVAIL);
    for (int i = 2; i < 8; i++)
        assert_int_equal(place->rc[i], -EINVAL);
    assert_null(leash_start_server("127.0.0.1", 0, echo, NULL, NULL));
    assert_int_equal(errno, EPERM);
}

/* ---- no descriptors ---- */

static void limit_descriptors(rlim_t most)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = most;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int connect_plainly(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? fd : -errno;
}

static bool has_failed(void *arg)
{
    return ((struct place *)arg)->failures > 0;
}

static bool has_served(void *arg)
{
    return ((struct place *)arg)->served > 0;
}

/* Those that come meanwhile wait, and are served after a second, which under the virtual clock is soon. */
static int runs_out(void *arg)
{
    struct place *place = arg;
    struct leash_server_options options = LEASH_SERVER_OPTIONS_INIT;
    struct rlimit before;
    getrlimit(RLIMIT_NOFILE, &before);
    options.failed = failed;
    start(place, echo, &options);
    int guest = connect_plainly(place->port);
    limit_descriptors(0);
    place->rc[0] = turn_until(has_failed, place);
    look_around();
    place->rc[1] = (int)place->failures;
    limit_descriptors(before.rlim_cur);
    double began = leash_time();
    shutdown(guest, SHUT_WR);
    place->rc[2] = turn_until(has_served, place);
    place->rc[3] = leash_time() - began <= 1.01;
    close(guest);
    return leash_server_close(place->server);
}

static void test_out_of_descriptors(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_virtual(runs_out, place), 0);
    assert_int_equal(place->rc[0], 0);
    assert_int_equal(place->rc[1], 1); /* it does not go round and round */
    assert_int_equal(place->rc[2], 0);
    assert_int_equal(place->rc[3], 1);
    assert_int_equal(place->rc[6], -EMFILE);
    assert_non_null(strstr(place->text, "can accept no connection for now: Too many open files"));
}

static int runs_out_by_hand(void *arg)
{
    struct place *place = arg;
    struct rlimit before;
    leash_stream_t stream = NULL;
    getrlimit(RLIMIT_NOFILE, &before);
    listen_somewhere(place);
    int guest = connect_plainly(place->port);
    limit_descriptors(0);
    place->rc[0] = leash_accept(place->server, &stream);
    limit_descriptors(before.rlim_cur);
    place->rc[1] = leash_accept(place->server, &stream);
    close(guest);
    leash_stream_close(stream);
    return leash_server_close(place->server);
}

static void test_out_of_descriptors_by_hand(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(runs_out_by_hand, place), 0);
    assert_int_equal(place->rc[0], -EMFILE);
    assert_int_equal(place->rc[1], 0);
}

static int warm_up(void *arg)
{
    (void)arg;
    return leash_uv_loop() ? 0 : -errno;
}

int main(void)
{
    if (!mkdtemp(folder) || run_really(warm_up, NULL) < 0)
        return 1;
    snprintf(path, sizeof path, "%s/socket", folder);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_many_connections),
        TEST(test_names_and_all_addresses),
        TEST(test_wait_closed_waits_for_connections),
        TEST(test_streams_are_closed_and_flushed),
        TEST(test_serve_forever),
        TEST(test_serve_forever_ends_with_the_server),
        TEST(test_a_failure_is_told),
        TEST(test_a_failure_is_found),
        TEST(test_what_the_peer_did_is_no_finding),
        TEST(test_cancel),
        TEST(test_left_open),
        TEST(test_what_will_not_end),
        TEST(test_by_hand),
        TEST(test_a_server_that_nobody_accepts_from_is_no_hope),
        TEST(test_unix),
        TEST(test_paths_that_will_not_do),
        TEST(test_misuse),
        TEST(test_out_of_descriptors),
        TEST(test_out_of_descriptors_by_hand),
    };
    int failed_tests = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed_tests;
}
