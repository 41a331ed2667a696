/* Prompts: what is done with the line that was typed. */
#include "acceptance.h"
#include "app.h"
#include "completion.h"
#include "export.h"
#include "filter/filter.h"
#include "filter/saved.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void app_prompt(struct app *app, enum prompt_kind kind, const char *text)
{
    prompt_begin(&app->prompt, kind, text);
}

/* While it is typed: to the first match from where the cursor was. */
static void search_as_typed(struct app *app)
{
    struct table *table = &app->view->table;
    bool more;
    seek_set(&app->search, buffer_text(&app->prompt.text));
    if (app->help) {
        help_find(app, false);
        return;
    }
    size_t row = app->search.text ? seek_find(&app->search, app->view, app->search.from, true, &more) : table->rows;
    if (row >= table->rows || more)
        row = app->search.from;
    table_move(table, (int64_t)row - (int64_t)table->cursor);
}

/* False: it is wrong, and stays to be mended. */
static bool take_filter(struct app *app, const char *text)
{
    struct view *view = app->view;
    if (view_go(view, &(struct view_args){.where = text}))
        return true;
    snprintf(app->prompt.wrong, sizeof app->prompt.wrong, "%s", view->wrong.text);
    app->prompt.wrong_at = view->wrong.at;
    return false;
}

static void done(struct app *app)
{
    char line[1024];
    enum prompt_kind kind = app->prompt.kind;
    snprintf(line, sizeof line, "%s", buffer_text(&app->prompt.text));
    if (kind == PROMPT_FILTER && !take_filter(app, line))
        return;
    prompt_end(&app->prompt, true);
    if (kind == PROMPT_COMMAND)
        app_command(app, line);
    else if (kind == PROMPT_GO)
        app_act(app, ACTION_GO, line);
    else if (kind == PROMPT_EXPORT)
        export_view(app, line);
    else if (kind == PROMPT_REASON)
        acceptance_because(app, line);
    else if (kind == PROMPT_CONFIRM)
        app->confirmed(app);
    else if (kind == PROMPT_SEARCH && !app->search.text && app->prompt.past[kind].count) /* '/' Enter: the last one */
        app_act(app, ACTION_SEARCH, app->prompt.past[kind].lines[app->prompt.past[kind].count - 1]);
}

static void cancelled(struct app *app)
{
    struct table *table = &app->view->table;
    if (app->prompt.kind == PROMPT_SEARCH && !app->help) {
        seek_set(&app->search, NULL);
        table_move(table, (int64_t)app->search.from - (int64_t)table->cursor);
    }
    prompt_end(&app->prompt, false);
}

/* The words that a filter may use at the cursor: fields, behind @ saved filters. */
static void complete_filter(struct app *app)
{
    struct prompt *prompt = &app->prompt;
    const char *text = buffer_text(&prompt->text), *list = app->view->ops->list, *name;
    size_t from = prompt->at;
    while (from && (isalnum((unsigned char)text[from - 1]) || text[from - 1] == '-' || text[from - 1] == '_'))
        from--;
    struct completion completion = {.word = text + from, .length = prompt->at - from};
    bool is_saved = from && text[from - 1] == '@';
    for (size_t i = 0; is_saved && saved_filter_at(i); i++)
        completion_offer(&completion, saved_filter_at(i)->name);
    for (size_t i = 0; !is_saved && list && (name = filter_field(list, i)); i++)
        completion_offer(&completion, name);
    completion_take(&completion, prompt, &app->tui);
}

/* The names that a command line may begin with. */
static void complete_command(struct app *app)
{
    struct prompt *prompt = &app->prompt;
    const char *text = buffer_text(&prompt->text), *name;
    struct completion completion = {.word = text, .length = prompt->at};
    for (size_t i = 0; (name = app_command_name(i)); i++)
        completion_offer(&completion, name);
    completion_take(&completion, prompt, &app->tui);
}

void app_line_key(struct app *app, int key)
{
    if (key == K_TAB && (app->prompt.kind == PROMPT_FILTER || app->prompt.kind == PROMPT_COMMAND)) {
        if (app->prompt.kind == PROMPT_FILTER)
            complete_filter(app);
        else
            complete_command(app);
        return;
    }
    switch (prompt_key(&app->prompt, key)) {
    case PROMPT_CHANGED:
        if (app->prompt.kind == PROMPT_SEARCH)
            search_as_typed(app);
        break;
    case PROMPT_DONE:
        done(app);
        break;
    case PROMPT_CANCELLED:
        cancelled(app);
        break;
    case PROMPT_GOES_ON:
        break;
    }
}
