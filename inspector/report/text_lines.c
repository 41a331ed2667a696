#include "text_lines.h"
#include "escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const colours[] = {
    [TEXT_PLAIN] = "",      [TEXT_ERROR] = "\033[1;31m", [TEXT_WARN] = "\033[1;33m", [TEXT_OK] = "\033[1;32m",
    [TEXT_DIM] = "\033[2m", [TEXT_ACCENT] = "\033[36m",  [TEXT_STRONG] = "\033[1m"};

void text_add(struct text *text, enum text_role role, const char *words)
{
    bool colour = text->options->colour && role != TEXT_PLAIN;
    if (colour)
        buffer_add(&text->line, colours[role]);
    escape_text(&text->line, words, text->options->ascii);
    if (colour)
        buffer_add(&text->line, "\033[0m");
}

void text_format(struct text *text, enum text_role role, const char *format, ...)
{
    va_list args;
    char *words = NULL;
    va_start(args, format);
    if (vasprintf(&words, format, args) < 0)
        words = NULL;
    va_end(args);
    text_add(text, role, words ? words : "");
    free(words);
}

void text_end(struct text *text)
{
    size_t length = text->line.length;
    while (length && text->line.text[length - 1] == ' ')
        length--;
    fprintf(text->options->out, "%.*s\n", (int)length, buffer_text(&text->line));
    buffer_clear(&text->line);
}

void text_label(struct text *text, const char *label)
{
    text_add(text, TEXT_PLAIN, "  ");
    text_add(text, TEXT_DIM, label);
    size_t width = strlen(label);
    buffer_pad(&text->line, width < 11 ? 12 - width : 1, ' ');
}

void text_site(struct text *text, const struct model_site *site)
{
    if (site->file)
        text_format(text, TEXT_PLAIN, "%s:%d", source_relative(&text->options->source, site->file), site->line);
    else
        text_add(text, TEXT_PLAIN, "?");
}

/* ---- source ---- */

/* Blanks for tabs, so that marks stand where they belong. */
static void expand_tabs(const char *line, struct buffer *out)
{
    for (; *line; line++) {
        if (*line == '\t')
            buffer_pad(out, 4 - out->length % 4, ' ');
        else if (*line != '\r')
            buffer_add_bytes(out, line, 1);
    }
}

static void code_line(struct text *text, bool here, int number, const char *code)
{
    text_format(text, here ? TEXT_STRONG : TEXT_DIM, "%s%5d |", here ? ">" : " ", number);
    if (*code)
        text_format(text, TEXT_PLAIN, " %s", code);
    text_end(text);
}

/* Where the expression stands in the line, if it stands there once. */
static const char *find_expression(const char *code, const char *expression)
{
    const char *at = expression && *expression ? strstr(code, expression) : NULL;
    return at && !strstr(at + 1, expression) ? at : NULL;
}

static void mark_line(struct text *text, const char *code, const char *expression, const char *remark)
{
    struct buffer shown = {0};
    const char *at = find_expression(code, expression);
    if (!at)
        return;
    escape_add(&shown, code, (size_t)(at - code), text->options->ascii);
    size_t before = escape_width(buffer_text(&shown));
    buffer_clear(&shown);
    escape_text(&shown, expression, text->options->ascii);
    size_t width = escape_width(buffer_text(&shown));
    buffer_free(&shown);
    text_add(text, TEXT_DIM, "       |");
    buffer_pad(&text->line, before + 1, ' ');
    struct buffer carets = {0};
    buffer_pad(&carets, width, '^');
    text_add(text, TEXT_ACCENT, buffer_text(&carets));
    buffer_free(&carets);
    if (remark)
        text_format(text, TEXT_ACCENT, " %s", remark);
    text_end(text);
}

void text_snippet(struct text *text, const struct model_site *site, int64_t began_unix_ns, const char *remark)
{
    struct source_lines source;
    struct buffer code = {0};
    if (!site->file)
        return;
    source_read(&text->options->source, site->file, site->line, began_unix_ns, &source);
    if (!source.found) {
        text_label(text, "source");
        text_add(text, TEXT_PLAIN, "not found (--source DIR)");
        text_end(text);
        return;
    }
    expand_tabs(source.before, &code);
    if (buffer_text(&code)[strspn(buffer_text(&code), " ")])
        code_line(text, false, site->line - 1, buffer_text(&code));
    buffer_clear(&code);
    expand_tabs(source.line, &code);
    code_line(text, true, site->line, buffer_text(&code));
    mark_line(text, buffer_text(&code), site->expr, remark);
    buffer_free(&code);
    if (source.newer) {
        text_label(text, "note");
        text_format(text, TEXT_WARN, "%s is newer than the trace: lines may be off", site->file);
        text_end(text);
    }
}

