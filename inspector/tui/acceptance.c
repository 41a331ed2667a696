#include "acceptance.h"
#include "accept/append.h"
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 2000

static const struct model_group *current_group(struct app *app)
{
    struct view *view = app->view;
    if (!view->ops->group || view->table.cursor >= view->table.rows)
        return NULL;
    return view->ops->group(view, view->table.cursor);
}

static const char *file_of(const struct app *app)
{
    return app->accepting.into == ACCEPT_BASELINE ? app->accepting.baseline : app->accepting.suppressions;
}

void acceptance_ask(struct app *app)
{
    const struct model_group *group = current_group(app);
    if (!group) {
        tui_say(&app->tui, ROLE_DIM, "findings are accepted in the Leaks view");
        return;
    }
    if (group->suppressed_by) {
        tui_say(&app->tui, ROLE_DIM, "it is accepted already, by %s (%s)", group->suppressed_by,
                group->suppressed_at ? group->suppressed_at : "?");
        return;
    }
    app->accepting.fingerprint = group->fingerprint;
    if (!app->accepting.baseline) {
        acceptance_into(app, ACCEPT_SUPPRESSION);
        return;
    }
    menu_begin(&app->menu, MENU_ACCEPT, " accept into ");
    menu_add(&app->menu, app->accepting.suppressions, ACCEPT_SUPPRESSION);
    menu_add(&app->menu, app->accepting.baseline, ACCEPT_BASELINE);
}

void acceptance_into(struct app *app, int into)
{
    app->accepting.into = into;
    if (into == ACCEPT_SUPPRESSION)
        app_prompt(app, PROMPT_REASON, "");
    else
        acceptance_because(app, NULL);
}

/* The group that was chosen; NULL: it is gone since. */
static struct model_group *chosen(struct app *app)
{
    struct model_snapshot *snapshot = app->tui.snapshot;
    for (size_t i = 0; i < snapshot->groups_count; i++)
        if (snapshot->groups[i].fingerprint == app->accepting.fingerprint)
            return &snapshot->groups[i];
    return NULL;
}

/* So that it is there when a live trace is loaded again. The worker may be using the list now. */
static void remember(struct app *app, const char *line)
{
    struct accept_fault fault;
    const struct accept_text text = {file_of(app), line, strlen(line)};
    bool idle = !app->tui.worker || worker_wait(app->tui.worker, PATIENCE_MS);
    if (app->accepting.list && idle)
        suppressions_parse(app->accepting.list, &text, &fault);
}

/* As it will be when the trace is loaded again. */
static void mark(struct app *app, struct model_group *group, const char *line)
{
    if (app->accepting.into == ACCEPT_BASELINE) {
        group->standing = MODEL_STANDING_KNOWN;
        group->accepted = group->count;
    } else {
        group->suppressed_by = arena_text(app->tui.snapshot->memory, line);
        group->suppressed_at = arena_text(app->tui.snapshot->memory, file_of(app));
        remember(app, line);
    }
    app->tui.verdict = model_judge(app->tui.snapshot, app->tui.policy);
    app_reload(app);
}

static const char *reason_of(const struct app *app)
{
    return *app->accepting.reason ? app->accepting.reason : NULL;
}

static void append(struct app *app)
{
    struct model_group *group = chosen(app);
    struct accept_fault fault = {0};
    struct buffer line = {0};
    enum accept_into into = (enum accept_into)app->accepting.into;
    if (!group)
        return;
    accept_line(&line, into, app->tui.snapshot, group, reason_of(app), app->tui.source);
    if (accept_append(file_of(app), into, app->tui.snapshot, group, reason_of(app), app->tui.source, &fault) < 0) {
        tui_say(&app->tui, ROLE_ERROR, "%s%s%s", fault.place, *fault.place ? ": " : "", fault.words);
    } else {
        mark(app, group, buffer_text(&line));
        tui_say(&app->tui, ROLE_OK, "added to %s", file_of(app));
    }
    buffer_free(&line);
}

void acceptance_because(struct app *app, const char *reason)
{
    const struct model_group *group = chosen(app);
    struct buffer line = {0};
    if (!group)
        return;
    snprintf(app->accepting.reason, sizeof app->accepting.reason, "%s", reason ? reason : "");
    accept_line(&line, (enum accept_into)app->accepting.into, app->tui.snapshot, group, reason_of(app),
                app->tui.source);
    snprintf(app->accepting.question, sizeof app->accepting.question, "add to %s?  %s  (y/n)", file_of(app),
             buffer_text(&line));
    buffer_free(&line);
    app->prompt.question = app->accepting.question;
    app->confirmed = append;
    app_prompt(app, PROMPT_CONFIRM, "");
}
