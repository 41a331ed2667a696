#include "headline.h"
#include "accept/suppress.h"

#include <string.h>

static bool is(const struct model_group *group, const char *class)
{
    return strcmp(group->class, class) == 0;
}

static const char *kind_name(enum model_kind kind)
{
    return kind == MODEL_TASK ? "task" : kind == MODEL_CORO ? "coroutine" : kind == MODEL_FUTURE ? "future" : "object";
}

void headline_add_subject(struct buffer *out, const struct model_subject *subject)
{
    char text[MODEL_REF_TEXT];
    const char *given = model_given_name(subject);
    const char *what = subject->what ? subject->what : kind_name(subject->ref.kind);
    if (subject->ref.kind == MODEL_CORO && subject->coro) {
        buffer_format(out, "coroutine `%s`", subject->coro);
        return;
    }
    buffer_format(out, "%s %s", what, model_ref_text(subject->ref, text));
    if (given)
        buffer_format(out, " \"%s\"", given);
    else if (subject->coro)
        buffer_format(out, " `%s`", subject->coro);
}

static void add_many(struct buffer *out, const struct model_group *group)
{
    const struct model_subject *first = &group->examples[0].subject;
    const char *given = model_given_name(first);
    buffer_format(out, "%zu %ss", group->count, first->what ? first->what : kind_name(first->ref.kind));
    if (group->names)
        buffer_format(out, given ? " \"%s\"" : " `%s`", group->names);
}

static void add_never_awaited(struct buffer *out, const struct model_group *group)
{
    const struct model_subject *first = &group->examples[0].subject;
    buffer_format(out, "coroutine `%s` was created ", first->coro ? first->coro : "?");
    if (group->count > 1)
        buffer_format(out, "%zu times ", group->count);
    buffer_add(out, "and never started");
}

struct phrase {
    const char *class, *one, *many;
};

static const struct phrase phrases[] = {
    {"unreferenced", "is pending and nobody holds its handle", "are pending and nobody holds their handles"},
    {"pending-at-exit", "was pending when the loop stopped", "were pending when the loop stopped"},
    {"cancelled-not-awaited", "was cancelled, and still unfinished when the loop stopped",
     "were cancelled, and still unfinished when the loop stopped"},
    {"never-retrieved", "failed and nobody read its result", "failed and nobody read their results"},
    {"failure-hidden", "failed, and no code received the failure", "failed, and no code received the failures"},
    {"never-joined", "finished and nobody awaited it", "finished and nobody awaited them"},
    {"awaited-twice", "was awaited again", "were awaited again"},
};

void headline_add(struct buffer *out, const struct model_group *group)
{
    if (is(group, "never-awaited")) {
        add_never_awaited(out, group);
        return;
    }
    if (group->count == 1)
        headline_add_subject(out, &group->examples[0].subject);
    else
        add_many(out, group);
    const char *title = model_class_title(group->class);
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (is(group, phrases[i].class)) {
            buffer_format(out, " %s", group->count == 1 ? phrases[i].one : phrases[i].many);
            title = NULL;
        }
    }
    if (title)
        buffer_format(out, ": %s", title);
    if (group->victims)
        buffer_format(out, " (+%zu %s on %s)", group->victims, group->victims == 1 ? "waits" : "wait",
                      group->count == 1 ? "it" : "them");
}

void headline_add_suppression(struct buffer *out, const struct model_group *group)
{
    suppression_add_short(out, group);
}
