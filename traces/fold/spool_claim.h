/* Taking over a spool: whoever replays it holds its lock meanwhile. */
#ifndef LEASH_SPOOL_CLAIM_H
#define LEASH_SPOOL_CLAIM_H

#include <stdbool.h>

struct leash__spool_claim {
    int fd;        /* holds the lock */
    bool writable; /* the file may be written */
};

/* 0: locked, the caller closes the descriptor; -ENOENT: there is no spool; -EBUSY: somebody has the lock; -EINVAL: no
 * file; other errors of open. *pid is set if the spool tells its process's. */
int leash__spool_claim_dead(const char *path, struct leash__spool_claim *claim, int *pid);

#endif
