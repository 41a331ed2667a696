/* What is known of a finding, asked for when an entry first needs it. */
#include "accept/pattern.h"
#include "alloc.h"

#include <string.h>

void facts_begin(struct facts *facts, struct loader *loader)
{
    *facts = (struct facts){.loader = loader};
}

void facts_end(struct facts *facts)
{
    arena_free(&facts->place);
    arena_free(&facts->subject);
    for (size_t i = 0; i < sizeof facts->names / sizeof *facts->names; i++)
        trace_finish(facts->names[i]);
}

void facts_of(struct facts *facts, const struct finding *finding)
{
    if (!facts->at || !finding_same_place(facts->at, finding)) {
        arena_free(&facts->place);
        facts->place_known = facts->allowed_known = false;
    }
    arena_free(&facts->subject);
    facts->subject_known = facts->wait_known = facts->name_known = false;
    facts->at = finding;
}

static void know_place(struct facts *facts)
{
    struct arena *before = facts->loader->memory;
    if (facts->place_known)
        return;
    facts->place_known = true;
    facts->loader->memory = &facts->place;
    load_finding_place(facts->loader, facts->at, &facts->where);
    facts->loader->memory = before;
}

static void know_subject(struct facts *facts)
{
    struct arena *before = facts->loader->memory;
    struct model_subject creator;
    if (facts->subject_known)
        return;
    facts->subject_known = true;
    facts->loader->memory = &facts->subject;
    facts->creator_name = facts->creator_coro = NULL;
    load_subject(facts->loader, facts->at->subject, &facts->what);
    if (facts->what.creator.kind && load_subject(facts->loader, facts->what.creator, &creator)) {
        facts->creator_name = creator.name;
        facts->creator_coro = creator.coro;
    }
    facts->loader->memory = before;
}

/* Entries ask for names most: by statements that are kept, without all else that is known of a subject. */
static void know_name(struct facts *facts)
{
    static const char *const sql[] = {[MODEL_TASK] = "SELECT name FROM task WHERE id = ?1",
                                      [MODEL_FUTURE] = "SELECT name FROM future WHERE id = ?1",
                                      [MODEL_OBJECT] = "SELECT name FROM object WHERE id = ?1",
                                      [MODEL_SLEEP] = NULL};
    struct model_ref subject = facts->at->subject;
    struct trace_query **query = &facts->names[subject.kind];
    if (facts->name_known)
        return;
    facts->name_known = true;
    facts->name = NULL;
    if (!*query && sql[subject.kind])
        *query = loader_prepare(facts->loader, sql[subject.kind]);
    if (!*query)
        return;
    trace_reset(*query);
    trace_bind(*query, 1, subject.id);
    const char *name = loader_next(facts->loader, *query) ? trace_text(*query, 0) : NULL;
    facts->name = name && *name ? arena_text(&facts->subject, name) : NULL;
}

static const char *kind_word(enum model_kind kind)
{
    static const char *const words[] = {
        [MODEL_NONE] = NULL,       [MODEL_TASK] = "task",     [MODEL_CORO] = "coro",
        [MODEL_FUTURE] = "future", [MODEL_OBJECT] = "object", [MODEL_SLEEP] = "sleep",
    };
    return words[kind];
}

static void know_wait(struct facts *facts)
{
    struct arena *before = facts->loader->memory;
    struct model_subject target;
    know_subject(facts);
    if (facts->wait_known)
        return;
    facts->wait_known = true;
    facts->target_name = facts->target_coro = NULL;
    facts->loader->memory = &facts->subject;
    load_wait(facts->loader, &facts->what, &facts->wait);
    facts->target_kind = kind_word(facts->wait.target.kind);
    if (facts->wait.target.kind && load_subject(facts->loader, facts->wait.target, &target)) {
        facts->target_name = target.name;
        facts->target_coro = target.coro;
        facts->target_kind = target.what ? target.what : facts->target_kind;
    }
    facts->loader->memory = before;
}

/* The one at `index` of those that are known. */
static const char *nth(size_t index, const char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] && index-- == 0)
            return values[i];
    return NULL;
}
#define NTH(index, ...)                                                                                                \
    nth((index), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

const char *facts_function(struct facts *facts, size_t index)
{
    know_place(facts);
    const struct model_stack *stack = &facts->where.stack;
    if (stack->count == 0)
        return index == 0 ? facts->where.site.func : NULL;
    for (size_t i = 0; i < stack->count; i++)
        if (!stack->frames[i].runtime && index-- == 0)
            return stack->frames[i].func ? stack->frames[i].func : "";
    return NULL;
}

/* The functions of the creation stack, then what the task is called in which it was created. */
static const char *creator(struct facts *facts, size_t index)
{
    size_t functions = 0;
    const char *function = facts_function(facts, index);
    if (function)
        return function;
    while (facts_function(facts, functions))
        functions++;
    know_subject(facts);
    return NTH(index - functions, facts->creator_name, facts->creator_coro);
}

const char *facts_value(struct facts *facts, enum accept_field field, size_t index)
{
    switch (field) {
    case FIELD_FN:
        know_place(facts);
        return NTH(index, facts->where.site.func);
    case FIELD_CORO:
        know_place(facts);
        return NTH(index, facts->where.coro);
    case FIELD_FILE:
        know_place(facts);
        return NTH(index, facts->where.site.file);
    case FIELD_STACK:
        return facts_function(facts, index);
    case FIELD_CREATED_BY:
        return creator(facts, index);
    case FIELD_NAME:
        know_name(facts);
        return NTH(index, facts->name);
    case FIELD_ERR:
        know_subject(facts);
        return NTH(index, model_error_name(facts->what.code), facts->what.failure);
    case FIELD_TOP:
        know_wait(facts);
        return NTH(index, facts->wait.stopped_count ? facts->wait.stopped[0].func : NULL,
                   facts->what.failure_site.func);
    case FIELD_WAITS_FOR:
        know_wait(facts);
        return NTH(index, facts->target_kind, facts->target_name, facts->target_coro);
    case FIELD_TEST:
        know_subject(facts);
        return NTH(index, facts->what.test);
    case FIELDS:
        break;
    }
    return NULL;
}
