/* The other threads of this process, all of them, as they are made to stand still: who they are, who has nothing to do
 * with the program, and when nobody is missing. How each is stopped is up to whoever asks (tracer.h, handshake.h).
 *
 * Calls nothing of libc that has state: a process that shares this one's memory may run it beside its threads. */
#ifndef LEASH_WATCH_OTHERS_H
#define LEASH_WATCH_OTHERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum leash__other_state {
    LEASH_OTHER_NONE,   /* no thread here */
    LEASH_OTHER_TOLD,   /* to stop */
    LEASH_OTHER_STANDS, /* and does */
    LEASH_OTHER_INERT,  /* runs nothing of the program's: ended but for its number, the kernel's, or set aside */
    LEASH_OTHER_GONE    /* its number may come again */
};

struct leash__other {
    pid_t tid;
    int state; /* enum leash__other_state */
    int note;  /* of who stops it */
};

struct leash__others {
    int tasks;                    /* descriptor of /proc/self/task */
    pid_t process;                /* whose threads they are */
    pid_t caller;                 /* the one that goes on */
    pid_t late;                   /* which one could not be stopped, where it was one */
    size_t room;                  /* entries of `threads`, a power of two */
    size_t used;                  /* of them that are not NONE */
    struct leash__other *threads; /* by number, as a hash set */
};

/* How a thread is stopped. Both set its state; 0, -errno of leash__threads_stop. */
struct leash__way {
    /* Tells it to stop. It is INERT until this says something else. */
    int (*tell)(void *argument, struct leash__other *thread);
    /* Waits until one that was told stands, or is found to be INERT or GONE: -ETIMEDOUT after `deadline`, a time of
     * leash__raw_clock_ns. */
    int (*await)(void *argument, struct leash__other *thread, uint64_t deadline);
};

/* Stops all, those too that are made meanwhile. 0; -ENOBUFS: more threads than room for them; -ETIMEDOUT; -ENODATA:
 * who they are cannot be read; what `way` says. On failure some may stand. */
int leash__others_halt(struct leash__others *others, const struct leash__way *way, void *argument);
/* One that cannot be stopped because there is nothing to stop: a main thread that ended before the others, or a worker
 * of io_uring. */
bool leash__other_is_inert(const struct leash__others *others, pid_t tid);
/* Reads a file of /proc/self/task/TID, `name` with its slash, and ends it with a zero; how much that is. */
size_t leash__other_read(const struct leash__others *others, pid_t tid, const char *name, char *text, size_t room);

#endif
