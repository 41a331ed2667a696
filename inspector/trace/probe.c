/* What can be told of a trace without SQLite: its files, and its first 100 bytes. */
#include "trace_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <trace_format.h>
#include <unistd.h>

int trace_fail(struct trace_error *error, int code, const char *path, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t used = (size_t)snprintf(error->text, sizeof error->text, "%.400s: ", path);
    if (used < sizeof error->text)
        vsnprintf(error->text + used, sizeof error->text - used, format, args);
    va_end(args);
    return code;
}

static bool beside(const char *path, const char *suffix, struct stat *st)
{
    char name[PATH_MAX];
    int length = snprintf(name, sizeof name, "%s%s", path, suffix);
    return length > 0 && (size_t)length < sizeof name && stat(name, st) == 0 && S_ISREG(st->st_mode);
}

static int open_failed(const char *path, struct trace_probe *probe, struct trace_error *error)
{
    struct stat st;
    int cause = errno;
    if (cause == ENOENT && beside(path, LEASH_SPOOL_SUFFIX, &st))
        return 0; /* killed before the first rows were written: all is in the spool */
    (void)probe;
    if (cause == ENOENT && strpbrk(path, "*?["))
        return trace_fail(error, -ENOENT, path, "no such file: the pattern matched nothing");
    if (cause == ENOENT)
        return trace_fail(error, -ENOENT, path, "no such file");
    if (cause == EACCES)
        return trace_fail(error, -EACCES, path, "no permission to read it");
    return trace_fail(error, -EIO, path, "cannot be opened: %s", strerror(cause));
}

static uint32_t big32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int read_header(const char *path, const unsigned char *header, struct trace_probe *probe,
                       struct trace_error *error)
{
    if (memcmp(header, "SQLite format 3", 16) != 0)
        return trace_fail(error, -EINVAL, path, "not a leash trace (not an SQLite database)");
    uint32_t page_size = (uint32_t)header[16] << 8 | header[17];
    if (page_size == 1)
        page_size = 65536;
    uint64_t says = (uint64_t)page_size * big32(header + 28);
    bool says_is_valid = memcmp(header + 24, header + 92, 4) == 0;
    probe->wal_mode = header[18] == 2;
    probe->user_version = big32(header + 60);
    probe->application_id = big32(header + 68);
    if (!probe->wal && says_is_valid && says > probe->size)
        return trace_fail(
            error, -EBADMSG, path,
            "truncated: it ends at %.0f KiB, its header says %.0f KiB; copy it again, or `leash repair` may save part",
            (double)probe->size / 1024, (double)says / 1024);
    return 0;
}

static int probe_file(int fd, const char *path, struct trace_probe *probe, struct trace_error *error)
{
    struct stat st, other;
    unsigned char header[100];
    if (fstat(fd, &st) < 0)
        return trace_fail(error, -EIO, path, "cannot be examined: %s", strerror(errno));
    if (S_ISDIR(st.st_mode))
        return trace_fail(error, -EINVAL, path, "is a directory, not a trace");
    if (!S_ISREG(st.st_mode))
        return trace_fail(error, -EINVAL, path, "is not a regular file");
    probe->exists = true;
    probe->size = (uint64_t)st.st_size;
    probe->wal = beside(path, "-wal", &other) && other.st_size > 0;
    if (st.st_size == 0) {
        if (probe->wal || beside(path, LEASH_SPOOL_SUFFIX, &other))
            return 0;
        return trace_fail(error, -EINVAL, path, "the file is empty: nothing was ever recorded to it");
    }
    ssize_t got = pread(fd, header, sizeof header, 0);
    if (got < 0)
        return trace_fail(error, -EIO, path, "cannot be read: %s", strerror(errno));
    if (got < (ssize_t)sizeof header)
        return trace_fail(error, -EINVAL, path, "not a leash trace (%zd bytes are too few for a database)", got);
    return read_header(path, header, probe, error);
}

int trace_probe(const char *path, struct trace_probe *probe, struct trace_error *error)
{
    *probe = (struct trace_probe){0};
    if (!*path)
        return trace_fail(error, -ENOENT, "(no name)", "a trace needs a name");
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return open_failed(path, probe, error);
    int rc = probe_file(fd, path, probe, error);
    close(fd);
    return rc;
}

bool trace_may_replace(const char *path, struct trace_error *error)
{
    struct trace_probe probe;
    struct stat st;
    if (lstat(path, &st) < 0 || (S_ISREG(st.st_mode) && st.st_size == 0))
        return true;
    if (trace_probe(path, &probe, error) == -EBADMSG)
        probe.application_id = LEASH_APPLICATION_ID;                                /* a trace that was cut off */
    bool only_begun = probe.application_id == 0 && probe.wal && probe.size <= 4096; /* killed: all is in the -wal */
    bool ours = probe.application_id == LEASH_APPLICATION_ID || only_begun;
    if (!ours)
        trace_fail(error, -EEXIST, path, "is there already and is no leash trace: not overwritten");
    else if (trace_spool_state(path) == TRACE_SPOOL_HELD)
        trace_fail(error, -EBUSY, path, "a program is recording to it");
    return ours && trace_spool_state(path) != TRACE_SPOOL_HELD;
}
