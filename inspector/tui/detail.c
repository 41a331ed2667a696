#include "detail.h"
#include "words/headline.h"
#include "report.h"
#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_AROUND 8
#define STACK_COLUMN  32

void detail_words(const struct words *words, struct lines *out)
{
    static const enum role roles[] = {
        [WORDS_PLAIN] = ROLE_NORMAL, [WORDS_CAUSE] = ROLE_ERROR, [WORDS_HINT] = ROLE_OK, [WORDS_FAINT] = ROLE_DIM};
    for (size_t i = 0; i < words->count; i++) {
        const struct words_line *line = &words->lines[i];
        struct styled *styled = lines_label(out, line->label);
        styled_add(styled, roles[line->mark], buffer_text(&line->text));
    }
}

/* Blanks for tabs. */
static void add_code(struct styled *line, enum role role, const char *code)
{
    struct buffer shown = {0};
    for (; *code; code++) {
        if (*code == '\t')
            buffer_pad(&shown, 4 - shown.length % 4, ' ');
        else if (*code != '\r')
            buffer_add_bytes(&shown, code, 1);
    }
    styled_add(line, role, buffer_text(&shown));
    buffer_free(&shown);
}

void detail_source(struct tui *tui, const struct model_site *site, int around, struct lines *out)
{
    char code[SOURCE_LINE_MAX], text[TUI_SITE_TEXT];
    FILE *in = source_open(tui->source, site->file);
    if (!in) {
        if (site->file)
            styled_format(lines_label(out, "source"), ROLE_DIM, "%s not found (--source DIR)",
                          tui_site_text(tui, site, text));
        return;
    }
    for (int number = 1; number <= site->line + around && source_next(in, code); number++) {
        if (number < site->line - around)
            continue;
        bool here = number == site->line;
        struct styled *line = lines_add(out);
        styled_format(line, here ? ROLE_STRONG : ROLE_DIM, " %c%4d | ", here ? '>' : ' ', number);
        add_code(line, here ? ROLE_STRONG : ROLE_NORMAL, code);
    }
    fclose(in);
}

static void detail_stack(struct tui *tui, const struct model_stack *stack, struct lines *out)
{
    for (size_t i = 0; i < stack->count; i++) {
        const struct model_frame *frame = &stack->frames[i];
        enum role role = frame->runtime ? ROLE_DIM : ROLE_NORMAL;
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_DIM, " %2zu  ", i);
        if (frame->func)
            styled_add(line, role, frame->func);
        else
            styled_format(line, role, "%s+0x%llx", frame->module ? frame->module : "?",
                          (unsigned long long)frame->offset);
        if (!frame->file)
            continue;
        styled_to(line, STACK_COLUMN);
        styled_format(line, role, "%s:%d", source_relative(tui->source, frame->file), frame->line);
    }
}

void detail_stacks(struct tui *tui, const struct model_subject *subject, struct lines *out)
{
    bool both = subject->stack.count && subject->stood.count;
    if (both)
        styled_add(lines_add(out), ROLE_STRONG, " created by");
    detail_stack(tui, &subject->stack, out);
    if (subject->first_use.count)
        styled_add(lines_add(out), ROLE_STRONG, " declared, and first used by");
    detail_stack(tui, &subject->first_use, out);
    if (subject->stood.count)
        styled_add(lines_add(out), ROLE_STRONG, " stood in");
    detail_stack(tui, &subject->stood, out);
}

void detail_chain(struct tui *tui, const struct model_chain *chain, struct lines *out)
{
    char text[TUI_SITE_TEXT];
    for (size_t i = 0; i < chain->count; i++) {
        const struct model_link *link = &chain->links[i];
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_DIM, " %*s%s", (int)(i < 20 ? i * 2 : 40), "", i ? "waits for " : "");
        styled_add(line, i == chain->subject ? ROLE_STRONG : ROLE_NORMAL, link->label);
        if (link->site.file)
            styled_format(line, ROLE_DIM, "   at %s", tui_site_text(tui, &link->site, text));
        line->ref = link->ref;
        line->indent = 3;
    }
    if (chain->cycle)
        styled_add(lines_add(out), ROLE_ERROR, " the last one waits for one above: a cycle");
}

