/* Readiness of descriptors: sockets, pipes, terminals, eventfds and all else that poll(2) knows; not files on a disk,
 * which are always ready (-EPERM: use leash/file.h). The descriptor stays the caller's, but does not block any more
 * (O_NONBLOCK), whoever else has it open, as another process may have a terminal. Close it only when nobody waits for
 * it and no function is called for it. All: the loop's thread. */
#ifndef LEASH_FD_H
#define LEASH_FD_H

#include <leash/site.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    LEASH_READABLE = 1, /* or at its end, or broken */
    LEASH_WRITABLE = 2, /* or broken */
};

/* leash_fd_wait(fd, events): suspends the calling task until fd is ready for one of `events`, also if it is so already.
 * Returns which of them: 1, 2 or 3. Several tasks may wait for the same descriptor. -ECANCELED; -EBADF it is not open;
 * -EPERM it cannot be waited for (a file), or not inside a task; -EINVAL no events, or others; -EBUSY a library watches
 * it through leash_uv_loop(); -EMFILE, -ENOMEM. */
#define leash_fd_wait(fd, events) leash__fd_wait((fd), (events), LEASH_SITE("leash_fd_wait"))

/* asyncio's add_reader and add_writer: calls fn(fd, arg) from the loop whenever fd is ready, until it is taken back;
 * or its loop ends; a later call replaces the function, which must not wait. What is not read or written is told of
 * again. Never suspends. 0; -EINVAL fn is NULL; -EPERM also without a running event loop; else as above. */
LEASH_API int leash_add_reader(int fd, void (*fn)(int fd, void *arg), void *arg);
LEASH_API int leash_add_writer(int fd, void (*fn)(int fd, void *arg), void *arg);
/* 1 taken back, 0 there was none; -EPERM no running event loop; -EMFILE, -ENOMEM. Never suspend. */
LEASH_API int leash_remove_reader(int fd);
LEASH_API int leash_remove_writer(int fd);

LEASH_API int leash__fd_wait(int fd, unsigned events, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
