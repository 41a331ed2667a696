/* The rows around the panes: tabs, crumbs, status, hints. */
#include "app.h"
#include "follow.h"
#include "keymap.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

/* ---- tabs, and how the trace stands ---- */

static void add_live(const struct follow_state *state, bool brief, struct styled *out)
{
    char text[MODEL_TIME_TEXT];
    styled_format(out, ROLE_RUN, "LIVE %s", model_duration_text(state->now_ns, text));
    if (!brief && state->rate > 0)
        styled_format(out, ROLE_RUN, " +%.0f ev/s", state->rate);
}

static void add_state(const struct tui *tui, bool brief, struct styled *out)
{
    const struct model_run *run = &tui->snapshot->run;
    const struct follow_state state = follow_state(tui);
    char text[MODEL_TIME_TEXT];
    switch (run->ending) {
    case MODEL_LIVE:
        add_live(&state, brief, out);
        return;
    case MODEL_CRASHED:
        styled_add(out, ROLE_ERROR, "CRASHED");
        if (!brief && run->ended_ns != MODEL_NEVER)
            styled_format(out, ROLE_ERROR, " at %s", model_time_text(run->ended_ns, text));
        return;
    default:
        if (model_is_whole(tui->snapshot))
            styled_format(out, ROLE_OK, "DONE %s", model_duration_text(run->ended_ns, text));
        else
            styled_add(out, ROLE_WARN, "PARTIAL");
    }
}

enum tabs_form { TABS_LONG, TABS_SHORT, TABS_CURRENT, TABS_FORMS };

/* " 1204", " 10.0M": no longer than it has to be, the tabs are many. */
static void add_badge(int64_t badge, enum role role, struct styled *out)
{
    if (badge >= 1000000)
        styled_format(out, role, " %.1fM", (double)badge / 1e6);
    else if (badge >= 100000)
        styled_format(out, role, " %" PRId64 "k", badge / 1000);
    else if (badge >= 0)
        styled_format(out, role, " %" PRId64, badge);
}

static void add_tab(struct app *app, const struct view_ops *ops, enum tabs_form form, struct styled *out)
{
    bool current = app->view->ops == ops;
    int64_t badge = ops->badge && (form == TABS_LONG || current) ? ops->badge(&app->tui) : -1;
    if (form == TABS_CURRENT && !current)
        return;
    int from = (int)styled_length(out);
    enum role role = current ? ROLE_BAR : ROLE_NORMAL;
    styled_format(out, role, "%d:%s", ops->digit, form == TABS_LONG || current ? ops->title : ops->brief);
    add_badge(badge, role, out);
    app->tabs[ops->digit].from = from;
    app->tabs[ops->digit].to = (int)styled_length(out);
    styled_add(out, ROLE_NORMAL, form == TABS_LONG ? "  " : " ");
}

static void add_tabs(struct app *app, enum tabs_form form, struct styled *out)
{
    memset(app->tabs, 0, sizeof app->tabs);
    styled_add(out, ROLE_STRONG, form == TABS_CURRENT ? " " : " leash ");
    styled_add(out, ROLE_NORMAL, tui_trace_name(&app->tui));
    styled_add(out, ROLE_NORMAL, form == TABS_SHORT ? " " : "  ");
    for (size_t i = 0; views_at(i); i++)
        add_tab(app, views_at(i), form, out);
}

void draw_tabs(struct app *app, int row)
{
    struct styled left = {0}, right = {0};
    add_state(&app->tui, app->screen.cols < SMALL_COLS, &right);
    int room = app->screen.cols - (int)styled_length(&right) - 1;
    for (int form = TABS_LONG; form < TABS_FORMS; form++) {
        styled_clear(&left);
        add_tabs(app, (enum tabs_form)form, &left);
        if ((int)styled_length(&left) <= room)
            break;
    }
    styled_draw(&left, &app->screen, row, 0, room - 1, 0, ALIGN_LEFT);
    styled_draw(&right, &app->screen, row, room, app->screen.cols - room - 1, 0, ALIGN_RIGHT);
    styled_free(&left);
    styled_free(&right);
}

/* ---- where we are, the filter, how much there is ---- */

static void add_filter(const struct app *app, struct styled *out)
{
    if (app->view->where)
        styled_format(out, ROLE_ACCENT, "filter: %s", app->view->where);
    else if (app->screen.cols >= 100 && !app->view->ops->no_filter)
        styled_add(out, ROLE_DIM, "filter: (none)");
    else
        return;
    styled_add(out, ROLE_NORMAL, "    ");
}

void draw_crumb(struct app *app, int row)
{
    struct styled left = {0}, right = {0};
    struct view *view = app->view;
    styled_format(&left, ROLE_STRONG, " %s", view->ops->title);
    styled_add(&left, ROLE_NORMAL, "  ");
    if (view->ops->crumb)
        view->ops->crumb(view, &left);
    add_filter(app, &right);
    if (view->ops->counts)
        view->ops->counts(view, &right);
    if (view->where)
        styled_add(&right, ROLE_ACCENT, "  [x]");
    int cols = app->screen.cols, wanted = screen_width(&app->screen, buffer_text(&right.text)) + 1;
    int room = wanted < cols * 3 / 4 ? wanted : cols * 3 / 4;
    styled_draw(&left, &app->screen, row, 0, cols - room, 0, ALIGN_LEFT);
    styled_draw(&right, &app->screen, row, cols - room, room - 1, 0, ALIGN_RIGHT);
    styled_free(&left);
    styled_free(&right);
}

