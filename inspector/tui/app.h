/* The program behind the screen: reads a key, finds its action, lets the view answer, carries out the effect, draws.
 *
 *   key ──keymap──> action ──view->act──> effect ──> history, another view, a prompt, a menu, ...
 *                                                        │
 *   screen <── bars.c, panes.c, overlays <── layout <────┘
 *
 * The files that share this struct: app.c (begins, ends, steps), act*.c (actions of all views), go.c (views and
 * history), draw.c, bars.c, panes.c (the picture), line.c (what prompts ask for), pick.c (menus). Tests drive it with
 * app_key() and read app->screen. */
#ifndef LEASH_INSPECTOR_APP_H
#define LEASH_INSPECTOR_APP_H

#include "history.h"
#include "key.h"
#include "layout.h"
#include "menu.h"
#include "prompt.h"
#include "seek.h"
#include "view.h"

#define APP_VIEWS 8 /* tabs, by digit */

struct app {
    struct tui tui;
    struct screen screen;
    bool has_terminal; /* else nothing is read or shown: tests and scripts */
    struct layout layout;

    struct view *views[APP_VIEWS]; /* that were opened, by digit */
    struct view *view;             /* the one shown: one of them, or `subject` */
    struct view *subject;          /* view_subject, once it was opened */
    const struct view_ops *home;   /* the first one: q ends the program there */
    struct history history;

    bool on_detail;        /* keys that move do so in the detail */
    enum layout_pane pane; /* shown in full size */
    bool source_on;        /* v: the source code instead of the main part */
    int detail_top;        /* its first row, as scrolled */
    int detail_rows;       /* that it took when it was drawn last */
    uint64_t detail_key;   /* the row it was of */

    enum action acting, again; /* again: to be done once more when what it needs was read; NONE: nothing is */
    int prefix;                /* the first of two keys, K_NONE: none */
    struct prompt prompt;
    struct menu menu;
    void (*confirmed)(struct app *app); /* what a prompt that asks yes or no goes on with */
    bool help;
    int help_top; /* its page */
    struct seek search;

    struct {
        const char *suppressions, *baseline; /* files; baseline NULL: there is none */
        struct suppressions *list;           /* what further snapshots are loaded with; NULL: nothing */
        int into;                            /* enum accept_into */
        uint32_t fingerprint;                /* of the group that is being accepted */
        char reason[200], question[512];
    } accepting;
    struct {
        int from, to;          /* columns; to 0: it is not shown */
    } tabs[APP_VIEWS];         /* where each stands, for the mouse */
    bool no_mouse, redraw_all; /* redraw_all: something else wrote to the terminal */
    bool quit;
};

struct app_options {
    struct trace *trace;
    struct model_snapshot *snapshot;
    struct model_verdict verdict;
    const struct model_policy *policy;
    const struct source_options *source;
    const char *view, *where, *sort;     /* to begin with; NULL: leaks, no filter, no sort */
    struct suppressions *list;           /* what the trace was loaded with, and will be again; may be NULL */
    const char *suppressions, *baseline; /* files that findings are accepted into; NULL: .leash.supp, and none */
    bool follow;
    enum tui_time time;
    bool no_clock; /* as in struct tui */
};

/* The screen must be open already. 0, or -EINVAL with the reason in tui.message: no such view, a wrong filter. */
int app_open(struct app *app, const struct app_options *options);
void app_close(struct app *app);
/* One key, all it asks for, and the picture after it. */
void app_key(struct app *app, struct key_event event);
void app_draw(struct app *app);
/* After jobs were collected: what waited for them. */
void app_collected(struct app *app);
/* Draws until the picture asks the worker for nothing more: scripts and tests see the same whatever it takes. */
void app_settle(struct app *app);
/* What a line of `:` says, without the colon: command_line.c. */
void app_command(struct app *app, const char *line);
/* What a command line may begin with; NULL after the last. */
const char *app_command_name(size_t index);

/* ---- go.c ---- */

/* Shows a view as it is; where it was goes into the history. */
void app_show(struct app *app, const struct view_ops *ops, const struct view_args *args);
void app_back(struct app *app);
void app_forward(struct app *app);
/* Reloads everything from the trace. */
void app_reload(struct app *app);
void app_effect(struct app *app, struct effect effect);

/* ---- act.c ---- */

void app_act(struct app *app, enum action action, const char *argument);

/* ---- bars.c, panes.c ---- */

void draw_tabs(struct app *app, int row);
void draw_crumb(struct app *app, int row);
void draw_status(struct app *app, int row);
void draw_hints(struct app *app, int row);
void draw_list(struct app *app);
void draw_detail(struct app *app);
/* helppage.c */
void draw_help(struct app *app);
/* Turns to the page, from this one on or after it, that holds what was searched for. */
void help_find(struct app *app, bool after);
/* What there is to show of a row: the view's own, or what is known of its ref. */
void app_detail(struct app *app, const struct view_row *row, enum detail_tab tab, struct detail *out);

/* ---- what prompts and menus answer: line.c, pick.c ---- */

void app_prompt(struct app *app, enum prompt_kind kind, const char *text);
void app_line_key(struct app *app, int key);
void app_pick_key(struct app *app, int key);
/* Asks which of several things to open. */
void pick_ref(struct app *app, const char *title, const struct model_ref *refs, size_t count);
/* The same of the row's targets; false: there is one at most. */
bool pick_target(struct app *app);
/* Asks which saved filter the view is to take. */
void pick_saved(struct app *app);

#endif
