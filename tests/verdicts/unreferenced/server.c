/* 5.5 A server of 1,000 connections forgets the task of one in ten. A scan finds them while it runs; at the
 * end they are one finding, at one site. The accept loop's frame may keep the last handle. */
#include "verdict.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 1000 };
static int ends[CONNECTIONS][2];
static leash_task_t kept[CONNECTIONS];

static int serve(void *end)
{
    char byte;
    int rc = leash_fd_wait(*(int *)end, LEASH_READABLE);
    return rc < 0 ? rc : (int)read(*(int *)end, &byte, 1) - 1;
}

static int forget(int *end)
{
    leash_task_t task = leash_create_task(leash_coro(serve, end)); /* LEAK unreferenced 100 in forgets_one_in_ten */
    return task ? 0 : -ENOMEM;
}

static int accept_all(int forgets)
{
    int rc = 0;
    for (int i = 0; i < CONNECTIONS && rc == 0; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends[i]) < 0)
            return -errno;
        if (forgets && i % 10 == 0)
            rc = forget(&ends[i][0]);
        else
            kept[i] = leash_create_task(leash_coro(serve, &ends[i][0]));
    }
    return rc;
}

static int hang_up(void)
{
    int rc = 0;
    for (int i = 0; i < CONNECTIONS && rc == 0; i++) {
        if (!kept[i])
            continue;
        close(ends[i][1]);
        rc = leash_await(kept[i], NULL) == -1 ? 0 : -EPROTO;
    }
    return rc;
}

static int server(int forgets)
{
    struct leash_scan_result scan;
    int rc = accept_all(forgets);
    if (rc < 0 || (rc = leash_sleep(0)) < 0 || (rc = leash_scan(&scan)) < 0)
        return rc;
    if (scan.complete && forgets ? rc < 99 || rc > 100 : rc != 0)
        return -EPROTO;
    return hang_up();
}

static int one_in_ten(void *unused)
{
    (void)unused;
    return server(1);
}

static int none(void *unused)
{
    (void)unused;
    return server(0);
}

static int with_descriptors(leash_fn_t body)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &limit);
    return leash_run(leash_coro(body, NULL)) < 0;
}

static int forgets_one_in_ten(void)
{
    return with_descriptors(one_in_ten);
}

static int forgets_none(void)
{
    return with_descriptors(none);
}

CASES(PLAIN_CASE(forgets_one_in_ten), PLAIN_CASE(forgets_none))
