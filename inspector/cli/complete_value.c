/* What a flag's value may be: by what the tables of flags call it. */
#include "complete_private.h"

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

static void offer_files(struct completion *completion)
{
    fputs(":files\n", completion->out);
}

static void offer_folders(struct completion *completion)
{
    fputs(":folders\n", completion->out);
}

static const struct source {
    const char *argument;
    void (*offer)(struct completion *completion);
} sources[] = {
    {"CLASS,..", offer_classes}, {"F", offer_formats},  {"A,B", offer_columns}, {"K", offer_sort},
    {"FILE", offer_files},       {"T.db", offer_files}, {"DIR", offer_folders}, {"OLD=NEW", offer_folders},
};

void offer_value(struct completion *completion, const struct flag *flag)
{
    if (strchr(flag->argument, '|'))
        offer_alternatives(completion, flag->argument, strlen(flag->argument));
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcmp(sources[i].argument, flag->argument) == 0)
            sources[i].offer(completion);
}
