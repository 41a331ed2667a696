/* Processes: what the program has of a child, shared by what begins, awaits, feeds and ends it.
 *
 *     leash_process_t --> cell --> process -- child --> libuv's handle, until it is reaped
 *                                     '------ streams --> leash_stream_t, of what is a pipe
 *
 * A process is over when the program has closed it and no task is in a call that waits for it. */
#ifndef LEASH_IO_PROCESS_H
#define LEASH_IO_PROCESS_H

#include <leash/process.h>

#include "child.h"
#include "waitable.h"

/* What communicate() has read so far. */
struct leash__collected {
    char *data;
    size_t size, capacity;
};

enum leash__pressure { LEASH__UNHURT, LEASH__ASKED /* SIGTERM, and the timer is armed */, LEASH__FORCED /* SIGKILL */ };

struct leash__process {
    struct leash__waitable base;
    struct leash__reactor *reactor;
    struct leash__child *child; /* NULL: it has ended, or is closed */
    int pid;
    int returncode; /* valid when it has ended */
    bool closed;
    bool outlives, kill_on_cancel;
    double kill_after;
    enum leash__pressure pressure;
    struct leash__timer patience;
    unsigned users; /* tasks in a call that may wait */
    struct leash__node waiters;
    leash_stream_t streams[3];            /* NULL: no pipe */
    struct leash__collected collected[3]; /* of streams[1] and [2] */
};

extern const struct leash__waitable_type leash__process_type;

/* The process of a handle that is not closed. NULL: *rc is the call's answer, and said. */
struct leash__process *leash__process_of(leash_process_t handle, const char *call, struct leash_site *site, int *rc);
/* leash_child's. */
void leash__process_ended(void *process, int returncode);
/* Waits until it has ended. 0; -ECANCELED (with kill_on_cancel it has ended all the same); -EBADF it was closed, said.
 * Between users++ and leave only. */
int leash__process_wait_for_end(struct leash__process *process, const char *call, struct leash_site *site);
/* A task that waits for it was cancelled: ends it, if that was asked for, and waits for that. */
void leash__process_cancelled(struct leash__process *process, struct leash_site *site);
void leash__process_leave(struct leash__process *process);

#endif
