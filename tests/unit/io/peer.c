#include "peer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int peer_setup(void **state)
{
    struct peer *peer = calloc(1, sizeof *peer);
    int fds[2];
    if (!peer || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
        return -1;
    peer->inside = fds[0];
    peer->outside = fds[1];
    *state = peer;
    return 0;
}

int peer_teardown(void **state)
{
    struct peer *peer = *state;
    if (peer->inside >= 0)
        close(peer->inside);
    peer_close(peer);
    free(peer);
    return 0;
}

int run_really(leash_fn_t fn, void *arg)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 0;
    return run_options(fn, arg, &options);
}

struct call {
    leash_fn_t fn;
    struct peer *peer;
};

static int with_stream(void *arg)
{
    struct call *call = arg;
    call->peer->stream = leash_stream_from_fd(call->peer->inside);
    if (!call->peer->stream)
        return -errno;
    call->peer->inside = -1;
    return call->fn(call->peer);
}

int peer_run(leash_fn_t fn, struct peer *peer)
{
    struct call call = {fn, peer};
    return run_really(with_stream, &call);
}

void peer_send(const struct peer *peer, const char *text)
{
    if (write(peer->outside, text, strlen(text)) != (ssize_t)strlen(text))
        abort();
}

void peer_close(struct peer *peer)
{
    if (peer->outside >= 0)
        close(peer->outside);
    peer->outside = -1;
}

size_t peer_receive(const struct peer *peer, char *text, size_t size)
{
    ssize_t n = read(peer->outside, text, size);
    return n > 0 ? (size_t)n : 0;
}

void peer_note(struct peer *peer, const char *format, ...)
{
    size_t length = strlen(peer->text);
    va_list arguments;
    va_start(arguments, format);
    if (length)
        length += (size_t)snprintf(peer->text + length, sizeof peer->text - length, ", ");
    vsnprintf(peer->text + length, sizeof peer->text - length, format, arguments);
    va_end(arguments);
}

int turn_until(bool (*done)(void *arg), void *arg)
{
    for (long turns = 0; !done(arg); turns++) {
        int rc = leash_sleep(turns < 1000 ? 0 : 0.0001);
        if (rc < 0 || turns > 100000)
            return rc < 0 ? rc : -ETIME;
    }
    return 0;
}

static bool have_looked(void *arg)
{
    return ++*(int *)arg > 1000;
}

void look_around(void)
{
    int turns = 0;
    turn_until(have_looked, &turns);
}
