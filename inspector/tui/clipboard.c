#include "clipboard.h"
#include "terminal.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OSC_MAX 74000 /* terminals refuse more */

extern char **environ;

static void add_base64(struct buffer *out, const char *text, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = (const unsigned char *)text;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned group = (unsigned)at[i] << 16 | (left > 1 ? (unsigned)at[i + 1] << 8 : 0) | (left > 2 ? at[i + 2] : 0);
        const char four[] = {digits[group >> 18], digits[group >> 12 & 63], left > 1 ? digits[group >> 6 & 63] : '=',
                             left > 2 ? digits[group & 63] : '='};
        buffer_add_bytes(out, four, sizeof four);
    }
}

static bool to_terminal(const struct app *app, const char *text)
{
    struct buffer sequence = {0};
    if (!app->has_terminal || strlen(text) > OSC_MAX)
        return false;
    buffer_add(&sequence, "\033]52;c;");
    add_base64(&sequence, text, strlen(text));
    buffer_add(&sequence, "\a");
    terminal_send(buffer_text(&sequence));
    buffer_free(&sequence);
    return true;
}

/* Starts `tmux load-buffer -w -` with its standard input at `in`. */
static bool start_tmux(int in, pid_t *child)
{
    static char name[] = "tmux", verb[] = "load-buffer", flag[] = "-w", from[] = "-";
    char *const argv[] = {name, verb, flag, from, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int rc = posix_spawnp(child, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return rc == 0;
}

/* Its set-clipboard is "external" by default, which drops OSC 52 of programs. */
static bool to_tmux(const char *text)
{
    int ends[2], status;
    pid_t child;
    const char *tmux = getenv("TMUX");
    if (!tmux || !*tmux || pipe2(ends, O_CLOEXEC) < 0)
        return false;
    bool started = start_tmux(ends[0], &child);
    close(ends[0]);
    bool written = started && write(ends[1], text, strlen(text)) == (ssize_t)strlen(text);
    close(ends[1]);
    return started && waitpid(child, &status, 0) == child && written && status == 0;
}

/* Only ours to read, and never through a link that somebody left there. */
static bool to_file(const char *text, char *path, size_t room)
{
    const char *folder = getenv("XDG_RUNTIME_DIR");
    if (!folder || !*folder || (size_t)snprintf(path, room, "%s/leash.clip", folder) >= room)
        return false;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    return close(fd) == 0 && written;
}

void clipboard_copy(struct app *app, const char *text)
{
    char path[512] = "", ways[700];
    bool terminal = to_terminal(app, text), tmux = to_tmux(text), file = to_file(text, path, sizeof path);
    snprintf(ways, sizeof ways, "%s%s%s%s%s", terminal ? "the terminal (OSC 52)" : "",
             terminal && (tmux || file) ? ", " : "", tmux ? "tmux" : "", tmux && file ? ", " : "", file ? path : "");
    if (terminal || tmux || file)
        tui_say(&app->tui, ROLE_OK, "copied to %s", ways);
    else
        tui_say(&app->tui, ROLE_ERROR, "not copied: no terminal, no tmux, and XDG_RUNTIME_DIR is not set");
}
