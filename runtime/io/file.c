/* Descriptors: opening, reading, writing. */
#include <errno.h>
#include <fcntl.h>
#include <leash/file.h>
#include <string.h>
#include <unistd.h>

#include "file_table.h"
#include "misuse.h"
#include "operation.h"
#include "task.h"

enum { BYTES_MOST = 0x7ffff000 }; /* what Linux moves at a time */

/* Has an operation on fd done; it is there afterwards unless the task was cancelled. */
static int await_on(struct leash__operation **operation, struct leash__task *task, int fd, struct leash_site *site)
{
    char subject[LEASH__FILE_SUBJECT];
    leash__file_subject(task->cell.loop, fd, subject);
    return leash__operation_await(operation, task, subject, site);
}

static int await_and_free(struct leash__operation *operation, struct leash__task *task, int fd, struct leash_site *site)
{
    int rc = await_on(&operation, task, fd, site);
    leash__operation_free(operation);
    return rc;
}

/* ---- open ---- */

struct open_operation {
    struct leash__operation operation;
    int flags;
    mode_t mode;
    char path[];
};

static int do_open(struct leash__operation *operation)
{
    const struct open_operation *self = (const struct open_operation *)operation;
    int fd;
    do
        fd = open(self->path, self->flags | O_CLOEXEC, self->mode);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

static void close_unwanted(struct leash__operation *operation)
{
    if (operation->job.began && operation->job.code >= 0 && !operation->delivered)
        close(operation->job.code);
}

static const struct leash__operation_type open_type = {.name = "open", .work = do_open, .drop = close_unwanted};

int leash__file_open(const char *path, int flags, unsigned mode, struct leash_site *site)
{
    static const char call[] = "leash_file_open";
    int error;
    struct leash__task *task = leash__task_needed(call, site);
    if (!task)
        return -errno;
    if (!path)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: the path is NULL", call);
    size_t length = strlen(path) + 1;
    struct open_operation *self =
        leash__operation_new(&open_type, task->cell.loop, -1, sizeof *self, length, call, &error);
    if (!self)
        return error;
    self->flags = flags;
    self->mode = (mode_t)mode;
    memcpy(self->path, path, length);
    struct leash__operation *operation = &self->operation;
    int fd = leash__operation_await(&operation, task, self->path, site);
    if (operation && fd >= 0)
        leash__file_opened(task->cell.loop, fd, self->path, site);
    leash__operation_free(operation);
    return fd;
}

/* ---- reading and writing ---- */

struct transfer {
    struct leash__operation operation;
    int fd;
    long long offset; /* LEASH__FILE_HERE: none */
    size_t size;
    char bytes[];
};

static int do_read(struct leash__operation *operation)
{
    struct transfer *self = (struct transfer *)operation;
    ssize_t n;
    do
        n = self->offset == LEASH__FILE_HERE ? read(self->fd, self->bytes, self->size)
                                             : pread(self->fd, self->bytes, self->size, self->offset);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : (int)n;
}

static int do_write(struct leash__operation *operation)
{
    const struct transfer *self = (const struct transfer *)operation;
    size_t done = 0;
    do {
        const char *rest = self->bytes + done;
        ssize_t n = self->offset == LEASH__FILE_HERE
                        ? write(self->fd, rest, self->size - done)
                        : pwrite(self->fd, rest, self->size - done, self->offset + (long long)done);
        if (n < 0 && errno != EINTR)
            return -errno;
        done += n > 0 ? (size_t)n : 0;
    } while (done < self->size);
    return (int)done;
}

static const struct leash__operation_type read_type = {.name = "read", .work = do_read};
static const struct leash__operation_type write_type = {.name = "write", .work = do_write};

/* A transfer of `size` bytes. NULL: *error. */
static struct transfer *transfer_new(const struct leash__operation_type *type, struct leash__loop *loop, int fd,
                                     size_t size, long long offset, const char *call, int *error)
{
    if (fd < 0) {
        *error = leash__refused(-EBADF, "%s: %d is no descriptor", call, fd);
        return NULL;
    }
    struct transfer *self = leash__operation_new(type, loop, fd, sizeof *self, size, call, error);
    if (!self)
        return NULL;
    self->fd = fd;
    self->offset = offset;
    self->size = size;
    return self;
}

int leash__file_read(int fd, void *buffer, size_t size, long long offset, struct leash_site *site)
{
    int error;
    struct leash__task *task = leash__task_needed(site->expr, site);
    if (!task)
        return -errno;
    if (size && !buffer)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: the buffer is NULL", site->expr);
    if (size > BYTES_MOST)
        size = BYTES_MOST;
    struct transfer *self = transfer_new(&read_type, task->cell.loop, fd, size, offset, site->expr, &error);
    if (!self)
        return error;
    struct leash__operation *operation = &self->operation;
    int n = await_on(&operation, task, fd, site);
    if (operation && n > 0)
        memcpy(buffer, self->bytes, (size_t)n);
    leash__operation_free(operation);
    return n;
}

int leash__file_write(int fd, const void *data, size_t size, long long offset, struct leash_site *site)
{
    int error;
    struct leash__task *task = leash__task_needed(site->expr, site);
    if (!task)
        return -errno;
    if (size && !data)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: there is no data at NULL", site->expr);
    if (size > BYTES_MOST)
        size = BYTES_MOST;
    struct transfer *self = transfer_new(&write_type, task->cell.loop, fd, size, offset, site->expr, &error);
    if (!self)
        return error;
    if (size)
        memcpy(self->bytes, data, size);
    return await_and_free(&self->operation, task, fd, site);
}

/* ---- what takes a number at most ---- */

struct number_operation {
    struct leash__operation operation;
    int fd;
    long long number;
};

static int do_sync(struct leash__operation *operation)
{
    const struct number_operation *self = (const struct number_operation *)operation;
    int rc;
    do
        rc = self->number ? fdatasync(self->fd) : fsync(self->fd);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? -errno : 0;
}

static int do_truncate(struct leash__operation *operation)
{
    const struct number_operation *self = (const struct number_operation *)operation;
    int rc;
    do
        rc = ftruncate(self->fd, self->number);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? -errno : 0;
}

static const struct leash__operation_type sync_type = {.name = "sync", .work = do_sync};
static const struct leash__operation_type truncate_type = {.name = "truncate", .work = do_truncate};

static int with_number(const struct leash__operation_type *type, int fd, long long number, struct leash_site *site)
{
    int error;
    struct leash__task *task = leash__task_needed(site->expr, site);
    if (!task)
        return -errno;
    struct number_operation *self =
        leash__operation_new(type, task->cell.loop, fd, sizeof *self, 0, site->expr, &error);
    if (!self)
        return error;
    self->fd = fd;
    self->number = number;
    return await_and_free(&self->operation, task, fd, site);
}

int leash__file_sync(int fd, int data_only, struct leash_site *site)
{
    return with_number(&sync_type, fd, data_only, site);
}

int leash__file_truncate(int fd, long long size, struct leash_site *site)
{
    return with_number(&truncate_type, fd, size, site);
}
