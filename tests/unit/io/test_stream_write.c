/* leash_stream_write, drain, write_eof, close and abort: asyncio's StreamWriter. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <trace_format.h>
#include <unistd.h>

#include "peer.h"

enum { LARGE = 4 << 20, LOW = 16384, HIGH = 65536 };

static char large[LARGE];
static char scratch[LARGE];

/* The test's end reads all that came so far. */
static size_t swallow(struct peer *peer)
{
    size_t total = 0;
    for (size_t n; (n = peer_receive(peer, scratch, sizeof scratch)) > 0;)
        total += n;
    return total;
}

/* ---- write ---- */

static int writes(void *arg)
{
    struct peer *peer = arg;
    const struct iovec parts[] = {{text("two"), 3}, {text(""), 0}, {text(" parts"), 6}};
    char got[32] = "";
    peer->rc[0] = leash_stream_write(peer->stream, "one, ", 5);
    peer->rc[1] = leash_stream_write(peer->stream, "", 0);
    peer->rc[2] = leash_stream_writev(peer->stream, parts, 3);
    peer->rc[3] = leash_stream_writev(peer->stream, parts, 0);
    peer->rc[4] = leash_stream_unsent(peer->stream);
    peer->rc[5] = leash_stream_drain(peer->stream);
    peer_receive(peer, got, sizeof got - 1);
    peer_note(peer, "%s", got);
    return leash_stream_writev(peer->stream, parts, -1);
}

static void test_what_fits_goes_at_once(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(writes, peer), -EINVAL);
    assert_string_equal(peer->text, "one, two parts");
    for (int i = 0; i < 6; i++)
        assert_int_equal(peer->rc[i], 0);
}

/* ---- a slow reader ---- */

static int drains(void *arg)
{
    struct peer *peer = arg;
    int rc = leash_stream_drain(peer->stream);
    peer_note(peer, "%d with %s", rc, leash_stream_unsent(peer->stream) <= LOW ? "little" : "much");
    return rc;
}

static bool is_noted(void *arg)
{
    struct peer *peer = arg;
    peer->rc[7] += (int)swallow(peer);
    return peer->text[0] != '\0';
}

static bool has_arrived(void *arg)
{
    struct peer *peer = arg;
    peer->rc[7] += (int)swallow(peer);
    return peer->rc[7] == LARGE;
}

static int writes_to_a_slow_reader(void *arg)
{
    struct peer *peer = arg;
    leash_stream_write(peer->stream, large, LARGE / 2);
    leash_stream_write(peer->stream, large, LARGE / 2); /* behind it */
    peer->rc[0] = leash_stream_unsent(peer->stream);
    leash_task_t one = leash_create_task(leash_coro(drains, peer)), two = leash_create_task(leash_coro(drains, peer));
    look_around();
    peer->rc[1] = (int)strlen(peer->text);
    peer->rc[2] = turn_until(is_noted, peer);
    int rc = leash_gather_wait(NULL, one, two);
    peer->rc[3] = turn_until(has_arrived, peer);
    peer->rc[4] = leash_stream_unsent(peer->stream);
    return rc;
}

static void test_drain_waits_for_a_slow_reader(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(writes_to_a_slow_reader, peer), 0);
    assert_true(peer->rc[0] > HIGH);
    assert_int_equal(peer->rc[1], 0);
    assert_int_equal(peer->rc[2], 0);
    assert_int_equal(peer->rc[3], 0);
    assert_int_equal(peer->rc[4], 0);
    assert_string_equal(peer->text, "0 with little, 0 with little");
}

/* What is kept is bounded by who drains: never more than the high mark and one write. */
static int pumps(void *arg)
{
    struct peer *peer = arg;
    int most = 0, rc = 0;
    for (int i = 0; i < LARGE / 1000 && rc == 0; i++) {
        leash_stream_write(peer->stream, large, 1000);
        most = leash_stream_unsent(peer->stream) > most ? leash_stream_unsent(peer->stream) : most;
        rc = leash_stream_drain(peer->stream);
    }
    peer_note(peer, "%s", most <= HIGH + 1000 ? "bounded" : "unbounded");
    return rc;
}

static int pumps_to_a_slow_reader(void *arg)
{
    struct peer *peer = arg;
    leash_task_t pump = leash_create_task(leash_coro(pumps, peer));
    int rc = turn_until(is_noted, peer);
    return rc < 0 ? rc : leash_await(pump, NULL);
}

static void test_what_is_kept_is_bounded(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(pumps_to_a_slow_reader, peer), 0);
    assert_string_equal(peer->text, "bounded");
}

