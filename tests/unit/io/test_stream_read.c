/* leash_stream_read and its like: asyncio's StreamReader. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static void check(void **state, leash_fn_t fn, const char *expected)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(fn, peer), 0);
    assert_string_equal(peer->text, expected);
}

/* ---- read ---- */

static int read_it(struct peer *peer, size_t n)
{
    char buffer[64];
    int rc = leash_stream_read(peer->stream, buffer, n);
    peer_note(peer, "%.*s/%d", rc > 0 ? rc : 0, buffer, rc);
    return rc;
}

static int reads_twice(void *arg)
{
    read_it(arg, 64);
    read_it(arg, 64);
    return 0;
}

static bool has_read(void *arg)
{
    return ((struct peer *)arg)->text[0] != '\0';
}

static int reads_what_comes(void *arg)
{
    struct peer *peer = arg;
    leash_task_t reader = leash_create_task(leash_coro(reads_twice, peer));
    leash_sleep(0);
    peer_send(peer, "one");
    int rc = turn_until(has_read, peer);
    peer_close(peer);
    return rc < 0 ? rc : leash_await(reader, NULL);
}

static void test_a_task_waits_for_bytes(void **state)
{
    check(state, reads_what_comes, "one/3, /0");
}

static int reads_in_parts(void *arg)
{
    struct peer *peer = arg;
    peer_send(peer, "abcdefgh");
    read_it(peer, 3);
    read_it(peer, 0);
    read_it(peer, 3);
    read_it(peer, 64);
    peer_close(peer);
    read_it(peer, 64);
    read_it(peer, 64);
    peer_note(peer, "end %d", leash_stream_at_eof(peer->stream));
    return leash_stream_close(peer->stream);
}

static void test_no_more_than_asked_for(void **state)
{
    check(state, reads_in_parts, "abc/3, /0, def/3, gh/2, /0, /0, end 1");
}

static int waits(void *arg)
{
    return read_it(arg, 64);
}

static int two_read(void *arg)
{
    struct peer *peer = arg;
    leash_task_t first = leash_create_task(leash_coro(waits, peer));
    leash_sleep(0);
    read_it(peer, 64);
    peer_note(peer, "%s", strstr(leash_last_error(), "another task waits") ? "told why" : leash_last_error());
    peer_send(peer, "x");
    int rc = leash_await(first, NULL);
    return rc < 0 ? rc : 0;
}

static void test_one_reader_at_a_time(void **state)
{
    char expected[64];
    snprintf(expected, sizeof expected, "/%d, told why, x/1", -EBUSY);
    check(state, two_read, expected);
}

/* ---- a cancellation loses no byte ---- */

static int reads_exactly_four(void *arg)
{
    struct peer *peer = arg;
    char buffer[5] = "";
    int rc = leash_stream_readexactly(peer->stream, buffer, 4);
    peer_note(peer, "%s/%d", buffer, rc);
    return rc;
}

static bool is_readable(void *arg)
{
    return leash_stream_buffered(((struct peer *)arg)->stream) > 0;
}

/* Cancelled before anything came, when it was woken but has not run, and with a part of what it wants. */
static int cancels(void *arg)
{
    struct peer *peer = arg;
    leash_task_t task = leash_create_task(leash_coro(waits, peer));
    leash_sleep(0);
    leash_cancel(task, NULL);
    peer->rc[0] = leash_await(task, NULL);
    task = leash_create_task(leash_coro(reads_exactly_four, peer));
    leash_sleep(0);
    peer_send(peer, "ab");
    turn_until(is_readable, peer);
    leash_cancel(task, NULL);
    peer->rc[1] = leash_await(task, NULL);
    leash_timeout_t scope = leash_timeout_begin(0.001);
    peer->rc[2] = leash_timeout_end(scope, reads_exactly_four(peer));
    peer_send(peer, "cd");
    reads_exactly_four(peer);
    return 0;
}

static void test_cancellation(void **state)
{
    struct peer *peer = *state;
    char expected[64];
    snprintf(expected, sizeof expected, "/%1$d, /%1$d, /%1$d, abcd/4", -ECANCELED);
    check(state, cancels, expected);
    assert_int_equal(peer->rc[0], -ECANCELED);
    assert_int_equal(peer->rc[1], -ECANCELED);
    assert_int_equal(peer->rc[2], -ETIMEDOUT);
}

struct race {
    struct peer *peer;
    leash_task_t reader;
};

static void cancels_it(int fd, void *arg)
{
    struct race *race = arg;
    leash_remove_reader(fd);
    leash_cancel(race->reader, NULL);
}

/* A callback for another descriptor runs in the same iteration as the reader would, before it. */
static int woken_and_cancelled(void *arg)
{
    struct peer *peer = arg;
    struct race race = {peer, NULL};
    int bell[2];
    if (pipe(bell) < 0)
        return -errno;
    leash_add_reader(bell[0], cancels_it, &race);
    race.reader = leash_create_task(leash_coro(waits, peer));
    leash_sleep(0);
    if (write(bell[1], "!", 1) != 1)
        return -errno;
    peer_send(peer, "kept");
    peer->rc[0] = leash_await(race.reader, NULL);
    read_it(peer, 64);
    close(bell[0]);
    close(bell[1]);
    return 0;
}

