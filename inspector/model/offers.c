#include "offers.h"
#include "arena.h"
#include "listing.h"
#include "loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OFFERED_MOST 300

/* The kinds that have ids, by their letter. */
static const struct kind {
    char letter; /* 0: a bare number */
    const char *sql;
} kinds[] = {
    {0, "SELECT id, name, state FROM task WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3"},
    {'c', "SELECT coro.id, expr, state FROM coro LEFT JOIN site ON site.id = site_id"
          " WHERE coro.id BETWEEN ?1 AND ?2 ORDER BY coro.id LIMIT ?3"},
    {'f', "SELECT id, name, state FROM future WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3"},
    {'q', "SELECT id, name, kind FROM object WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3"},
};

struct range {
    const struct kind *kind;
    bool sharp; /* it was typed */
    int64_t from, to;
    int64_t most;
};

/* Offers the ids of a range; how many. */
static int64_t offer_range(struct trace *trace, const struct range *range, model_offer *offer, void *argument)
{
    char word[MODEL_REF_TEXT], meaning[256];
    int64_t count = 0;
    struct trace_query *row = trace_prepare(trace, range->kind->sql);
    if (!row)
        return 0;
    trace_bind(row, 1, range->from);
    trace_bind(row, 2, range->to);
    trace_bind(row, 3, range->most);
    for (; trace_step(row) > 0; count++) {
        const char *state = trace_text(row, 2);
        snprintf(word, sizeof word, "%s%.1s%lld", range->sharp ? "#" : "", &range->kind->letter,
                 (long long)trace_int(row, 0));
        snprintf(meaning, sizeof meaning, "%.60s", state ? state : "");
        const char *name = trace_text(row, 1);
        if (name)
            snprintf(meaning + strlen(meaning), sizeof meaning - strlen(meaning), " %.100s", name);
        offer(argument, word, meaning);
    }
    trace_finish(row);
    return count;
}

/* "#c42": the kind, and the digits. NULL: no id begins so. */
static const char *read_beginning(const char *typed, struct range *out)
{
    out->sharp = *typed == '#';
    typed += *typed == '#';
    out->kind = &kinds[0];
    for (size_t i = 1; i < sizeof kinds / sizeof *kinds; i++)
        if (*typed == kinds[i].letter)
            out->kind = &kinds[i];
    typed += out->kind->letter != 0;
    bool digits = strlen(typed) <= 18 && strspn(typed, "0123456789") == strlen(typed) && *typed != '0';
    return digits ? typed : NULL;
}

/* The ids that begin with the digits d: d itself, d0 to d9, d00 to d99, ... */
void model_offer_ids(struct trace *trace, const char *typed, model_offer *offer, void *argument)
{
    struct range range = {.most = OFFERED_MOST};
    const char *digits = read_beginning(typed, &range);
    if (!digits)
        return;
    range.from = *digits ? strtoll(digits, NULL, 10) : 1;
    range.to = *digits ? range.from : INT64_MAX;
    while (range.most > 0) {
        range.most -= offer_range(trace, &range, offer, argument);
        if (range.to > INT64_MAX / 10 - 1)
            break;
        range.from *= 10;
        range.to = range.to * 10 + 9;
    }
}

void model_offer_sites(struct trace *trace, const char *typed, model_offer *offer, void *argument)
{
    char word[512];
    int most = OFFERED_MOST;
    struct trace_query *row = trace_prepare(trace, "SELECT DISTINCT file, line FROM site WHERE file IS NOT NULL");
    while (row && most > 0 && trace_step(row) > 0) {
        snprintf(word, sizeof word, "%s:%lld", trace_text(row, 0), (long long)trace_int(row, 1));
        if (strncmp(word, typed, strlen(typed)) != 0)
            continue;
        offer(argument, word, NULL);
        most--;
    }
    trace_finish(row);
}

void model_offer_classes(struct trace *trace, const char *typed, model_offer *offer, void *argument)
{
    bool found[32] = {false};
    char why[256];
    struct model_table *table;
    const struct model_list_options options = {.columns = "class", .limit = -1};
    (void)typed;
    if (model_list_open(trace, "leaks", &options, &table, why, sizeof why) < 0)
        return;
    while (model_table_next(table) > 0) {
        const char *name = model_table_cell(table, 0).text;
        int class = name ? model_class_index(name) : -1;
        if (class >= 0 && class < 32)
            found[class] = true;
    }
    model_table_close(table);
    for (size_t i = 0; i < model_classes_count; i++)
        if (found[i])
            offer(argument, model_classes[i].name, model_classes[i].severity);
}
