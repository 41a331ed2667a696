/* leash_udp_t: datagrams on the loopback, with and without a remote; waiting, cancellation, what the network says. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <trace_format.h>
#include <unistd.h>

#include "descriptors.h"
#include "sink.h"
#include "udp_scene.h"

/* ---- to and fro ---- */

static int echoes(void *arg)
{
    struct scene *scene = arg;
    struct sockaddr_storage from;
    char data[64];
    int n = leash_udp_recvfrom(scene->b, data, sizeof data, &from);
    return n < 0 ? n : leash_udp_sendto(scene->b, data, (size_t)n, &from);
}

static int talks(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    if (rc < 0)
        return rc;
    leash_task_t echo = leash_create_task(leash_coro(echoes, scene));
    leash_sleep(0);
    scene->rc[0] = send_to_b(scene, "hello");
    scene->rc[1] = leash_udp_recvfrom(scene->a, scene->data[0], 64, &scene->from);
    leash_address_text(&scene->from, scene->name[0], 64);
    leash_udp_sockname(scene->b, scene->name[1], 64);
    scene->rc[2] = leash_udp_peername(scene->b, scene->data[1], 64);
    return close_two(scene, leash_await(echo, NULL));
}

static void test_an_echo(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(talks, &scene);
    assert_int_equal(scene.rc[0], 0);
    assert_int_equal(scene.rc[1], 5);
    assert_string_equal(scene.data[0], "hello");
    assert_string_equal(scene.name[0], scene.name[1]);
    assert_int_equal(strncmp(scene.name[0], "127.0.0.1:", 10), 0);
    assert_int_equal(scene.rc[2], -ENOTCONN);
}

static int talks_to_one(void *arg)
{
    struct scene *scene = arg;
    char other[8] = "";
    int rc = open_two(scene);
    leash_udp_t one = leash_udp_open(NULL, 0, "127.0.0.1", leash_udp_port(scene->b));
    if (rc < 0 || !one)
        return -errno;
    struct sockaddr_storage to_one;
    leash_address_parse("127.0.0.1", leash_udp_port(one), &to_one);
    scene->rc[0] = leash_udp_sendto(scene->a, "other", 5, &to_one); /* it is not for `one` */
    scene->rc[1] = leash_udp_send(one, "ask", 3);
    scene->rc[2] = leash_udp_recv(scene->b, scene->data[0], 64);
    scene->rc[3] = leash_udp_sendto(scene->b, "answer", 6, &to_one);
    scene->rc[4] = leash_udp_recv(one, scene->data[1], 64);
    scene->rc[5] = leash_udp_peername(one, scene->name[0], 64);
    leash_udp_sockname(scene->b, scene->name[1], 64);
    scene->rc[6] = leash_udp_send(scene->b, "whom", 4);
    leash_timeout_t scope = leash_timeout_begin(0);
    scene->rc[7] = leash_timeout_end(scope, leash_udp_recv(one, other, sizeof other));
    leash_udp_close(one);
    return close_two(scene, 0);
}

static void test_a_remote(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(talks_to_one, &scene);
    assert_int_equal(scene.rc[0], 0);
    assert_int_equal(scene.rc[1], 0);
    assert_int_equal(scene.rc[2], 3);
    assert_string_equal(scene.data[0], "ask");
    assert_int_equal(scene.rc[3], 0);
    assert_int_equal(scene.rc[4], 6);
    assert_string_equal(scene.data[1], "answer");
    assert_true(scene.rc[5] > 0);
    assert_string_equal(scene.name[0], scene.name[1]);
    assert_int_equal(scene.rc[6], -EDESTADDRREQ);
    assert_int_equal(scene.rc[7], -ETIMEDOUT);
}

static int sends_sizes(void *arg)
{
    struct scene *scene = arg;
    static char big[70000];
    int rc = open_two(scene);
    memset(scene->data[0], '.', sizeof scene->data[0]);
    send_to_b(scene, "");
    send_to_b(scene, "abcdef");
    send_to_b(scene, "gh");
    scene->rc[0] = leash_udp_recv(scene->b, scene->data[0], 64);
    scene->rc[1] = leash_udp_recv(scene->b, scene->data[0], 4);
    scene->rc[2] = leash_udp_recv(scene->b, scene->data[1], 64);
    scene->rc[3] = leash_udp_sendto(scene->a, big, sizeof big, &scene->to_b);
    scene->rc[4] = leash_udp_sendto(scene->a, big, 60000, &scene->to_b);
    scene->rc[5] = leash_udp_recv(scene->b, NULL, 0);
    return close_two(scene, rc);
}

