/* The spool: the memory-mapped file beside the trace that events go to first (layout: trace_format.h).
 *
 * Who records holds an OFD lock on it. The kernel drops that lock with the last reference to the open file, and a
 * mapping is such a reference: the file is therefore opened twice, and only the second opening is mapped. The first has
 * no reference but its descriptor, which exec closes and which a forked child closes (leash__spool_forget). */
#ifndef LEASH_RECORD_SPOOL_H
#define LEASH_RECORD_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <trace_format.h>

#define LEASH_SPOOL_SEGMENTS_MIN 2u

struct leash__spool {
    char *path;
    int lock_fd; /* holds the lock; -1: not open */
    char *map;   /* all that the spool may grow to; beyond `segments` not to be touched. NULL: not mapped */
    size_t map_size;
    uint32_t segment_size; /* a power of two, pages */
    uint32_t bound;        /* segments that it may grow to */
};

#define LEASH_SPOOL_CLOSED                                                                                             \
    {                                                                                                                  \
        .lock_fd = -1                                                                                                  \
    }

/* Opens or creates the file and takes its lock; it is empty then. 0; -EBUSY: a live process records to it (*holder is
 * its pid, or 0); -EEXIST: it holds what a process left that did not end its trace; -ELOOP, -EPERM: a link, or somebody
 * else's file; other errors of open. */
int leash__spool_claim(struct leash__spool *spool, const char *path, pid_t *holder);

/* Gives a claimed file room for its first segments and maps it. `size` is the bound in bytes. 0, -ENOSPC, -EFBIG,
 * -ENOMEM... */
int leash__spool_format(struct leash__spool *spool, uint32_t segment_size, size_t size, uint32_t first);
/* Writes the header: from now on the file is a spool, and if the process is gone, a crashed one. */
void leash__spool_publish(struct leash__spool *spool, uint64_t began_unix_ns);
/* Adds `count` segments, allocated and touched. Slow: never on a loop's thread. 0, -ENOSPC, ... */
int leash__spool_grow(struct leash__spool *spool, uint32_t count);

static inline struct leash_spool_header *leash__spool_header(const struct leash__spool *spool)
{
    return (struct leash_spool_header *)(void *)spool->map;
}

static inline uint32_t leash__spool_segments(const struct leash__spool *spool)
{
    return __atomic_load_n(&leash__spool_header(spool)->segments, __ATOMIC_RELAXED);
}

static inline size_t leash__spool_bytes(const struct leash__spool *spool)
{
    return LEASH_SPOOL_HEADER_SIZE + (size_t)leash__spool_segments(spool) * spool->segment_size;
}

static inline struct leash_segment_header *leash__spool_segment(const struct leash__spool *spool, uint32_t number)
{
    return (struct leash_segment_header *)(void *)(spool->map + LEASH_SPOOL_HEADER_SIZE +
                                                   (size_t)number * spool->segment_size);
}

/* Undoes claim and format: the file is deleted. A closed spool is fine. */
void leash__spool_discard(struct leash__spool *spool);
/* The end: deletes the file, or keeps it for a replay, and frees the lock. The mapping stays for good: threads that
 * exit() did not stop may be writing to it. */
void leash__spool_release(struct leash__spool *spool, bool remove);
/* In a forked child: lets go of the parent's lock. The mapping is not there (MADV_DONTFORK). */
void leash__spool_forget(struct leash__spool *spool);

#endif
