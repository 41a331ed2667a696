/* Where streams come from: connections, descriptors of all kinds, names of hosts; and what can be asked of them. */
#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <leash.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <trace_format.h>
#include <unistd.h>

#include "open_descriptors.h"
#include "peer.h"

/* A plain listener of the test's own, on a port that the system gives. */
struct place {
    int listener;
    int port;
    int before; /* descriptors that were open */
    int rc[8];
    char text[512];
};

static int setup(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    struct place *place = calloc(1, sizeof *place);
    if (!place)
        return -1;
    place->before = open_descriptors();
    place->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(place->listener, (struct sockaddr *)&address, size) < 0 || listen(place->listener, 16) < 0 ||
        getsockname(place->listener, (struct sockaddr *)&address, &size) < 0)
        return -1;
    place->port = ntohs(address.sin_port);
    *state = place;
    return 0;
}

/* Nothing is left open, whatever went wrong. */
static int teardown(void **state)
{
    struct place *place = *state;
    if (place->listener >= 0)
        close(place->listener);
    int left = open_descriptors() - place->before;
    free(place);
    return left == 0 ? 0 : -1;
}

/* ---- TCP ---- */

static int talks(leash_stream_t stream, int other, struct place *place)
{
    char got[16] = "";
    int rc = leash_stream_write(stream, "ping", 4);
    if (rc < 0 || read(other, got, sizeof got - 1) != 4 || write(other, "pong", 4) != 4)
        return -EPROTO;
    rc = leash_stream_read(stream, got, sizeof got - 1);
    snprintf(place->text, sizeof place->text, "%s", got);
    return rc;
}

static int connects(void *arg)
{
    struct place *place = arg;
    leash_stream_t stream = leash_open_connection("127.0.0.1", place->port);
    if (!stream)
        return -errno;
    int other = accept(place->listener, NULL, NULL), nodelay = 0;
    socklen_t size = sizeof nodelay;
    place->rc[0] = talks(stream, other, place);
    getsockopt(leash_stream_fd(stream), IPPROTO_TCP, TCP_NODELAY, &nodelay, &size);
    place->rc[1] = nodelay;
    place->rc[2] = leash_stream_set_nodelay(stream, 0);
    place->rc[3] = leash_stream_set_keepalive(stream, 30);
    close(other);
    return leash_stream_close(stream);
}

static void test_tcp(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(connects, place), 0);
    assert_int_equal(place->rc[0], 4);
    assert_string_equal(place->text, "pong");
    assert_int_equal(place->rc[1], 1);
    assert_int_equal(place->rc[2], 0);
    assert_int_equal(place->rc[3], 0);
}

/* localhost may have several addresses: those where nobody listens are passed over. */
static int connects_by_name(void *arg)
{
    struct place *place = arg;
    leash_stream_t stream = leash_open_connection("localhost", place->port);
    return stream ? leash_stream_close(stream) : -errno;
}

static void test_a_name(void **state)
{
    assert_int_equal(run_really(connects_by_name, *state), 0);
    assert_int_equal(run_virtual(connects_by_name, *state), 0);
}

static int asks_for_names(void *arg)
{
    struct place *place = arg;
    char own[64], peer[64], tiny[4];
    leash_stream_t stream = leash_open_connection("127.0.0.1", place->port);
    if (!stream)
        return -errno;
    place->rc[0] = leash_stream_peername(stream, peer, sizeof peer);
    place->rc[1] = leash_stream_sockname(stream, own, sizeof own);
    place->rc[2] = leash_stream_peername(stream, tiny, sizeof tiny);
    snprintf(place->text, sizeof place->text, "%s %.10s %s", peer, own, tiny);
    return leash_stream_close(stream);
}

static void test_names(void **state)
{
    struct place *place = *state;
    char expected[64];
    sink_on(false);
    assert_int_equal(run_really(asks_for_names, place), 0);
    snprintf(expected, sizeof expected, "tcp > 127.0.0.1:%d", place->port);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, expected);
    sink_off();
    int length = snprintf(expected, sizeof expected, "127.0.0.1:%d 127.0.0.1: 127", place->port);
    assert_string_equal(place->text, expected);
    assert_int_equal(place->rc[0], length - 15);
    assert_int_equal(place->rc[2], place->rc[0]);
    assert_true(place->rc[1] > 10);
}

/* ---- connections that fail ---- */

