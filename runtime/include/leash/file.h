/* Files, without blocking the loop: each call is a job of a thread (leash/thread.h) that the calling task waits for.
 *
 *     int fd = leash_file_open("notes.txt", O_RDONLY, 0);
 *     int n = fd < 0 ? fd : leash_file_read(fd, text, sizeof text);
 *     leash_file_close(fd);
 *
 * All must be called inside a task, and suspend it. They return 0 or more, or the negative errno of the system call
 * that they are named after; EINTR is no failure. Beside that, each may return:
 *   -ECANCELED   the task was cancelled; see below
 *   -EPERM       not inside a task
 *   -EINVAL      a path, a buffer or the place for an answer is NULL
 *   -EBADF       leash_file_close was called for the descriptor, but other calls have yet to end with it
 *   -EAGAIN, -ENOMEM, -EMFILE, -ESHUTDOWN   no job can begin: see leash_to_thread
 * On failure outputs are untouched.
 *
 * A task that is cancelled goes on at once; the job works on memory of its own. What no thread has begun is never done
 * (but a close is). What is being done is done to its end: bytes that a cancelled leash_file_read got are lost, though
 * the file's offset has moved (leash_file_pread moves none); a cancelled write may have been made in whole, in part or
 * not at all; a file that a cancelled open opens is closed again.
 *
 * For files: what may wait for a peer, as a pipe or a socket, would keep a thread; see leash/fd.h for those.
 * Descriptors are the system's: those of leash_file_open are close-on-exec, and can be used with anything else.
 * leash_file_close waits for nothing that works on the descriptor: it is closed once that has ended. In the trace a
 * descriptor of leash_file_open is an object until leash_file_close; one that is still open at the end of its loop is
 * told of as left open. */
#ifndef LEASH_FILE_H
#define LEASH_FILE_H

#include <leash/site.h>
#include <stddef.h>
#include <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

/* leash_file_open(path, flags, mode): a descriptor, 0 or more. Flags (<fcntl.h>) and mode are those of open(2). */
#define leash_file_open(path, flags, mode) leash__file_open((path), (flags), (mode), LEASH_SITE("leash_file_open"))
/* leash_file_close(fd): 0; -EBADF. What writing back has to say comes with it (-EIO, -ENOSPC), unless something still
 * works on the descriptor: then 0 at once. Closed it is in any case. */
#define leash_file_close(fd) leash__file_close((fd), LEASH_SITE("leash_file_close"))

/* leash_file_read(fd, buffer, size): at most size bytes from where the file's offset is, as one read(2) gets them; how
 * many, 0 at the end. leash_file_pread(fd, buffer, size, offset): from there, in bytes from the file's beginning. */
#define leash_file_read(fd, buffer, size)                                                                              \
    leash__file_read((fd), (buffer), (size), LEASH__FILE_HERE, LEASH_SITE("leash_file_read"))
#define leash_file_pread(fd, buffer, size, offset)                                                                     \
    leash__file_read((fd), (buffer), (size), (offset), LEASH_SITE("leash_file_pread"))
/* leash_file_write(fd, data, size): all of it, at most 2,147,479,552 bytes; returns how many. On failure a part may
 * have been written. leash_file_pwrite(fd, data, size, offset): there. */
#define leash_file_write(fd, data, size)                                                                               \
    leash__file_write((fd), (data), (size), LEASH__FILE_HERE, LEASH_SITE("leash_file_write"))
#define leash_file_pwrite(fd, data, size, offset)                                                                      \
    leash__file_write((fd), (data), (size), (offset), LEASH_SITE("leash_file_pwrite"))

/* fsync(2), fdatasync(2), ftruncate(2). 0. */
#define leash_file_fsync(fd)          leash__file_sync((fd), 0, LEASH_SITE("leash_file_fsync"))
#define leash_file_fdatasync(fd)      leash__file_sync((fd), 1, LEASH_SITE("leash_file_fdatasync"))
#define leash_file_truncate(fd, size) leash__file_truncate((fd), (size), LEASH_SITE("leash_file_truncate"))

/* leash_file_stat(path, &out), leash_file_lstat(path, &out), leash_file_fstat(fd, &out): what stat(2) and its kin tell.
 * 0. */
#define leash_file_stat(path, out)  leash__file_stat((path), 1, (out), LEASH_SITE("leash_file_stat"))
#define leash_file_lstat(path, out) leash__file_stat((path), 0, (out), LEASH_SITE("leash_file_lstat"))
#define leash_file_fstat(fd, out)   leash__file_fstat((fd), (out), LEASH_SITE("leash_file_fstat"))

/* rename(2), unlink(2), mkdir(2), rmdir(2). 0. */
#define leash_file_rename(from, to)  leash__file_rename((from), (to), LEASH_SITE("leash_file_rename"))
#define leash_file_unlink(path)      leash__file_unlink((path), LEASH_SITE("leash_file_unlink"))
#define leash_file_mkdir(path, mode) leash__file_mkdir((path), (mode), LEASH_SITE("leash_file_mkdir"))
#define leash_file_rmdir(path)       leash__file_rmdir((path), LEASH_SITE("leash_file_rmdir"))

/* leash_read_file(path, &data, &size): all of a file, in memory of malloc that is the caller's to free; a NUL stands
 * behind its last byte. size may be NULL. 0; -EFBIG: more than memory could hold. */
#define leash_read_file(path, data, size) leash__read_file((path), (data), (size), LEASH_SITE("leash_read_file"))
/* leash_write_file(path, data, size): makes a file of these bytes (mode 0666 less the umask), or replaces those of the
 * one that is there. 0. Not atomic: write another file and rename it where that matters. */
#define leash_write_file(path, data, size) leash__write_file((path), (data), (size), LEASH_SITE("leash_write_file"))

#define LEASH__FILE_HERE (-0x7fffffffffffffffLL - 1) /* no offset: the file's own */
LEASH_API int leash__file_open(const char *path, int flags, unsigned mode, struct leash_site *site);
LEASH_API int leash__file_close(int fd, struct leash_site *site);
LEASH_API int leash__file_read(int fd, void *buffer, size_t size, long long offset, struct leash_site *site);
LEASH_API int leash__file_write(int fd, const void *data, size_t size, long long offset, struct leash_site *site);
LEASH_API int leash__file_sync(int fd, int data_only, struct leash_site *site);
LEASH_API int leash__file_truncate(int fd, long long size, struct leash_site *site);
LEASH_API int leash__file_stat(const char *path, int follow, struct stat *out, struct leash_site *site);
LEASH_API int leash__file_fstat(int fd, struct stat *out, struct leash_site *site);
LEASH_API int leash__file_rename(const char *from, const char *to, struct leash_site *site);
LEASH_API int leash__file_unlink(const char *path, struct leash_site *site);
LEASH_API int leash__file_mkdir(const char *path, unsigned mode, struct leash_site *site);
LEASH_API int leash__file_rmdir(const char *path, struct leash_site *site);
LEASH_API int leash__read_file(const char *path, char **data, size_t *size, struct leash_site *site);
LEASH_API int leash__write_file(const char *path, const void *data, size_t size, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
