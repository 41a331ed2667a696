#include "config.h"
#include "filter/filter.h"
#include "filter/saved.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME   ".leash.conf"
#define FILTERS     "filters" /* the section that names filters */
#define FILE_MAX    (1 << 20)
#define BLANKS      " \t\r"
#define OURS        "inspector." /* what begins so in LEASH_OPTIONS is for us, the rest for the library */
#define ENV_BETWEEN ":, \t\r\n"  /* as the library separates its options */

struct reader {
    struct settings *settings;
    struct assignments *out;
    enum layer layer;
    const char *place; /* of the line that is read, for messages */
    bool skipped;      /* the section is another subcommand's */
    bool filters;      /* the section names filters */
};

static int refuse_name(const struct reader *reader, const char *name, const char *what, const char *near)
{
    complain_at(reader->place);
    if (near)
        complain(reader->settings->command->name, "there is no %s \"%s\"; did you mean \"%s\"?", what, name, near);
    else
        complain(reader->settings->command->name, "there is no %s \"%s\"", what, name);
    return -EINVAL;
}

/* One name with its value, NULL if it has none. */
static int take(struct reader *reader, const char *name, const char *value)
{
    struct suggestion near;
    const struct command *command = reader->settings->command;
    const struct flag *any = flag_named(TAKES_ANY, name, strlen(name));
    struct assignment item = {.value = value, .layer = reader->layer, .place = reader->place};
    if (!any) {
        suggest_begin(&near, name);
        flag_suggest(&near, TAKES_ANY);
        return refuse_name(reader, name, "flag", near.best);
    }
    complain_at(reader->place);
    if (any->takes & FLAG_TYPED) {
        complain(command->name, "--%s is for the command line only", name);
        return -EINVAL;
    }
    item.flag = flag_named(command->takes, name, strlen(name));
    return item.flag && !reader->skipped ? assign(reader->out, reader->settings, &item) : 0;
}

/* ---- files ---- */

