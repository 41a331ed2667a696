/* The helper that stops a process's threads by tracing them: what runs in it, and what it shares with the thread that
 * started it (stopper.c). It calls nothing of libc that has state. */
#ifndef LEASH_WATCH_TRACER_H
#define LEASH_WATCH_TRACER_H

#include "others.h"

enum leash__tracer_state {
    LEASH_TRACER_GONE, /* the kernel writes it when the helper has ended, however it ends */
    LEASH_TRACER_BUSY, /* stops threads, or lets them go */
    LEASH_TRACER_HOLDS /* all are stopped */
};

struct leash__tracer {
    int state;                    /* futex; enum leash__tracer_state */
    int result;                   /* valid once it is not BUSY any more: 0, -errno as of leash__others_halt, -EPERM */
    struct leash__others *others; /* the note of each: a signal that it was about to take when it stopped; 0: none */
    unsigned char *registers;     /* of all that stopped, set by set */
    size_t registers_room, registers_used;
};

enum { LEASH_TRACER_REGISTERS = 16 * 1024 }; /* room for those of a thread: AVX-512 has 3 KB, AMX 11, SVE 9 */

/* The helper's main function; `tracer` is a struct leash__tracer. */
int leash__tracer_run(void *tracer);

#endif
