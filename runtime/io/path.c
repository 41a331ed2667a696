/* What is done to files by their names, and what is known of them. */
#include <errno.h>
#include <leash/file.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file_table.h"
#include "misuse.h"
#include "operation.h"
#include "task.h"

struct path_operation {
    struct leash__operation operation;
    int fd; /* of fstat; else -1 */
    unsigned mode;
    bool follow;
    struct stat found;
    const char *second; /* of rename: behind the first */
    char path[];
};

static const struct path_operation *path_of(struct leash__operation *operation)
{
    return (const struct path_operation *)operation;
}

static int answer(int rc)
{
    return rc < 0 ? -errno : 0;
}

static int do_stat(struct leash__operation *operation)
{
    struct path_operation *self = (struct path_operation *)operation;
    if (self->fd >= 0)
        return answer(fstat(self->fd, &self->found));
    return answer(self->follow ? stat(self->path, &self->found) : lstat(self->path, &self->found));
}

static int do_rename(struct leash__operation *operation)
{
    return answer(rename(path_of(operation)->path, path_of(operation)->second));
}

static int do_unlink(struct leash__operation *operation)
{
    return answer(unlink(path_of(operation)->path));
}

static int do_mkdir(struct leash__operation *operation)
{
    return answer(mkdir(path_of(operation)->path, (mode_t)path_of(operation)->mode));
}

static int do_rmdir(struct leash__operation *operation)
{
    return answer(rmdir(path_of(operation)->path));
}

static const struct leash__operation_type stat_type = {.name = "stat", .work = do_stat};
static const struct leash__operation_type rename_type = {.name = "rename", .work = do_rename};
static const struct leash__operation_type unlink_type = {.name = "unlink", .work = do_unlink};
static const struct leash__operation_type mkdir_type = {.name = "mkdir", .work = do_mkdir};
static const struct leash__operation_type rmdir_type = {.name = "rmdir", .work = do_rmdir};

/* An operation of the running task on one path, or two. NULL: *error. */
static struct path_operation *path_new(const struct leash__operation_type *type, const char *path, const char *second,
                                       struct leash_site *site, int *error)
{
    const struct leash__task *task = leash__task_needed(site->expr, site);
    if (!task) {
        *error = -errno;
        return NULL;
    }
    if (!path || !second) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: the path is NULL", site->expr);
        return NULL;
    }
    size_t length = strlen(path) + 1, second_length = strlen(second) + 1;
    struct path_operation *self =
        leash__operation_new(type, task->cell.loop, -1, sizeof *self, length + second_length, site->expr, error);
    if (!self)
        return NULL;
    self->fd = -1;
    memcpy(self->path, path, length);
    self->second = memcpy(self->path + length, second, second_length);
    return self;
}

static int await_and_free(struct path_operation *self, struct stat *out, const char *subject, struct leash_site *site)
{
    struct leash__operation *operation = &self->operation;
    int rc = leash__operation_await(&operation, leash__running()->current, subject, site);
    if (operation && rc == 0 && out)
        *out = self->found;
    leash__operation_free(operation);
    return rc;
}

static int done_to(const struct leash__operation_type *type, const char *path, const char *second, unsigned mode,
                   struct leash_site *site)
{
    int error;
    struct path_operation *self = path_new(type, path, second, site, &error);
    if (!self)
        return error;
    self->mode = mode;
    return await_and_free(self, NULL, self->path, site);
}

int leash__file_rename(const char *from, const char *to, struct leash_site *site)
{
    return done_to(&rename_type, from, to, 0, site);
}

int leash__file_unlink(const char *path, struct leash_site *site)
{
    return done_to(&unlink_type, path, "", 0, site);
}

int leash__file_mkdir(const char *path, unsigned mode, struct leash_site *site)
{
    return done_to(&mkdir_type, path, "", mode, site);
}

int leash__file_rmdir(const char *path, struct leash_site *site)
{
    return done_to(&rmdir_type, path, "", 0, site);
}

static int no_place(struct leash_site *site)
{
    return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: there is no place for the answer", site->expr);
}

int leash__file_stat(const char *path, int follow, struct stat *out, struct leash_site *site)
{
    int error;
    if (!out)
        return no_place(site);
    struct path_operation *self = path_new(&stat_type, path, "", site, &error);
    if (!self)
        return error;
    self->follow = follow;
    return await_and_free(self, out, self->path, site);
}

int leash__file_fstat(int fd, struct stat *out, struct leash_site *site)
{
    int error;
    char subject[LEASH__FILE_SUBJECT];
    const struct leash__task *task = leash__task_needed(site->expr, site);
    if (!task)
        return -errno;
    if (!out)
        return no_place(site);
    if (fd < 0)
        return leash__refused(-EBADF, "%s: %d is no descriptor", site->expr, fd);
    struct path_operation *self =
        leash__operation_new(&stat_type, task->cell.loop, fd, sizeof *self, 0, site->expr, &error);
    if (!self)
        return error;
    self->fd = fd;
    leash__file_subject(task->cell.loop, fd, subject);
    return await_and_free(self, out, subject, site);
}
