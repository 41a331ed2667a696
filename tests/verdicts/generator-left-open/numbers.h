/* A generator of 1, 2, 3, ... that cleans up when it is closed. */
#ifndef NUMBERS_H
#define NUMBERS_H

#include "verdict.h"

static inline int numbers(void *most)
{
    int rc = 0;
    for (int i = 1; i <= *(int *)most && rc == 0; i++) {
        rc = leash_sleep(0.1);
        if (rc == 0)
            rc = leash_yield(&i);
    }
    return rc == -ESHUTDOWN ? 0 : rc;
}

#endif
