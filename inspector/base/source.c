#include "source.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (8 * 1024 * 1024)

/* What follows a root in a path below it; NULL: it is below none. */
static const char *below_root(const struct source_options *options, const char *path)
{
    for (size_t i = 0; i < options->roots_count; i++) {
        size_t length = strlen(options->roots[i]);
        while (length && options->roots[i][length - 1] == '/')
            length--;
        if (strncmp(path, options->roots[i], length) == 0 && path[length] == '/')
            return path + length + 1;
    }
    return NULL;
}

const char *source_relative(const struct source_options *options, const char *file)
{
    const char *below = below_root(options, file);
    return below && *below ? below : file;
}

/* Opens a regular file whose real path, as the kernel tells it of the open file, lies under a root. Nothing else is
 * opened for reading, not even for a moment: a device may act on that. */
static FILE *open_checked(const struct source_options *options, const char *path, struct stat *st)
{
    char link[64], real[PATH_MAX];
    FILE *file = NULL;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, real, sizeof real - 1);
    if (length > 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_size <= FILE_MAX) {
        real[length] = '\0';
        int in = below_root(options, real) ? open(link, O_RDONLY | O_CLOEXEC) : -1;
        file = in >= 0 ? fdopen(in, "r") : NULL;
        if (in >= 0 && !file)
            close(in);
    }
    close(fd);
    return file;
}

/* The recorded path below each root, then with its leading folders left out one by one: a build knows other folders. */
static FILE *search(const struct source_options *options, const char *file, struct stat *st)
{
    char path[PATH_MAX];
    FILE *found = *file == '/' ? open_checked(options, file, st) : NULL;
    for (const char *part = file; part && !found; part = strchr(part, '/')) {
        part += strspn(part, "/");
        for (size_t i = 0; i < options->roots_count && !found; i++)
            if ((size_t)snprintf(path, sizeof path, "%s/%s", options->roots[i], part) < sizeof path)
                found = open_checked(options, path, st);
    }
    return found;
}

static FILE *find(const struct source_options *options, const char *file, struct stat *st)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < options->maps_count; i++) {
        size_t length = strlen(options->maps[i].from);
        if (strncmp(file, options->maps[i].from, length) != 0)
            continue;
        if ((size_t)snprintf(path, sizeof path, "%s%s", options->maps[i].to, file + length) >= sizeof path)
            continue;
        FILE *found = open_checked(options, path, st);
        if (found)
            return found;
    }
    return search(options, file, st);
}

bool source_next(FILE *in, char *line)
{
    if (!fgets(line, SOURCE_LINE_MAX, in))
        return false;
    size_t length = strcspn(line, "\n");
    if (line[length] != '\n') /* what does not fit is passed over */
        for (int c = getc(in); c != EOF && c != '\n';)
            c = getc(in);
    line[length] = '\0';
    return true;
}

FILE *source_open(const struct source_options *options, const char *file)
{
    struct stat st;
    return file && *file ? find(options, file, &st) : NULL;
}

bool source_path(FILE *in, char *path, size_t room)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fileno(in));
    ssize_t length = readlink(link, path, room - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    return true;
}

const char *source_find(const char *code, const char *expression)
{
    const char *at = expression && *expression ? strstr(code, expression) : NULL;
    return at && !strstr(at + 1, expression) ? at : NULL;
}

void source_read(const struct source_options *options, const char *file, int line, int64_t began_unix_ns,
                 struct source_lines *out)
{
    struct stat st;
    *out = (struct source_lines){0};
    FILE *in = file && *file && line > 0 ? find(options, file, &st) : NULL;
    if (!in)
        return;
    int at = 0;
    while (at < line && source_next(in, out->line))
        if (++at < line)
            memcpy(out->before, out->line, sizeof out->before);
    fclose(in);
    out->found = at == line;
    out->newer = began_unix_ns > 0 && (int64_t)st.st_mtim.tv_sec > began_unix_ns / 1000000000;
}
