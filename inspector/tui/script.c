#include "script.h"
#include "utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 4096

static void press(struct app *app, int key)
{
    app_key(app, (struct key_event){.key = key});
    app_settle(app);
}

/* The text up to the closing quote; what is behind that, or NULL. */
static const char *type(struct app *app, const char *at)
{
    while (*at && *at != '"') {
        if (*at == '\\' && at[1] == '"')
            at++;
        if (*at == ' ') {
            press(app, K_SPACE);
            at++;
            continue;
        }
        char one[8] = "";
        size_t length = 1;
        while (utf8_goes_on(at[length]) && length < 4)
            length++;
        memcpy(one, at, length);
        const char *text = one;
        press(app, key_parse(&text));
        at += length;
    }
    return *at == '"' ? at + 1 : NULL;
}

int script_line(struct app *app, const char *line, char *why, size_t room)
{
    line += strspn(line, " \t");
    if (*line == '#' && (line[1] == ' ' || !line[1]))
        return 0;
    if (*line == ':' && line[1] && line[1] != ' ') {
        app_command(app, line + 1);
        press(app, K_NONE);
        return 0;
    }
    while (*line && !app->quit) {
        if (*line != '"') {
            press(app, key_parse(&line));
        } else if (!(line = type(app, line + 1))) {
            snprintf(why, room, "a quote is not closed");
            return -EINVAL;
        }
        line += strspn(line, " ");
    }
    return 0;
}

int script_run(struct app *app, const char *path, char *why, size_t room)
{
    char line[LINE_MAX_BYTES], reason[200] = "";
    FILE *in = fopen(path, "re");
    int rc = 0, number = 0;
    if (!in) {
        snprintf(why, room, "%s: %s", path, strerror(errno));
        return -errno;
    }
    app_draw(app);
    while (rc == 0 && !app->quit && fgets(line, sizeof line, in)) {
        number++;
        line[strcspn(line, "\r\n")] = '\0';
        rc = script_line(app, line, reason, sizeof reason);
    }
    fclose(in);
    if (rc < 0)
        snprintf(why, room, "%s:%d: %s", path, number, reason);
    return rc;
}
