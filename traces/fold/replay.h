/* Replay: finishes the trace of a process that did not get to it. Called by whoever opens a trace, before anything
 * else.
 *
 * A recording process holds an OFD lock on the spool. Lock taken: it lives, the database is read as it is. Lock free:
 * it is gone, and whoever takes the lock folds what the spool still holds, exactly once, marks the run's end, and
 * deletes the spool. A replay may itself be killed at any instant and be begun anew. */
#ifndef LEASH_REPLAY_H
#define LEASH_REPLAY_H

#include "fold.h"

enum leash_replayed {
    LEASH_REPLAY_NONE, /* there is no spool: the trace was finished long ago (or is no trace: see when opening it) */
    LEASH_REPLAY_LIVE, /* a process records to it, or another replay is at work: what is in the database may be read */
    LEASH_REPLAY_DONE, /* replayed in place, the spool is gone */
    LEASH_REPLAY_COPY  /* no permission to write beside the trace: replayed into a temporary copy */
};

struct leash_replay {
    enum leash_replayed what;
    char *path;      /* what to open: the trace, or its copy */
    bool crashed;    /* DONE, COPY: the process ended without an end mark */
    int64_t events;  /* DONE, COPY: how many the spool still held */
    int pid;         /* of the process that records or recorded; 0: not known */
    char error[256]; /* after a failure: what went wrong, one sentence that names the file */
};

/* Sees to the spool of `trace_path`, if it has one. Frames without a name are named by `name` (may be NULL) after a
 * replay. 0 and *out filled; -EINVAL or -EPROTO: the file beside the trace is no spool, or a newer one's; -ENOSPC,
 * -EIO, -ENOMEM, -EACCES: not replayed, the spool stays (out->error says why, and out->path is the trace's: it may
 * still be read, though it is not complete). leash_replay_release in either case. */
int leash_replay(const char *trace_path, leash_frame_namer *name, void *argument, struct leash_replay *out);
/* Frees what *out holds and removes the temporary copy. */
void leash_replay_release(struct leash_replay *replay);

#endif
