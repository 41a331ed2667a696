#include "diff.h"
#include "words/headline.h"
#include "words/verdict_words.h"
#include "json/json.h"
#include "text/text_lines.h"

#include <string.h>

static const enum text_role roles[] = {[MODEL_NEW] = TEXT_ERROR,
                                       [MODEL_GREW] = TEXT_ERROR,
                                       [MODEL_SHRANK] = TEXT_OK,
                                       [MODEL_FIXED] = TEXT_OK,
                                       [MODEL_SAME] = TEXT_DIM};

/* "new     pending-at-exit   9f3c21d8   0 -> 2   2 tasks "worker-*" were pending ...  src/pool.c:57" */
static void one(struct text *text, const struct model_difference *item)
{
    struct buffer words = {0};
    headline_add(&words, item->group);
    text_format(text, roles[item->change], "%-7s", model_change_name(item->change));
    text_format(text, TEXT_PLAIN, "%-22s %08x %5zu -> %-5zu", item->group->class, item->fingerprint, item->before,
                item->now);
    text_add(text, TEXT_STRONG, buffer_text(&words));
    text_add(text, TEXT_PLAIN, "  ");
    text_site(text, &item->group->examples[0].subject.site);
    text_end(text);
    buffer_free(&words);
}

void diff_text(const struct report_options *options, const struct diff_report *report)
{
    struct text text = {.options = options};
    const struct model_diff *diff = report->diff;
    for (size_t i = 0; i < diff->count; i++)
        if (options->verbosity > 0 || (options->verbosity == 0 && diff->items[i].change != MODEL_SAME))
            one(&text, &diff->items[i]);
    text_format(&text, TEXT_STRONG, "%s -> %s: ", report->before->path, report->now->path);
    text_format(&text, TEXT_PLAIN, "%zu new, %zu grew, %zu shrank, %zu fixed, %zu the same", diff->changes[MODEL_NEW],
                diff->changes[MODEL_GREW], diff->changes[MODEL_SHRANK], diff->changes[MODEL_FIXED],
                diff->changes[MODEL_SAME]);
    struct buffer words = {0};
    verdict_result(&words, options, report->code);
    text_format(&text, report->code ? TEXT_ERROR : TEXT_OK, "  %s", buffer_text(&words));
    text_end(&text);
    buffer_free(&words);
    buffer_free(&text.line);
}

static json_t *item_of(const struct model_difference *item)
{
    struct buffer words = {0};
    const struct model_subject *subject = &item->group->examples[0].subject;
    char fingerprint[16];
    headline_add(&words, item->group);
    snprintf(fingerprint, sizeof fingerprint, "%08x", item->fingerprint);
    json_t *value = json_pack("{ss,ss,ss,sI,sI,so,so,so}", "change", model_change_name(item->change), "class",
                              item->group->class, "fingerprint", fingerprint, "before", (json_int_t)item->before, "now",
                              (json_int_t)item->now, "id", json_ref(subject->ref), "site", json_site(&subject->site),
                              "message", json_words(buffer_text(&words)));
    buffer_free(&words);
    return value;
}

static json_t *trace_of(const struct model_snapshot *snapshot)
{
    return json_pack("{so,sb,so}", "path", json_words(snapshot->path), "complete", model_is_whole(snapshot), "state",
                     json_string(report_ending(snapshot->run.ending)));
}

void diff_json(const struct report_options *options, const struct diff_report *report)
{
    json_t *items = json_array(), *totals = json_object();
    for (size_t i = 0; i < report->diff->count; i++)
        json_array_append_new(items, item_of(&report->diff->items[i]));
    for (enum model_change change = 0; change < MODEL_CHANGES; change++)
        json_object_set_new(totals, model_change_name(change), json_integer((json_int_t)report->diff->changes[change]));
    json_print(options,
               json_pack("{ss,si,so,so,so,so}", "schema", "leash.diff/1", "exit", report->code, "old",
                         trace_of(report->before), "new", trace_of(report->now), "totals", totals, "changes", items));
}
