/* A dead process's spool, read into memory: nobody can pull the file away under it, as from under a mapping. */
#ifndef LEASH_SPOOL_COPY_H
#define LEASH_SPOOL_COPY_H

#include <stddef.h>
#include <trace_format.h>

struct leash__spool_copy {
    void *map; /* as the file, but free segments are left zero. NULL: its owner died before it was a spool */
    size_t size;
    struct leash_spool_header header; /* all zero if map is NULL */
};

/* 0; -EINVAL, -EPROTO as leash_spool_check; -EFBIG, -EIO, -ENOMEM. */
int leash__spool_copy_load(int fd, struct leash__spool_copy *out);
void leash__spool_copy_free(struct leash__spool_copy *copy);

#endif
