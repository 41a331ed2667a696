#include "leak_text.h"

#include <stdio.h>
#include <string.h>

#include "leak_words.h"

enum { GROUPS_SHOWN = 20 };

/* `fetch` for a coroutine, "fetch" for a task, worker-* for tasks whose names only begin alike. */
static void put_name(struct leash__text *text, const struct leash__leak_group *group)
{
    char name[128];
    size_t size = group->name_common < sizeof(name) ? group->name_common : sizeof(name) - 1;
    const char *mark = strcmp(group->first.class, "never-awaited") == 0 ? "`" : "\"";
    memcpy(name, group->first.name, size);
    name[size] = '\0';
    leash__text_put(text, mark);
    leash__text_quote(text, name);
    leash__text_put(text, group->names_differ || size < group->name_common ? "*" : "");
    leash__text_put(text, mark);
}

/* While the loop of a test goes on, it is the test that ended. */
static const char *one_of(const struct leash__leak_words *words, const struct leash__leak *leak)
{
    bool pending = leak->in_loop && words->class && strcmp(words->class, "pending-at-exit") == 0;
    return pending ? "task {name} was pending when the test ended" : words->one;
}

static void put_sentence(struct leash__text *text, const struct leash__leak_group *group)
{
    const struct leash__leak_words *words = leash__leak_words(group->first.class, group->first.severity);
    char plain[2] = {0};
    for (const char *at = group->count == 1 ? one_of(words, &group->first) : words->many; *at; at++) {
        if (strncmp(at, "{name}", 6) == 0) {
            put_name(text, group);
            at += 5;
        } else if (strncmp(at, "{count}", 7) == 0) {
            leash__text_number(text, group->count);
            at += 6;
        } else {
            plain[0] = *at;
            leash__text_put(text, plain);
        }
    }
}

static void put_line(struct leash__text *text, const char *label, const char *value)
{
    if (!*value)
        return;
    leash__text_put(text, label);
    leash__text_quote(text, value);
    leash__text_put(text, "\n");
}

static void put_group(struct leash__text *text, const struct leash__leak_group *group)
{
    const struct leash__leak *leak = &group->first;
    leash__text_put(text, leak->severity == 'E' ? "leash: error[" : "leash: warning[");
    leash__text_quote(text, leak->class);
    leash__text_put(text, "]: ");
    put_sentence(text, group);
    leash__text_put(text, *leak->also ? " (also " : "");
    leash__text_quote(text, leak->also);
    leash__text_put(text, *leak->also ? ")\n" : "\n");
    if (*leak->file) {
        leash__text_put(text, "  --> ");
        leash__text_quote(text, leak->file);
        leash__text_put(text, ":");
        leash__text_number(text, leak->line);
        leash__text_put(text, *leak->func ? " in " : "");
        leash__text_quote(text, leak->func);
        leash__text_put(text, "\n");
    }
    put_line(text, "  failed with ", leak->failure);
    put_line(text, "  waits for   ", leak->waits_for);
    put_line(text, "  held only by ", leak->kept_by);
    put_line(text, "  blocked     ", leak->blocked);
    put_line(text, "  in test     ", leak->test);
    put_line(text, "  hint        ", leash__leak_words(leak->class, leak->severity)->hint);
}

/* Errors before warnings, then the larger group, then the earlier one. */
static struct leash__leak_group *next_group(struct leash__leak_table *table)
{
    struct leash__leak_group *best = NULL;
    for (struct leash__leak_group *group = table->first; group; group = group->next) {
        if (group->printed)
            continue;
        bool error = group->first.severity == 'E', best_error = best && best->first.severity == 'E';
        if (!best || error > best_error || (error == best_error && group->count > best->count))
            best = group;
    }
    return best;
}

/* " (3 never-awaited, 1 pending-at-exit)": leaks of error classes, by class. */
static void put_classes(struct leash__text *text, const struct leash__leak_table *table)
{
    const char *before = " (";
    for (const struct leash__leak_words *words = leash__leak_words_all; words->class; words++) {
        unsigned long long count = 0;
        if (words->severity == 'W')
            continue;
        for (const struct leash__leak_group *group = table->first; group; group = group->next)
            if (group->first.severity == 'E' && strcmp(group->first.class, words->class) == 0)
                count += group->count;
        if (!count)
            continue;
        leash__text_put(text, before);
        leash__text_number(text, count);
        leash__text_put(text, " ");
        leash__text_put(text, words->class);
        before = ", ";
    }
    leash__text_put(text, *before == ',' ? ")" : "");
}

static void put_count(struct leash__text *text, unsigned long long count, const char *thing)
{
    leash__text_number(text, count);
    leash__text_put(text, thing);
    leash__text_put(text, count == 1 ? "" : "s");
}

static void put_totals(struct leash__text *text, const struct leash__leak_table *table, size_t hidden, const char *test)
{
    if (hidden) {
        leash__text_put(text, "leash: and ");
        put_count(text, hidden, " more group");
        leash__text_put(text, "\n");
    }
    leash__text_put(text, "leash: ");
    put_count(text, table->errors, " leak");
    put_classes(text, table);
    leash__text_put(text, ", ");
    put_count(text, table->warnings, " warning");
    leash__text_put(text, ", in ");
    put_count(text, table->groups, " group");
    if (table->homeless) {
        leash__text_put(text, "; ");
        leash__text_number(text, table->homeless);
        leash__text_put(text, " of them only counted, for want of room");
    }
    if (test)
        leash__text_put(text, ", in test \"");
    leash__text_quote(text, test);
    leash__text_put(text, test ? "\"\n" : "\n");
}

void leash__leak_text(struct leash__text *text, struct leash__leak_table *table, const char *test)
{
    struct leash__leak_group *group;
    size_t shown = 0;
    while (shown < GROUPS_SHOWN && (group = next_group(table))) {
        put_group(text, group);
        group->printed = true;
        shown++;
    }
    put_totals(text, table, table->groups - shown, test);
}

void leash__leak_report_of(const struct leash__leak_kept *first, unsigned long long homeless, const char *test,
                           void (*put_bytes)(void *arg, const char *bytes, size_t size), void *arg)
{
    struct leash__leak_table table = {.homeless = homeless};
    struct leash__text text = {.put = put_bytes, .arg = arg};
    for (const struct leash__leak_kept *kept = first; kept; kept = kept->next)
        leash__leak_table_add(&table, &kept->leak);
    leash__leak_text(&text, &table, test);
    leash__text_flush(&text);
    leash__leak_table_clear(&table);
}

struct cut {
    char *at;
    size_t room; /* beside the zero */
};

static void put_cut(void *arg, const char *bytes, size_t size)
{
    struct cut *cut = arg;
    if (size > cut->room)
        size = cut->room;
    memcpy(cut->at, bytes, size);
    cut->at += size;
    cut->room -= size;
}

void leash__leak_sentence(const struct leash__leak *leak, char *out, size_t size)
{
    struct cut cut = {out, size - 1};
    struct leash__text text = {.put = put_cut, .arg = &cut};
    const struct leash__leak_group group = {.first = *leak, .name_common = strlen(leak->name), .count = 1};
    put_sentence(&text, &group);
    leash__text_flush(&text);
    *cut.at = '\0';
}
