#include "act.h"
#include "subject.h"

#include <stdio.h>

static void open_row(struct app *app, const char *argument)
{
    struct view_row row;
    (void)argument;
    if (!view_current(app->view, &row))
        return;
    if (app->pane != LAYOUT_DETAIL && !app->view->ops->only_detail) {
        app->pane = LAYOUT_DETAIL;
        app->on_detail = true;
    } else if (row.ref.kind != MODEL_NONE && !app->view->ops->only_detail && !pick_target(app)) {
        app_effect(app, effect_open(row.ref));
    }
}

/* What is known of the row's subject; NULL: nothing, and that was said. */
static const struct model_detail *known(struct app *app)
{
    const char *why = NULL;
    struct view_row row;
    if (!view_current(app->view, &row) || row.ref.kind == MODEL_NONE) {
        tui_say(&app->tui, ROLE_DIM, "this row is about nothing that has an id");
        return NULL;
    }
    const struct model_detail *detail = subject_get(&app->tui, row.ref, &why);
    if (!detail && !why)
        app->again = app->acting;
    if (!detail)
        tui_say(&app->tui, ROLE_DIM, "%s", why ? why : "reading ...");
    return detail;
}

static void go_to(struct app *app, struct model_ref ref, const char *none)
{
    if (ref.kind == MODEL_NONE || ref.kind == MODEL_SLEEP)
        tui_say(&app->tui, ROLE_DIM, "%s", none);
    else
        app_effect(app, effect_open(ref));
}

static void waits_for(struct app *app, const char *argument)
{
    const struct model_detail *detail = known(app);
    (void)argument;
    if (!detail)
        return;
    const struct model_wait *wait = &detail->example.wait;
    if (wait->target.kind == MODEL_SLEEP || (wait->target.kind == MODEL_NONE && wait->label))
        tui_say(&app->tui, ROLE_DIM, "it waits for %s", wait->label);
    else
        go_to(app, wait->target, "it waits for nothing");
}

static void awaiter(struct app *app, const char *argument)
{
    const struct model_detail *detail = known(app);
    (void)argument;
    if (detail && detail->waiters_count > 1)
        pick_ref(app, " waiters ", detail->waiters, detail->waiters_count);
    else if (detail)
        go_to(app, detail->waiters_count ? detail->waiters[0] : (struct model_ref){0}, "nobody waits for it");
}

static void root(struct app *app, const char *argument)
{
    const struct model_detail *detail = known(app);
    (void)argument;
    if (!detail)
        return;
    const struct model_chain *chain = &detail->example.chain;
    size_t end = chain->count;
    while (end > chain->subject + 1 && chain->links[end - 1].ref.kind == MODEL_SLEEP)
        end--;
    if (end > chain->subject + 1)
        go_to(app, chain->links[end - 1].ref, "");
    else
        tui_say(&app->tui, ROLE_DIM, "it is the root itself%s%s", detail->example.wait.label ? ": it waits for " : "",
                detail->example.wait.label ? detail->example.wait.label : "");
}

static void parent(struct app *app, const char *argument)
{
    const struct model_detail *detail = known(app);
    (void)argument;
    if (detail)
        go_to(app, detail->example.subject.creator, "it was created outside any task");
}

static void site(struct app *app, const char *argument)
{
    struct model_site at;
    char text[TUI_SITE_TEXT];
    (void)argument;
    if (!view_site(app->view, &at)) {
        tui_say(&app->tui, ROLE_DIM, "no place is known of this row");
        return;
    }
    if (!views_named("sites")) {
        app_act(app, ACTION_SOURCE, NULL);
        return;
    }
    struct buffer where = {0};
    snprintf(text, sizeof text, "%s", at.file);
    buffer_format(&where, "site:\"%s:%d\"", text, at.line);
    app_effect(app, (struct effect){EFFECT_OPEN, "sites", {.where = buffer_text(&where)}});
    buffer_free(&where);
}

/* Another view, narrowed to what has to do with the row: "parent:#31". */
static void open_narrowed(struct app *app, const char *view, const char *field)
{
    struct view_row row;
    char where[64], text[MODEL_REF_TEXT];
    if (!view_current(app->view, &row))
        return;
    if (row.ref.kind == MODEL_NONE) {
        tui_say(&app->tui, ROLE_DIM, "this row is about nothing that has an id");
        return;
    }
    snprintf(where, sizeof where, "%s:%s", field, model_ref_text(row.ref, text));
    app_effect(app, (struct effect){EFFECT_OPEN, view, {.where = field[0] ? where : NULL, .ref = row.ref}});
}

static void children(struct app *app, const char *argument)
{
    const struct model_detail *detail = known(app);
    (void)argument;
    if (!detail)
        return;
    if (detail->children_count > 1 && views_named("tasks"))
        open_narrowed(app, "tasks", "parent");
    else if (detail->children_count > 1)
        pick_ref(app, " created ", detail->children, detail->children_count);
    else
        go_to(app, detail->children_count ? detail->children[0] : (struct model_ref){0}, "it created no task");
}

static void events_here(struct app *app, const char *argument)
{
    (void)argument;
    open_narrowed(app, "events", "task");
}

static void timeline_here(struct app *app, const char *argument)
{
    (void)argument;
    open_narrowed(app, "timeline", "");
}

static void go(struct app *app, const char *argument)
{
    struct model_ref ref;
    if (!argument)
        app_prompt(app, PROMPT_GO, "");
    else if (!model_ref_parse(argument, &ref))
        tui_say(&app->tui, ROLE_ERROR, "\"%s\" is no id: #31 a task, #c42 a coroutine, #f3 a future, #q3 an object",
                argument);
    else
        app_effect(app, effect_open(ref));
}

static act_handler *const handlers[ACTION_COUNT] = {
    [ACTION_OPEN] = open_row, [ACTION_WAITS_FOR] = waits_for,         [ACTION_AWAITER] = awaiter,
    [ACTION_PARENT] = parent, [ACTION_CHILDREN] = children,           [ACTION_SITE] = site,
    [ACTION_ROOT] = root,     [ACTION_TIMELINE_HERE] = timeline_here, [ACTION_EVENTS_HERE] = events_here,
    [ACTION_GO] = go,
};

act_handler *act_relation(enum action action)
{
    return handlers[action];
}