static void test_woken_and_cancelled(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(woken_and_cancelled, peer), 0);
    assert_int_equal(peer->rc[0], -ECANCELED);
    assert_non_null(strstr(peer->text, "kept/4"));
}

/* ---- readexactly ---- */

static int exact(struct peer *peer, size_t n)
{
    char buffer[64] = "";
    int rc = leash_stream_readexactly(peer->stream, buffer, n);
    peer_note(peer, "%s/%d", buffer, rc);
    return rc;
}

static int reads_exactly(void *arg)
{
    struct peer *peer = arg;
    peer_send(peer, "abcdefgh");
    exact(peer, 2);
    exact(peer, 0);
    exact(peer, 4);
    peer_close(peer);
    exact(peer, 3);
    peer_note(peer, "%d left", leash_stream_buffered(peer->stream));
    exact(peer, 2);
    exact(peer, 1);
    return 0;
}

static void test_exactly(void **state)
{
    char expected[96];
    snprintf(expected, sizeof expected, "ab/2, /0, cdef/4, /%1$d, 2 left, gh/2, /%1$d", -ENODATA);
    check(state, reads_exactly, expected);
}

enum { LARGE = 1 << 20 };

static int sends_large(void *arg)
{
    leash_stream_t stream = arg;
    char *data = malloc(LARGE);
    for (size_t i = 0; i < LARGE; i++)
        data[i] = (char)(i * 7 >> 3);
    int rc = leash_stream_write(stream, data, LARGE);
    free(data);
    leash_stream_close(stream);
    return rc;
}

/* More than the limit, and more than the socket takes at once. */
static int reads_large(void *arg)
{
    struct peer *peer = arg;
    leash_stream_t pair[2];
    if (leash_stream_pair(pair) < 0)
        return -EPROTO;
    leash_task_t sender = leash_create_task(leash_coro(sends_large, pair[0]));
    char *data = malloc(LARGE);
    int rc = leash_stream_readexactly(pair[1], data, LARGE);
    for (size_t i = 0; i < LARGE && rc == LARGE; i++)
        if (data[i] != (char)(i * 7 >> 3))
            rc = -EBADMSG;
    free(data);
    peer_note(peer, "%d, %d", rc, leash_stream_close(pair[1]));
    return leash_await(sender, NULL);
}

static void test_large(void **state)
{
    char expected[32];
    snprintf(expected, sizeof expected, "%d, 0", LARGE);
    check(state, reads_large, expected);
}

/* ---- readuntil, readline ---- */

static int until(struct peer *peer, const char *separator)
{
    const char *data = "?";
    int rc = leash_stream_readuntil(peer->stream, separator, strlen(separator), &data);
    peer_note(peer, "%.*s/%d", rc > 0 ? rc : 0, data, rc);
    return rc;
}

static int line(struct peer *peer)
{
    const char *data = "?";
    int rc = leash_stream_readline(peer->stream, &data);
    peer_note(peer, "%.*s/%d", rc > 0 ? rc - (data[rc - 1] == '\n') : 0, data, rc);
    return rc;
}

static int feeds_separator(void *arg)
{
    struct peer *peer = arg;
    peer_send(peer, "some textSEP");
    int rc = turn_until(is_readable, peer);
    peer_send(peer, "ARATORrestSEPA");
    look_around();
    peer_close(peer);
    return rc;
}

/* The separator comes in two pieces; the last one never comes whole. */
static int reads_until(void *arg)
{
    struct peer *peer = arg;
    leash_task_t feeder = leash_create_task(leash_coro(feeds_separator, peer));
    until(peer, "SEPARATOR");
    until(peer, "SEPARATOR");
    read_it(peer, 64);
    return leash_await(feeder, NULL);
}

static void test_until(void **state)
{
    char expected[96];
    snprintf(expected, sizeof expected, "some textSEPARATOR/18, /%d, restSEPA/8", -ENODATA);
    check(state, reads_until, expected);
}

static int reads_lines(void *arg)
{
    struct peer *peer = arg;
    peer_send(peer, "first\n\nthird\nla");
    line(peer);
    line(peer);
    line(peer);
    peer_send(peer, "st");
    peer_close(peer);
    line(peer);
    line(peer);
    return 0;
}

static void test_lines(void **state)
{
    check(state, reads_lines, "first/6, /1, third/6, last/4, /0");
}

static int over_the_limit(void *arg)
{
    struct peer *peer = arg;
    leash_stream_set_read_limit(peer->stream, 4);
    peer_send(peer, "1234\n12345\n12\n");
    line(peer); /* the limit does not count the separator */
    until(peer, "\n");
    until(peer, "\n"); /* it is still there */
    line(peer);        /* thrown away, with its end */
    line(peer);
    peer_send(peer, "123456");
    line(peer); /* all that came */
    peer_send(peer, "7\n");
    line(peer);
    return 0;
}

