/* A task that takes five seconds to end when it is cancelled. */
#ifndef SLOW_TO_END_H
#define SLOW_TO_END_H

#include "verdict.h"

static inline int slow_to_end(void *unused)
{
    (void)unused;
    int rc = leash_sleep(3600);
    leash_sleep(5); /* says goodbye */
    return rc;
}

#endif