static int drains_with_limits(void *arg)
{
    struct peer *peer = arg;
    leash_stream_write(peer->stream, large, LARGE);
    leash_timeout_t scope = leash_timeout_begin(0.001);
    peer->rc[0] = leash_timeout_end(scope, leash_stream_drain(peer->stream));
    leash_task_t task = leash_create_task(leash_coro(drains, peer));
    leash_sleep(0);
    leash_cancel(task, NULL);
    peer->rc[1] = leash_await(task, NULL);
    peer->rc[2] = leash_stream_set_write_limits(peer->stream, 2, 1);
    peer->rc[3] = leash_stream_set_write_limits(peer->stream, 1000, LARGE);
    peer->rc[4] = turn_until(has_arrived, peer); /* nothing of it is lost */
    return leash_stream_drain(peer->stream);
}

static void test_drain_is_cut_short(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(drains_with_limits, peer), 0);
    assert_int_equal(peer->rc[0], -ETIMEDOUT);
    assert_int_equal(peer->rc[1], -ECANCELED);
    assert_int_equal(peer->rc[2], -EINVAL);
    assert_int_equal(peer->rc[3], 0);
    assert_int_equal(peer->rc[4], 0);
}

/* ---- half open ---- */

static bool sees_the_end(void *arg)
{
    struct peer *peer = arg;
    ssize_t n;
    while ((n = recv(peer->outside, scratch, sizeof scratch, MSG_DONTWAIT)) > 0)
        peer->rc[7] += (int)n;
    return n == 0;
}

static int half_closes(void *arg)
{
    struct peer *peer = arg;
    char got[16] = "";
    leash_stream_write(peer->stream, large, LARGE);
    peer->rc[0] = leash_stream_write_eof(peer->stream); /* all of it goes first */
    peer->rc[1] = leash_stream_write_eof(peer->stream);
    peer->rc[2] = turn_until(sees_the_end, peer);
    peer_send(peer, "answer");
    peer->rc[3] = leash_stream_read(peer->stream, got, sizeof got);
    peer->rc[4] = leash_stream_write(peer->stream, "more", 4);
    peer->rc[5] = leash_stream_drain(peer->stream);
    return leash_stream_close(peer->stream);
}

static void test_write_eof(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(half_closes, peer), 0);
    assert_int_equal(peer->rc[7], LARGE);
    assert_int_equal(peer->rc[0], 0);
    assert_int_equal(peer->rc[1], 0);
    assert_int_equal(peer->rc[2], 0);
    assert_int_equal(peer->rc[3], 6);
    assert_int_equal(peer->rc[4], -EPIPE);
    assert_int_equal(peer->rc[5], 0);
}

/* ---- close ---- */

static int waits_for_the_end(void *arg)
{
    struct peer *peer = arg;
    int rc = leash_stream_wait_closed(peer->stream);
    peer_note(peer, "closed %d", rc);
    return rc;
}

static int closes(void *arg)
{
    struct peer *peer = arg;
    leash_stream_write(peer->stream, large, LARGE);
    leash_task_t closer = leash_create_task(leash_coro(waits_for_the_end, peer));
    leash_sleep(0);
    peer->rc[0] = leash_stream_is_closing(peer->stream);
    leash_stream_close(peer->stream);
    peer->rc[1] = leash_stream_is_closing(peer->stream);
    peer->rc[2] = leash_stream_close(peer->stream);
    peer->rc[3] = leash_stream_write(peer->stream, "more", 4);
    look_around();
    peer->rc[4] = (int)strlen(peer->text);
    peer->rc[5] = turn_until(sees_the_end, peer);
    return leash_await(closer, NULL);
}

static void test_close_sends_the_rest(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(closes, peer), 0);
    assert_int_equal(peer->rc[7], LARGE);
    assert_int_equal(peer->rc[0], 0);
    assert_int_equal(peer->rc[1], 1);
    assert_int_equal(peer->rc[2], 0);
    assert_int_equal(peer->rc[3], -EPIPE);
    assert_int_equal(peer->rc[4], 0);
    assert_int_equal(peer->rc[5], 0);
    assert_string_equal(peer->text, "closed 0");
}

static int aborts(void *arg)
{
    struct peer *peer = arg;
    leash_stream_write(peer->stream, large, LARGE);
    leash_task_t drainer = leash_create_task(leash_coro(drains, peer));
    leash_task_t closer = leash_create_task(leash_coro(waits_for_the_end, peer));
    leash_sleep(0);
    leash_stream_close(peer->stream);
    leash_stream_abort(peer->stream);
    peer->rc[0] = turn_until(sees_the_end, peer);
    return leash_gather_wait(NULL, drainer, closer);
}

