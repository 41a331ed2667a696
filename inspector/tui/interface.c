#include "interface.h"
#include "follow.h"
#include "script.h"
#include "terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPINNER_MS 120 /* between two pictures of a spinner */

/* Milliseconds until something is to be looked at though no key was pressed; -1: nothing is. */
static int patience(struct app *app, const struct follow *follow)
{
    struct worker_status status;
    int wait = follow_timeout(follow);
    if (app->tui.worker && worker_status(app->tui.worker, &status) && (wait < 0 || wait > SPINNER_MS))
        wait = SPINNER_MS;
    return wait;
}

/* What has come without a key. */
static void look(struct app *app, struct follow *follow)
{
    if (app->tui.worker && worker_collect(app->tui.worker))
        app_collected(app);
    follow_look(follow);
    if (follow_wants(follow) && follow_apply(follow)) {
        app_reload(app);
        follow_settle(follow);
    }
}

static void show(struct app *app)
{
    if (app->redraw_all)
        terminal_show_again(&app->screen);
    else
        terminal_show(&app->screen);
    app->redraw_all = false;
    app->tui.redraw = false;
}

static void loop(struct app *app, struct follow *follow)
{
    app_draw(app);
    while (!app->quit) {
        show(app);
        struct key_event event =
            terminal_read(&app->screen, patience(app, follow), app->tui.worker ? worker_fd(app->tui.worker) : -1);
        look(app, follow);
        app->redraw_all = event.key == K_CONTINUE;
        app_key(app, event);
    }
}

static int on_terminal(struct app *app, const struct interface_options *options, char *why, size_t room)
{
    const struct terminal_options terminal = {options->ascii, options->no_colour, options->no_mouse};
    if (terminal_open(&terminal, &app->screen, why, room) < 0) {
        snprintf(why + strlen(why), room - strlen(why), "; try: leash check %s", trace_path(options->app.trace));
        return EXIT_TROUBLE;
    }
    app->has_terminal = true;
    app->no_mouse = options->no_mouse;
    int rc = app_open(app, &options->app);
    struct follow *follow = rc == 0 ? follow_new(&app->tui, options->load) : NULL;
    if (rc == 0)
        loop(app, follow);
    else
        snprintf(why, room, "%s", app->tui.message);
    follow_free(follow);
    app_close(app);
    terminal_close();
    screen_close(&app->screen);
    int number = terminal_hangup_signal();
    return rc < 0 ? EXIT_TROUBLE : number ? 128 + number : EXIT_CLEAN;
}

static int on_script(struct app *app, const struct interface_options *options, char *why, size_t room)
{
    screen_open(&app->screen, options->rows, options->cols,
                options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
                options->no_colour ? COLOURS_NONE : COLOURS_256);
    struct app_options timeless = options->app;
    timeless.no_clock = true;
    int rc = app_open(app, &timeless);
    if (rc < 0)
        snprintf(why, room, "%s", app->tui.message);
    else
        rc = script_run(app, options->script, why, room);
    app_close(app);
    screen_close(&app->screen);
    return rc < 0 ? EXIT_TROUBLE : EXIT_CLEAN;
}

int interface_run(const struct interface_options *options, char *why, size_t room)
{
    struct app *app = calloc(1, sizeof *app);
    *why = '\0';
    if (!app) {
        snprintf(why, room, "no memory");
        return EXIT_TROUBLE;
    }
    setlocale(LC_CTYPE, "");
    int code = options->script ? on_script(app, options, why, room) : on_terminal(app, options, why, room);
    trace_close(app->tui.trace ? app->tui.trace : options->app.trace);
    free(app);
    return code;
}
