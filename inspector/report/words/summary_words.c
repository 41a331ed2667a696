#include "words/summary_words.h"

#include <inttypes.h>

/* A kind of thing, how many of it, and what became of them; `good` -1: not known. */
struct figure {
    int64_t count;
    const char *one, *many, *word;
    int64_t good;
    bool always; /* told also if there was none */
};

static void add_line(struct summary_line *lines, size_t *count, const struct figure *figure)
{
    if (figure->count <= 0 && !figure->always)
        return;
    struct summary_line *line = &lines[(*count)++];
    *line = (struct summary_line){.count = figure->count, .what = figure->count == 1 ? figure->one : figure->many};
    if (figure->word && figure->good >= 0)
        buffer_format(&line->result, "%" PRId64 " %s", figure->good, figure->word);
}

size_t summary_lines(const struct model_summary *summary, struct summary_line *lines)
{
    const struct model_figures *figures = &summary->figures;
    bool ended = summary->run.ending == MODEL_COMPLETE || summary->run.ending == MODEL_EXITED;
    const char *pending = ended ? "pending when the loop stopped" : "pending";
    const struct figure all[] = {{figures->tasks, "task", "tasks", "finished", figures->tasks - figures->pending, true},
                                 {figures->coros, "coroutine", "coroutines", "awaited", figures->awaited, true},
                                 {figures->failed, "failure", "failures", "retrieved", figures->retrieved, true},
                                 {figures->cancelled, "cancelled", "cancelled", NULL, -1, false},
                                 {figures->pending, pending, pending, NULL, -1, true},
                                 {figures->futures, "future", "futures", NULL, -1, false},
                                 {figures->objects, "object to wait for", "objects to wait for", NULL, -1, false},
                                 {figures->awaits, "wait", "waits", NULL, -1, false}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        add_line(lines, &count, &all[i]);
    if (figures->joined >= 0 && figures->tasks > 0)
        buffer_format(&lines[0].result, ", %" PRId64 " joined", figures->joined);
    return count;
}

static void add_record(struct words *words, const char *label, const struct model_record *record)
{
    char text[MODEL_TIME_TEXT];
    if (!record->label)
        return;
    struct buffer *out = words_add(words, label, WORDS_PLAIN);
    buffer_format(out, "%s  %s  ", model_duration_text(record->ns, text), record->label);
    words_site(out, words->source, &record->site);
}

static void add_site(struct words *words, const char *label, const struct model_busy_site *busy)
{
    const struct {
        int64_t count;
        const char *word;
    } counts[] = {{busy->tasks, "task"}, {busy->coros, "coroutine"}, {busy->awaits, "wait"}};
    struct buffer *out = words_add(words, label, WORDS_PLAIN);
    words_site(out, words->source, &busy->site);
    if (busy->site.func)
        buffer_format(out, " in %s", busy->site.func);
    const char *separator = "  ";
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].count <= 0)
            continue;
        buffer_format(out, "%s%" PRId64 " %s%s", separator, counts[i].count, counts[i].word,
                      counts[i].count == 1 ? "" : "s");
        separator = ", ";
    }
}

void summary_records(struct words *words, const struct model_summary *summary)
{
    add_record(words, "slowest wait", &summary->slowest_wait);
    add_record(words, "longest life", &summary->longest_life);
    add_record(words, "longest run", &summary->longest_run);
    for (size_t i = 0; i < summary->sites_count; i++)
        add_site(words, i ? "" : "busiest", &summary->sites[i]);
}

void summary_size(struct buffer *out, const struct model_summary *summary)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
    double size = (double)summary->figures.bytes;
    size_t unit = 0;
    for (; size >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++)
        size /= 1024;
    if (summary->figures.bytes >= 0)
        buffer_format(out, "%.*f %s, ", unit ? 1 : 0, size, units[unit]);
    buffer_format(out, "%" PRId64 " event%s", summary->figures.events, summary->figures.events == 1 ? "" : "s");
    if (summary->run.level)
        buffer_format(out, ", level %s", summary->run.level);
}
