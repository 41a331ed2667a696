/* The HTTP of the examples against peers that break the rules: each gets the answer that it should, or none, and keeps
 * nobody for longer than the patience. On the virtual clock. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/client.h"
#include "http/server.h"

enum { PATIENCE = 30, LARGE = 8 << 20 };

/* ---- a server ---- */

static int hello(struct http_exchange *exchange)
{
    return http_respond(exchange, 200, "text/plain", "hello", 5);
}

static int echo(struct http_exchange *exchange)
{
    char *body;
    size_t size;
    int rc = http_read_whole_body(&exchange->request, 1000, &body, &size);
    if (rc < 0)
        return rc;
    rc = http_respond(exchange, 200, "text/plain", body, size);
    free(body);
    return rc;
}

static int breaks(struct http_exchange *exchange)
{
    (void)exchange;
    return -EIO;
}

static int breaks_late(struct http_exchange *exchange)
{
    int rc = http_begin(exchange, 200, "text/plain", 100);
    return rc < 0 ? rc : -EIO;
}

static int says_nothing(struct http_exchange *exchange)
{
    (void)exchange;
    return 0;
}

static int large(struct http_exchange *exchange)
{
    static const char zeros[LARGE];
    return http_respond(exchange, 200, "text/plain", zeros, sizeof(zeros));
}

/* The same, but nothing waits for it while the body runs. */
static int large_unsent(struct http_exchange *exchange)
{
    int rc = leash_stream_set_write_limits(exchange->request.stream, LARGE + 1024, LARGE + 1024);
    return rc < 0 ? rc : large(exchange);
}

static const struct http_route routes[] = {
    {"GET", "/", hello},           {"POST", "/echo", echo},          {"GET", "/breaks", breaks},
    {"GET", "/late", breaks_late}, {"GET", "/quiet", says_nothing},  {"GET", "/large", large},
    {"GET", "/under/*", hello},    {"GET", "/unsent", large_unsent},
};
static struct http_site site = {routes, sizeof(routes) / sizeof(routes[0]), PATIENCE, NULL};

/* ---- a conversation ---- */

struct talk {
    const char *sent;
    size_t length;
    bool stays;       /* the peer says no more, but keeps the connection */
    bool never_reads; /* nor takes what it gets */
    char got[4096];   /* what the server sent, up to its end */
    size_t size;
    int served; /* what http_serve returned */
    double seconds;
};

static int serve(void *arg)
{
    int rc = http_serve(arg, &site);
    leash_stream_close(arg);
    return rc;
}

static int client(void *arg)
{
    struct talk *talk = arg;
    leash_stream_t ends[2];
    int n = leash_stream_pair(ends);
    if (n < 0)
        return n;
    double began = leash_time();
    leash_task_t server = leash_create_task(leash_coro(serve, ends[1]));
    n = leash_stream_write(ends[0], talk->sent, talk->length);
    if (n >= 0 && !talk->stays)
        n = leash_stream_write_eof(ends[0]);
    while (n >= 0 && !talk->never_reads && talk->size < sizeof(talk->got) - 1 &&
           (n = leash_stream_read(ends[0], talk->got + talk->size, sizeof(talk->got) - 1 - talk->size)) > 0)
        talk->size += (size_t)n;
    leash_wait((leash_awaitable_t[]){server}, 1, LEASH_ALL_COMPLETED, -1, NULL);
    talk->served = leash_result(server, NULL);
    talk->seconds = leash_time() - began;
    leash_stream_close(ends[0]);
    return n < 0 && n != -ECONNRESET ? n : 0;
}

static int run(leash_fn_t app, void *arg)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    return leash_run_with(leash_coro(app, arg), &options, NULL);
}

static struct talk *said_n(const char *sent, size_t length, bool stays)
{
    static struct talk talk;
    talk = (struct talk){.sent = sent, .length = length, .stays = stays};
    assert_int_equal(run(client, &talk), 0);
    return &talk;
}

static struct talk *said(const char *sent)
{
    return said_n(sent, strlen(sent), false);
}

static int statuses(const struct talk *talk, int *out, int cap)
{
    int n = 0;
    for (const char *at = talk->got; n < cap && (at = strstr(at, "HTTP/1.1 ")); at++)
        out[n++] = atoi(at + 9);
    return n;
}

static void expect_one(const struct talk *talk, int status)
{
    int found[4] = {0};
    assert_int_equal(statuses(talk, found, 4), 1);
    assert_int_equal(found[0], status);
    assert_int_equal(talk->served, 0);
}

/* ---- requests ---- */

