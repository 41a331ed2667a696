/* The list of entries, and what became of each. */
#include "accept/pattern.h"
#include "accept/accept.h"
#include "alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct suppressions *suppressions_new(int64_t now, bool strict)
{
    struct suppressions *list = xcalloc(1, sizeof *list);
    list->now = now;
    list->strict = strict;
    return list;
}

void suppressions_free(struct suppressions *list)
{
    if (!list)
        return;
    arena_free(&list->memory);
    free(list->notes.words);
    free(list->items);
    free(list);
}

struct pattern *suppressions_add(struct suppressions *list, enum pattern_origin origin)
{
    X_GROW(list->items, list->count, list->capacity);
    struct pattern *pattern = arena_alloc(&list->memory, 1, sizeof *pattern);
    *pattern = (struct pattern){
        .order = list->count + 1,
        .until = MODEL_NEVER,
        .origin = origin,
    };
    return list->items[list->count++] = pattern;
}

int suppressions_read(struct suppressions *list, const char *path, struct accept_fault *fault)
{
    char *bytes;
    size_t length;
    int rc = accept_read(path, &bytes, &length, fault);
    if (rc < 0)
        return rc;
    rc = suppressions_parse(list, &(struct accept_text){path, bytes, length}, fault);
    free(bytes);
    return rc;
}

size_t suppressions_count(const struct suppressions *list)
{
    return list->count;
}

struct suppression_use suppressions_use(const struct suppressions *list, size_t index)
{
    const struct pattern *pattern = list->items[index];
    struct suppression_use use = {.pattern = pattern->text, .place = pattern->place};
    for (size_t i = 0; i < list->count; i++) {
        const struct pattern *other = list->items[i];
        bool same = i == index || (strcmp(other->place, use.place) == 0 && strcmp(other->text, use.pattern) == 0);
        if (same && i < index)
            return use; /* told there */
        use.used += same ? other->used : 0;
    }
    return use;
}

void suppressions_forget(struct suppressions *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->items[i]->used = list->items[i]->used_here = list->items[i]->refused = 0;
    list->notes.count = 0;
}

static bool is_expired(const struct suppressions *list, const struct pattern *pattern)
{
    return pattern->until != MODEL_NEVER && list->now >= pattern->until;
}

/* ---- while a trace is loaded ---- */

/* The entries that this very text made before: a program that still runs is loaded again and again. */
static bool take_again(struct suppressions *list, const struct accept_text *recorded)
{
    if (list->recorded.length != recorded->length || !list->recorded.bytes ||
        memcmp(list->recorded.bytes, recorded->bytes, recorded->length) != 0)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->origin == FROM_PROGRAM && list->items[i]->trace == list->recorded_trace)
            list->items[i]->trace = list->trace;
    list->recorded_trace = list->trace;
    return true;
}

static int take_recorded(struct suppressions *list, const struct accept_text *recorded, struct accept_fault *fault)
{
    size_t first = list->count;
    int rc = suppressions_parse(list, recorded, fault);
    if (rc < 0)
        return rc;
    for (size_t i = first; i < list->count; i++) {
        list->items[i]->origin = FROM_PROGRAM;
        list->items[i]->trace = list->trace;
    }
    char *bytes = arena_alloc(&list->memory, recorded->length + 1, 1);
    memcpy(bytes, recorded->bytes, recorded->length);
    list->recorded = (struct accept_text){.bytes = bytes, .length = recorded->length};
    list->recorded_trace = list->trace;
    return 0;
}

int accept_begin(struct suppressions *list, const struct accept_text *recorded, struct accept_fault *fault)
{
    list->trace++;
    for (size_t i = 0; i < list->count; i++)
        list->items[i]->used_here = 0;
    return !recorded || take_again(list, recorded) ? 0 : take_recorded(list, recorded, fault);
}

static bool take(struct pattern *pattern)
{
    if (pattern->max && pattern->used_here >= pattern->max) {
        pattern->refused++;
        return false;
    }
    pattern->used_here++;
    pattern->used++;
    return true;
}

static const struct pattern *match(struct suppressions *list, const struct source_options *source, struct facts *facts)
{
    for (size_t i = 0; i < list->count; i++) {
        struct pattern *pattern = list->items[i];
        bool here = pattern->origin != FROM_SOURCE && (!pattern->trace || pattern->trace == list->trace);
        if (here && !is_expired(list, pattern) && pattern_matches(pattern, facts) && take(pattern))
            return pattern;
    }
    struct pattern *allowed = source ? allow_find(list, source, facts) : NULL;
    if (allowed)
        take(allowed);
    return allowed;
}

void accept_findings(struct suppressions *list, const struct source_options *source, struct loader *loader,
                     struct findings *findings)
{
    struct facts facts;
    facts_begin(&facts, loader);
    for (size_t i = 0; i < findings->count && !loader->failed; i++) {
        if (findings->items[i].victim)
            continue; /* told with its root */
        facts_of(&facts, &findings->items[i]);
        findings->items[i].accepted = match(list, source, &facts);
    }
    facts_end(&facts);
}

int64_t accept_order(const struct pattern *pattern)
{
    return pattern ? (int64_t)pattern->order : 0;
}

const char *accept_pattern(const struct pattern *pattern)
{
    return pattern ? pattern->text : NULL;
}

const char *accept_place(const struct pattern *pattern)
{
    return pattern ? pattern->place : NULL;
}

/* ---- afterwards ---- */

struct complaints {
    void (*tell)(void *argument, const char *words);
    void *argument;
    struct buffer words;
};

__attribute__((format(printf, 2, 3))) static void complain_of(struct complaints *to, const char *format, ...)
{
    va_list args;
    char *words = NULL;
    va_start(args, format);
    if (vasprintf(&words, format, args) >= 0)
        to->tell(to->argument, words);
    va_end(args);
    free(words);
}

bool suppressions_complain(const struct suppressions *list, void (*tell)(void *argument, const char *words),
                           void *argument)
{
    struct complaints to = {.tell = tell, .argument = argument};
    bool wrong = list->notes.count > 0;
    for (size_t i = 0; i < list->notes.count; i++)
        tell(argument, list->notes.words[i]);
    for (size_t i = 0; i < list->count; i++) {
        const struct pattern *pattern = list->items[i];
        bool expired = is_expired(list, pattern), unused = !expired && !pattern->used && pattern->origin == FROM_FILE;
        if (expired)
            complain_of(&to, "%s: expired, and suppresses nothing any more: %s", pattern->place, pattern->text);
        else if (unused)
            complain_of(&to, "%s: suppressed nothing: %s", pattern->place, pattern->text);
        else if (pattern->refused)
            complain_of(&to, "%s: max=%zu is used up, %zu more reported: %s", pattern->place, pattern->max,
                        pattern->refused, pattern->text);
        wrong = wrong || expired || unused;
    }
    return wrong && list->strict;
}