static void test_sizes(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(sends_sizes, &scene);
    assert_int_equal(scene.rc[0], 0);
    assert_int_equal(scene.rc[1], 6); /* so long it was */
    assert_int_equal(strncmp(scene.data[0], "abcd..", 6), 0);
    assert_int_equal(scene.rc[2], 2);
    assert_string_equal(scene.data[1], "gh");
    assert_int_equal(scene.rc[3], -EMSGSIZE);
    assert_int_equal(scene.rc[4], 0);
    assert_int_equal(scene.rc[5], 60000);
}

/* ---- waiting ---- */

static int several_receive(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    leash_task_t one = start(scene, "one"), two = start(scene, "two"), three = start(scene, "three");
    leash_cancel(two, NULL);
    send_to_b(scene, "a");
    send_to_b(scene, "b");
    leash_task_t four = start(scene, "four"); /* though there is something already */
    send_to_b(scene, "c");
    scene->rc[0] = leash_await(one, NULL);
    scene->rc[1] = leash_await(two, NULL);
    scene->rc[2] = leash_await(three, NULL);
    scene->rc[3] = leash_await(four, NULL);
    return close_two(scene, rc);
}

static void test_who_waits_first_is_served_first(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(several_receive, &scene);
    assert_string_equal(scene.words, "two ECANCELED, one a, three b, four c");
}

/* Both were woken by the same poll: the first that runs cancels the other. */
struct rivals {
    struct scene *scene;
    leash_task_t tasks[2];
    int rc[2];
};

static int rival(struct rivals *rivals, int self, leash_udp_t udp)
{
    char data[8];
    rivals->rc[self] = leash_udp_recv(udp, data, sizeof data);
    leash_cancel(rivals->tasks[1 - self], NULL);
    return 0;
}

static int rival_a(void *arg)
{
    return rival(arg, 0, ((struct rivals *)arg)->scene->a);
}

static int rival_b(void *arg)
{
    return rival(arg, 1, ((struct rivals *)arg)->scene->b);
}

static int cancels_when_woken(void *arg)
{
    struct scene *scene = arg;
    struct rivals rivals = {.scene = scene};
    int rc = open_two(scene);
    rivals.tasks[0] = leash_create_task(leash_coro(rival_a, &rivals));
    rivals.tasks[1] = leash_create_task(leash_coro(rival_b, &rivals));
    leash_sleep(0);
    leash_udp_sendto(scene->a, "b", 1, &scene->to_b);
    leash_udp_sendto(scene->b, "a", 1, &scene->to_a);
    leash_gather_wait(NULL, rivals.tasks[0], rivals.tasks[1]);
    bool b_lost = rivals.rc[1] == -ECANCELED;
    scene->rc[0] = rivals.rc[0];
    scene->rc[1] = rivals.rc[1];
    scene->rc[2] = leash_udp_recv(b_lost ? scene->b : scene->a, scene->data[0], 64);
    return close_two(scene, rc);
}

static void test_a_cancelled_receive_loses_nothing(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(cancels_when_woken, &scene);
    assert_true((scene.rc[0] == 1 && scene.rc[1] == -ECANCELED) || (scene.rc[0] == -ECANCELED && scene.rc[1] == 1));
    assert_int_equal(scene.rc[2], 1);
}

static int has_a_limit(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    for (int i = 0; i < 3; i++) {
        leash_timeout_t scope = leash_timeout_begin(0.002);
        scene->rc[i] = leash_timeout_end(scope, leash_udp_recv(scene->b, scene->data[0], 64));
    }
    send_to_b(scene, "x");
    scene->rc[3] = leash_udp_recv(scene->b, scene->data[0], 64);
    return close_two(scene, rc);
}

static void test_a_limit(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(has_a_limit, &scene);
    for (int i = 0; i < 3; i++)
        assert_int_equal(scene.rc[i], -ETIMEDOUT);
    assert_int_equal(scene.rc[3], 1);
}

