/* leash_udp_t: opening and closing, whoever waits, and the end of the loop. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/resource.h>
#include <trace_format.h>

#include "descriptors.h"
#include "open_descriptors.h"
#include "resolver.h"
#include "sink.h"
#include "udp_scene.h"

/* ---- opening ---- */

static int open_code(leash_udp_t udp)
{
    int rc = udp ? 0 : -errno;
    if (udp)
        leash_udp_close(udp);
    return rc;
}

static int opens(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene), port = leash_udp_port(scene->a);
    scene->rc[0] = open_code(leash_udp_open("127.0.0.1", port, NULL, 0));
    strncpy(scene->error, leash_last_error(), sizeof scene->error - 1);
    scene->rc[1] = open_code(leash_udp_open("127.0.0.1", 0, "::1", 9));
    scene->rc[2] = open_code(leash_udp_open("192.0.2.1", 0, NULL, 0));
    scene->rc[3] = open_code(leash_udp_open("127.0.0.1", 65536, NULL, 0));
    scene->rc[4] = open_code(leash_udp_open("127.0.0.1", 0, "127.0.0.1", 0));
    scene->rc[5] = open_code(leash_udp_open("127.0.0.1", 0, NULL, 9));
    scene->rc[6] = open_code(leash_udp_open_with("127.0.0.1", 0, NULL, 0, 64));
    scene->rc[7] = open_code(leash_udp_open("names.test", 0, "localhost", 9));
    scene->rc[8] = open_code(leash_udp_open(NULL, 0, "fails.test", 9));
    scene->rc[9] = open_code(leash_udp_open("127.0.0.1", 0, "fails.test", 9));
    return close_two(scene, rc);
}

static void test_opening(void **state)
{
    struct scene scene = {0};
    (void)state;
    resolver_fails_with(EAI_NONAME);
    run_both(opens, &scene);
    assert_int_equal(scene.rc[0], -EADDRINUSE);
    assert_non_null(strstr(scene.error, "local 127.0.0.1, port "));
    assert_int_equal(scene.rc[1], -EAFNOSUPPORT);
    assert_int_equal(scene.rc[2], -EADDRNOTAVAIL);
    for (int i = 3; i < 7; i++)
        assert_int_equal(scene.rc[i], -EINVAL);
    assert_int_equal(scene.rc[7], 0);
    assert_int_equal(scene.rc[8], -ENXIO);
    assert_int_equal(scene.rc[9], -ENXIO);
    assert_null(leash_udp_open("127.0.0.1", 0, NULL, 0));
    assert_int_equal(errno, EPERM);
}

static int shares_a_port(void *arg)
{
    struct scene *scene = arg;
    scene->a = leash_udp_open_with("127.0.0.1", 0, NULL, 0, LEASH_UDP_REUSEPORT);
    scene->b = leash_udp_open_with("127.0.0.1", leash_udp_port(scene->a), NULL, 0, LEASH_UDP_REUSEPORT);
    scene->rc[0] = leash_udp_port(scene->a) == leash_udp_port(scene->b);
    return close_two(scene, 0);
}

static void test_a_shared_port(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(shares_a_port, &scene);
    assert_int_equal(scene.rc[0], 1);
}

static int opens_by_name(void *arg)
{
    return open_code(leash_udp_open(NULL, 0, "held.test", ((struct scene *)arg)->rc[0] = 9));
}

static int cancels_opening(void *arg)
{
    resolver_hold();
    leash_task_t task = leash_create_task(leash_coro(opens_by_name, arg));
    while (resolver_holds() == 0)
        leash_sleep(0);
    leash_cancel(task, NULL);
    int rc = leash_await(task, NULL);
    resolver_let_go();
    return rc == -ECANCELED ? 0 : -EPROTO;
}

static void test_opening_cancelled(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(cancels_opening, &scene);
}

static int opens_too_many(void *arg)
{
    struct scene *scene = arg;
    struct rlimit old, low;
    leash_uv_loop();
    int before = open_descriptors();
    getrlimit(RLIMIT_NOFILE, &old);
    low = old;
    low.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &low);
    scene->rc[0] = open_code(leash_udp_open("127.0.0.1", 0, NULL, 0));
    setrlimit(RLIMIT_NOFILE, &old);
    return open_descriptors() == before ? 0 : -EPROTO;
}

static void test_no_descriptor(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(opens_too_many, &scene);
    assert_int_equal(scene.rc[0], -EMFILE);
}

/* ---- the end ---- */