static int fails(const char *host, int port, struct place *place)
{
    leash_stream_t stream = leash_open_connection(host, port);
    int rc = stream ? leash_stream_close(stream) : -errno;
    snprintf(place->text, sizeof place->text, "%s", rc < 0 ? leash_last_error() : "");
    return rc;
}

static int is_refused(void *arg)
{
    struct place *place = arg;
    close(place->listener);
    place->listener = -1;
    return fails("127.0.0.1", place->port, place);
}

static void test_refused(void **state)
{
    struct place *place = *state;
    char expected[128];
    sink_on(false);
    assert_int_equal(run_really(is_refused, place), -ECONNREFUSED);
    snprintf(expected, sizeof expected, "leash_open_connection: 127.0.0.1:%d: Connection refused", place->port);
    assert_string_equal(place->text, expected);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->b, ECONNREFUSED);
    sink_off();
}

static int is_misused(void *arg)
{
    struct place *place = arg;
    place->rc[0] = fails(NULL, 80, place);
    place->rc[1] = fails("", 80, place);
    place->rc[2] = fails("127.0.0.1", 0, place);
    place->rc[3] = fails("127.0.0.1", 65536, place);
    place->rc[4] = fails("no such host", 80, place);
    place->rc[5] = fails("[::1", 80, place);
    return 0;
}

static void test_no_such_place(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(is_misused, place), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(place->rc[i], -EINVAL);
    for (int i = 4; i < 6; i++)
        assert_true(place->rc[i] == -ENXIO || place->rc[i] == -EAGAIN);
    assert_non_null(strstr(place->text, "\"[::1:80\""));
    assert_null(leash_open_connection("127.0.0.1", 80));
    assert_int_equal(errno, EPERM);
}

/* The listener's backlog is full: connecting waits, for as long as the caller likes. */
static int nobody_answers(void *arg)
{
    struct place *place = arg;
    leash_stream_t filling[8] = {NULL};
    listen(place->listener, 0);
    int rc = 0;
    for (int i = 0; i < 8 && rc == 0; i++) {
        leash_timeout_t scope = leash_timeout_begin(0.02);
        filling[i] = leash_open_connection("127.0.0.1", place->port);
        rc = leash_timeout_end(scope, filling[i] ? 0 : -errno);
    }
    for (int i = 0; i < 8; i++)
        if (filling[i])
            leash_stream_close(filling[i]);
    return rc;
}

static void test_a_limit(void **state)
{
    assert_int_equal(run_really(nobody_answers, *state), -ETIMEDOUT);
}

static int looks_up(void *arg)
{
    leash_stream_t stream = leash_open_connection("localhost", ((struct place *)arg)->port);
    return stream ? leash_stream_close(stream) : -errno;
}

/* The look-up goes on without the task, and comes to nothing. */
static int cancels_a_look_up(void *arg)
{
    struct place *place = arg;
    leash_task_t task = leash_create_task(leash_coro(looks_up, place));
    leash_sleep(0);
    leash_cancel(task, NULL);
    return leash_await(task, NULL);
}

static void test_a_cancelled_look_up(void **state)
{
    assert_int_equal(run_really(cancels_a_look_up, *state), -ECANCELED);
}

/* The end of the loop meets a task that looks up a name, and will not end. */
static int ends_amid(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(looks_up, arg));
    leash_sleep(0);
    leash_detach(task);
    return 0;
}

static void test_the_end_amid_a_look_up(void **state)
{
    assert_int_equal(run_really(ends_amid, *state), 0);
}

static int has_no_descriptors(void *arg)
{
    struct place *place = arg;
    struct rlimit old, none;
    leash_uv_loop();
    getrlimit(RLIMIT_NOFILE, &old);
    none = old;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
    int rc = fails("127.0.0.1", place->port, place);
    place->rc[0] = leash_stream_pair(&(leash_stream_t[2]){NULL}[0]);
    setrlimit(RLIMIT_NOFILE, &old);
    return rc;
}

static void test_no_descriptor_is_left(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(has_no_descriptors, place), -EMFILE);
    assert_int_equal(place->rc[0], -EMFILE);
}

