#include "reactor.h"

#include <errno.h>
#include <leash/uv.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "child.h"
#include "fd.h"
#include "loop.h"
#include "misuse.h"
#include "poller.h"
#include "signals.h"
#include "sigpipe.h"

enum { NS_PER_MS = 1000000 };

int leash__uv_error(int code)
{
    switch (code) {
    case UV_EOF:
        return -ENODATA;
    case UV_ECHARSET:
        return -EILSEQ;
    case UV_UNKNOWN:
        return -EIO;
    default:
        return code >= -4095 ? code : -EIO;
    }
}

/* ---- polling ---- */

static bool has_work(const struct leash__loop *loop)
{
    return !leash__list_empty(&loop->ready) || leash__inbox_rung(&loop->inbox);
}

/* libuv runs its timers, then sleeps, whatever they did: what a timer's callback made ready must not wait for that. */
static void before_sleep(uv_prepare_t *before)
{
    if (has_work(((struct leash__reactor *)before->data)->loop))
        uv_stop(before->loop);
}

/* It may pass before libuv waits, and would end nothing then. */
static void limit_passed(uv_timer_t *timer)
{
    uv_stop(timer->loop);
}

/* libuv's timers count in whole milliseconds: what is less is slept on its descriptor. */
static void poll_shortly(struct leash__reactor *reactor, uint64_t ns)
{
    struct pollfd backend = {.fd = uv_backend_fd(&reactor->uv), .events = POLLIN};
    struct timespec wait = {0, (long)ns};
    uv_run(&reactor->uv, UV_RUN_NOWAIT); /* it tells the kernel of new watchers only there */
    if (has_work(reactor->loop))
        return;
    if (ppoll(&backend, 1, &wait, NULL) > 0)
        uv_run(&reactor->uv, UV_RUN_NOWAIT);
}

static void poll_until(struct leash__reactor *reactor, uint64_t until)
{
    uint64_t now = leash__clock_system();
    if (until <= now) {
        uv_run(&reactor->uv, UV_RUN_NOWAIT);
    } else if (until - now < NS_PER_MS) {
        poll_shortly(reactor, until - now);
    } else {
        if (until != LEASH__NEVER) {
            uv_update_time(&reactor->uv);
            uv_timer_start(&reactor->limit, limit_passed, (until - now) / NS_PER_MS, 0);
        }
        uv_run(&reactor->uv, UV_RUN_ONCE);
        uv_timer_stop(&reactor->limit);
    }
}

static void poll_outside(struct leash__loop *loop, uint64_t until)
{
    poll_until(leash__reactor_of(loop), until);
}

static bool is_alive(struct leash__loop *loop)
{
    struct leash__reactor *reactor = leash__reactor_of(loop);
    if (reactor->hopes > 0)
        return true;
    uv_unref((uv_handle_t *)&reactor->bell);
    bool alive = uv_loop_alive(&reactor->uv);
    uv_ref((uv_handle_t *)&reactor->bell);
    return alive;
}

/* ---- life ---- */

static void close_handle(uv_handle_t *handle, void *argument)
{
    (void)argument;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void end(struct leash__loop *loop)
{
    struct leash__reactor *reactor = leash__reactor_of(loop);
    leash__watches_end(reactor);
    leash__signals_end(reactor);
    leash__children_end(reactor);
    uv_walk(&reactor->uv, close_handle, NULL);
    uv_run(&reactor->uv, UV_RUN_DEFAULT);
    uv_loop_close(&reactor->uv);
    free(reactor->spare.memory);
    if (reactor->takes_sigpipe)
        leash__sigpipe_end();
    free(reactor);
    loop->poller = NULL;
    loop->poller_state = NULL;
}

static const struct leash__poller poller = {.poll = poll_outside, .alive = is_alive, .end = end};

/* The bell only has to wake the poll: the loop answers it. */
static void on_bell(uv_poll_t *bell, int status, int events)
{
    (void)bell, (void)status, (void)events;
}

static int begin(struct leash__reactor *reactor, struct leash__loop *loop)
{
    reactor->loop = loop;
    leash__list_init(&reactor->signals);
    int rc = leash__inbox_open(&loop->inbox);
    rc = rc < 0 ? rc : uv_loop_init(&reactor->uv);
    if (rc < 0)
        return rc;
    rc = uv_poll_init(&reactor->uv, &reactor->bell, loop->inbox.bell);
    if (rc < 0) {
        uv_loop_close(&reactor->uv);
        return rc;
    }
    uv_timer_init(&reactor->uv, &reactor->limit);
    uv_unref((uv_handle_t *)&reactor->limit);
    uv_prepare_init(&reactor->uv, &reactor->before);
    uv_prepare_start(&reactor->before, before_sleep);
    uv_unref((uv_handle_t *)&reactor->before);
    reactor->before.data = reactor;
    uv_poll_start(&reactor->bell, UV_READABLE, on_bell);
    return 0;
}

struct leash__reactor *leash__reactor_needed(const char *call, struct leash_site *site, int *error)
{
    struct leash__loop *loop = leash__loop_needed(call, site);
    if (!loop) {
        *error = -errno;
        return NULL;
    }
    if (loop->poller)
        return leash__reactor_of(loop);
    struct leash__reactor *reactor = calloc(1, sizeof *reactor);
    int rc = reactor ? begin(reactor, loop) : -ENOMEM;
    if (rc < 0) {
        free(reactor);
        *error = leash__refused(leash__uv_error(rc), "%s: no %s", call,
                                rc == -ENOMEM ? "memory" : "descriptor is left for what it waits on");
        return NULL;
    }
    loop->poller = &poller;
    loop->poller_state = reactor;
    loop->plain = false;
    return reactor;
}

void leash__reactor_takes_sigpipe(struct leash__reactor *reactor)
{
    if (!reactor->takes_sigpipe)
        leash__sigpipe_begin();
    reactor->takes_sigpipe = true;
}

struct uv_loop_s *leash_uv_loop(void)
{
    int error;
    struct leash__reactor *reactor = leash__reactor_needed("leash_uv_loop", NULL, &error);
    return reactor ? &reactor->uv : NULL;
}
