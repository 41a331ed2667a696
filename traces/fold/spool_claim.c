#include "spool_claim.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <trace_format.h>
#include <unistd.h>

static int open_spool(const char *path, struct leash__spool_claim *claim)
{
    struct stat status;
    claim->writable = true;
    claim->fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (claim->fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM)) {
        claim->writable = false;
        claim->fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    }
    if (claim->fd < 0)
        return -errno;
    if (fstat(claim->fd, &status) == 0 && S_ISREG(status.st_mode))
        return 0;
    close(claim->fd);
    return -EINVAL;
}

/* A lock for reading will do where nothing can be written: it too is refused while a process records or replays. */
static int lock_spool(const struct leash__spool_claim *claim)
{
    struct flock whole = {.l_type = claim->writable ? F_WRLCK : F_RDLCK, .l_whence = SEEK_SET};
    if (fcntl(claim->fd, F_OFD_SETLK, &whole) == 0)
        return 0;
    return errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
}

static bool is_current(const char *path, int fd)
{
    struct stat opened, now;
    return fstat(fd, &opened) == 0 && lstat(path, &now) == 0 && opened.st_ino == now.st_ino &&
           opened.st_dev == now.st_dev;
}

int leash__spool_claim_dead(const char *path, struct leash__spool_claim *claim, int *pid)
{
    for (;;) {
        struct leash_spool_header header;
        int rc = open_spool(path, claim);
        if (rc < 0)
            return rc;
        rc = lock_spool(claim);
        if (pread(claim->fd, &header, sizeof header, 0) == sizeof header && header.magic == LEASH_SPOOL_MAGIC)
            *pid = header.pid;
        if (rc == 0 && is_current(path, claim->fd))
            return 0;
        close(claim->fd);
        if (rc < 0)
            return rc;
    } /* deleted between opening and locking: look again */
}