/* ---- stacks ---- */

static void add_frame(struct text *text, const struct model_frame *frame)
{
    if (frame->func)
        text_add(text, TEXT_PLAIN, frame->func);
    else
        text_format(text, TEXT_PLAIN, "%s+0x%llx", frame->module ? frame->module : "?",
                    (unsigned long long)frame->offset);
    if (frame->file)
        text_format(text, TEXT_PLAIN, " %s:%d", source_relative(&text->options->source, frame->file), frame->line);
}

static void add_stack(struct text *text, const struct model_stack *stack)
{
    size_t first = 0;
    while (first < stack->count && stack->frames[first].runtime)
        first++; /* the call that made it: its name says nothing new */
    for (size_t i = first; i < stack->count;) {
        size_t runtime = 0;
        while (i + runtime < stack->count && stack->frames[i + runtime].runtime)
            runtime++;
        if (i > first)
            text_add(text, TEXT_PLAIN, " < ");
        if (runtime)
            text_format(text, TEXT_DIM, "[%zu runtime frame%s]", runtime, runtime == 1 ? "" : "s");
        else
            add_frame(text, &stack->frames[i]);
        i += runtime ? runtime : 1;
    }
}

void text_created(struct text *text, const struct model_subject *subject)
{
    text_label(text, "created by");
    if (subject->stack.count)
        add_stack(text, &subject->stack);
    else if (subject->site.file) {
        text_format(text, TEXT_PLAIN, "%s ", subject->site.func ? subject->site.func : "?");
        text_site(text, &subject->site);
    } else
        text_add(text, TEXT_PLAIN, "?");
    if (subject->creator_label)
        text_format(text, TEXT_PLAIN, "   in task %s", subject->creator_label);
    else
        text_add(text, TEXT_PLAIN, "   outside any task");
    text_end(text);
}

/* ---- waiting ---- */

static void stopped_line(struct text *text, const struct model_wait *wait)
{
    char duration[MODEL_TIME_TEXT];
    text_label(text, "stopped at");
    for (size_t i = 0; i < wait->stopped_count; i++) {
        const struct model_site *site = &wait->stopped[i];
        text_format(text, TEXT_PLAIN, "%s%s ", i ? " < " : "", site->func ? site->func : "?");
        text_site(text, site);
    }
    int64_t waited = model_span(wait->began_ns, wait->at_ns);
    if (waited > 0)
        text_format(text, TEXT_PLAIN, "   for %s", model_duration_text(waited, duration));
    text_end(text);
}

static void chain_line(struct text *text, const struct model_chain *chain)
{
    text_label(text, "await chain");
    for (size_t i = 0; i < chain->count; i++) {
        if (i)
            text_add(text, TEXT_PLAIN, " -> ");
        text_add(text, i == chain->subject ? TEXT_STRONG : TEXT_PLAIN, chain->links[i].label);
    }
    if (chain->cycle)
        text_add(text, TEXT_PLAIN, " (a cycle)");
    text_end(text);
}

void text_waiting(struct text *text, const struct model_example *example)
{
    const struct model_wait *wait = &example->wait;
    char until[MODEL_TIME_TEXT];
    if (wait->stopped_count)
        stopped_line(text, wait);
    if (wait->label) {
        text_label(text, "waits for");
        text_add(text, TEXT_PLAIN, wait->label);
        if (wait->until_ns != MODEL_NEVER)
            text_format(text, TEXT_PLAIN, ", until %s%s", model_time_text(wait->until_ns, until),
                        wait->at_ns != MODEL_NEVER && wait->until_ns > wait->at_ns ? ", after the end" : "");
        text_end(text);
    }
    if (example->chain.count > 2)
        chain_line(text, &example->chain);
}

void text_failure(struct text *text, const struct model_subject *subject)
{
    char at[MODEL_TIME_TEXT];
    const char *name = model_error_name(subject->code);
    text_label(text, "failed with");
    if (name)
        text_add(text, TEXT_PLAIN, name);
    else
        text_format(text, TEXT_PLAIN, "%d", subject->code);
    if (subject->failure)
        text_format(text, TEXT_PLAIN, " \"%s\"", subject->failure);
    if (subject->failure_site.file) {
        text_format(text, TEXT_PLAIN, " at %s ", subject->failure_site.func ? subject->failure_site.func : "?");
        text_site(text, &subject->failure_site);
    }
    if (subject->ended_ns != MODEL_NEVER)
        text_format(text, TEXT_PLAIN, "   at %s", model_time_text(subject->ended_ns, at));
    text_end(text);
}
