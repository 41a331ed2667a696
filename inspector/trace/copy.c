/* A copy of a trace in a directory of ours: for a trace whose directory cannot be written. SQLite would either refuse
 * to open it or, told that it is immutable, silently leave out what is in its -wal. */
#include "trace_private.h"
#include "alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ATTEMPTS 3

static int copy_bytes(int from, int to)
{
    char bytes[65536];
    ssize_t got;
    while ((got = read(from, bytes, sizeof bytes)) > 0) {
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, bytes + done, (size_t)(got - done));
            if (put < 0)
                return -errno;
            done += put;
        }
    }
    return got < 0 ? -errno : 0;
}

int trace_copy_file(const char *from, const char *to)
{
    struct stat st;
    int in = open(from, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT ? 1 : -errno;
    int rc = -EINVAL, out = -1;
    if (fstat(in, &st) < 0 || !S_ISREG(st.st_mode))
        goto done;
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    rc = out < 0 ? -errno : copy_bytes(in, out);
done:
    if (out >= 0)
        close(out);
    close(in);
    return rc;
}

static int copy_one(struct trace *trace, const char *suffix, struct trace_error *error)
{
    char from[PATH_MAX], to[PATH_MAX];
    if ((size_t)snprintf(from, sizeof from, "%s%s", trace->path, suffix) >= sizeof from ||
        (size_t)snprintf(to, sizeof to, "%s%s", trace->file, suffix) >= sizeof to)
        return trace_fail(error, -ENAMETOOLONG, trace->path, "the name is too long");
    int rc = trace_copy_file(from, to);
    if (rc < 0)
        return trace_fail(error, rc == -EACCES ? -EACCES : -EIO, trace->path, "%s cannot be copied to %s: %s", from,
                          trace->temp_dir, strerror(-rc));
    if (rc == 1)
        unlink(to);
    return 0;
}

/* Changes when somebody writes to the trace. */
struct stamp {
    struct timespec db, wal;
    off_t db_size, wal_size;
};

static struct stamp stamp_of(const char *path)
{
    struct stamp stamp;
    struct stat st;
    char wal[PATH_MAX];
    memset(&stamp, 0, sizeof stamp);
    if (stat(path, &st) == 0) {
        stamp.db = st.st_mtim;
        stamp.db_size = st.st_size;
    }
    if ((size_t)snprintf(wal, sizeof wal, "%s-wal", path) < sizeof wal && stat(wal, &st) == 0) {
        stamp.wal = st.st_mtim;
        stamp.wal_size = st.st_size;
    }
    return stamp;
}

static int make_dir(struct trace *trace, struct trace_error *error)
{
    const char *base = getenv("TMPDIR");
    char name[PATH_MAX];
    if ((size_t)snprintf(name, sizeof name, "%s/leash-XXXXXX", base && *base ? base : "/tmp") >= sizeof name ||
        !mkdtemp(name))
        return trace_fail(error, -EIO, trace->path, "no directory for a copy: %s: %s", name, strerror(errno));
    char file[PATH_MAX + 16];
    snprintf(file, sizeof file, "%s/trace.db", name);
    trace->temp_dir = xstrdup(name);
    free(trace->file);
    trace->file = xstrdup(file);
    return 0;
}

int trace_copy(struct trace *trace, struct trace_error *error)
{
    int rc = make_dir(trace, error);
    for (int attempt = 0; rc == 0 && attempt < ATTEMPTS; attempt++) {
        struct stamp before = stamp_of(trace->path);
        rc = copy_one(trace, "", error);
        if (rc == 0)
            rc = copy_one(trace, "-wal", error);
        struct stamp after = stamp_of(trace->path);
        if (rc < 0 || memcmp(&before, &after, sizeof before) == 0)
            break;
    }
    return rc;
}

void trace_copy_remove(struct trace *trace)
{
    if (!trace->temp_dir)
        return;
    DIR *dir = opendir(trace->temp_dir);
    if (dir) {
        struct dirent *entry;
        while ((entry = readdir(dir)))
            unlinkat(dirfd(dir), entry->d_name, 0);
        closedir(dir);
    }
    rmdir(trace->temp_dir);
    free(trace->temp_dir);
    trace->temp_dir = NULL;
}
