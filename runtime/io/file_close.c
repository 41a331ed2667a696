#include "file_close.h"

#include <errno.h>
#include <leash/file.h>
#include <unistd.h>

#include "file_table.h"
#include "misuse.h"
#include "operation.h"
#include "task.h"

struct close_operation {
    struct leash__operation operation;
    int fd; /* that nothing else works on */
};

/* Linux has closed it also where it was interrupted. */
static int close_now(int fd)
{
    return close(fd) == 0 || errno == EINTR ? 0 : -errno;
}

static int work(struct leash__operation *operation)
{
    return close_now(((struct close_operation *)operation)->fd);
}

/* The loop ended before a thread came to it. */
static void drop(struct leash__operation *operation)
{
    if (!operation->job.began)
        close_now(((struct close_operation *)operation)->fd);
}

static const struct leash__operation_type type = {.name = "close", .work = work, .drop = drop, .certain = true};

static struct leash__operation *close_new(struct leash__loop *loop, int fd)
{
    int error;
    struct close_operation *close = leash__operation_new(&type, loop, -1, sizeof *close, 0, "leash_file_close", &error);
    if (!close)
        return NULL;
    close->fd = fd;
    return &close->operation;
}

void leash__file_close_detached(struct leash__loop *loop, int fd, struct leash_site *site)
{
    char subject[LEASH__FILE_SUBJECT];
    struct leash__operation *operation = close_new(loop, fd);
    leash__file_subject(loop, fd, subject);
    if (operation)
        leash__operation_detach(operation, loop, subject, site);
    else
        close_now(fd);
}

int leash__file_close(int fd, struct leash_site *site)
{
    char subject[LEASH__FILE_SUBJECT];
    struct leash__task *task = leash__task_needed("leash_file_close", site);
    if (!task)
        return -errno;
    struct leash__loop *loop = task->cell.loop;
    int later = leash__file_close_later(loop, fd, site);
    if (later < 0)
        return leash__refused(later, "leash_file_close: descriptor %d is closed", fd);
    leash__file_subject(loop, fd, subject);
    leash__file_closed(loop, fd);
    struct leash__operation *operation = later ? NULL : close_new(loop, fd);
    if (!operation)
        return later ? 0 : close_now(fd);
    int rc = leash__operation_await(&operation, task, subject, site);
    leash__operation_free(operation);
    return rc;
}