static void test_abort_does_not(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(aborts, peer), 0);
    assert_true(peer->rc[7] < LARGE);
    assert_string_equal(peer->text, "closed 0, 0 with little");
}

static int reads_on(void *arg)
{
    struct peer *peer = arg;
    char byte;
    peer_note(peer, "read %d", leash_stream_read(peer->stream, &byte, 1));
    return 0;
}

static int is_used_when_closed(void *arg)
{
    struct peer *peer = arg;
    char byte;
    const char *data;
    leash_task_t reader = leash_create_task(leash_coro(reads_on, peer));
    leash_sleep(0);
    leash_stream_close(peer->stream);
    int rc = leash_await(reader, NULL);
    peer_note(peer, "%d %d %d %d", leash_stream_read(peer->stream, &byte, 1),
              leash_stream_readexactly(peer->stream, &byte, 1), leash_stream_readline(peer->stream, &data),
              leash_stream_readuntil(peer->stream, "x", 1, &data));
    peer_note(peer, "%d %d %d", leash_stream_write(peer->stream, "", 1), leash_stream_drain(peer->stream),
              leash_stream_write_eof(peer->stream));
    peer_note(peer, "%d %d %d %d", leash_stream_close(peer->stream), leash_stream_is_closing(peer->stream),
              leash_stream_at_eof(peer->stream), leash_stream_wait_closed(peer->stream));
    peer_note(peer, "%d %d %d %d", leash_stream_fd(peer->stream), leash_stream_unsent(peer->stream),
              leash_stream_buffered(peer->stream), leash_stream_peername(peer->stream, NULL, 0));
    return rc;
}

static void test_a_closed_stream(void **state)
{
    struct peer *peer = *state;
    char expected[128];
    assert_int_equal(peer_run(is_used_when_closed, peer), 0);
    snprintf(expected, sizeof expected, "read 0, 0 %1$d 0 %1$d, %2$d %3$d %2$d, 0 1 1 0, %4$d 0 0 %4$d", -ENODATA,
             -EPIPE, -ECONNRESET, -EBADF);
    assert_string_equal(peer->text, expected);
}

/* ---- the peer goes away ---- */

static int writes_to_nobody(void *arg)
{
    struct peer *peer = arg;
    char byte;
    peer_close(peer);
    peer->rc[0] = leash_stream_write(peer->stream, "x", 1);
    peer->rc[1] = leash_stream_write(peer->stream, "x", 1);
    peer->rc[2] = leash_stream_drain(peer->stream);
    peer->rc[3] = leash_stream_read(peer->stream, &byte, 1);
    peer->rc[4] = leash_stream_wait_closed(peer->stream);
    peer->rc[5] = leash_stream_is_closing(peer->stream);
    peer->rc[6] = leash_stream_write_eof(peer->stream);
    return leash_stream_close(peer->stream);
}

static void test_nobody_reads(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(writes_to_nobody, peer), 0);
    for (int i = 0; i < 7; i++)
        assert_int_equal(peer->rc[i], i == 5 ? 1 : -EPIPE);
}

static int loses_its_reader(void *arg)
{
    struct peer *peer = arg;
    leash_stream_write(peer->stream, large, LARGE);
    leash_task_t drainer = leash_create_task(leash_coro(drains, peer));
    leash_task_t closer = leash_create_task(leash_coro(waits_for_the_end, peer));
    leash_sleep(0);
    leash_stream_close(peer->stream); /* it goes on sending, in vain */
    peer_close(peer);
    peer->rc[0] = leash_await(drainer, NULL);
    peer->rc[1] = leash_await(closer, NULL);
    peer->rc[2] = leash_stream_wait_closed(peer->stream);
    return 0;
}

static void test_the_reader_leaves(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(loses_its_reader, peer), 0);
    assert_true(peer->rc[0] == -EPIPE || peer->rc[0] == -ECONNRESET);
    assert_int_equal(peer->rc[1], peer->rc[0]);
    assert_int_equal(peer->rc[2], 0);
}

static int looks_at_sigpipe(void *arg)
{
    struct sigaction now;
    (void)arg;
    sigaction(SIGPIPE, NULL, &now);
    return now.sa_handler == SIG_IGN;
}

static void handler(int signal)
{
    (void)signal;
}

