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

void draw_help(struct app *app)
{
    struct lines lines = {0};
    struct screen *screen = &app->screen;
    int top = app->layout.tabs + 1, height = screen->rows - top - 3, columns = screen->cols / COLUMN_WIDTH;
    columns = columns > 0 ? columns : 1;
    make_lines(app->view->ops->name, &lines);
    int per_page = height > 0 ? height * columns : 1, pages = ((int)lines.count + per_page - 1) / per_page;
    int page = app->help_top < pages ? app->help_top : pages - 1;
    struct styled head = {0};
    app->help_top = page;
    styled_format(&head, ROLE_STRONG, " Help: %s view", app->view->ops->title);
    styled_format(&head, ROLE_DIM, "   %d/%d  PgDn for more", page + 1, pages);
    styled_draw(&head, screen, top, 0, screen->cols, 0, ALIGN_LEFT);
    styled_free(&head);
    int width = screen->cols / columns;
    for (int i = 0; i < per_page && page * per_page + i < (int)lines.count; i++)
        styled_draw(&lines.items[page * per_page + i], screen, top + 1 + i % (height > 0 ? height : 1),
                    i / (height > 0 ? height : 1) * width, width - 1, 0, ALIGN_LEFT);
    lines_free(&lines);
    if (app->layout.hints >= 0)
        screen_text(screen, app->layout.hints, 1, screen->cols - 1, "?:close  PgDn PgUp  any other key works from here",
                    ROLE_DIM);
}
