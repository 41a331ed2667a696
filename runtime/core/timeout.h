/* Timeout scopes. */
#ifndef LEASH_CORE_TIMEOUT_H
#define LEASH_CORE_TIMEOUT_H

#include "types.h"

enum leash__timeout_state { LEASH__ENTERED, LEASH__EXPIRING };

/* A cell of its own kind; on task->timeouts while it is open. */
struct leash__timeout {
    struct leash__cell cell;
    struct leash__task *task;
    struct leash__frame *frame; /* the body that opened it: closed when that returns, at the latest */
    struct leash__timer timer;  /* armed, or queued when the time has come already */
    struct leash__node node;
    enum leash__timeout_state state;
    unsigned cancelling; /* the task's requests when it was opened: more than these are somebody else's */
};

/* Closes the scopes that a body left open. */
void leash__timeouts_close(struct leash__task *task, const struct leash__frame *frame);
/* Frees all of them: the task will not run again. */
void leash__timeouts_drop(struct leash__task *task);

#endif
