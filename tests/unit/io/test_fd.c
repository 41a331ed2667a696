/* leash_fd_wait, leash_add_reader and their like, on pipes and sockets. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <trace_format.h>
#include <unistd.h>

#include "sink.h"

struct pair {
    int in, out; /* what is written to `out` is read from `in` */
    int rc[4];
    char got[8];
    unsigned calls;
};

static int setup(void **state)
{
    struct pair *pair = calloc(1, sizeof *pair);
    int fds[2];
    if (!pair || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
        return -1;
    pair->in = fds[0];
    pair->out = fds[1];
    *state = pair;
    return 0;
}

static int teardown(void **state)
{
    struct pair *pair = *state;
    close(pair->in);
    if (pair->out >= 0)
        close(pair->out);
    free(pair);
    return 0;
}

static int run_really(leash_fn_t fn, void *arg)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 0;
    return run_options(fn, arg, &options);
}

/* ---- tasks that wait ---- */

static int reads(void *arg)
{
    struct pair *pair = arg;
    int rc = leash_fd_wait(pair->in, LEASH_READABLE);
    if (rc > 0 && read(pair->in, pair->got, sizeof pair->got - 1) < 0)
        return -errno;
    return rc;
}

static void writes(void *arg)
{
    const struct pair *pair = arg;
    if (write(pair->out, "hello", 5) != 5)
        abort();
}

static int a_reader_and_a_writer(void *arg)
{
    leash_task_t reader = leash_create_task(leash_coro(reads, arg));
    leash_sleep(0);
    writes(arg);
    return leash_await(reader, NULL);
}

static void test_a_task_waits_for_bytes(void **state)
{
    struct pair *pair = *state;
    assert_int_equal(run_really(a_reader_and_a_writer, pair), LEASH_READABLE);
    assert_string_equal(pair->got, "hello");
}

static int waits_for_either(void *arg)
{
    return leash_fd_wait(((struct pair *)arg)->in, LEASH_READABLE | LEASH_WRITABLE);
}

static void test_either_way(void **state)
{
    assert_int_equal(run_really(waits_for_either, *state), LEASH_WRITABLE);
    writes(*state);
    assert_int_equal(run_really(waits_for_either, *state), LEASH_READABLE | LEASH_WRITABLE);
}

static int two_readers(void *arg)
{
    struct pair *pair = arg;
    leash_task_t one = leash_create_task(leash_coro(waits_for_either, pair)), two;
    two = leash_create_task(leash_coro(reads, pair));
    pair->rc[0] = leash_await(one, NULL);
    writes(pair);
    pair->rc[1] = leash_await(two, NULL);
    return 0;
}

static void test_several_wait_for_one(void **state)
{
    struct pair *pair = *state;
    assert_int_equal(run_really(two_readers, pair), 0);
    assert_int_equal(pair->rc[0], LEASH_WRITABLE);
    assert_int_equal(pair->rc[1], LEASH_READABLE);
}

static int the_end_is_readable(void *arg)
{
    struct pair *pair = arg;
    close(pair->out);
    pair->out = -1;
    return leash_fd_wait(pair->in, LEASH_READABLE);
}

static void test_the_peer_is_gone(void **state)
{
    assert_int_equal(run_really(the_end_is_readable, *state), LEASH_READABLE);
}

/* ---- limits, cancellation, clocks ---- */

static int with_a_limit(void *arg)
{
    struct pair *pair = arg;
    leash_timeout_t scope = leash_timeout_begin(0.0005); /* less than what libuv's timers know */
    pair->rc[0] = leash_timeout_end(scope, leash_fd_wait(pair->in, LEASH_READABLE));
    scope = leash_timeout_begin(0.0025);
    pair->rc[1] = leash_timeout_end(scope, leash_fd_wait(pair->in, LEASH_READABLE));
    leash_task_t task = leash_create_task(leash_coro(reads, pair));
    leash_sleep(0);
    leash_cancel(task, NULL);
    pair->rc[2] = leash_await(task, NULL);
    writes(pair);
    return reads(pair); /* the descriptor is as good as new */
}

static void test_limits_and_cancellation(void **state)
{
    struct pair *pair = *state;
    for (int virtual_time = 0; virtual_time < 2; virtual_time++) {
        struct leash_options options = LEASH_OPTIONS_INIT;
        options.virtual_time = virtual_time;
        assert_int_equal(run_options(with_a_limit, pair, &options), LEASH_READABLE);
        assert_int_equal(pair->rc[0], -ETIMEDOUT);
        assert_int_equal(pair->rc[1], -ETIMEDOUT);
        assert_int_equal(pair->rc[2], -ECANCELED);
    }
}

/* A busy loop looks at descriptors all the same. */
static int yields_until_read(void *arg)
{
    struct pair *pair = arg;
    leash_task_t reader = leash_create_task(leash_coro(reads, pair));
    writes(pair);
    while (!leash_done(reader))
        leash_sleep(0);
    return leash_await(reader, NULL);
}

static void test_a_busy_loop_looks(void **state)
{
    assert_int_equal(run_really(yields_until_read, *state), LEASH_READABLE);
    assert_int_equal(run_virtual(yields_until_read, *state), LEASH_READABLE);
}

static int main_leaves(void *arg)
{
    struct pair *pair = arg;
    leash_task_t reader = leash_create_task(leash_coro(reads, pair));
    leash_sleep(0);
    (void)reader;
    return 0;
}

static void test_the_end_of_the_run_cancels(void **state)
{
    assert_int_equal(run_really(main_leaves, *state), 0);
}

/* ---- callbacks ---- */

