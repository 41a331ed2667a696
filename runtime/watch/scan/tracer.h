/* The helper that stops a process's threads: what runs in it, and what it shares with the thread that started it
 * (stopper.c). It calls nothing of libc that has state. */
#ifndef LEASH_WATCH_TRACER_H
#define LEASH_WATCH_TRACER_H

#include <stddef.h>
#include <sys/types.h>

enum leash__tracer_state {
    LEASH_TRACER_GONE, /* the kernel writes it when the helper has ended, however it ends */
    LEASH_TRACER_BUSY, /* stops threads, or lets them go */
    LEASH_TRACER_HOLDS /* all are stopped */
};

enum leash__traced_state {
    LEASH_TRACED_NONE,    /* no thread here */
    LEASH_TRACED_SEIZED,  /* told to stop */
    LEASH_TRACED_STOPPED, /* and did */
    LEASH_TRACED_INERT,   /* runs nothing of the program's: ended but for its number, the kernel's, or set aside */
    LEASH_TRACED_GONE     /* its number may come again */
};

struct leash__traced {
    pid_t tid;
    int state;  /* enum leash__traced_state */
    int signal; /* that it was about to take when it stopped; 0: none */
};

struct leash__tracer {
    int state;  /* futex; enum leash__tracer_state */
    int result; /* valid once it is not BUSY any more: 0, -errno as of leash__threads_stop; -ENOBUFS: more threads than
                   room for them */
    int tasks;  /* descriptor of /proc/self/task */
    pid_t process;                 /* whose threads they are */
    pid_t caller;                  /* the one that goes on */
    size_t room;                   /* entries of `threads`, a power of two */
    size_t used;                   /* of them that are not NONE */
    struct leash__traced *threads; /* by number, as a hash set */
    unsigned char *registers;      /* of all that stopped, set by set */
    size_t registers_room, registers_used;
};

enum { LEASH_TRACER_REGISTERS = 16 * 1024 }; /* room for those of a thread: AVX-512 has 3 KB, AMX 11, SVE 9 */

/* The helper's main function; `tracer` is a struct leash__tracer. */
int leash__tracer_run(void *tracer);

#endif
