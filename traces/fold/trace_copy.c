#include "trace_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *with_suffix(const char *path, const char *suffix)
{
    char *name;
    return asprintf(&name, "%s%s", path, suffix) < 0 ? NULL : name;
}

static int copy_data(int from, int to)
{
    char buffer[65536];
    ssize_t got;
    while ((got = read(from, buffer, sizeof buffer)) > 0)
        for (ssize_t done = 0, put; done < got; done += put)
            if ((put = write(to, buffer + done, (size_t)(got - done))) < 0)
                return -errno;
    return got < 0 ? -errno : 0;
}

static int copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (in < 0)
        return errno == ENOENT ? 0 : -errno; /* no database yet, or no -wal */
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int rc = out < 0 ? -errno : copy_data(in, out);
    if (out >= 0)
        close(out);
    close(in);
    return rc;
}

static int copy_with_suffix(const char *from, const char *to, const char *suffix)
{
    char *source = with_suffix(from, suffix), *target = with_suffix(to, suffix);
    int rc = source && target ? copy_file(source, target) : -ENOMEM;
    free(source);
    free(target);
    return rc;
}

/* A folder of our own, so that nobody else puts a -wal beside the copy. */
static char *make_copy_path(const char *trace)
{
    const char *base = secure_getenv("TMPDIR"), *slash = strrchr(trace, '/');
    char *folder = with_suffix(base && *base ? base : "/tmp", "/leash-replay-XXXXXX"), *path = NULL;
    if (folder && mkdtemp(folder) && asprintf(&path, "%s/%s", folder, slash ? slash + 1 : trace) < 0)
        path = NULL;
    free(folder);
    return path;
}

void leash__trace_copy_remove(const char *copy)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char *name = with_suffix(copy, suffixes[i]);
        if (name)
            unlink(name);
        free(name);
    }
    char *folder = strdup(copy);
    if (folder) {
        *strrchr(folder, '/') = '\0';
        rmdir(folder);
    }
    free(folder);
}

int leash__trace_copy(const char *path, char **out)
{
    char *copy = make_copy_path(path);
    if (!copy)
        return errno ? -errno : -ENOMEM;
    int rc = copy_with_suffix(path, copy, "");
    rc = rc ? rc : copy_with_suffix(path, copy, "-wal");
    if (rc < 0) {
        leash__trace_copy_remove(copy);
        free(copy);
        return rc;
    }
    *out = copy;
    return 0;
}