struct listening {
    struct pair *pair;
    leash_future_t done;
};

static void on_readable(int fd, void *arg)
{
    struct listening *listening = arg;
    char byte;
    if (read(fd, &byte, 1) == 1 && ++listening->pair->calls == 5)
        leash_future_set_result(listening->done, NULL);
}

static void on_writable(int fd, void *arg)
{
    struct listening *listening = arg;
    (void)fd;
    writes(listening->pair);
    leash_remove_writer(listening->pair->out);
}

static int listens(void *arg)
{
    struct pair *pair = arg;
    struct listening listening = {pair, leash_future()};
    if (leash_add_reader(pair->in, on_readable, &listening) || leash_add_writer(pair->out, on_writable, &listening))
        return -EPROTO;
    int rc = leash_await(listening.done, NULL); /* a byte a call: the rest is told of again */
    pair->rc[0] = leash_remove_reader(pair->in);
    pair->rc[1] = leash_remove_reader(pair->in);
    pair->rc[2] = leash_remove_writer(pair->out);
    return rc;
}

static void test_callbacks(void **state)
{
    struct pair *pair = *state;
    assert_int_equal(run_really(listens, pair), 0);
    assert_int_equal(pair->calls, 5);
    assert_int_equal(pair->rc[0], 1);
    assert_int_equal(pair->rc[1], 0);
    assert_int_equal(pair->rc[2], 0);
}

static int leaves_a_listener(void *arg)
{
    struct pair *pair = arg;
    static struct listening listening;
    listening.pair = pair;
    writes(pair);
    return leash_add_reader(pair->in, on_readable, &listening);
}

static void test_a_listener_ends_with_the_loop(void **state)
{
    assert_int_equal(run_really(leaves_a_listener, *state), 0);
}

/* ---- what is broken is ready ---- */

static void on_broken(int fd, void *arg)
{
    struct listening *listening = arg;
    if (++listening->pair->calls < 3)
        return;
    leash_remove_writer(fd);
    leash_future_set_result(listening->done, NULL);
}

static int uses_a_broken_pipe(void *arg)
{
    struct pair *pair = arg;
    struct listening listening = {pair, leash_future()};
    int ends[2];
    if (pipe(ends) < 0)
        return -errno;
    close(ends[0]);
    pair->rc[0] = leash_fd_wait(ends[1], LEASH_WRITABLE);
    pair->rc[1] = leash_fd_wait(ends[1], LEASH_READABLE | LEASH_WRITABLE);
    pair->rc[2] = fcntl(ends[1], F_GETFL) & O_NONBLOCK;
    leash_add_writer(ends[1], on_broken, &listening);
    int rc = leash_wait_for(listening.done, 10, NULL); /* it is told of again */
    close(ends[1]);
    return rc;
}

static void test_what_is_broken_is_ready(void **state)
{
    struct pair *pair = *state;
    assert_int_equal(run_really(uses_a_broken_pipe, pair), 0);
    assert_int_equal(pair->rc[0], LEASH_WRITABLE);
    assert_int_equal(pair->rc[1], LEASH_READABLE | LEASH_WRITABLE);
    assert_int_equal(pair->rc[2], O_NONBLOCK);
    assert_int_equal(pair->calls, 3);
}

/* ---- misuse ---- */

static int misuses(void *arg)
{
    struct pair *pair = arg;
    FILE *file = tmpfile();
    leash_uv_loop(); /* its own descriptors are open now: none of them gets the number of the closed one */
    int closed = dup(pair->in);
    close(closed);
    pair->rc[0] = leash_fd_wait(closed, LEASH_READABLE);
    pair->rc[1] = leash_fd_wait(-1, LEASH_READABLE);
    pair->rc[2] = leash_fd_wait(fileno(file), LEASH_READABLE);
    pair->rc[3] = leash_fd_wait(pair->in, 0);
    fclose(file);
    return leash_add_reader(pair->in, NULL, NULL);
}

static void test_misuse(void **state)
{
    struct pair *pair = *state;
    assert_int_equal(run_really(misuses, pair), -EINVAL);
    assert_int_equal(pair->rc[0], -EBADF);
    assert_int_equal(pair->rc[1], -EBADF);
    assert_int_equal(pair->rc[2], -EPERM);
    assert_int_equal(pair->rc[3], -EINVAL);
    assert_int_equal(leash_fd_wait(pair->in, LEASH_READABLE), -EPERM);
    assert_int_equal(leash_add_reader(pair->in, on_readable, NULL), -EPERM);
    assert_int_equal(leash_remove_reader(pair->in), -EPERM);
}

/* ---- what the trace is told ---- */

static void test_events(void **state)
{
    struct pair *pair = *state;
    char name[16];
    sink_on(false);
    assert_int_equal(run_really(a_reader_and_a_writer, pair), LEASH_READABLE);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0), *named = sink_find(LEASH_EV_NAME, 0);
    assert_int_equal(made->b, LEASH_OBJECT_DESCRIPTOR);
    snprintf(name, sizeof name, "fd %d", pair->in);
    assert_string_equal(named->text, name);
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->a, made->a);
    sink_off();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_task_waits_for_bytes),
        TEST(test_either_way),
        TEST(test_several_wait_for_one),
        TEST(test_the_peer_is_gone),
        TEST(test_limits_and_cancellation),
        TEST(test_a_busy_loop_looks),
        TEST(test_the_end_of_the_run_cancels),
        TEST(test_callbacks),
        TEST(test_a_listener_ends_with_the_loop),
        TEST(test_what_is_broken_is_ready),
        TEST(test_misuse),
        TEST(test_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
