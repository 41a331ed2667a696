/* Whole files: one job each. */
#include <errno.h>
#include <fcntl.h>
#include <leash/file.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "misuse.h"
#include "operation.h"
#include "task.h"

static int open_file(const char *path, int flags)
{
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

/* ---- reading ---- */

struct read_file {
    struct leash__operation operation;
    char *data; /* its own until it is delivered */
    size_t size, room;
    char path[];
};

/* Room for more, and for a NUL. */
static int grow(struct read_file *self, size_t room)
{
    char *data = room < SIZE_MAX ? realloc(self->data, room + 1) : NULL;
    if (!data)
        return room >= PTRDIFF_MAX ? -EFBIG : -ENOMEM;
    self->data = data;
    self->room = room;
    return 0;
}

/* The size that a file tells is a hint: those of /proc tell none. */
static int read_all(struct read_file *self, int fd)
{
    enum { LEAST = 4096 };
    struct stat found;
    size_t hint = fstat(fd, &found) == 0 && found.st_size > 0 ? (size_t)found.st_size : 0;
    int rc = grow(self, hint < LEAST ? LEAST : hint + 1); /* one more, to see the end without growing */
    while (rc == 0) {
        ssize_t n = read(fd, self->data + self->size, self->room - self->size);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            return -errno;
        self->size += n > 0 ? (size_t)n : 0;
        if (self->size == self->room)
            rc = grow(self, self->room > SIZE_MAX / 2 ? SIZE_MAX : self->room * 2);
    }
    return rc;
}

static int do_read(struct leash__operation *operation)
{
    struct read_file *self = (struct read_file *)operation;
    int fd = open_file(self->path, O_RDONLY);
    if (fd < 0)
        return fd;
    int rc = read_all(self, fd);
    close(fd);
    if (rc == 0)
        self->data[self->size] = '\0';
    return rc;
}

static void drop_data(struct leash__operation *operation)
{
    free(((struct read_file *)operation)->data);
}

static const struct leash__operation_type read_type = {.name = "read", .work = do_read, .drop = drop_data};

/* ---- writing ---- */

struct write_file {
    struct leash__operation operation;
    size_t size;
    char *data; /* behind the path */
    char path[];
};

static int write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n < 0 && errno != EINTR)
            return -errno;
        data += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int do_write(struct leash__operation *operation)
{
    const struct write_file *self = (const struct write_file *)operation;
    int fd = open_file(self->path, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0)
        return fd;
    int rc = write_all(fd, self->data, self->size);
    int closed = close(fd) == 0 || errno == EINTR ? 0 : -errno;
    return rc < 0 ? rc : closed;
}

static const struct leash__operation_type write_type = {.name = "write", .work = do_write};

/* ---- the calls ---- */

/* An operation of the running task on a path, of `size` bytes, with room for the path and `rest` more. NULL: *error. */
static void *operation_new(const struct leash__operation_type *type, const char *path, size_t size, size_t rest,
                           bool complete, struct leash_site *site, int *error)
{
    const struct leash__task *task = leash__task_needed(site->expr, site);
    if (!task) {
        *error = -errno;
        return NULL;
    }
    if (!path || !complete) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: the %s is NULL", site->expr,
                               path ? "data's place" : "path");
        return NULL;
    }
    size_t length = strlen(path) + 1, room = rest < SIZE_MAX - length ? length + rest : SIZE_MAX;
    return leash__operation_new(type, task->cell.loop, -1, size, room, site->expr, error);
}

int leash__read_file(const char *path, char **data, size_t *size, struct leash_site *site)
{
    int error;
    struct read_file *self = operation_new(&read_type, path, sizeof *self, 0, data, site, &error);
    if (!self)
        return error;
    memcpy(self->path, path, strlen(path) + 1);
    struct leash__operation *operation = &self->operation;
    int rc = leash__operation_await(&operation, leash__running()->current, self->path, site);
    if (operation && rc == 0) {
        *data = self->data;
        self->data = NULL;
        if (size)
            *size = self->size;
    }
    leash__operation_free(operation);
    return rc;
}

int leash__write_file(const char *path, const void *data, size_t size, struct leash_site *site)
{
    int error;
    struct write_file *self = operation_new(&write_type, path, sizeof *self, size, data || !size, site, &error);
    if (!self)
        return error;
    size_t length = strlen(path) + 1;
    memcpy(self->path, path, length);
    self->data = self->path + length;
    self->size = size;
    if (size)
        memcpy(self->data, data, size);
    struct leash__operation *operation = &self->operation;
    int rc = leash__operation_await(&operation, leash__running()->current, self->path, site);
    leash__operation_free(operation);
    return rc;
}
