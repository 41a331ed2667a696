#include "spool.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* ---- claiming ---- */

static int open_spool(const char *path, struct stat *status)
{
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0)
        return -errno;
    if (fstat(fd, status) < 0 || !S_ISREG(status->st_mode) || status->st_uid != geteuid()) {
        close(fd);
        return -EPERM;
    }
    return fd;
}

static int lock_spool(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
        return 0;
    return errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
}

static pid_t spool_holder(int fd)
{
    struct leash_spool_header header;
    return pread(fd, &header, sizeof header, 0) == sizeof header && header.magic == LEASH_SPOOL_MAGIC ? header.pid : 0;
}

/* True if the file of this name is still the one that was opened: its last owner may have deleted it meanwhile. */
static bool is_current(const char *path, const struct stat *opened)
{
    struct stat now;
    return lstat(path, &now) == 0 && now.st_dev == opened->st_dev && now.st_ino == opened->st_ino;
}

/* An owner that died before it wrote the header recorded nothing. */
static bool was_never_published(int fd)
{
    uint64_t magic = 0;
    return pread(fd, &magic, sizeof magic, 0) < (ssize_t)sizeof magic || magic == 0;
}

static int claim_once(const char *path, int *out, pid_t *holder)
{
    struct stat status = {0};
    int fd = open_spool(path, &status);
    if (fd < 0)
        return fd;
    int rc = lock_spool(fd);
    if (rc == -EBUSY)
        *holder = spool_holder(fd);
    else if (rc == 0 && !is_current(path, &status))
        rc = -EAGAIN;
    else if (rc == 0 && !was_never_published(fd))
        rc = -EEXIST;
    else if (rc == 0 && ftruncate(fd, 0) < 0) {
        rc = -errno;
        unlink(path);
    }
    if (rc < 0)
        close(fd);
    else
        *out = fd;
    return rc;
}

int leash__spool_claim(struct leash__spool *spool, const char *path, pid_t *holder)
{
    int fd, rc;
    *holder = 0;
    do
        rc = claim_once(path, &fd, holder);
    while (rc == -EAGAIN);
    if (rc < 0)
        return rc;
    char *copy = strdup(path);
    if (!copy) {
        unlink(path);
        close(fd);
        return -ENOMEM;
    }
    *spool = (struct leash__spool){.path = copy, .lock_fd = fd};
    return 0;
}

/* ---- room ---- */

static int map_spool(struct leash__spool *spool)
{
    struct stat locked, mapped;
    int fd = open(spool->path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int rc = 0;
    if (fstat(fd, &mapped) < 0 || fstat(spool->lock_fd, &locked) < 0 || mapped.st_ino != locked.st_ino ||
        mapped.st_dev != locked.st_dev) {
        rc = -ESTALE;
    } else {
        void *map = mmap(NULL, spool->map_size, PROT_NONE, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED)
            rc = -errno;
        else
            spool->map = map;
    }
    close(fd);
    if (rc < 0)
        return rc;
    madvise(spool->map, spool->map_size, MADV_DONTFORK);
    return leash__arena_exclude(spool->map, spool->map_size); /* events are no references */
}

/* What lies beyond the file's end stays out of reach, also for those who look through all memory (a scan, a debugger).
 */
static int open_up(struct leash__spool *spool, size_t offset, size_t length)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), begin = offset & ~(page - 1);
    if (mprotect(spool->map + begin, offset + length - begin, PROT_READ | PROT_WRITE) < 0)
        return -errno;
    madvise(spool->map + begin, offset + length - begin, MADV_POPULATE_WRITE); /* only a help: old kernels refuse */
    return 0;
}

/* Never a sparse file: on a full disk the first touch of a hole raises SIGBUS, while this says so. */
static int allocate(struct leash__spool *spool, size_t offset, size_t length)
{
    int rc;
    do
        rc = posix_fallocate(spool->lock_fd, (off_t)offset, (off_t)length);
    while (rc == EINTR);
    rc = rc ? -rc : open_up(spool, offset, length);
    if (rc < 0 && offset && ftruncate(spool->lock_fd, (off_t)offset) < 0)
        return -EIO; /* what it got is not given back: no matter but for the disk */
    return rc;
}

int leash__spool_format(struct leash__spool *spool, uint32_t segment_size, size_t size, uint32_t first)
{
    size_t bound = size / segment_size;
    spool->segment_size = segment_size;
    spool->bound = bound < LEASH_SPOOL_SEGMENTS_MIN ? LEASH_SPOOL_SEGMENTS_MIN
                   : bound > UINT32_MAX / 2         ? UINT32_MAX / 2
                                                    : (uint32_t)bound;
    spool->map_size = LEASH_SPOOL_HEADER_SIZE + (size_t)spool->bound * segment_size;
    int rc = map_spool(spool);
    if (rc == 0)
        rc = allocate(spool, 0, LEASH_SPOOL_HEADER_SIZE);
    return rc < 0 ? rc : leash__spool_grow(spool, first < spool->bound ? first : spool->bound);
}

void leash__spool_publish(struct leash__spool *spool, uint64_t began_unix_ns)
{
    struct leash_spool_header *header = leash__spool_header(spool);
    header->version = LEASH_SPOOL_VERSION;
    header->segment_size = spool->segment_size;
    header->pid = getpid();
    header->began_unix_ns = began_unix_ns;
    __atomic_store_n(&header->magic, LEASH_SPOOL_MAGIC, __ATOMIC_RELEASE);
}

int leash__spool_grow(struct leash__spool *spool, uint32_t count)
{
    uint32_t segments = leash__spool_segments(spool);
    if (count > spool->bound - segments)
        return -ENOBUFS;
    int rc = allocate(spool, leash__spool_bytes(spool), (size_t)count * spool->segment_size);
    if (rc == 0)
        __atomic_store_n(&leash__spool_header(spool)->segments, segments + count, __ATOMIC_RELEASE);
    return rc;
}

/* ---- the end ---- */

static void close_lock(struct leash__spool *spool)
{
    if (spool->lock_fd >= 0)
        close(spool->lock_fd);
    spool->lock_fd = -1;
}

void leash__spool_discard(struct leash__spool *spool)
{
    if (spool->path)
        unlink(spool->path);
    if (spool->map) {
        leash__arena_include(spool->map);
        munmap(spool->map, spool->map_size);
    }
    close_lock(spool);
    free(spool->path);
    *spool = (struct leash__spool)LEASH_SPOOL_CLOSED;
}

void leash__spool_release(struct leash__spool *spool, bool remove)
{
    if (remove)
        unlink(spool->path);
    close_lock(spool);
}

void leash__spool_forget(struct leash__spool *spool)
{
    close_lock(spool);
    if (spool->map)
        leash__arena_include(spool->map);
    spool->map = NULL;
}