/* Reset by the peer: what was to come is an error, for reading and writing, and stays one. */
static int is_reset(void *arg)
{
    struct place *place = arg;
    const struct linger at_once = {1, 0};
    char byte;
    leash_stream_t stream = leash_open_connection("127.0.0.1", place->port);
    if (!stream)
        return -errno;
    int other = accept(place->listener, NULL, NULL);
    setsockopt(other, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(other);
    place->rc[0] = leash_stream_read(stream, &byte, 1);
    place->rc[1] = leash_stream_write(stream, "x", 1);
    place->rc[2] = leash_stream_drain(stream);
    place->rc[3] = leash_stream_fd(stream);
    place->rc[4] = leash_stream_is_closing(stream);
    return leash_stream_close(stream);
}

static void test_reset(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(is_reset, place), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(place->rc[i], -ECONNRESET);
    assert_int_equal(place->rc[3], -EBADF);
    assert_int_equal(place->rc[4], 1);
}

/* ---- Unix sockets ---- */

static char folder[] = "/tmp/leash-stream-XXXXXX";
static char path[64];

static int connects_to_path(void *arg)
{
    struct place *place = arg;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4) < 0)
        return -errno;
    leash_stream_t stream = leash_open_unix_connection(path);
    int other = accept(listener, NULL, NULL);
    place->rc[0] = talks(stream, other, place);
    place->rc[1] = leash_stream_set_nodelay(stream, 1);
    char name[128];
    place->rc[2] = leash_stream_sockname(stream, name, sizeof name);
    leash_stream_peername(stream, name, sizeof name);
    place->rc[3] = strcmp(name, path);
    leash_stream_close(stream);
    close(other);
    close(listener);
    stream = leash_open_unix_connection(path);
    place->rc[4] = stream ? 0 : -errno;
    unlink(path);
    stream = leash_open_unix_connection(path);
    place->rc[5] = stream ? 0 : -errno;
    return 0;
}

static void test_unix(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(connects_to_path, place), 0);
    assert_int_equal(place->rc[0], 4);
    assert_string_equal(place->text, "pong");
    assert_int_equal(place->rc[1], -EOPNOTSUPP);
    assert_int_equal(place->rc[2], 0);
    assert_int_equal(place->rc[3], 0);
    assert_int_equal(place->rc[4], -ECONNREFUSED);
    assert_int_equal(place->rc[5], -ENOENT);
}

static int no_path(void *arg)
{
    struct place *place = arg;
    char long_path[200];
    memset(long_path, 'x', sizeof long_path);
    long_path[108] = '\0';
    leash_stream_t stream = leash_open_unix_connection(long_path);
    place->rc[0] = stream ? 0 : -errno;
    snprintf(place->text, sizeof place->text, "%s", strstr(leash_last_error(), "File name too long"));
    long_path[107] = '\0';
    stream = leash_open_unix_connection(long_path);
    place->rc[1] = stream ? 0 : -errno;
    stream = leash_open_unix_connection(NULL);
    place->rc[2] = stream ? 0 : -errno;
    stream = leash_open_unix_connection("");
    place->rc[3] = stream ? 0 : -errno;
    return 0;
}

static void test_a_path_too_long(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(no_path, place), 0);
    assert_int_equal(place->rc[0], -ENAMETOOLONG);
    assert_string_equal(place->text, "File name too long");
    assert_int_equal(place->rc[1], -ENOENT);
    assert_int_equal(place->rc[2], -EINVAL);
    assert_int_equal(place->rc[3], -EINVAL);
}

/* ---- descriptors ---- */

static int pipes(void *arg)
{
    struct place *place = arg;
    int fds[2];
    char got[16] = "";
    if (pipe(fds) < 0)
        return -errno;
    leash_stream_t in = leash_stream_from_fd(fds[0]), out = leash_stream_from_fd(fds[1]);
    place->rc[0] = leash_stream_write(in, "x", 1);
    place->rc[1] = leash_stream_write(out, "through", 7);
    place->rc[2] = leash_stream_read(in, got, sizeof got);
    place->rc[3] = leash_stream_write_eof(out);
    place->rc[4] = leash_stream_peername(out, got, sizeof got);
    leash_stream_close(out);
    place->rc[5] = leash_stream_read(in, got, sizeof got);
    leash_stream_close(in);
    return 0;
}

static void test_pipes(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(pipes, place), 0);
    assert_int_equal(place->rc[0], -EBADF);
    assert_int_equal(place->rc[1], 0);
    assert_int_equal(place->rc[2], 7);
    assert_int_equal(place->rc[3], -ENOTSUP);
    assert_int_equal(place->rc[4], -ENOTSOCK);
    assert_int_equal(place->rc[5], 0);
}