static void test_good_requests_are_answered(void **state)
{
    (void)state;
    expect_one(said("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    expect_one(said("GET /?q=1 HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    expect_one(said("GET /under/any HTTP/1.1\nhost:x\n\n"), 200);
    expect_one(said("\r\nGET / HTTP/1.0\r\n\r\n"), 200);
    expect_one(said("GET /quiet HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    expect_one(said("GET /other HTTP/1.1\r\nHost: x\r\n\r\n"), 404);
    struct talk *talk = said("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nworld");
    expect_one(talk, 200);
    assert_non_null(strstr(talk->got, "\r\n\r\nworld"));
    talk = said("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_one(talk, 200);
    assert_non_null(strstr(talk->got, "Content-Length: 5\r\n"));
    assert_null(strstr(talk->got, "hello"));
    talk = said("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    expect_one(talk, 405);
    assert_non_null(strstr(talk->got, "\r\nAllow: GET\r\n"));
}

static void test_a_connection_is_used_again_until_one_side_has_enough(void **state)
{
    static const char again[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\n"
                                "Content-Length: 2\r\n\r\nok";
    int found[4];
    (void)state;
    assert_int_equal(statuses(said(again), found, 4), 2);
    /* A body that nobody read is not taken for a request. */
    assert_int_equal(statuses(said("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nxyz"
                                   "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                              found, 4),
                     2);
    assert_int_equal(found[1], 200);
    expect_one(said("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    expect_one(said("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n"), 200);
    assert_int_equal(statuses(said("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n"), found, 4),
                     2);
    /* One that is not going to be read is no reason to wait for it. */
    expect_one(said("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"), 200);
    expect_one(said("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"), 200);
}

static void test_a_body_that_is_held_back_is_asked_for(void **state)
{
    int found[4] = {0};
    (void)state;
    struct talk *talk = said("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok");
    assert_int_equal(statuses(talk, found, 4), 2);
    assert_int_equal(found[0], 100);
    assert_int_equal(found[1], 200);
}

static void test_what_is_no_http_is_refused(void **state)
{
    static const struct {
        const char *sent;
        int status;
    } bad[] = {
        {"hello\r\n", 400},
        {"\r\n\r\n", 400},
        {"GET /\r\n", 400},
        {"GET  / HTTP/1.1\r\n", 400},
        {"GET / HTTP/1.1 \r\n", 505},
        {"GET / FTP/1.1\r\n", 400},
        {"G(T / HTTP/1.1\r\n", 400},
        {"GET http://x/ HTTP/1.1\r\n", 400},
        {"GET / HTTP/2.0\r\n", 505},
        {"ABCDEFGHIJKLMNOPQ / HTTP/1.1\r\n", 501},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\rContent-Length: 1\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 413},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n", 413},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        print_message("%.60s", bad[i].sent);
        expect_one(said(bad[i].sent), bad[i].status);
    }
    static const char zero[] = "GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n";
    expect_one(said_n(zero, sizeof(zero) - 1, false), 400);
}

static void test_what_is_too_long_is_refused(void **state)
{
    static char sent[200000];
    (void)state;
    snprintf(sent, sizeof(sent), "GET /%02000d HTTP/1.1\r\n", 0);
    expect_one(said(sent), 414);
    snprintf(sent, sizeof(sent), "GET / HTTP/1.1\r\nHost: x\r\nA: %09000d\r\n\r\n", 0);
    expect_one(said(sent), 431);
    snprintf(sent, sizeof(sent), "GET / HTTP/1.1\r\nHost: x\r\nA: %0100000d", 0); /* never ends */
    expect_one(said(sent), 431);
    size_t n = (size_t)snprintf(sent, sizeof(sent), "GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < HTTP_FIELDS_MAX; i++)
        n += (size_t)snprintf(sent + n, sizeof(sent) - n, "A: b\r\n");
    snprintf(sent + n, sizeof(sent) - n, "\r\n");
    expect_one(said(sent), 431);
}

static void expect_nothing(const struct talk *talk)
{
    assert_int_equal(talk->size, 0);
    assert_int_equal(talk->served, 0);
}

static void test_who_leaves_early_is_not_answered(void **state)
{
    (void)state;
    expect_nothing(said(""));
    expect_nothing(said("GET / HT"));
    expect_nothing(said("GET / HTTP/1.1\r\nHost: x\r\n"));
    expect_nothing(said("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"));
}

static struct talk *then_silence(const char *sent)
{
    return said_n(sent, strlen(sent), true);
}

static void test_patience_ends(void **state)
{
    (void)state;
    struct talk *talk = then_silence("");
    expect_nothing(talk);
    assert_in_range((int)talk->seconds, PATIENCE, PATIENCE + 1);
    talk = then_silence("GET / HT");
    expect_one(talk, 408);
    assert_in_range((int)talk->seconds, PATIENCE, PATIENCE + 2);
    expect_one(then_silence("GET / HTTP/1.1\r\nHost: x\r\n"), 408);
    expect_one(then_silence("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"), 408);
    expect_one(then_silence("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
}

static void expect_let_go(const char *sent)
{
    struct talk talk = {.sent = sent, .length = strlen(sent), .stays = true, .never_reads = true};
    assert_int_equal(run(client, &talk), 0);
    assert_int_equal(talk.served, 0);
    assert_in_range((int)talk.seconds, PATIENCE, PATIENCE + 2);
}

static void test_who_never_reads_is_let_go(void **state)
{
    (void)state;
    expect_let_go("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_let_go("GET /unsent HTTP/1.0\r\n\r\n");
}

static void test_own_faults_are_told_and_fail_the_task(void **state)
{
    int found[4] = {0};
    (void)state;
    struct talk *talk = said("GET /breaks HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(statuses(talk, found, 4), 1);
    assert_int_equal(found[0], 500);
    assert_int_equal(talk->served, -EIO);
    talk = said("GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(statuses(talk, found, 4), 1);
    assert_int_equal(talk->served, -EIO);
}

/* ---- answers ---- */

struct answer {
    const char *sent; /* by the server; then it closes */
    int rc;           /* what reading it gives */
    int status;
    const char *body;
    char *got;
};

static int get(void *arg)
{
    struct answer *answer = arg;
    struct http_message response = {.patience = PATIENCE};
    leash_stream_t ends[2];
    size_t size;
    int rc = leash_stream_pair(ends);
    if (rc < 0)
        return rc;
    leash_stream_write(ends[1], answer->sent, strlen(answer->sent));
    leash_stream_write_eof(ends[1]);
    response.stream = ends[0];
    answer->rc = http_get(&response, "x", "/");
    if (answer->rc == 0)
        answer->rc = http_read_whole_body(&response, 100, &answer->got, &size);
    answer->status = response.status;
    leash_stream_close(ends[0]);
    leash_stream_close(ends[1]);
    return 0;
}

static void test_answers_are_read_and_not_believed(void **state)
{
    static const struct answer expected[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0, 200, "hello", NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", 0, 200, "hello", NULL},
        {"HTTP/1.1 404\r\n\r\nup to the end", 0, 404, "up to the end", NULL},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", 0, 200, "a", NULL},
        {"HTTP/1.1 204 No Content\r\n\r\nignored", 0, 204, "", NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", -ENODATA, 200, NULL, NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", -EFBIG, 200, NULL, NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", -EBADMSG, 200, NULL, NULL},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", -ENOTSUP, 200, NULL, NULL},
        {"HTTP/1.1 20 OK\r\n\r\n", -EBADMSG, 0, NULL, NULL},
        {"HTTP/1.1 2000 OK\r\n\r\n", -EBADMSG, 0, NULL, NULL},
        {"HTTP/3.0 200 OK\r\n\r\n", -EPROTONOSUPPORT, 200, NULL, NULL},
        {"SSH-2.0-server\r\n", -EBADMSG, 0, NULL, NULL},
        {"HTTP/1.1 200 O", -ENODATA, 0, NULL, NULL},
        {"", -ENODATA, 0, NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        struct answer answer = {.sent = expected[i].sent};
        print_message("%.60s\n", answer.sent);
        assert_int_equal(run(get, &answer), 0);
        assert_int_equal(answer.rc, expected[i].rc);
        assert_int_equal(answer.status, expected[i].status);
        if (expected[i].body)
            assert_string_equal(answer.got, expected[i].body);
        free(answer.got);
    }
}

static int ask_oddly(void *arg)
{
    struct http_message response = {.patience = PATIENCE};
    static char target[3000];
    int *rc = arg;
    memset(target, '/', sizeof(target) - 1);
    rc[0] = http_get(&response, "x", "/ HTTP/1.1\r\nEvil: yes");
    rc[1] = http_get(&response, "x\n", "/");
    rc[2] = http_get(&response, "x", target);
    return 0;
}

static void test_a_target_cannot_add_lines(void **state)
{
    int rc[3] = {0};
    (void)state;
    assert_int_equal(run(ask_oddly, rc), 0);
    assert_int_equal(rc[0], -EINVAL);
    assert_int_equal(rc[1], -EINVAL);
    assert_int_equal(rc[2], -ENAMETOOLONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_requests_are_answered),
        cmocka_unit_test(test_a_connection_is_used_again_until_one_side_has_enough),
        cmocka_unit_test(test_a_body_that_is_held_back_is_asked_for),
        cmocka_unit_test(test_what_is_no_http_is_refused),
        cmocka_unit_test(test_what_is_too_long_is_refused),
        cmocka_unit_test(test_who_leaves_early_is_not_answered),
        cmocka_unit_test(test_patience_ends),
        cmocka_unit_test(test_who_never_reads_is_let_go),
        cmocka_unit_test(test_own_faults_are_told_and_fail_the_task),
        cmocka_unit_test(test_answers_are_read_and_not_believed),
        cmocka_unit_test(test_a_target_cannot_add_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
