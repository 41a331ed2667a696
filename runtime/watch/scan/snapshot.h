/* A snapshot of the program to search in: a forked child. Other threads are not in it, and what it reads does not
 * change under it; the program pauses for as long as the fork takes. */
#ifndef LEASH_WATCH_SNAPSHOT_H
#define LEASH_WATCH_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct leash__snapshot {
    pid_t child;
    void *shared; /* what the child writes, and its parent reads once it has ended; left out of scans */
    size_t size;
};

/* Calls search(shared, argument) in a child, which ends with it; false: there was nothing to be seen. `search` and all
 * that it calls must be async-signal-safe: other threads may have held any lock. The child has no descriptor open,
 * takes no signal, is not waited for by the program's own wait() and ends with the thread that made it. 0; -ENOMEM,
 * -EAGAIN: there is no child. */
typedef bool leash__snapshot_fn(void *shared, void *argument);
int leash__snapshot_begin(struct leash__snapshot *snapshot, size_t size, leash__snapshot_fn *search, void *argument);
/* Waits for its end. 0; else `shared` means nothing: -EBUSY (the child did not have all of the program's memory, or saw
 * nothing; another may), -ECHILD (it did not end by itself). */
int leash__snapshot_wait(struct leash__snapshot *snapshot);
void leash__snapshot_free(struct leash__snapshot *snapshot); /* after the wait; zeroed memory is fine */

#endif
