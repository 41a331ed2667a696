#include "accept/fault.h"
#include "buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES_MAX    (16 * 1024 * 1024)
#define BEFORE_CARET 120

int accept_fail(struct accept_fault *fault, const struct accept_text *text, size_t at, const char *format, ...)
{
    size_t begin = at, end = at;
    *fault = (struct accept_fault){.line = 1};
    va_list args;
    va_start(args, format);
    vsnprintf(fault->words, sizeof fault->words, format, args);
    va_end(args);
    snprintf(fault->place, sizeof fault->place, "%s", text->place);
    for (size_t i = 0; i < at; i++)
        fault->line += text->bytes[i] == '\n';
    while (begin > 0 && text->bytes[begin - 1] != '\n')
        begin--;
    while (end < text->length && text->bytes[end] != '\n')
        end++;
    fault->column = at - begin < INT_MAX ? (int)(at - begin) + 1 : INT_MAX;
    if (at - begin > BEFORE_CARET)
        begin = at - BEFORE_CARET;
    size_t shown = end - begin < sizeof fault->text ? end - begin : sizeof fault->text - 1;
    memcpy(fault->text, text->bytes + begin, shown);
    for (size_t i = 0; i < shown; i++)
        if (fault->text[i] == '\t' || fault->text[i] == '\0')
            fault->text[i] = ' ';
    fault->caret = at - begin;
    return -EINVAL;
}

static int say(struct accept_fault *fault, int rc, const char *path, const char *what)
{
    *fault = (struct accept_fault){0};
    snprintf(fault->words, sizeof fault->words, "%.200s: %s: %s", path, what, strerror(-rc));
    return rc;
}

int accept_read(const char *path, char **bytes, size_t *length, struct accept_fault *fault)
{
    struct buffer all = {0};
    char part[4096];
    ssize_t got = 0;
    struct stat st;
    int rc = 0, fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return say(fault, -errno, path, "cannot be read");
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        rc = -EISDIR;
    buffer_add(&all, "");
    while (rc == 0 && (got = read(fd, part, sizeof part)) > 0 && all.length <= BYTES_MAX)
        buffer_add_bytes(&all, part, (size_t)got);
    if (got < 0)
        rc = -errno;
    else if (all.length > BYTES_MAX)
        rc = -EFBIG;
    close(fd);
    if (rc < 0) {
        buffer_free(&all);
        return say(fault, rc, path, "cannot be read");
    }
    *bytes = all.text;
    *length = all.length;
    return 0;
}

static int write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = write(fd, bytes, length);
        if (done < 0 && errno != EINTR)
            return -errno;
        if (done > 0) {
            bytes += done;
            length -= (size_t)done;
        }
    }
    return fsync(fd) < 0 && errno != EINVAL && errno != ENOTSUP ? -errno : 0; /* EINVAL: a pipe */
}

/* What is there and is no file (a terminal, a pipe) is written to; it could not be replaced. */
static int write_to(const char *path, const char *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int rc = write_all(fd, bytes, length);
    return close(fd) < 0 && rc == 0 ? -errno : rc;
}

static int replace(const char *path, mode_t mode, const char *bytes, size_t length)
{
    char name[PATH_MAX + 16];
    snprintf(name, sizeof name, "%s.XXXXXX", path);
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int rc = write_all(fd, bytes, length);
    if (rc == 0 && fchmod(fd, mode) < 0)
        rc = -errno;
    if (close(fd) < 0 && rc == 0)
        rc = -errno;
    if (rc == 0 && rename(name, path) < 0)
        rc = -errno;
    if (rc < 0)
        unlink(name);
    return rc;
}

int accept_write(const char *path, const char *bytes, size_t length, struct accept_fault *fault)
{
    char real[PATH_MAX];
    struct stat st = {0};
    bool exists = realpath(path, real) && stat(real, &st) == 0; /* a link stays one: what it leads to is replaced */
    mode_t mask = umask(0);
    umask(mask);
    int rc = exists && !S_ISREG(st.st_mode) ? write_to(real, bytes, length)
             : exists                       ? replace(real, st.st_mode & 07777, bytes, length)
                                            : replace(path, 0666 & ~mask, bytes, length);
    return rc < 0 ? say(fault, rc, path, "cannot be written") : 0;
}
