/* `leash summary`: a run in figures. */
#include "picture.h"
#include "words/summary_words.h"
#include "text/text_lines.h"
#include "words/verdict_words.h"

#include <inttypes.h>
#include <string.h>

#define LABEL_WIDTH 14

static void label(struct text *text, const char *words)
{
    text_add(text, TEXT_PLAIN, "  ");
    text_add(text, TEXT_DIM, words);
    buffer_pad(&text->line, LABEL_WIDTH - strlen(words), ' ');
}

static void print_words(struct text *text, const struct words_line *line)
{
    label(text, line->label);
    text_add(text, TEXT_PLAIN, buffer_text(&line->text));
    text_end(text);
}

static void print_verdict(struct text *text, const struct report_trace *trace)
{
    struct buffer words = {0};
    verdict_leaks(&words, text->options, trace);
    text_add(text, TEXT_STRONG, trace->path);
    text_add(text, TEXT_PLAIN, ": ");
    text_add(text, trace->verdict.leaks ? TEXT_ERROR : TEXT_OK, buffer_text(&words));
    text_end(text);
    buffer_free(&words);
}

static void print_figures(struct text *text, const struct model_summary *summary)
{
    struct summary_line lines[SUMMARY_LINES];
    size_t count = summary_lines(summary, lines);
    for (size_t i = 0; i < count; i++) {
        text_format(text, TEXT_STRONG, "%12" PRId64, lines[i].count);
        text_format(text, TEXT_PLAIN, " %-20s %s", lines[i].what, buffer_text(&lines[i].result));
        text_end(text);
        buffer_free(&lines[i].result);
    }
    text_end(text);
}

static void print_classes(struct text *text, const struct model_summary *summary)
{
    for (size_t i = 0; i < summary->classes_count; i++) {
        const struct model_class_count *class = &summary->classes[i];
        label(text, i ? "" : "found");
        text_format(text, class->error && class->leaks ? TEXT_ERROR : TEXT_PLAIN, "%zu %s", class->leaks, class->class);
        if (class->suppressed)
            text_format(text, TEXT_DIM, ", %zu suppressed", class->suppressed);
        text_end(text);
    }
}

static void print_trace(struct text *text, const struct report_trace *trace, const struct model_summary *summary)
{
    struct buffer words = {0};
    label(text, "trace");
    verdict_facts(&words, trace);
    text_add(text, TEXT_PLAIN, buffer_text(&words));
    text_end(text);
    buffer_clear(&words);
    summary_size(&words, summary);
    label(text, "");
    text_add(text, TEXT_PLAIN, buffer_text(&words));
    text_end(text);
    if (trace->snapshot->note) {
        label(text, "note");
        text_add(text, TEXT_WARN, trace->snapshot->note);
        text_end(text);
    }
    buffer_free(&words);
}

void text_summary(const struct report_options *options, const struct report_trace *trace,
                  const struct model_summary *summary)
{
    struct text text = {.options = options};
    print_verdict(&text, trace);
    if (options->verbosity >= 0) {
        struct words words = text_words(&text);
        print_figures(&text, summary);
        print_classes(&text, summary);
        summary_records(&words, summary);
        for (size_t i = 0; i < words.count; i++)
            print_words(&text, &words.lines[i]);
        words_free(&words);
        print_trace(&text, trace, summary);
    }
    buffer_free(&text.line);
}