static int sends(void *arg)
{
    return send_to_b(arg, "late");
}

static int sends_when_there_is_room(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    udp_full = 6;
    leash_task_t one = leash_create_task(leash_coro(sends, scene));
    scene->rc[0] = leash_udp_recv(scene->b, scene->data[0], 64);
    scene->rc[1] = leash_await(one, NULL);
    udp_full = 2;
    leash_task_t other = leash_create_task(leash_coro(sends, scene));
    leash_sleep(0);
    leash_cancel(other, NULL);
    scene->rc[2] = leash_await(other, NULL);
    udp_full = 2;
    leash_task_t first = leash_create_task(leash_coro(sends, scene)), second;
    second = leash_create_task(leash_coro(sends, scene)); /* waits behind it */
    scene->rc[3] = leash_gather_wait(NULL, first, second);
    scene->rc[4] = leash_udp_recv(scene->b, scene->data[1], 64);
    scene->rc[5] = leash_udp_recv(scene->b, scene->data[2], 64);
    return close_two(scene, rc);
}

static void test_sending_waits_for_room(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(sends_when_there_is_room, &scene);
    assert_int_equal(scene.rc[0], 4);
    assert_int_equal(scene.rc[1], 0);
    assert_int_equal(scene.rc[2], -ECANCELED);
    assert_int_equal(scene.rc[3], 0);
    assert_int_equal(scene.rc[4], 4);
    assert_int_equal(scene.rc[5], 4);
}

/* ---- idling ---- */

static unsigned polls; /* how often libuv looked at descriptors */

/* Interposed: libuv's calls come here. */
__attribute__((visibility("default"))) int epoll_pwait(int epoll, struct epoll_event *events, int count, int timeout,
                                                       const sigset_t *mask)
{
    polls++;
    return (int)syscall(SYS_epoll_pwait, epoll, events, count, timeout, mask, _NSIG / 8);
}

__attribute__((visibility("default"))) int epoll_wait(int epoll, struct epoll_event *events, int count, int timeout)
{
    return epoll_pwait(epoll, events, count, timeout, NULL);
}

static int leaves_one_unread(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene);
    leash_task_t one = start(scene, "one");
    send_to_b(scene, "a");
    leash_await(one, NULL);
    send_to_b(scene, "b");
    polls = 0;
    leash_sleep(0.03);
    scene->rc[0] = (int)polls;
    return close_two(scene, rc);
}

static void test_what_is_unread_does_not_keep_the_loop_busy(void **state)
{
    struct scene scene = {0};
    (void)state;
    assert_int_equal(run_really(leaves_one_unread, &scene), 0);
    assert_true(scene.rc[0] > 0 && scene.rc[0] < 20);
}

/* ---- what the network says ---- */

static int nobody_is_there(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene), port = leash_udp_port(scene->b);
    leash_udp_close(scene->b);
    leash_udp_t one = leash_udp_open(NULL, 0, "127.0.0.1", port);
    scene->rc[0] = leash_udp_send(one, "x", 1);
    scene->rc[1] = leash_udp_recv(one, scene->data[0], 64);
    strncpy(scene->error, leash_last_error(), sizeof scene->error - 1);
    scene->rc[2] = leash_udp_send(one, "x", 1);
    scene->rc[3] = leash_udp_send(one, "x", 1); /* is not sent, but told */
    scene->b = leash_udp_open("127.0.0.1", port, NULL, 0);
    scene->rc[4] = leash_udp_send(one, "y", 1);
    scene->rc[5] = leash_udp_recv(scene->b, scene->data[1], 64);
    leash_udp_close(one);
    return close_two(scene, rc);
}

static void test_refused(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(nobody_is_there, &scene);
    assert_int_equal(scene.rc[0], 0);
    assert_int_equal(scene.rc[1], -ECONNREFUSED);
    assert_non_null(strstr(scene.error, "udp 127.0.0.1:"));
    assert_non_null(strstr(scene.error, strerror(ECONNREFUSED)));
    assert_int_equal(scene.rc[2], 0);
    assert_int_equal(scene.rc[3], -ECONNREFUSED);
    assert_int_equal(scene.rc[4], 0);
    assert_int_equal(scene.rc[5], 1);
    assert_string_equal(scene.data[1], "y");
}

