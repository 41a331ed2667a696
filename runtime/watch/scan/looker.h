/* A process of its own that looks at the program's memory: beside the program, at the memory itself, or at a snapshot
 * of it. Its signal handlers are its own (faults.h), and none of the program's code runs in it. */
#ifndef LEASH_WATCH_LOOKER_H
#define LEASH_WATCH_LOOKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum leash__look {
    LEASH_LOOK_BESIDE,  /* shares the memory; the caller must do nothing but wait for it */
    LEASH_LOOK_SNAPSHOT /* a forked child: other threads are not in it, and what it reads does not change under it, but
                           for shared mappings; the program pauses for as long as the fork takes */
};

typedef bool leash__look_fn(void *shared, void *argument);

struct leash__looker {
    enum leash__look way;
    pid_t parent, child;
    void *shared; /* what the child writes, and its parent reads once it has ended; left out of scans */
    size_t size;
    char *stack;         /* of one beside; NULL */
    uint64_t mask;       /* likewise: the caller's signals as they were */
    unsigned long space; /* of a snapshot: pages of the program's address space */
    leash__look_fn *look;
    void *argument;
};

/* Calls look(shared, argument) in a child, which ends with it; false: there was nothing to be seen. `look` and all
 * that it calls must be async-signal-safe: other threads may have held any lock. The child takes no signal, is not
 * waited for by the program's own wait() and ends with the thread that made it; in a snapshot only the first three
 * descriptors are open. The looker stays where it is until the wait. `shared` has `size` bytes, all 0. 0; -ENOMEM,
 * -EAGAIN, -EPERM and what else clone(2) tells: there is no child. */
int leash__looker_begin(struct leash__looker *looker, enum leash__look way, size_t size, leash__look_fn *look,
                        void *argument);
/* Waits for its end. 0; else `shared` means nothing: -EBUSY (the child saw nothing; another may), -EXDEV (it did
 * not have all of the program's memory, as madvise(MADV_DONTFORK) has it), -ECHILD (it did not end by itself); -EAGAIN,
 * only if `at_once`: it has not ended. */
int leash__looker_wait(struct leash__looker *looker, bool at_once);
void leash__looker_free(struct leash__looker *looker); /* after the wait; zeroed memory is fine */

#endif