/* Cuts blanks off at both ends. */
static char *trim(char *text)
{
    text += strspn(text, BLANKS);
    size_t length = strlen(text);
    while (length && strchr(BLANKS, text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

static int take_section(struct reader *reader, char *text)
{
    struct suggestion near;
    char *end = strchr(text, ']');
    if (!end || end[1]) {
        complain_at(reader->place);
        complain(reader->settings->command->name,
                 "a section is a subcommand in brackets, like [check], or [" FILTERS "]");
        return -EINVAL;
    }
    *end = '\0';
    const char *name = trim(text + 1);
    reader->filters = strcmp(name, FILTERS) == 0;
    if (reader->filters)
        return 0;
    if (!command_named(name)) {
        suggest_begin(&near, name);
        for (size_t i = 0; command_at(i); i++)
            suggest_offer(&near, command_at(i)->name);
        suggest_offer(&near, FILTERS);
        return refuse_name(reader, name, "subcommand", near.best);
    }
    reader->skipped = strcmp(name, reader->settings->command->name) != 0;
    return 0;
}

/* What the filter says is looked at when all are known, as one may stand in another. */
static int take_filter(const struct reader *reader, const char *name, const char *text)
{
    size_t length = saved_filter_length(name);
    if (length && !name[length] && text && *text) {
        saved_filter_set(name, text, reader->place);
        return 0;
    }
    complain_at(reader->place);
    complain(reader->settings->command->name, "a saved filter is a line like: slow = wait>100ms");
    return -EINVAL;
}

static int take_line(struct reader *reader, char *line)
{
    line = trim(line);
    if (!*line || *line == '#')
        return 0;
    if (*line == '[')
        return take_section(reader, line);
    char *equals = strchr(line, '=');
    if (equals)
        *equals = '\0';
    const char *name = trim(line), *value = equals ? trim(equals + 1) : NULL;
    return reader->filters ? take_filter(reader, name, value) : take(reader, name, value);
}

static int take_text(struct reader *reader, const char *path, char *text)
{
    int rc = 0;
    char *line;
    for (unsigned number = 1; rc == 0 && (line = strsep(&text, "\n")); number++) {
        reader->place = arena_format(&reader->settings->memory, "%s:%u", path, number);
        rc = take_line(reader, line);
    }
    return rc;
}

static int refuse_file(const struct reader *reader, const char *path, const char *why)
{
    complain_at(NULL);
    complain(reader->settings->command->name, "%s: %s", path, why);
    return -EINVAL;
}

/* No file is no error. */
static int take_file(struct reader *reader, const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a pipe must not hold us up */
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : refuse_file(reader, path, strerror(errno));
    int rc = -EINVAL;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size > FILE_MAX) {
        refuse_file(reader, path, "a configuration is a file of text, no larger than 1 MiB");
        goto done;
    }
    char *text = arena_alloc(&reader->settings->memory, (size_t)status.st_size + 1, 1);
    ssize_t length = read(fd, text, (size_t)status.st_size);
    if (length < 0)
        refuse_file(reader, path, strerror(errno));
    else if (memchr(text, '\0', (size_t)length))
        refuse_file(reader, path, "a NUL byte is in it: no file of text");
    else
        rc = take_text(reader, path, text);
    struct settings *settings = reader->settings;
    settings->read_from = settings->read_from ? arena_format(&settings->memory, "%s, %s", settings->read_from, path)
                                              : arena_text(&settings->memory, path);
done:
    close(fd);
    return rc;
}

static int take_user_file(struct reader *reader)
{
    char path[PATH_MAX];
    const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (folder && *folder == '/')
        snprintf(path, sizeof path, "%s/leash/config", folder);
    else if (home && *home)
        snprintf(path, sizeof path, "%s/.config/leash/config", home);
    else
        return 0;
    return take_file(reader, path);
}

/* ---- LEASH_OPTIONS ---- */

/* One name=value at `text`, cut out as the library would; what follows it. */
static char *next_option(char *text, char **name, char **value)
{
    char *end = text + strcspn(text, ENV_BETWEEN "=");
    *name = text;
    *value = NULL;
    if (*end == '=') {
        *end++ = '\0';
        *value = end;
        bool quoted = *end == '"' || *end == '\'';
        char *close = quoted ? strchr(end + 1, *end) : NULL;
        if (close) {
            *value = end + 1;
            *close = '\0';
            end = close + 1;
        }
        char *behind = end;
        end += strcspn(end, ENV_BETWEEN);
        if (close && end != behind)
            *value = NULL; /* something stands behind the quote */
    }
    if (*end)
        *end++ = '\0';
    return end;
}

static int take_environment(struct reader *reader)
{
    const char *given = secure_getenv("LEASH_OPTIONS");
    char *text = arena_text(&reader->settings->memory, given ? given : ""), *name, *value;
    int rc = 0;
    while (rc == 0 && *(text += strspn(text, ENV_BETWEEN))) {
        text = next_option(text, &name, &value);
        if (strncmp(name, OURS, strlen(OURS)) != 0)
            continue;
        reader->place = arena_format(&reader->settings->memory, "LEASH_OPTIONS: %s", name);
        rc = take(reader, name + strlen(OURS), value);
    }
    return rc;
}

/* ---- all of them ---- */

static int check_filters(const struct settings *settings)
{
    const struct saved_filter *saved;
    struct filter_error error;
    for (size_t i = 0; (saved = saved_filter_at(i)); i++) {
        if (saved_filter_check(saved, &error))
            continue;
        complain_at(saved->place);
        complain(settings->command->name, "@%s: %s", saved->name, error.text);
        return -EINVAL;
    }
    return 0;
}

int config_read(struct settings *settings, struct assignments *out)
{
    struct reader user = {.settings = settings, .out = out, .layer = LAYER_USER_FILE};
    struct reader folder = {.settings = settings, .out = out, .layer = LAYER_FOLDER_FILE};
    struct reader environment = {.settings = settings, .out = out, .layer = LAYER_ENVIRONMENT};
    int rc = take_user_file(&user);
    if (rc == 0)
        rc = take_file(&folder, FILE_NAME);
    if (rc == 0)
        rc = take_environment(&environment);
    if (rc == 0)
        rc = check_filters(settings);
    complain_at(NULL);
    return rc;
}

void config_tell(const struct settings *settings)
{
    if (settings->read_from)
        complain(settings->command->name, "configured by %s", settings->read_from);
}
