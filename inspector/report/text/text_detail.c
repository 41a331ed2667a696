/* `leash show`: one task, coroutine, future or object. */
#include "words/headline.h"
#include "text/text_lines.h"

#include <string.h>
#include <trace_format.h>

static void times_line(struct text *text, const struct model_subject *subject)
{
    char at[MODEL_TIME_TEXT];
    text_label(text, "times");
    text_format(text, TEXT_PLAIN, "created %s", model_time_text(subject->created_ns, at));
    if (subject->began_ns != MODEL_NEVER)
        text_format(text, TEXT_PLAIN, ", began %s", model_time_text(subject->began_ns, at));
    if (subject->ended_ns != MODEL_NEVER)
        text_format(text, TEXT_PLAIN, ", ended %s", model_time_text(subject->ended_ns, at));
    text_end(text);
}

static void marks_line(struct text *text, unsigned facts)
{
    static const struct {
        unsigned bit;
        const char *words;
    } marks[] = {{LEASH_FACT_PENDING, "pending when the loop stopped"},
                 {LEASH_FACT_CANCELLED, "cancelled by the program before"},
                 {LEASH_FACT_WAITED, "waited for"},
                 {LEASH_FACT_CALLBACK, "with a done callback"},
                 {LEASH_FACT_DAEMON, "a daemon"},
                 {LEASH_FACT_DETACHED, "detached"},
                 {LEASH_FACT_UNSETTLED, "claim never settled"},
                 {LEASH_FACT_UNRETRIEVED, "failure never looked at"},
                 {LEASH_FACT_LOST, "no live reference"},
                 {LEASH_FACT_NEVER_AWAITED, "never awaited"},
                 {LEASH_FACT_LOST_EARLIER, "once without a live reference"}};
    const char *separator = "";
    if (facts == 0)
        return;
    text_label(text, "marks");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!(facts & marks[i].bit))
            continue;
        text_format(text, TEXT_PLAIN, "%s%s", separator, marks[i].words);
        separator = ", ";
    }
    text_end(text);
}

static void head(struct text *text, const struct model_subject *subject)
{
    struct buffer words = {0};
    char id[MODEL_REF_TEXT];
    headline_add_subject(&words, subject);
    text_add(text, TEXT_STRONG, buffer_text(&words));
    buffer_free(&words);
    if (subject->ref.kind == MODEL_CORO && subject->coro) /* as a headline has it, without its id */
        text_format(text, TEXT_PLAIN, "  %s", model_ref_text(subject->ref, id));
    if (subject->coro && model_given_name(subject))
        text_format(text, TEXT_PLAIN, "  coroutine `%s`", subject->coro);
    if (subject->name && !model_given_name(subject))
        text_format(text, TEXT_PLAIN, "  (%s)", subject->name);
    if (subject->state)
        text_format(text, TEXT_ACCENT, "  %s", subject->state);
    text_end(text);
}

void text_detail(const struct report_options *options, const struct model_detail *detail)
{
    struct text text = {.options = options};
    const struct model_subject *subject = &detail->example.subject;
    struct words words = text_words(&text);
    head(&text, subject);
    text_add(&text, TEXT_ACCENT, "  --> ");
    text_site(&text, &subject->site);
    if (subject->site.func)
        text_format(&text, TEXT_PLAIN, " in %s", subject->site.func);
    text_end(&text);
    text_snippet(&text, &subject->site, 0, NULL);
    words_add_created(&words, subject);
    text_words_end(&text, &words);
    times_line(&text, subject);
    if (subject->code < 0)
        words_add_failure(&words, subject);
    words_add_waiting(&words, &detail->example);
    text_words_end(&text, &words);
    marks_line(&text, subject->facts);
    for (size_t i = 0; i < detail->facts_count; i++) {
        text_label(&text, detail->facts[i].label);
        text_add(&text, TEXT_PLAIN, detail->facts[i].text);
        text_end(&text);
    }
    buffer_free(&text.line);
}
