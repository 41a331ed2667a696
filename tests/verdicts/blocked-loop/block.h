/* Real time that passes while nothing of the loop can run. */
#ifndef BLOCK_H
#define BLOCK_H

#include "verdict.h"

#include <time.h>

static inline void block(int milliseconds)
{
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ;
}

/* Of its own thread's time: on a busy machine more passes. */
static inline void burn(int milliseconds)
{
    struct timespec began, now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &began);
    do {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    } while ((now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000 < milliseconds);
}

#endif
