/* What a flag's value may be: by what the tables of flags call it. */
#include "complete_private.h"
#include "filter/filter.h"
#include "view.h"

#include <string.h>

/* Of a list "a,b,c" only the last is being typed. */
static void keep_list(struct completion *completion)
{
    const char *comma = strrchr(completion->typed + completion->kept, ',');
    if (comma)
        completion->kept = (size_t)(comma + 1 - completion->typed);
}

static void offer_classes(struct completion *completion)
{
    keep_list(completion);
    for (size_t i = 0; i < model_classes_count; i++)
        offer(completion, model_classes[i].name, model_classes[i].severity);
}

static void offer_formats(struct completion *completion)
{
    for (size_t i = 0; report_format_at(i); i++)
        offer(completion, report_format_at(i)->name, NULL);
}

static void offer_columns(struct completion *completion)
{
    const char *column;
    keep_list(completion);
    for (size_t i = 0; completion->first && (column = model_list_column(completion->first, i)); i++)
        offer(completion, column, NULL);
}

static void offer_sort(struct completion *completion)
{
    completion->kept += completion->typed[completion->kept] == '-'; /* downwards */
    offer_columns(completion);
}

static void offer_views(struct completion *completion)
{
    for (size_t i = 0; views_at(i); i++)
        offer(completion, views_at(i)->name, NULL);
}

static void offer_files(struct completion *completion)
{
    fputs(":files\n", completion->out);
}

static void offer_folders(struct completion *completion)
{
    fputs(":folders\n", completion->out);
}

/* A word in front of what follows: "state:" */
static void offer_open(struct completion *completion, const char *word, char behind)
{
    char open[80];
    snprintf(open, sizeof open, "%s%c", word, behind);
    offer(completion, open, NULL);
}

static void offer_outputs(struct completion *completion)
{
    if (strchr(completion->typed + completion->kept, '=')) {
        offer_files(completion);
        return;
    }
    for (size_t i = 0; report_format_at(i); i++)
        offer_open(completion, report_format_at(i)->name, '=');
    fputs(":open\n", completion->out);
}

/* What may stand behind "state:". Of the classes those in the trace, or all if that took too long to find out. */
static void offer_field_words(struct completion *completion, const char *list, const char *field)
{
    const char *word;
    size_t before = completion->offered;
    bool leak = strcmp(field, "leak") == 0;
    if (leak)
        offer_found_classes(completion);
    if (strcmp(field, "site") == 0)
        offer_sites(completion);
    bool found = completion->offered > before;
    for (size_t i = 0; !(leak && found) && (word = filter_word(list, field, i)); i++)
        offer(completion, word, NULL);
    if (leak) {
        offer(completion, "any", "whatever has leaked");
        offer(completion, "none", "what has not");
    }
}

/* Of a filter the last condition is being typed: a field, or behind its operator one of its words. */
static void offer_conditions(struct completion *completion)
{
    char field[40];
    const char *list = completion->first ? completion->first : "tasks", *name;
    const char *text = completion->typed + completion->kept, *at = text + strlen(text);
    while (at > text && !strchr(" (", at[-1]))
        at--;
    at += strspn(at, "-!");
    size_t length = strcspn(at, ":=<>~!");
    if (at[length]) {
        snprintf(field, sizeof field, "%.*s", (int)(length < sizeof field ? length : 0), at);
        for (const char *value = at; *value; value++)
            if (strchr(":=<>~!|", *value))
                at = value + 1;
        completion->kept = (size_t)(at - completion->typed);
        offer_field_words(completion, list, field);
        return;
    }
    completion->kept = (size_t)(at - completion->typed);
    for (size_t i = 0; (name = filter_field(list, i)); i++)
        offer_open(completion, name, ':');
    fputs(":open\n", completion->out);
}

static const struct source {
    const char *argument;
    void (*offer)(struct completion *completion);
} sources[] = {
    {"CLASS,..", offer_classes}, {"F", offer_formats},      {"A,B", offer_columns},  {"K", offer_sort},
    {"V", offer_views},          {"FILE.sql", offer_files}, {"NEW.db", offer_files}, {"FILTER", offer_conditions},
    {"FMT=FILE", offer_outputs}, {"FILE", offer_files},     {"T.db", offer_files},   {"DIR", offer_folders},
    {"OLD=NEW", offer_folders},
};

void offer_value(struct completion *completion, const struct flag *flag)
{
    if (strchr(flag->argument, '|'))
        offer_alternatives(completion, flag->argument, strlen(flag->argument));
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcmp(sources[i].argument, flag->argument) == 0)
            sources[i].offer(completion);
}