/* ---- status ---- */

static bool add_busy(const struct app *app, struct styled *out)
{
    struct worker_status status;
    if (!app->tui.worker || !worker_status(app->tui.worker, &status))
        return false;
    styled_format(out, ROLE_WAIT, "%c %s", "|/-\\"[(int)(status.seconds * 8) & 3], status.what);
    if (status.progress >= 0)
        styled_format(out, ROLE_WAIT, " %d%%", (int)(status.progress * 100));
    if (status.seconds >= 1)
        styled_format(out, ROLE_WAIT, " %ds", (int)status.seconds);
    styled_add(out, ROLE_DIM, "  Ctrl-C stops it");
    return true;
}

static void add_standing(struct app *app, struct styled *out)
{
    struct view *view = app->view;
    size_t before = out->text.length;
    const struct follow_state state = follow_state(&app->tui);
    if (state.ending == MODEL_LIVE && app->tui.follow)
        styled_add(out, ROLE_RUN, app->tui.paused ? "PAUSED, G goes on  " : "FOLLOW  ");
    else if (state.news)
        styled_add(out, ROLE_RUN, "there is more: F shows it  ");
    if (view->ops->status)
        view->ops->status(view, out);
    if (view->table.tags_count)
        styled_format(out, ROLE_ACCENT, "%s%zu tagged", out->text.length > before ? "  " : "", view->table.tags_count);
}

void draw_status(struct app *app, int row)
{
    struct styled left = {0}, right = {0};
    const struct table *table = &app->view->table;
    char keys[KEY_NAME];
    styled_add(&left, ROLE_NORMAL, " ");
    if (*app->tui.message)
        styled_add(&left, app->tui.message_role, app->tui.message);
    else if (app->prefix)
        styled_format(&left, ROLE_ACCENT, "%s ...", key_text(app->prefix, keys));
    else if (!add_busy(app, &left))
        add_standing(app, &left);
    if (table->rows && !app->view->ops->only_detail)
        styled_format(&right, ROLE_NORMAL, "row %zu/%zu", table->cursor + 1, table->rows);
    int cols = app->screen.cols, room = (int)styled_length(&right);
    styled_draw(&left, &app->screen, row, 0, cols - room - 2, 0, ALIGN_LEFT);
    styled_draw(&right, &app->screen, row, cols - room - 1, room, 0, ALIGN_LEFT);
    styled_free(&left);
    styled_free(&right);
}

/* ---- hints ---- */

enum hints_form { HINTS_LONG, HINTS_SHORT, HINTS_KEYS };

static bool is_relation(enum action action)
{
    return action == ACTION_WAITS_FOR || action == ACTION_AWAITER || action == ACTION_PARENT || action == ACTION_SITE ||
           action == ACTION_CHILDREN || action == ACTION_ROOT;
}

static const char *hint_of(enum action action, enum hints_form form)
{
    if (form == HINTS_SHORT && is_relation(action))
        return "jump";
    return form == HINTS_KEYS && action != ACTION_HELP ? "" : action_words(action)->hint;
}

/* The hints from `index` on, before `end`, that share their words: "[ ]:time". How many they are. */
static size_t add_hint(const struct app *app, const enum action *hints, size_t index, size_t end, enum hints_form form,
                       struct styled *out)
{
    const char *words = hint_of(hints[index], form);
    size_t at = index;
    do {
        const char *keys = keymap_keys(app->view->ops->name, hints[at++]);
        if (keys)
            styled_format(out, ROLE_STRONG, " %s", keys);
    } while (*words && at < end && strcmp(hint_of(hints[at], form), words) == 0);
    if (at - index == 1 && form == HINTS_SHORT)
        words = action_words(hints[index])->hint; /* it shares them with nobody */
    if (*words)
        styled_format(out, ROLE_DIM, ":%s", words);
    return at - index;
}

/* The last one always, of those before it whole ones while there is room. */
static void add_hints(const struct app *app, const enum action *hints, enum hints_form form, int room,
                      struct styled *out)
{
    struct styled one = {0};
    size_t last = 0;
    while (hints[last + 1] != ACTION_NONE)
        last++;
    add_hint(app, hints, last, last + 1, form, &one);
    room -= (int)styled_length(&one);
    for (size_t at = 0; at < last;) {
        styled_clear(&one);
        add_hint(app, hints, at, last, form, &one);
        if ((int)(styled_length(out) + styled_length(&one)) > room)
            break;
        at += add_hint(app, hints, at, last, form, out);
    }
    add_hint(app, hints, last, last + 1, form, out);
    styled_free(&one);
}

void draw_hints(struct app *app, int row)
{
    static const enum action usual[] = {ACTION_HELP, ACTION_QUIT, ACTION_NONE};
    const enum action *hints = app->view->ops->hints ? app->view->ops->hints : usual;
    struct styled line = {0};
    int room = app->screen.cols - 1;
    bool small = app->screen.cols < SMALL_COLS;
    add_hints(app, hints, small ? HINTS_KEYS : HINTS_LONG, small ? room : INT_MAX, &line);
    if ((int)styled_length(&line) > room) {
        styled_clear(&line);
        add_hints(app, hints, HINTS_SHORT, room, &line);
    }
    styled_draw(&line, &app->screen, row, 0, app->screen.cols, 0, ALIGN_LEFT);
    styled_free(&line);
}
