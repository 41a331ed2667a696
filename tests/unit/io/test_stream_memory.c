/* No memory: each allocation of a conversation fails once, by countdown. Nobody hangs, nothing is leaked (LeakSanitizer
 * looks at the end), no descriptor is left, and what is told is -ENOMEM, or that the other side broke off. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "no_memory.h"
#include "open_descriptors.h"
#include "peer.h"

void *__real_malloc(size_t size); /* that never fails */

/* ---- the conversation ---- */

enum { LARGE = 1 << 20 };

static int bad; /* what no lack of memory explains */

static int check(int rc)
{
    if (rc < 0 && rc != -ENOMEM && rc != -ENODATA && rc != -EPIPE && rc != -ECONNRESET && rc != -ECONNREFUSED &&
        rc != -ENOENT)
        bad = rc;
    return rc;
}

static int answers(leash_stream_t stream, void *arg)
{
    static char large[LARGE];
    const char *line;
    (void)arg;
    int rc = check(leash_stream_readline(stream, &line));
    rc = rc > 0 ? check(leash_stream_write(stream, large, LARGE)) : rc;
    return rc < 0 ? rc : check(leash_stream_drain(stream));
}

static void talk(leash_stream_t stream)
{
    char *got = __real_malloc(LARGE);
    check(leash_stream_write(stream, "a line\n", 7));
    check(leash_stream_readexactly(stream, got, 10));
    for (int n; (n = check(leash_stream_read(stream, got, LARGE))) > 0;)
        ;
    leash_stream_close(stream);
    free(got);
}

static void over_tcp(void)
{
    leash_server_t server = leash_start_server("127.0.0.1", 0, answers, NULL, NULL);
    check(server ? 0 : -errno);
    if (!server)
        return;
    leash_stream_t stream = leash_open_connection("localhost", leash_server_port(server));
    check(stream ? 0 : -errno);
    if (stream)
        talk(stream);
    leash_server_close(server);
    check(leash_server_wait_closed(server));
}

static char path[64]; /* one a process */

static void over_unix(void)
{
    leash_server_t server = leash_start_unix_server(path, answers, NULL, NULL);
    check(server ? 0 : -errno);
    leash_stream_t stream = leash_open_unix_connection(path);
    check(stream ? 0 : -errno);
    if (stream)
        talk(stream);
    if (server)
        leash_server_close(server);
}

static int conversation(void *arg)
{
    leash_stream_t pair[2];
    (void)arg;
    over_tcp();
    over_unix();
    if (check(leash_stream_pair(pair)) == 0) {
        leash_stream_close(pair[0]);
        leash_stream_close(pair[1]);
    }
    return 0;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(conversation, NULL), 0);
    int before = open_descriptors();
    for (long n = 1; n < 1000; n++) {
        no_memory_at(n);
        int rc = run_virtual(conversation, NULL);
        no_memory_at(0);
        assert_true(rc == 0 || rc == -ENOMEM || rc == -EINVAL);
        assert_int_equal(bad, 0);
        assert_int_equal(open_descriptors(), before);
        if (no_memory_failed() == 0) {
            assert_true(n > 30); /* the countdown really reached into the conversation */
            return;
        }
    }
    fail_msg("the conversation never ends without a failure");
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    snprintf(path, sizeof path, "/tmp/leash-memory-%d", (int)getpid());
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
