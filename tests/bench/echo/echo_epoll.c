/* The bare minimum: epoll, read, write. Nothing else is done: what any server must pay. */
#include "echo.h"

#include <sys/epoll.h>
#include <unistd.h>

static void accept_all(int epoll, int listener)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
            echo_fail("epoll_ctl");
    }
}

static void answer(int fd)
{
    static char buffer[ECHO_BUFFER];
    ssize_t n = read(fd, buffer, sizeof(buffer));
    if (n <= 0 || write(fd, buffer, (size_t)n) != n)
        close(fd);
}

int main(void)
{
    struct epoll_event events[1024];
    int listener = echo_listen(), epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0)
        echo_fail("epoll");
    for (;;) {
        int count = epoll_wait(epoll, events, 1024, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listener)
                accept_all(epoll, listener);
            else
                answer(events[i].data.fd);
        }
    }
}