void detail_text(const char *text, struct lines *out)
{
    struct buffer one = {0};
    while (*text) {
        size_t length = strcspn(text, "\n");
        buffer_clear(&one);
        buffer_add_bytes(&one, text, length);
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_NORMAL, " %s", buffer_text(&one));
        line->indent = 3;
        text += length;
        text += *text == '\n';
    }
    buffer_free(&one);
}

/* ---- a subject ---- */

static void add_title(const struct model_subject *subject, struct detail *out)
{
    headline_add_subject(&out->title, subject);
    if (subject->state)
        buffer_format(&out->title, "  %s", subject->state);
}

static void add_times(struct tui *tui, const struct model_subject *subject, struct lines *out)
{
    char at[MODEL_TIME_TEXT];
    struct styled *line = lines_label(out, "times");
    styled_format(line, ROLE_NORMAL, "created %s", tui_time_text(tui, subject->created_ns, at));
    if (subject->began_ns != MODEL_NEVER)
        styled_format(line, ROLE_NORMAL, ", began %s", tui_time_text(tui, subject->began_ns, at));
    if (subject->ended_ns != MODEL_NEVER)
        styled_format(line, ROLE_NORMAL, ", ended %s", tui_time_text(tui, subject->ended_ns, at));
}

static void add_main(struct tui *tui, const struct model_detail *detail, struct lines *out)
{
    const struct model_subject *subject = &detail->example.subject;
    struct words words = {.source = tui->source};
    if (subject->coro && subject->ref.kind == MODEL_TASK)
        styled_add(lines_label(out, "coroutine"), ROLE_NORMAL, subject->coro);
    words_add_created(&words, subject);
    if (subject->code < 0)
        words_add_failure(&words, subject);
    words_add_waiting(&words, &detail->example);
    detail_words(&words, out);
    words_free(&words);
    add_times(tui, subject, out);
    for (size_t i = 0; i < detail->facts_count; i++)
        styled_add(lines_label(out, detail->facts[i].label), ROLE_NORMAL, detail->facts[i].text);
}

static void add_json(struct tui *tui, const struct model_detail *detail, struct lines *out)
{
    char *text = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);
    if (!memory)
        return;
    const struct report_options options = {.out = memory, .source = *tui->source};
    report_json.detail(&options, detail);
    fclose(memory);
    detail_text(text, out);
    free(text);
}

/* What is known; NULL: nothing yet, and a line says so. */
static const struct model_detail *known(struct tui *tui, struct model_ref ref, struct lines *out)
{
    const char *why;
    const struct model_detail *detail = subject_get(tui, ref, &why);
    if (!detail)
        styled_format(lines_add(out), why ? ROLE_ERROR : ROLE_DIM, " %s", why ? why : "reading ...");
    return detail;
}

void detail_json(struct tui *tui, struct model_ref ref, struct lines *out)
{
    const struct model_detail *detail = known(tui, ref, out);
    if (detail)
        add_json(tui, detail, out);
}

void detail_subject(struct tui *tui, struct model_ref ref, enum detail_tab tab, struct detail *out)
{
    const struct model_detail *detail = known(tui, ref, &out->lines);
    char text[MODEL_REF_TEXT];
    if (!detail) {
        buffer_add(&out->title, model_ref_text(ref, text));
        return;
    }
    add_title(&detail->example.subject, out);
    if (tab == DETAIL_MAIN)
        add_main(tui, detail, &out->lines);
    else if (tab == DETAIL_CHAIN)
        detail_chain(tui, &detail->example.chain, &out->lines);
    else if (tab == DETAIL_STACK)
        detail_stacks(tui, &detail->example.subject, &out->lines);
    else if (tab == DETAIL_SOURCE)
        detail_source(tui, &detail->example.subject.site, SOURCE_AROUND, &out->lines);
    else
        add_json(tui, detail, &out->lines);
}
