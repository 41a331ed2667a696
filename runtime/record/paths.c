#include "paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *expand(const char *pattern, pid_t pid, bool *has_pid)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    *has_pid = false;
    for (const char *at = pattern; *at; at++) {
        if (at[0] == '%' && at[1] == 'p') {
            fprintf(out, "%d", (int)pid);
            *has_pid = true;
            at++;
        } else {
            fputc(*at, out);
            at += at[0] == '%' && at[1] == '%';
        }
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static int join_real_folder(const char *folder, const char *name, char **out)
{
    char *real = realpath(folder, NULL);
    if (!real)
        return -errno;
    int length = asprintf(out, "%s/%s", strcmp(real, "/") ? real : "", name);
    free(real);
    return length < 0 ? -ENOMEM : 0;
}

int leash__path_resolve(const char *pattern, pid_t pid, char **out, bool *has_pid)
{
    char *path = expand(pattern, pid, has_pid);
    if (!path)
        return -ENOMEM;
    char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    int rc;
    if (!*name || !strcmp(name, ".") || !strcmp(name, "..")) {
        rc = -EISDIR;
    } else if (slash) {
        *slash = '\0';
        rc = join_real_folder(slash == path ? "/" : path, name, out);
    } else {
        rc = join_real_folder(".", name, out);
    }
    free(path);
    return rc;
}

int leash__path_candidate(const char *path, pid_t pid, unsigned n, char **out)
{
    int length = n == 0   ? asprintf(out, "%s", path)
                 : n == 1 ? asprintf(out, "%s.%d", path, (int)pid)
                          : asprintf(out, "%s.%d.%u", path, (int)pid, n);
    return length < 0 ? -ENOMEM : 0;
}