static int closes_while_others_wait(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    leash_task_t one = start(scene, "one"), two = start(scene, "two");
    scene->rc[0] = leash_udp_close(scene->b);
    scene->rc[1] = leash_udp_recv(scene->b, scene->data[0], 64); /* they have not run yet */
    scene->rc[2] = leash_await(one, NULL);
    scene->rc[3] = leash_await(two, NULL);
    scene->rc[4] = leash_udp_recv(scene->b, scene->data[0], 64);
    scene->rc[5] = leash_udp_send(scene->b, "x", 1);
    scene->rc[6] = leash_udp_port(scene->b);
    scene->rc[7] = leash_udp_fd(scene->b);
    scene->rc[8] = leash_udp_close(scene->b);
    scene->rc[9] = leash_udp_recv((leash_udp_t)scene, scene->data[0], 64);
    scene->rc[10] = leash_udp_close(NULL);
    return close_two(scene, rc);
}

static int sends_in_vain(void *arg)
{
    struct scene *scene = arg;
    return scene->rc[0] = send_to_b(scene, "x");
}

static int closes_while_one_sends(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    udp_full = 2;
    leash_task_t task = leash_create_task(leash_coro(sends_in_vain, scene));
    leash_sleep(0);
    leash_udp_close(scene->a);
    scene->rc[1] = leash_await(task, NULL);
    return close_two(scene, rc);
}

static void test_closed_while_one_sends(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(closes_while_one_sends, &scene);
    assert_int_equal(scene.rc[0], -EBADF);
    assert_int_equal(scene.rc[1], -EBADF);
}

static void test_closed_while_others_wait(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(closes_while_others_wait, &scene);
    assert_int_equal(scene.rc[0], 0);
    for (int i = 1; i < 8; i++)
        assert_int_equal(scene.rc[i], -EBADF);
    assert_int_equal(scene.rc[8], 0);
    assert_int_equal(scene.rc[9], -EINVAL);
    assert_int_equal(scene.rc[10], -EINVAL);
    assert_int_equal(leash_udp_recv(scene.b, scene.data[0], 64), -EPERM);
}

static int leaves_it_open(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    leash_task_t waits = start(scene, "one");
    (void)waits;
    leash_udp_close(scene->a);
    return rc;
}

static void test_left_open(void **state)
{
    struct scene scene = {0};
    (void)state;
    sink_on(false);
    run_both(leaves_it_open, &scene);
    unsigned left = 0;
    for (size_t i = 0; i < sink_count_of(LEASH_EV_JUDGED); i++)
        if (sink_find(LEASH_EV_JUDGED, i)->b == LEASH_SUBJECT_OBJECT)
            left += sink_find(LEASH_EV_JUDGED, i)->c == LEASH_FACT_LEFT_OPEN;
    assert_int_equal(left, 2); /* b, in two runs */
    sink_off();
}

/* A task that will not end waits on while its loop is thrown away. */
static int never_ends(void *arg)
{
    struct scene *scene = arg;
    for (;;)
        (void)leash_udp_recv(scene->b, scene->data[0], 64);
    return 0;
}

static int leaves_a_stubborn_one(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    leash_task_t task = leash_create_task(leash_coro(never_ends, scene));
    leash_sleep(0);
    (void)task;
    return rc;
}

static void test_a_stubborn_receiver(void **state)
{
    struct scene scene = {0};
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.cleanup_timeout = 0.01;
    assert_int_equal(run_options(leaves_a_stubborn_one, &scene, &options), 0);
}

static void *uses_it_elsewhere(void *arg)
{
    struct scene *scene = arg;
    scene->rc[0] = leash_udp_port(scene->b);
    scene->rc[1] = leash_udp_close(scene->b);
    return NULL;
}

static int lends_it(void *arg)
{
    struct scene *scene = arg;
    pthread_t thread;
    int rc = open_two(scene);
    pthread_create(&thread, NULL, uses_it_elsewhere, scene);
    pthread_join(thread, NULL);
    return close_two(scene, rc);
}

static void test_another_thread(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(lends_it, &scene);
    assert_int_equal(scene.rc[0], -EPERM);
    assert_int_equal(scene.rc[1], -EPERM);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, descriptors_setup, descriptors_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_opening),
        TEST(test_a_shared_port),
        TEST(test_opening_cancelled),
        TEST(test_no_descriptor),
        TEST(test_closed_while_others_wait),
        TEST(test_closed_while_one_sends),
        TEST(test_left_open),
        TEST(test_a_stubborn_receiver),
        TEST(test_another_thread),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
