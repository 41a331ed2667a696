#include "editor.h"
#include "terminal.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *editor(void)
{
    const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");
    return visual && *visual ? visual : plain && *plain ? plain : "vi";
}

/* In the child. What the user wrote into $EDITOR is for a shell, as everywhere ("code -w", quotes); line and path are
 * no part of that text. The path is absolute, so that it is never taken for a flag. */
static void become_editor(const char *path, int line)
{
    char *command = NULL, number[16];
    snprintf(number, sizeof number, "+%d", line);
    if (asprintf(&command, "%s \"$@\"", editor()) < 0)
        _exit(127);
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    execl("/bin/sh", "sh", "-c", command, "sh", number, path, (char *)NULL);
    _exit(127);
}

/* What waitpid tells; -1: it could not be started. */
static int run(const char *path, int line)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        become_editor(path, line);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return child > 0 ? status : -1;
}

void editor_open(struct app *app, const struct model_site *site)
{
    char path[PATH_MAX], text[TUI_SITE_TEXT];
    FILE *in = source_open(app->tui.source, site->file);
    bool found = in && source_path(in, path, sizeof path);
    if (in)
        fclose(in);
    if (!found) {
        tui_say(&app->tui, ROLE_ERROR, "%s is not found here (--source DIR)", tui_site_text(&app->tui, site, text));
        return;
    }
    if (!app->has_terminal) {
        tui_say(&app->tui, ROLE_DIM, "%s +%d %s", editor(), site->line, path);
        return;
    }
    terminal_leave();
    int status = run(path, site->line);
    terminal_return(&app->screen);
    if (status < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        tui_say(&app->tui, ROLE_ERROR, "%s could not be started: set EDITOR", editor());
    else if (!WIFEXITED(status) || WEXITSTATUS(status))
        tui_say(&app->tui, ROLE_WARN, "%s ended with an error", editor());
}
