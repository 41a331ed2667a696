/* Comments in the source that accept a finding: `leash: allow(class, class) why`. */
#include "accept/pattern.h"
#include "alloc.h"
#include "source.h"
#include "suggest.h"

#include <stdio.h>
#include <string.h>

static const char mark[] = "leash: allow(";

/* The mark, if it stands in a comment that begins on this line; `alone`: and nothing but blanks stands before that. */
static const char *marked(const char *line, bool alone)
{
    const char *at = strstr(line, mark), *comment = strstr(line, "//"), *other = strstr(line, "/*");
    if (!comment || (other && other < comment))
        comment = other;
    if (!at || !comment || comment > at || (alone && strspn(line, " \t") != (size_t)(comment - line)))
        return NULL;
    return at;
}

static void note(struct suppressions *list, const char *words)
{
    struct accept_notes *notes = &list->notes;
    X_GROW(notes->words, notes->count, notes->capacity);
    notes->words[notes->count++] = words;
}

static void note_unknown(struct suppressions *list, const char *place, const char *name, size_t length)
{
    struct suggestion near;
    const char *word = arena_format(&list->memory, "%.*s", (int)(length < 60 ? length : 60), name);
    suggest_begin(&near, word);
    for (size_t i = 0; i < model_classes_count; i++)
        suggest_offer(&near, model_classes[i].name);
    note(list, arena_format(&list->memory,
                            near.best ? "%s: allow(%s): there is no such class; did you mean \"%s\"?"
                                      : "%s: allow(%s): there is no such class",
                            place, word, near.best));
}

/* The classes between the parentheses, and the reason behind them. */
static void read_allow(struct suppressions *list, struct pattern *pattern, const char *at)
{
    const char *end = strchr(at, ')');
    for (const char *name = at; end && name < end;) {
        char word[64];
        name += strspn(name, ", \t");
        size_t length = strcspn(name, ", \t)");
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), name);
        int class = model_class_index(word);
        if (class >= 0)
            pattern->classes |= 1u << class;
        else if (strcmp(word, "*") == 0)
            pattern->classes = UINT32_MAX;
        else if (length)
            note_unknown(list, pattern->place, name, length);
        name += length;
    }
    const char *reason = end ? end + 1 + strspn(end + 1, " \t") : at;
    const char *stop = strstr(reason, "*/") ? strstr(reason, "*/") : reason + strlen(reason);
    while (stop > reason && strchr(" \t\r", stop[-1]))
        stop--;
    const char *begin = at - (sizeof mark - 1), *last = end && stop == reason ? end + 1 : stop;
    pattern->text = arena_format(&list->memory, "%.*s", (int)(last - begin), begin);
    if (!end)
        note(list, arena_format(&list->memory, "%s: \"leash: allow(\" is never closed", pattern->place));
    else if (stop == reason && list->strict)
        note(list,
             arena_format(&list->memory, "%s: no reason follows allow(...) (--strict-suppressions)", pattern->place));
}

/* The entry of the same comment, seen for another class or in another trace. */
static struct pattern *known(const struct suppressions *list, const char *place, const char *text)
{
    for (size_t i = list->count; i > 0; i--) {
        struct pattern *pattern = list->items[i - 1];
        if (pattern->origin == FROM_SOURCE && strcmp(pattern->place, place) == 0 &&
            strncmp(text, pattern->text, strlen(pattern->text)) == 0)
            return pattern;
    }
    return NULL;
}

/* The comment that belongs to a place, as an entry; NULL: there is none. */
static struct pattern *entry_of(struct suppressions *list, const struct source_options *source,
                                const struct model_site *site)
{
    struct source_lines lines;
    char place[4200];
    source_read(source, site->file, site->line, 0, &lines);
    const char *at = lines.found ? marked(lines.line, false) : NULL;
    if (!at && lines.found)
        at = marked(lines.before, true);
    if (!at)
        return NULL;
    snprintf(place, sizeof place, "%s:%d", source_relative(source, site->file), site->line);
    struct pattern *pattern = known(list, place, at);
    if (pattern)
        return pattern;
    pattern = suppressions_add(list, FROM_SOURCE);
    pattern->place = arena_text(&list->memory, place);
    read_allow(list, pattern, at + sizeof mark - 1);
    return pattern;
}

struct pattern *allow_find(struct suppressions *list, const struct source_options *source, struct facts *facts)
{
    if (!facts->allowed_known) {
        facts_value(facts, FIELD_FN, 0); /* the place is known from here on */
        const struct model_site *site = &facts->where.site;
        facts->allowed = site->file && site->line > 0 ? entry_of(list, source, site) : NULL;
        facts->allowed_known = true;
    }
    return facts->allowed && pattern_class_matches(facts->allowed, facts->at) ? facts->allowed : NULL;
}
