/* Operations: jobs that the calling task waits for. What they work with is their own, so that a task that is cancelled
 * can go on at once: no thread looks at its memory. */
#ifndef LEASH_IO_OPERATION_H
#define LEASH_IO_OPERATION_H

#include "job.h"

struct leash__operation;

struct leash__operation_type {
    const char *name; /* "read" */
    /* On a thread of the pool: the code. */
    int (*work)(struct leash__operation *operation);
    /* Frees what belongs to it and was not taken over; looks at `delivered`. NULL: nothing does. Any thread. */
    void (*drop)(struct leash__operation *operation);
    bool certain; /* not taken back: it is done, also for a task that was cancelled */
};

/* Begins the struct of each kind of operation. */
struct leash__operation {
    struct leash__job job;
    const struct leash__operation_type *type;
    struct leash__fut *waiter; /* on the stack of the task that waits; NULL: nobody does */
    int fd;                    /* what it works on, counted in the loop's table (file_table.h); -1: nothing */
    bool delivered;            /* the task had its outcome */
};

/* What an operation needs, of `size` bytes (of zeroes, but for the last `rest`), once it can be begun. NULL: *error is
 * of leash__jobs_ready, or -ENOMEM, or -EBADF: fd is being closed; said. */
void *leash__operation_new(const struct leash__operation_type *type, struct leash__loop *loop, int fd, size_t size,
                           size_t rest, const char *call, int *error);
/* Has it done while the task waits. Returns its code, and leaves the operation to be looked at and freed; or
 * -ECANCELED: *operation is NULL then, whatever becomes of it. `subject`: what it is done to, for the trace. */
int leash__operation_await(struct leash__operation **operation, struct leash__task *task, const char *subject,
                           struct leash_site *site);
/* Has it done, and nobody waits. */
void leash__operation_detach(struct leash__operation *operation, struct leash__loop *loop, const char *subject,
                             struct leash_site *site);
/* NULL is fine. */
void leash__operation_free(struct leash__operation *operation);

#endif
