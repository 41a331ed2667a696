/* Program 5.5: a server that forgets one connection's task in ten is told of while it serves. */
#include "test.h"
#include "watched.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 1000 };
#define FOUND "SELECT count(*) FROM leak WHERE class = 'unreferenced'"

static struct watched server;
static int sockets[CONNECTIONS];

static int port_of_server(void)
{
    char text[16] = "";
    assert_true(read(server.from, text, sizeof text - 1) > 1);
    return atoi(text);
}

static int open_connection(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char line[8] = "";
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(fd, "hello\n", 6, 0), 6);
    assert_int_equal(recv(fd, line, 6, MSG_WAITALL), 6);
    return fd;
}

static int begin(void **state)
{
    (void)state;
    watched_start(&server, SERVER, "");
    int port = port_of_server();
    for (int i = 0; i < CONNECTIONS; i++)
        sockets[i] = open_connection(port);
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < CONNECTIONS; i++)
        close(sockets[i]);
    watched_clean(&server);
    return 0;
}

/* The accept loop's frame may keep the last handle. */
static void expect_found(void)
{
    int found = atoi(watched_ask(&server, FOUND));
    assert_in_range(found, CONNECTIONS / 10 - 1, CONNECTIONS / 10);
    assert_string_equal(watched_ask(&server, "SELECT group_concat(DISTINCT class) FROM leak"), "unreferenced");
    assert_string_equal(watched_ask(&server, "SELECT count(DISTINCT file || line) || ' ' || max(func) FROM leak"),
                        "1 begin_serving");
}

static void await_found(void)
{
    char enough[200];
    snprintf(enough, sizeof enough, "SELECT (%s) >= %d", FOUND, CONNECTIONS / 10 - 1);
    assert_true(watched_becomes(&server, enough, "1"));
    assert_string_equal(watched_ask(&server, "SELECT end_kind FROM run"), "running");
    expect_found();
}

static int groups_of_check(void)
{
    char command[300], line[400];
    int groups = 0;
    snprintf(command, sizeof command, "%s check %s", LEASH, server.trace);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    while (fgets(line, sizeof line, out))
        groups += strncmp(line, "error[unreferenced]", 19) == 0;
    assert_int_equal(WEXITSTATUS(pclose(out)), 1);
    return groups;
}

/* Never more than a hundredth of the time: what a scan took must have passed a hundred times before the next one. */
#define TOO_EARLY                                                                                                      \
    "SELECT count(*) FROM (SELECT at_ns - lag(at_ns) OVER (ORDER BY id) AS passed, lag(pause_ns) OVER (ORDER BY id) "  \
    "AS pause FROM scan) WHERE passed < 100 * pause"

static void serve_until(const char *sql)
{
    char line[8];
    for (int i = 0; atoi(watched_ask(&server, sql)) == 0; i = (i + 1) % CONNECTIONS) {
        assert_int_equal(send(sockets[i], "hello\n", 6, 0), 6);
        assert_int_equal(recv(sockets[i], line, 6, MSG_WAITALL), 6);
    }
}

static void test_scans_keep_within_their_time(void **state)
{
    (void)state;
    serve_until("SELECT count(*) >= 3 FROM scan WHERE pause_ns IS NOT NULL");
    assert_string_equal(watched_ask(&server, TOO_EARLY), "0");
    assert_int_equal(watched_end(&server, SIGINT), 0);
}

static void test_found_while_it_runs(void **state)
{
    (void)state;
    await_found();
    assert_int_equal(groups_of_check(), 1);
    assert_int_equal(watched_end(&server, SIGINT), 0);
    expect_found();
    assert_string_equal(watched_ask(&server, "SELECT end_kind FROM run"), "complete");
}

static void test_found_and_killed(void **state)
{
    (void)state;
    await_found();
    assert_int_equal(watched_end(&server, SIGKILL), 1000 + SIGKILL);
    assert_int_equal(groups_of_check(), 1);
    expect_found();
}

static bool can_scan(void)
{
    watched_start(&server, SERVER, "");
    int fd[12], port = port_of_server();
    for (int i = 0; i < 12; i++)
        fd[i] = open_connection(port);
    watched_end(&server, SIGINT);
    bool can = strcmp(watched_ask(&server, "SELECT reason FROM scan"), "sanitizer") != 0;
    for (int i = 0; i < 12; i++)
        close(fd[i]);
    watched_clean(&server);
    return can;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_scans_keep_within_their_time, begin, end),
        cmocka_unit_test_setup_teardown(test_found_while_it_runs, begin, end),
        cmocka_unit_test_setup_teardown(test_found_and_killed, begin, end),
    };
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < CONNECTIONS + 50 || !can_scan())
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