static void test_over_the_limit(void **state)
{
    char expected[128];
    snprintf(expected, sizeof expected, "1234/5, /%1$d, /%1$d, /%1$d, 12/3, /%1$d, 7/2", -EMSGSIZE);
    check(state, over_the_limit, expected);
}

struct counted {
    leash_stream_t stream;
    int enough;
};

static bool has_received(void *arg)
{
    const struct counted *counted = arg;
    return leash_stream_buffered(counted->stream) >= counted->enough;
}

/* What was shown stays where it is while more than its memory can hold comes in behind it. */
static int looks_at_a_line(void *arg)
{
    struct peer *peer = arg;
    static char more[32768];
    const char *shown = NULL;
    memset(more, 'm', sizeof more - 1);
    peer_send(peer, "look at me\n");
    int rc = leash_stream_readline(peer->stream, &shown);
    leash_task_t other = leash_create_task(leash_coro(waits, peer)); /* begins to receive ahead */
    leash_sleep(0);
    leash_cancel(other, NULL);
    leash_await(other, NULL);
    peer_send(peer, more);
    struct counted counted = {peer->stream, sizeof more - 1};
    int received = turn_until(has_received, &counted);
    peer->text[0] = '\0';
    peer_note(peer, "%.*s%d", rc, shown, received);
    rc = leash_stream_readexactly(peer->stream, more, sizeof more - 1);
    peer_note(peer, "%d", rc);
    return 0;
}

static void test_what_is_shown_stays(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(looks_at_a_line, peer), 0);
    assert_non_null(strstr(peer->text, "32767"));
}

/* ---- receiving ahead ---- */

/* Nobody reads: no more than twice the limit is taken from the peer; all of it comes once somebody does. */
static int receives_ahead(void *arg)
{
    struct peer *peer = arg;
    static char data[65536];
    size_t sent = 0, received = 0;
    leash_stream_set_read_limit(peer->stream, 8192);
    leash_task_t other = leash_create_task(leash_coro(waits, peer));
    leash_sleep(0);
    leash_cancel(other, NULL);
    leash_await(other, NULL);
    struct counted counted = {peer->stream, 16385};
    for (ssize_t n; (n = send(peer->outside, data, sizeof data, MSG_DONTWAIT)) > 0; sent += (size_t)n)
        ;
    peer->rc[0] = turn_until(has_received, &counted);
    look_around();
    peer->rc[1] = leash_stream_buffered(peer->stream);
    peer_close(peer);
    for (int n; (n = leash_stream_read(peer->stream, data, 5000)) > 0; received += (size_t)n)
        ;
    peer->rc[2] = sent == received;
    return 0;
}

static void test_no_more_ahead_than_the_limit(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(receives_ahead, peer), 0);
    assert_int_equal(peer->rc[0], 0);
    assert_in_range(peer->rc[1], 16385, 16384 + 65536);
    assert_int_equal(peer->rc[2], 1);
}

/* ---- misuse ---- */

static int misuses(void *arg)
{
    struct peer *peer = arg;
    char byte;
    int pipes[2];
    if (pipe(pipes) < 0)
        return -errno;
    leash_stream_t writes = leash_stream_from_fd(pipes[1]);
    peer->rc[0] = leash_stream_readuntil(peer->stream, "", 0, &(const char *){NULL});
    peer->rc[1] = leash_stream_set_read_limit(peer->stream, 0);
    peer->rc[2] = leash_stream_read(writes, &byte, 1);
    peer->rc[3] = leash_stream_read(NULL, &byte, 1);
    peer->rc[4] = leash_stream_read((leash_stream_t)leash_current_task(), &byte, 1);
    leash_stream_close(writes);
    close(pipes[0]);
    return 0;
}

static void test_misuse(void **state)
{
    struct peer *peer = *state;
    char byte;
    assert_int_equal(peer_run(misuses, peer), 0);
    assert_int_equal(peer->rc[0], -EINVAL);
    assert_int_equal(peer->rc[1], -EINVAL);
    assert_int_equal(peer->rc[2], -EBADF);
    assert_int_equal(peer->rc[3], -EINVAL);
    assert_int_equal(peer->rc[4], -EINVAL);
    assert_int_equal(leash_stream_read(peer->stream, &byte, 1), -EPERM);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, peer_setup, peer_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_task_waits_for_bytes),
        TEST(test_no_more_than_asked_for),
        TEST(test_one_reader_at_a_time),
        TEST(test_cancellation),
        TEST(test_woken_and_cancelled),
        TEST(test_exactly),
        TEST(test_large),
        TEST(test_until),
        TEST(test_lines),
        TEST(test_over_the_limit),
        TEST(test_what_is_shown_stays),
        TEST(test_no_more_ahead_than_the_limit),
        TEST(test_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
