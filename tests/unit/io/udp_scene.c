#include "udp_scene.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "descriptors.h"
#include "sink.h"

void say(struct scene *scene, const char *word)
{
    size_t length = strlen(scene->words);
    snprintf(scene->words + length, sizeof scene->words - length, "%s%s", length ? ", " : "", word);
}

int open_two(struct scene *scene)
{
    scene->a = leash_udp_open("127.0.0.1", 0, NULL, 0);
    scene->b = leash_udp_open("127.0.0.1", 0, NULL, 0);
    if (!scene->a || !scene->b)
        return -errno;
    leash_address_parse("127.0.0.1", leash_udp_port(scene->a), &scene->to_a);
    leash_address_parse("127.0.0.1", leash_udp_port(scene->b), &scene->to_b);
    return 0;
}

int close_two(struct scene *scene, int rc)
{
    int a = leash_udp_close(scene->a), b = leash_udp_close(scene->b);
    return rc < 0 ? rc : a < 0 ? a : b;
}

int send_to_b(struct scene *scene, const char *text)
{
    return leash_udp_sendto(scene->a, text, strlen(text), &scene->to_b);
}

void run_both(leash_fn_t fn, struct scene *scene)
{
    struct scene first = *scene;
    assert_int_equal(run_really(fn, &first), 0);
    assert_int_equal(run_virtual(fn, scene), 0);
}

struct receiver {
    struct scene *scene;
    const char *name;
};

static int receives(void *arg)
{
    struct receiver *receiver = arg;
    struct scene *scene = receiver->scene;
    char data[8] = "", text[32];
    int rc = leash_udp_recv(scene->b, data, sizeof data - 1);
    snprintf(text, sizeof text, "%s %s", receiver->name, rc < 0 ? strerrorname_np(-rc) : data);
    say(scene, text);
    return rc;
}

leash_task_t start(struct scene *scene, const char *name)
{
    struct receiver receiver = {scene, name};
    leash_task_t task = leash_create_task(leash_coro_copy(receives, &receiver, sizeof receiver));
    leash_sleep(0);
    return task;
}

int udp_full;

ssize_t __real_sendto(int fd, const void *data, size_t n, int flags, const struct sockaddr *to, socklen_t length);
ssize_t __wrap_sendto(int fd, const void *data, size_t n, int flags, const struct sockaddr *to, socklen_t length);
ssize_t __wrap_sendto(int fd, const void *data, size_t n, int flags, const struct sockaddr *to, socklen_t length)
{
    if (udp_full > 0 && udp_full--) {
        errno = udp_full % 2 ? EAGAIN : EINTR;
        return -1;
    }
    return __real_sendto(fd, data, n, flags, to, length);
}