/* A terminal is opened anew: others that have it open find it as it was. */
static int terminal(void *arg)
{
    struct place *place = arg;
    char got[16] = "";
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
        return -errno;
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY), shared = dup(slave);
    leash_stream_t inside = leash_stream_from_fd(slave), outside = leash_stream_from_fd(master);
    place->rc[0] = fcntl(shared, F_GETFL) & O_NONBLOCK;
    place->rc[1] = leash_stream_fd(inside) == slave;
    place->rc[2] = leash_stream_write(outside, "typed\n", 6);
    place->rc[3] = leash_stream_read(inside, got, sizeof got);
    leash_stream_close(inside);
    leash_stream_close(outside);
    close(shared);
    return 0;
}

static void test_terminals(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(terminal, place), 0);
    assert_int_equal(place->rc[0], 0);
    assert_int_equal(place->rc[1], 1);
    assert_int_equal(place->rc[2], 0);
    assert_int_equal(place->rc[3], 6);
}

static int from(int fd)
{
    leash_stream_t stream = leash_stream_from_fd(fd);
    int rc = stream ? leash_stream_close(stream) : -errno;
    close(fd);
    return rc;
}

static int from_all_kinds(void *arg)
{
    struct place *place = arg;
    leash_stream_t pair[2];
    FILE *file = tmpfile();
    leash_uv_loop();
    place->rc[0] = from(fileno(file));
    place->rc[1] = from(open("/dev/null", O_RDWR));
    place->rc[2] = from(socket(AF_INET, SOCK_DGRAM, 0));
    place->rc[3] = from(eventfd(0, 0));
    place->rc[4] = from(-1);
    place->rc[5] = leash_stream_pair(pair);
    leash_stream_write(pair[0], "x", 1);
    char byte;
    place->rc[6] = leash_stream_read(pair[1], &byte, 1);
    leash_stream_close(pair[0]);
    leash_stream_close(pair[1]);
    fclose(file);
    return 0;
}

static void test_what_can_be_a_stream(void **state)
{
    struct place *place = *state;
    assert_int_equal(run_really(from_all_kinds, place), 0);
    assert_int_equal(place->rc[0], -EPERM);
    assert_int_equal(place->rc[1], -EPERM);
    assert_int_equal(place->rc[2], -EPROTOTYPE);
    assert_int_equal(place->rc[3], -EPERM);
    assert_int_equal(place->rc[4], -EBADF);
    assert_int_equal(place->rc[5], 0);
    assert_int_equal(place->rc[6], 1);
    assert_null(leash_stream_from_fd(place->listener));
    assert_int_equal(errno, EPERM);
    assert_int_equal(leash_stream_pair(&(leash_stream_t[2]){NULL}[0]), -EPERM);
}

static int reads_forever(void *arg)
{
    char byte;
    return leash_stream_read(arg, &byte, 1);
}

/* One descriptor, two streams: libuv watches it once. */
static int twice(void *arg)
{
    leash_stream_t pair[2];
    (void)arg;
    if (leash_stream_pair(pair) < 0)
        return -EPROTO;
    leash_task_t reader = leash_create_task(leash_coro(reads_forever, pair[0]));
    leash_sleep(0);
    leash_stream_t again = leash_stream_from_fd(leash_stream_fd(pair[0]));
    int rc = again ? 0 : -errno;
    leash_stream_close(pair[0]);
    leash_stream_close(pair[1]);
    leash_await(reader, NULL);
    return rc;
}

static void test_a_descriptor_is_one_stream(void **state)
{
    assert_int_equal(run_really(twice, *state), -EBUSY);
}

/* libuv opens something for good, the first time. */
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
        TEST(test_tcp),
        TEST(test_a_name),
        TEST(test_names),
        TEST(test_refused),
        TEST(test_no_such_place),
        TEST(test_a_limit),
        TEST(test_a_cancelled_look_up),
        TEST(test_the_end_amid_a_look_up),
        TEST(test_no_descriptor_is_left),
        TEST(test_reset),
        TEST(test_unix),
        TEST(test_a_path_too_long),
        TEST(test_pipes),
        TEST(test_terminals),
        TEST(test_what_can_be_a_stream),
        TEST(test_a_descriptor_is_one_stream),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
