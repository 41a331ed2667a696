#include "file_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_close.h"
#include "waitable.h"

#define KIND "file " /* before the path, in the object's name */

/* A descriptor that leash_file_open has made. */
struct file {
    struct leash__waitable base;
    struct leash__loop *loop; /* in whose table it is */
    int fd;
    bool closed; /* by leash_file_close */
};

struct slot {
    unsigned busy;             /* operations */
    struct leash_site *closes; /* where leash_file_close was called while it was busy; NULL: nowhere */
    struct file *file;         /* NULL: made elsewhere */
};

struct leash__files {
    size_t used; /* slots that are not empty; with the last one all goes */
    size_t count;
    struct slot slots[];
};

static struct slot *find(const struct leash__loop *loop, int fd)
{
    return loop->files && fd >= 0 && (size_t)fd < loop->files->count ? &loop->files->slots[fd] : NULL;
}

static bool is_empty(const struct slot *slot)
{
    return !slot->busy && !slot->file;
}

/* The slot of a descriptor that is about to be used. NULL: no memory. */
static struct slot *use(struct leash__loop *loop, int fd)
{
    struct leash__files *files = loop->files;
    size_t had = files ? files->count : 0, count = had ? had : 64;
    while (count <= (size_t)fd)
        count *= 2;
    if (count > had) {
        files = realloc(files, sizeof *files + count * sizeof files->slots[0]);
        if (!files)
            return NULL;
        files->used = had ? files->used : 0;
        files->count = count;
        memset(&files->slots[had], 0, (count - had) * sizeof files->slots[0]);
        loop->files = files;
    }
    files->used += is_empty(&files->slots[fd]);
    return &files->slots[fd];
}

/* What used the slot does no more. */
static void unuse(struct leash__loop *loop, const struct slot *slot)
{
    if (!is_empty(slot) || --loop->files->used > 0)
        return;
    free(loop->files);
    loop->files = NULL;
}

/* ---- operations ---- */

int leash__file_busy(struct leash__loop *loop, int fd)
{
    if (fd < 0)
        return 0;
    const struct slot *known = find(loop, fd);
    if (known && known->closes)
        return -EBADF;
    struct slot *slot = use(loop, fd);
    if (!slot)
        return -ENOMEM;
    slot->busy++;
    return 0;
}

/* Where the close that was put off until now was called; NULL: there was none, or it is not time yet. */
static struct leash_site *one_less(struct leash__loop *loop, int fd)
{
    struct slot *slot = find(loop, fd);
    if (!slot || --slot->busy > 0)
        return NULL;
    struct leash_site *closes = slot->closes;
    slot->closes = NULL;
    unuse(loop, slot);
    return closes;
}

void leash__file_idle(struct leash__loop *loop, int fd)
{
    struct leash_site *closes = one_less(loop, fd);
    if (closes)
        leash__file_close_detached(loop, fd, closes);
}

void leash__file_forget(struct leash__loop *loop, int fd)
{
    (void)one_less(loop, fd);
}

int leash__file_close_later(struct leash__loop *loop, int fd, struct leash_site *site)
{
    struct slot *slot = find(loop, fd);
    if (!slot || !slot->busy)
        return fd < 0 ? -EBADF : 0;
    if (slot->closes)
        return -EBADF;
    slot->closes = site;
    return 1;
}

/* ---- what leash_file_open has made ---- */

/* It may have been closed by other means. */
static unsigned facts(const struct leash__waitable *waitable)
{
    const struct file *file = (const struct file *)waitable;
    return file->closed || fcntl(file->fd, F_GETFD) < 0 ? 0 : LEASH_FACT_LEFT_OPEN;
}

static void end(struct leash__waitable *waitable)
{
    struct file *file = (struct file *)waitable;
    struct slot *slot = find(file->loop, file->fd);
    slot->file = NULL;
    unuse(file->loop, slot);
}

static const struct leash__waitable_type type = {
    .kind = LEASH_OBJECT_DESCRIPTOR, .name = "file", .size = sizeof(struct file), .end = end, .facts = facts};

void leash__file_opened(struct leash__loop *loop, int fd, const char *path, struct leash_site *site)
{
    char *name;
    leash__file_closed(loop, fd); /* one that had the number before was closed by other means */
    struct slot *slot = use(loop, fd);
    if (!slot)
        return;
    if (asprintf(&name, KIND "%s", path) >= 0) {
        slot->file = (struct file *)leash__waitable_new(loop, &type, name, site);
        free(name);
    }
    if (!slot->file) {
        unuse(loop, slot);
        return;
    }
    slot->file->loop = loop;
    slot->file->fd = fd;
}

void leash__file_closed(struct leash__loop *loop, int fd)
{
    const struct slot *slot = find(loop, fd);
    if (!slot || !slot->file)
        return;
    slot->file->closed = true;
    leash__waitable_end(&slot->file->base, 0);
}

void leash__file_subject(const struct leash__loop *loop, int fd, char text[LEASH__FILE_SUBJECT])
{
    const struct slot *slot = find(loop, fd);
    text[0] = '\0';
    if (!loop->events->at)
        return;
    if (slot && slot->file)
        snprintf(text, LEASH__FILE_SUBJECT, "%s", leash__waitable_name(&slot->file->base) + strlen(KIND));
    else
        snprintf(text, LEASH__FILE_SUBJECT, "fd %d", fd);
}