/* The error wakes who waits, and only one of them is told. */
static int refused_while_it_waits(void *arg)
{
    struct scene *scene = arg;
    int rc = open_two(scene), port = leash_udp_port(scene->b);
    leash_udp_close(scene->b);
    scene->b = leash_udp_open(NULL, 0, "127.0.0.1", port);
    leash_task_t one = start(scene, "one"), two = start(scene, "two");
    leash_udp_send(scene->b, "x", 1);
    scene->rc[0] = leash_await(one, NULL);
    leash_udp_t late = leash_udp_open("127.0.0.1", port, NULL, 0);
    leash_address_parse("127.0.0.1", leash_udp_port(scene->b), &scene->to_b);
    scene->rc[1] = leash_udp_sendto(late, "z", 1, &scene->to_b);
    scene->rc[2] = leash_await(two, NULL);
    leash_udp_close(late);
    return close_two(scene, rc);
}

static void test_refused_while_it_waits(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(refused_while_it_waits, &scene);
    assert_string_equal(scene.words, "one ECONNREFUSED, two z");
}

static int broadcasts(void *arg)
{
    struct scene *scene = arg;
    char data[8];
    scene->b = leash_udp_open(NULL, 0, NULL, 0);
    int port = leash_udp_port(scene->b);
    leash_udp_t plain = leash_udp_open(NULL, 0, NULL, 0);
    leash_address_parse("127.255.255.255", port, &scene->to_b);
    scene->rc[0] = leash_udp_sendto(plain, "x", 1, &scene->to_b);
    scene->a = leash_udp_open_with("127.0.0.1", 0, "127.255.255.255", port, LEASH_UDP_BROADCAST);
    if (!scene->a)
        return -errno;
    scene->rc[1] = leash_udp_send(scene->a, "all", 3);
    scene->rc[2] = leash_udp_recvfrom(scene->b, data, sizeof data, &scene->from);
    leash_udp_sendto(scene->b, "me", 2, &scene->from);
    scene->rc[3] = leash_udp_recv(scene->a, data, sizeof data); /* it is not from where it was sent to */
    leash_udp_close(plain);
    return close_two(scene, 0);
}

static void test_broadcast(void **state)
{
    struct scene scene = {0};
    (void)state;
    run_both(broadcasts, &scene);
    assert_int_equal(scene.rc[0], -EACCES);
    assert_int_equal(scene.rc[1], 0);
    assert_int_equal(scene.rc[2], 3);
    assert_int_equal(scene.rc[3], 2);
}

/* ---- what the trace and the dump tell ---- */

static int dumps(void *arg)
{
    struct scene *scene = arg;
    char *text = NULL, name[64];
    size_t size;
    int rc = open_two(scene);
    leash_task_t task = start(scene, "one");
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    snprintf(name, sizeof name, "for socket \"udp 127.0.0.1:%d\"", leash_udp_port(scene->b));
    scene->rc[0] = strstr(text, name) != NULL;
    free(text);
    send_to_b(scene, "x");
    leash_await(task, NULL);
    return close_two(scene, rc);
}

static void test_events(void **state)
{
    struct scene scene = {0};
    char name[80];
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(dumps, &scene), 0);
    assert_int_equal(scene.rc[0], 1);
    leash_address_text(&scene.to_b, scene.name[0], 64);
    snprintf(name, sizeof name, "udp %s", scene.name[0]);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 1);
    assert_int_equal(made->b, LEASH_OBJECT_DESCRIPTOR);
    assert_string_equal(sink_find(LEASH_EV_NAME, 1)->text, name);
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_OBJECT_DONE), 2);
    sink_off();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, descriptors_setup, descriptors_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_an_echo),
        TEST(test_a_remote),
        TEST(test_sizes),
        TEST(test_who_waits_first_is_served_first),
        TEST(test_a_cancelled_receive_loses_nothing),
        TEST(test_a_limit),
        TEST(test_sending_waits_for_room),
        TEST(test_what_is_unread_does_not_keep_the_loop_busy),
        TEST(test_refused),
        TEST(test_refused_while_it_waits),
        TEST(test_broadcast),
        TEST(test_events),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
