/* Workflow commands of GitHub Actions: an annotation a group, at its line. A step shows about ten of a kind, so that
 * the ninth is followed by one that counts the rest. */
#include "escape.h"
#include "report.h"
#include "words/verdict_words.h"
#include "words/words.h"

#include <string.h>

#define SHOWN 9 /* of a kind */

struct github {
    const struct report_options *options;
    struct buffer line;
    size_t seen[2]; /* errors, warnings */
};

/* As on a terminal, so that no line ends in it; then what would end the text or a property of the command. */
static void add_escaped(struct github *github, const char *text, bool property)
{
    struct buffer plain = {0};
    escape_text(&plain, text, github->options->ascii);
    for (const char *at = buffer_text(&plain); *at; at++) {
        if (*at == '%' || (property && strchr(":,", *at)))
            buffer_format(&github->line, "%%%02X", (unsigned)*at);
        else
            buffer_add_bytes(&github->line, at, 1);
    }
    buffer_free(&plain);
}

static void end_line(struct github *github)
{
    fprintf(github->options->out, "%s\n", buffer_text(&github->line));
    buffer_clear(&github->line);
}

/* All that is said of a group, in lines of our own. */
static void add_message(struct github *github, const struct model_snapshot *snapshot, const struct model_group *group)
{
    struct words words = {.source = &github->options->source};
    struct buffer text = {0};
    if (group->standing == MODEL_STANDING_NEW || group->standing == MODEL_STANDING_GREW) {
        words_standing(&text, group);
        buffer_add(&text, " ");
    }
    words_headline(&text, snapshot, group);
    add_escaped(github, buffer_text(&text), false);
    words_add_group(&words, snapshot, group);
    for (size_t i = 0; i < words.count; i++) {
        const struct words_line *line = &words.lines[i];
        buffer_format(&github->line, "%%0A%s%s", line->label, *line->label ? ": " : "  ");
        add_escaped(github, buffer_text(&line->text), false);
    }
    words_free(&words);
    buffer_free(&text);
}

static void annotate(struct github *github, const struct model_snapshot *snapshot, const struct model_group *group)
{
    const struct model_site *site = &group->examples[0].subject.site;
    enum words_status status = words_status_of(group);
    if (status > WORDS_WARNING || github->seen[status]++ >= SHOWN)
        return;
    buffer_format(&github->line, "::%s ", words_status(status));
    if (site->file) {
        buffer_add(&github->line, "file=");
        add_escaped(github, words_file(&github->options->source, site), true);
        if (site->line > 0)
            buffer_format(&github->line, ",line=%d", site->line);
        buffer_add(&github->line, ",");
    }
    buffer_add(&github->line, "title=");
    add_escaped(github, group->class, true);
    buffer_add(&github->line, "::");
    add_message(github, snapshot, group);
    end_line(github);
}

/* A trace that could not be judged. */
static void annotate_trace(struct github *github, const struct report_trace *trace)
{
    struct buffer text = {0};
    if (trace->verdict.code != EXIT_TROUBLE && trace->verdict.code != EXIT_INCONCLUSIVE)
        return;
    if (trace->snapshot) {
        buffer_format(&text, "%s: ", trace->path);
        verdict_reason(&text, trace->snapshot);
    } else {
        buffer_add(&text, trace->trouble);
    }
    buffer_format(&github->line, "::error title=leash::");
    add_escaped(github, buffer_text(&text), false);
    buffer_free(&text);
    end_line(github);
}

/* For whoever reads the log itself. */
static void plain_verdict(struct github *github, const struct report_trace *trace)
{
    struct buffer text = {0};
    if (trace->snapshot)
        buffer_format(&text, "%s: ", trace->path);
    verdict_sentence(&text, github->options, trace);
    buffer_add(&text, "  ");
    verdict_result(&text, github->options, trace->verdict.code);
    buffer_add(&github->line, "leash: "); /* nothing of the trace's begins a line */
    escape_text(&github->line, buffer_text(&text), github->options->ascii);
    buffer_free(&text);
    end_line(github);
}

static void check(const struct report_options *options, const struct report_trace *traces, size_t count, int code)
{
    static const char *const kinds[] = {"error", "warning"};
    struct github github = {.options = options};
    (void)code;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; traces[i].snapshot && j < traces[i].snapshot->groups_count; j++)
            annotate(&github, traces[i].snapshot, &traces[i].snapshot->groups[j]);
        annotate_trace(&github, &traces[i]);
    }
    for (size_t kind = 0; kind < 2; kind++)
        if (github.seen[kind] > SHOWN)
            fprintf(options->out, "::%s title=leash::%zu more like these: the report has them all\n", kinds[kind],
                    github.seen[kind] - SHOWN);
    for (size_t i = 0; i < count; i++)
        plain_verdict(&github, &traces[i]);
    buffer_free(&github.line);
}

const struct report_format report_github = {"github", check, NULL, NULL};
