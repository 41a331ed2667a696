#include "act.h"
#include "acceptance.h"
#include "editor.h"
#include "export.h"

static void tag(struct app *app, const char *argument)
{
    struct view_row row;
    (void)argument;
    if (!view_current(app->view, &row))
        return;
    table_tag(&app->view->table, row.key);
    table_move(&app->view->table, 1);
}

static void untag(struct app *app, const char *argument)
{
    (void)argument;
    table_untag_all(&app->view->table);
}

static void edit(struct app *app, const char *argument)
{
    struct model_site at;
    (void)argument;
    if (view_site(app->view, &at))
        editor_open(app, &at);
    else
        tui_say(&app->tui, ROLE_DIM, "no place is known of this row");
}

static void accept_finding(struct app *app, const char *argument)
{
    (void)argument;
    acceptance_ask(app);
}

static void export_rows(struct app *app, const char *argument)
{
    if (argument)
        export_view(app, argument);
    else
        app_prompt(app, PROMPT_EXPORT, "");
}

static act_handler *const handlers[ACTION_COUNT] = {
    [ACTION_EDIT] = edit, [ACTION_ACCEPT] = accept_finding, [ACTION_EXPORT] = export_rows,
    [ACTION_TAG] = tag,   [ACTION_UNTAG] = untag,
};

act_handler *act_row(enum action action)
{
    return handlers[action];
}