static void test_sigpipe(void **state)
{
    struct peer *peer = *state;
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(peer_run(looks_at_sigpipe, peer), 1);
    assert_int_equal(looks_at_sigpipe(NULL), 0);
    assert_ptr_equal(signal(SIGPIPE, handler), SIG_DFL);
    peer->inside = dup(peer->outside);
    assert_int_equal(peer_run(looks_at_sigpipe, peer), 0); /* it is somebody's */
    assert_ptr_equal(signal(SIGPIPE, SIG_DFL), handler);
}

/* ---- standstill, and the trace ---- */

static int waits_in_vain(void *arg)
{
    struct peer *peer = arg;
    leash_task_t reader = leash_create_task(leash_coro(reads_on, peer));
    leash_sleep(0);
    leash_cancel(reader, NULL); /* libuv polls it now, but nobody waits any more */
    leash_await(reader, NULL);
    return leash_await(leash_future(), NULL);
}

static void test_a_stream_is_no_hope_while_nobody_waits_for_it(void **state)
{
    assert_int_equal(peer_run(waits_in_vain, *state), -EDEADLK);
}

static int leaves_a_reader(void *arg)
{
    leash_task_t reader = leash_create_task(leash_coro(reads_on, arg));
    leash_sleep(0);
    leash_detach(reader);
    return 0;
}

static void test_the_end_of_the_run(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(leaves_a_reader, peer), 0);
    char expected[16];
    snprintf(expected, sizeof expected, "read %d", -ECANCELED);
    assert_string_equal(peer->text, expected);
}

static int reads_and_closes(void *arg)
{
    struct peer *peer = arg;
    char byte;
    peer_send(peer, "x");
    int rc = leash_stream_read(peer->stream, &byte, 1);
    leash_task_t reader = leash_create_task(leash_coro(reads_on, peer));
    leash_sleep(0);
    leash_stream_close(peer->stream);
    return leash_await(reader, NULL) < 0 ? -EPROTO : rc;
}

static void test_events(void **state)
{
    struct peer *peer = *state;
    char name[32];
    snprintf(name, sizeof name, "unix fd %d", peer->inside);
    sink_on(false);
    assert_int_equal(peer_run(reads_and_closes, peer), 1);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0), *done = sink_find(LEASH_EV_OBJECT_DONE, 0);
    assert_int_equal(made->b, LEASH_OBJECT_DESCRIPTOR);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, name);
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_AWAIT_OBJECT), 1); /* what was there cost no wait */
    assert_int_equal(sink_count_of(LEASH_EV_WAKE), 1);
    assert_int_equal(done->a, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 0);
    sink_off();
}

static int leaves_it_open(void *arg)
{
    (void)arg;
    return 0;
}

static void test_left_open(void **state)
{
    sink_on(false);
    assert_int_equal(peer_run(leaves_it_open, *state), 0);
    const struct sink_event *judged = sink_find(LEASH_EV_JUDGED, 0);
    assert_int_equal(judged->a, sink_find(LEASH_EV_OBJECT, 0)->a);
    assert_int_equal(judged->b, LEASH_SUBJECT_OBJECT);
    assert_int_equal(judged->c, LEASH_FACT_LEFT_OPEN);
    assert_null(sink_find(LEASH_EV_OBJECT_DONE, 0));
    sink_off();
}

static int dumps(void *arg)
{
    struct peer *peer = arg;
    char *text = NULL;
    size_t size;
    leash_task_t reader = leash_create_task(leash_coro(reads_on, peer));
    leash_sleep(0);
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    peer->rc[0] = strstr(text, "for stream \"unix fd ") != NULL;
    free(text);
    leash_cancel(reader, NULL);
    leash_await(reader, NULL);
    return 0;
}

static void test_dump(void **state)
{
    struct peer *peer = *state;
    assert_int_equal(peer_run(dumps, peer), 0);
    assert_int_equal(peer->rc[0], 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, peer_setup, peer_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_what_fits_goes_at_once),
        TEST(test_drain_waits_for_a_slow_reader),
        TEST(test_what_is_kept_is_bounded),
        TEST(test_drain_is_cut_short),
        TEST(test_write_eof),
        TEST(test_close_sends_the_rest),
        TEST(test_abort_does_not),
        TEST(test_a_closed_stream),
        TEST(test_nobody_reads),
        TEST(test_the_reader_leaves),
        TEST(test_sigpipe),
        TEST(test_a_stream_is_no_hope_while_nobody_waits_for_it),
        TEST(test_the_end_of_the_run),
        TEST(test_events),
        TEST(test_left_open),
        TEST(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
