#include "destination.h"
#include "alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder that `path` names a file of; the name begins at *name. */
static void folder_of(const char *path, char *folder, size_t room, const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    if (!slash)
        snprintf(folder, room, ".");
    else
        snprintf(folder, room, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

int destination_find(struct destination *destination)
{
    char folder[PATH_MAX], real[PATH_MAX], place[PATH_MAX + NAME_MAX + 2];
    const char *name;
    if (!destination->path || destination->real)
        return 0;
    if (realpath(destination->path, place)) {
        destination->real = xstrdup(place);
        return 0;
    }
    if (errno != ENOENT)
        return -errno;
    folder_of(destination->path, folder, sizeof folder, &name);
    if (!realpath(folder, real))
        return -errno;
    if (!*name)
        return -EISDIR;
    if (strlen(name) > NAME_MAX)
        return -ENAMETOOLONG;
    snprintf(place, sizeof place, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
    destination->real = xstrdup(place);
    return 0;
}

bool destination_same(const struct destination *a, const struct destination *b)
{
    return a->real && b->real ? strcmp(a->real, b->real) == 0 : !a->path && !b->path;
}

bool destination_is(const struct destination *destination, const char *path)
{
    char real[PATH_MAX];
    return destination->real && realpath(path, real) && strcmp(destination->real, real) == 0;
}

/* GitHub shows all that the commands of a step add to this file. */
static bool is_added_to(const struct destination *destination)
{
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    return summary && *summary && destination_is(destination, summary);
}

static bool copy_old(const struct destination *destination)
{
    char bytes[8192];
    size_t got;
    FILE *old = fopen(destination->real, "re");
    if (!old)
        return false;
    while ((got = fread(bytes, 1, sizeof bytes, old)) > 0)
        fwrite(bytes, 1, got, destination->file);
    bool whole = !ferror(old) && !ferror(destination->file);
    fclose(old);
    return whole;
}

/* The rights that the file has, or that a new one would get. */
static mode_t rights_of(const struct stat *old)
{
    if (old)
        return old->st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool open_temporary(struct destination *destination, const struct stat *old)
{
    char folder[PATH_MAX], temporary[PATH_MAX + 16];
    const char *name;
    folder_of(destination->real, folder, sizeof folder, &name);
    snprintf(temporary, sizeof temporary, "%s/.leash-XXXXXX", folder);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return false;
    destination->temporary = xstrdup(temporary);
    destination->file = fdopen(fd, "w");
    if (!destination->file)
        close(fd);
    return fchmod(fd, rights_of(old)) == 0 && destination->file;
}

int destination_open(struct destination *destination)
{
    struct stat st;
    if (!destination->path) {
        destination->file = stdout;
        return 0;
    }
    bool exists = stat(destination->real, &st) == 0;
    if (exists && S_ISDIR(st.st_mode))
        return -EISDIR;
    bool regular = !exists || S_ISREG(st.st_mode);
    if (exists && regular && access(destination->real, W_OK) < 0)
        return -errno;
    if (!regular || !open_temporary(destination, exists ? &st : NULL)) {
        destination_close(destination, false);
        destination->file = fopen(destination->real, "we"); /* no file may be made beside it */
    } else if (is_added_to(destination) && !copy_old(destination)) {
        destination_close(destination, false);
        return -EIO;
    }
    return destination->file ? 0 : -errno;
}

int destination_close(struct destination *destination, bool keep)
{
    int rc = 0;
    FILE *file = destination->file;
    bool failed = file && ferror(file);
    if (file && fflush(file) != 0) /* what failed before fails again and says why */
        rc = -errno;
    else if (failed)
        rc = -EIO;
    if (file && file != stdout && fclose(file) != 0 && rc == 0)
        rc = -errno;
    if (destination->temporary) {
        if (keep && rc == 0 && rename(destination->temporary, destination->real) < 0)
            rc = -errno;
        if (!keep || rc < 0)
            unlink(destination->temporary);
    }
    free(destination->temporary);
    destination->temporary = NULL;
    destination->file = NULL;
    return rc;
}
