/* The help: the table of keys, by group, in as many columns as fit. */
#include "app.h"
#include "detail.h"
#include "keymap.h"

#include <string.h>

#define COLUMN_WIDTH 46
#define KEYS_WIDTH   16

/* All keys of an action in a view, in one text: "j Down". */
static void add_keys(const char *view, enum action action, struct buffer *out)
{
    for (size_t i = 0; keymap_at(i); i++) {
        const struct binding *binding = keymap_at(i);
        bool holds = !binding->view || strcmp(binding->view, view) == 0;
        if (binding->action == action && holds)
            buffer_format(out, "%s%s", out->length ? " " : "", binding->keys);
    }
}

static void add_action(const char *view, enum action action, struct lines *out)
{
    struct buffer keys = {0};
    add_keys(view, action, &keys);
    if (keys.length) {
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_ACCENT, "  %s", buffer_text(&keys));
        styled_to(line, KEYS_WIDTH);
        styled_add(line, ROLE_NORMAL, action_words(action)->help);
    }
    buffer_free(&keys);
}

static void add_group(const char *view, enum action_group group, struct lines *out)
{
    if (out->count)
        lines_add(out);
    styled_format(lines_add(out), ROLE_STRONG, " %s", action_group_words(group));
    for (int action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        if (action_words((enum action)action)->group == group)
            add_action(view, (enum action)action, out);
}

static void make_lines(const char *view, struct lines *out)
{
    for (int group = 0; group < ACTION_GROUP_COUNT; group++)
        add_group(view, (enum action_group)group, out);
    lines_add(out);
    styled_add(lines_add(out), ROLE_STRONG, " FILTERS");
    detail_text("leak:any wait>100ms -name:hb* stack:rpc_*   all must hold, - not\n"
                "worker | timer   name:hb*|conn-*   /w[0-9]+/\n"
                "states, kinds, fields: leash-filter(7)",
                out);
}

/* How the lines are laid out: columns from top to bottom, then from left to right. */
struct pages {
    int top, height, columns, lines; /* height: rows of a page */
};

static struct pages pages_of(const struct app *app, const struct lines *lines)
{
    struct pages pages = {
        .top = app->layout.tabs + 1, .columns = app->screen.cols / COLUMN_WIDTH, .lines = (int)lines->count};
    pages.height = app->screen.rows - pages.top - 3;
    pages.height = pages.height > 0 ? pages.height : 1;
    pages.columns = pages.columns > 0 ? pages.columns : 1;
    return pages;
}

static int lines_a_page(const struct pages *pages)
{
    return pages->height * pages->columns;
}

static int count_of(const struct pages *pages)
{
    return (pages->lines + lines_a_page(pages) - 1) / lines_a_page(pages);
}

void help_find(struct app *app, bool after)
{
    struct lines lines = {0};
    make_lines(app->view->ops->name, &lines);
    const struct pages pages = pages_of(app, &lines);
    int each = lines_a_page(&pages), first = app->help_top * each;
    for (int i = 0; i < pages.lines; i++) {
        int line = (first + (after ? each : 0) + i) % pages.lines;
        if (seek_matches(&app->search, buffer_text(&lines.items[line].text))) {
            app->help_top = line / each;
            break;
        }
    }
    lines_free(&lines);
}

static void draw_page(struct app *app, const struct pages *pages, const struct lines *lines)
{
    struct screen *screen = &app->screen;
    int width = screen->cols / pages->columns, each = lines_a_page(pages);
    for (int i = 0; i < each && app->help_top * each + i < pages->lines; i++)
        styled_draw(&lines->items[app->help_top * each + i], screen, pages->top + 1 + i % pages->height,
                    i / pages->height * width, width - 1, 0, ALIGN_LEFT);
    for (int row = 0; row < pages->height; row++)
        seek_mark(&app->search, screen, pages->top + 1 + row, 0, screen->cols);
}

void draw_help(struct app *app)
{
    struct lines lines = {0};
    struct styled head = {0};
    struct screen *screen = &app->screen;
    make_lines(app->view->ops->name, &lines);
    const struct pages pages = pages_of(app, &lines);
    if (app->help_top >= count_of(&pages))
        app->help_top = count_of(&pages) - 1;
    styled_format(&head, ROLE_STRONG, " Help: %s view", app->view->ops->title);
    styled_format(&head, ROLE_DIM, "   %d/%d  PgDn for more", app->help_top + 1, count_of(&pages));
    styled_draw(&head, screen, pages.top, 0, screen->cols, 0, ALIGN_LEFT);
    draw_page(app, &pages, &lines);
    if (app->layout.hints >= 0)
        screen_text(screen, app->layout.hints, 1, screen->cols - 1,
                    "?:close  PgDn PgUp  /:search the help  any other key works from here", ROLE_DIM);
    styled_free(&head);
    lines_free(&lines);
}
