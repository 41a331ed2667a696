/* The reactor: a loop's libuv, as its poller (core/poller.h). Made at the first use of anything in io/. */
#ifndef LEASH_IO_REACTOR_H
#define LEASH_IO_REACTOR_H

#include <uv.h>

#include "inbuf.h"
#include "types.h"

struct leash__watch;

struct leash__reactor {
    struct leash__loop *loop;
    uv_loop_t uv;
    uv_poll_t bell;                /* the inbox's; all that keeps libuv going while nothing else does */
    uv_prepare_t before;           /* runs before libuv sleeps; unreferenced */
    uv_timer_t limit;              /* when to come back; unreferenced */
    struct leash__watch **watches; /* by descriptor (fd.c); NULL: nobody watches it */
    size_t watches_count;
    struct leash__node signals;  /* that are caught (signal.c) */
    size_t hopes;                /* tasks that wait for what libuv was told not to count: streams, servers */
    struct leash__spare spare;   /* the streams' */
    bool takes_sigpipe;          /* there was a stream */
    struct leash__node children; /* struct leash__child, in order; valid once there was one, as what follows */
    uv_signal_t sigchld;         /* started while there are some; unreferenced */
    struct leash__callback look; /* for those that libuv passes over */
};

/* The running loop's, made if need be. NULL: *error is -EPERM (no running loop), -EMFILE, -ENOMEM; said. */
struct leash__reactor *leash__reactor_needed(const char *call, struct leash_site *site, int *error);
/* Of a loop that has one. */
static inline struct leash__reactor *leash__reactor_of(const struct leash__loop *loop)
{
    return loop->poller_state;
}

/* Streams are about to be: until the end of the loop a write to nobody raises no signal. */
void leash__reactor_takes_sigpipe(struct leash__reactor *reactor);

/* A libuv error code is a negative errno on Linux, but for its own few: those become the nearest. */
int leash__uv_error(int code);

#endif
