#include "workspace.h"
#include "alloc.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>
#include <unistd.h>

static const char *const beside[] = {"-wal", "-shm", LEASH_SPOOL_SUFFIX};
#define BESIDE (sizeof beside / sizeof *beside)

static bool may_replace(const char *path)
{
    struct trace_error error;
    if (trace_may_replace(path, &error))
        return true;
    complain("run", "%s", error.text);
    return false;
}

/* DIR/shop-%p.db for ./shop: letters and digits only, a '%' would mean something. */
static void name_traces(struct workspace *workspace, const char *command)
{
    const char *slash = strrchr(command, '/');
    char name[40] = "trace";
    snprintf(name, sizeof name, "%s", slash && slash[1] ? slash + 1 : command);
    for (char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("._-", *at))
            *at = '_';
    snprintf(workspace->pattern, sizeof workspace->pattern, "%s/%s-%%p.db", workspace->dir,
             *name == '.' ? "trace" : name);
}

int workspace_make(struct workspace *workspace, const char *command, const char *keep)
{
    const char *base = getenv("TMPDIR");
    *workspace = (struct workspace){.keep = keep};
    if (keep && !may_replace(keep))
        return -EEXIST;
    const char *slash = keep ? strrchr(keep, '/') : NULL;
    if (keep)
        snprintf(workspace->dir, sizeof workspace->dir, "%.*s/.leash-XXXXXX", slash ? (int)(slash - keep) : 1,
                 slash ? keep : ".");
    else
        snprintf(workspace->dir, sizeof workspace->dir, "%s/leash-XXXXXX", base && *base ? base : "/tmp");
    char real[PATH_MAX];
    if (!mkdtemp(workspace->dir) || !realpath(workspace->dir, real)) {
        int rc = -errno;
        complain("run", "no directory for traces: %s: %s", workspace->dir, strerror(errno));
        workspace->dir[0] = '\0';
        return rc;
    }
    memcpy(workspace->dir, real, sizeof real); /* absolute: the command may change its directory */
    name_traces(workspace, command);
    return 0;
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name), other = strlen(suffix);
    return length > other && strcmp(name + length - other, suffix) == 0;
}

/* The trace that a file belongs to: its name without -wal, -spool, ... */
static void trace_name(const char *file, char *name, size_t room)
{
    size_t length = strlen(file);
    for (size_t i = 0; i < BESIDE; i++)
        if (ends_with(file, beside[i]))
            length = strlen(file) - strlen(beside[i]);
    snprintf(name, room, "%.*s", (int)length, file);
}

static bool is_known(const struct checked *checked, const char *path)
{
    for (size_t i = 0; i < checked->count; i++)
        if (strcmp(checked->items[i].path, path) == 0)
            return true;
    return false;
}

/* "shop-123.db": 123 */
static pid_t pid_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *dash = slash ? strrchr(slash, '-') : NULL;
    return dash ? (pid_t)strtol(dash + 1, NULL, 10) : 0;
}

static pid_t first_pid;

static int by_beginning(const void *left, const void *right)
{
    const struct checked_trace *a = left, *b = right;
    bool first_a = pid_of(a->path) == first_pid, first_b = pid_of(b->path) == first_pid;
    if (first_a != first_b)
        return first_a ? -1 : 1;
    int64_t began_a = a->opened ? a->snapshot.run.began_unix_ns : INT64_MAX,
            began_b = b->opened ? b->snapshot.run.began_unix_ns : INT64_MAX;
    if (began_a != began_b)
        return began_a < began_b ? -1 : 1;
    return strcmp(a->path, b->path);
}

void workspace_check(struct workspace *workspace, pid_t first, struct checked *checked, const struct settings *settings)
{
    char name[NAME_MAX + 1], path[PATH_MAX + NAME_MAX + 2];
    struct checked names = {0};
    DIR *dir = opendir(workspace->dir);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        trace_name(entry->d_name, name, sizeof name);
        snprintf(path, sizeof path, "%s/%s", workspace->dir, name);
        if (*entry->d_name == '.' || is_known(&names, path))
            continue;
        X_GROW(names.items, names.count, names.capacity);
        names.items[names.count++] = (struct checked_trace){.path = xstrdup(path)};
    }
    if (dir)
        closedir(dir);
    for (size_t i = 0; i < names.count; i++)
        checked_add(checked, names.items[i].path, settings);
    checked_free(&names);
    first_pid = first;
    if (checked->count)
        qsort(checked->items, checked->count, sizeof *checked->items, by_beginning);
}

static bool move_one(const char *from, const char *to, const char *suffix)
{
    char old[PATH_MAX + 8], new[PATH_MAX + 8];
    snprintf(old, sizeof old, "%s%s", from, suffix);
    snprintf(new, sizeof new, "%s%s", to, suffix);
    if (rename(old, new) == 0)
        return true;
    if (errno != ENOENT) {
        complain("run", "%s: cannot be kept: %s", new, strerror(errno));
        return false;
    }
    unlink(new); /* an older trace's: it would be taken for this one's */
    return true;
}

bool workspace_keep(struct workspace *workspace, struct checked *checked)
{
    char to[PATH_MAX];
    bool kept = true;
    for (size_t i = 0; workspace->keep && i < checked->count; i++) {
        struct checked_trace *trace = &checked->items[i];
        if (i == 0)
            snprintf(to, sizeof to, "%s", workspace->keep);
        else
            snprintf(to, sizeof to, "%s.%d", workspace->keep, (int)pid_of(trace->path));
        bool moved = move_one(trace->path, to, "");
        for (size_t j = 0; j < BESIDE; j++)
            moved = move_one(trace->path, to, beside[j]) && moved;
        if (moved)
            checked_rename(trace, to);
        kept = kept && moved;
    }
    return kept;
}

void workspace_name(const struct workspace *workspace, struct checked *checked)
{
    char name[NAME_MAX + 1];
    for (size_t i = 0; i < checked->count; i++) {
        const char *file = checked->items[i].path + strlen(workspace->dir) + 1;
        snprintf(name, sizeof name, "%.*s", (int)(strlen(file) - (ends_with(file, ".db") ? 3 : 0)), file);
        checked_rename(&checked->items[i], name);
    }
}

void workspace_remove(struct workspace *workspace)
{
    if (!*workspace->dir)
        return;
    DIR *dir = opendir(workspace->dir);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(workspace->dir);
    workspace->dir[0] = '\0';
}
