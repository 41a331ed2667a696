#include "words/headline.h"
#include "accept/suppress.h"

#include <string.h>

static bool is(const struct model_group *group, const char *class)
{
    return strcmp(group->class, class) == 0;
}

static const char *kind_name(enum model_kind kind)
{
    return kind == MODEL_TASK     ? "task"
           : kind == MODEL_CORO   ? "coroutine"
           : kind == MODEL_FUTURE ? "future"
           : kind == MODEL_NONE   ? "thread"
                                  : "object";
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
    if (subject->ref.kind == MODEL_NONE) /* a call from outside of tasks */
        buffer_format(out, "thread %lld", (long long)subject->ref.id);
    else
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
    {"cancel-ignored", "was cancelled and went on", "were cancelled and went on"},
    {"blocked-loop", "blocked the loop", "blocked the loop"},
    {"generator-left-open", "was neither exhausted nor closed", "were neither exhausted nor closed"},
    {"items-left", "was left with items that nobody took", "were left with items that nobody took"},
    {"serial-awaits", "was awaited in turn with others that could run beside it",
     "were each awaited in turn with others that could run beside them"},
    {"wrong-thread", "made a call that its thread must not make", "made calls that their threads must not make"},
    {"deadlock", "can never go on: nothing is left that could wake it",
     "can never go on: nothing is left that could wake them"},
    {"awaited-twice", "used a coroutine that had been used before", "used coroutines that had been used before"},
};

/* Whether the chain ends in itself, and at which link the cycle begins. */
static bool find_cycle(const struct model_chain *chain, size_t *first)
{
    for (*first = 0; chain->cycle && *first + 1 < chain->count; ++*first) {
        struct model_ref at = chain->links[*first].ref, last = chain->links[chain->count - 1].ref;
        if (at.kind == last.kind && at.id == last.id)
            return true;
    }
    return false;
}

/* "#55 reader and #56 writer wait for each other" */
static bool add_deadlock(struct buffer *out, const struct model_chain *chain)
{
    size_t first, tasks = 0, told = 0;
    if (!find_cycle(chain, &first))
        return false;
    for (size_t i = first; i + 1 < chain->count; i++)
        tasks += chain->links[i].ref.kind == MODEL_TASK;
    for (size_t i = first; i + 1 < chain->count; i++) {
        if (chain->links[i].ref.kind != MODEL_TASK)
            continue;
        buffer_format(out, "%s%s", told == 0 ? "" : told + 1 == tasks ? " and " : ", ", chain->links[i].label);
        told++;
    }
    buffer_add(out, tasks == 1 ? " waits for itself" : tasks ? " wait for each other" : "a cycle of waits");
    return true;
}

static const struct phrase *phrase_of(const struct model_group *group)
{
    static const struct phrase outside = {"deadlock",
                                          "could be woken only by threads that nobody declared, and none did",
                                          "could be woken only by threads that nobody declared, and none did"};
    if (is(group, outside.class) && !group->error)
        return &outside;
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (is(group, phrases[i].class))
            return &phrases[i];
    return NULL;
}

/* The subject is the task that ended, or a semaphore. */
static void add_lock_held(struct buffer *out, const struct model_group *group)
{
    bool task = group->examples[0].subject.ref.kind == MODEL_TASK, many = group->count > 1;
    if (task)
        buffer_add(out, many ? " ended and still hold a lock each" : " ended and still holds a lock");
    else
        buffer_add(out, many ? " were not given back all that was taken" : " was not given back all that was taken");
}

void headline_add(struct buffer *out, const struct model_group *group)
{
    if (is(group, "never-awaited")) {
        add_never_awaited(out, group);
        return;
    }
    if (is(group, "deadlock") && add_deadlock(out, &group->examples[0].chain))
        return;
    if (group->count == 1)
        headline_add_subject(out, &group->examples[0].subject);
    else
        add_many(out, group);
    const char *title = model_class_title(group->class);
    const struct phrase *phrase = phrase_of(group);
    if (phrase)
        buffer_format(out, " %s", group->count == 1 ? phrase->one : phrase->many);
    else if (is(group, "lock-held"))
        add_lock_held(out, group);
    else if (title)
        buffer_format(out, ": %s", title);
    if (group->victims)
        buffer_format(out, " (+%zu %s on %s)", group->victims, group->victims == 1 ? "waits" : "wait",
                      group->count == 1 ? "it" : "them");
}

void headline_add_suppression(struct buffer *out, const struct model_group *group)
{
    suppression_add_short(out, group);
}
