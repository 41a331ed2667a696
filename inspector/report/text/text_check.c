/* The human report of `check`: groups, then the verdict. */
#include "report.h"
#include "text/text_group.h"
#include "text/text_lines.h"
#include "words/verdict_words.h"

#include <inttypes.h>
#include <string.h>

#define RUNNING_SHOWN 5

static void running_at_crash(struct text *text, const struct model_snapshot *snapshot)
{
    const struct model_run *run = &snapshot->run;
    char ref[MODEL_REF_TEXT], at[MODEL_TIME_TEXT];
    if (run->ending != MODEL_CRASHED || run->pending == 0)
        return;
    text_format(text, TEXT_STRONG, "%" PRId64 " task%s running at the crash at %s (not leaks):", run->pending,
                run->pending == 1 ? "" : "s", model_time_text(run->ended_ns, at));
    text_end(text);
    size_t shown = snapshot->running_count < RUNNING_SHOWN ? snapshot->running_count : RUNNING_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        const struct model_example *task = &snapshot->running[i];
        text_format(text, TEXT_PLAIN, "  %s %s", model_ref_text(task->subject.ref, ref), model_label(&task->subject));
        text_format(text, TEXT_PLAIN, task->wait.label ? " -> %s" : "   %s",
                    task->wait.label ? task->wait.label : "was running, or ready to run");
        if (task->wait.stopped_count) {
            text_add(text, TEXT_PLAIN, "   ");
            text_site(text, &task->wait.stopped[0]);
        }
        text_end(text);
    }
    if (run->pending > (int64_t)shown) {
        text_format(text, TEXT_DIM, "  and %" PRId64 " more", run->pending - (int64_t)shown);
        text_end(text);
    }
    text_end(text);
}

static enum text_role role_of(int code)
{
    return code == EXIT_CLEAN ? TEXT_OK : code == EXIT_INCONCLUSIVE ? TEXT_WARN : TEXT_ERROR;
}

/* Adds words that were collected, and empties the buffer. */
static void add_words(struct text *text, enum text_role role, struct buffer *words)
{
    text_add(text, role, buffer_text(words));
    buffer_clear(words);
}

/* After what stands in the line, at least two blanks from it. */
static void end_with_result(struct text *text, int code)
{
    struct buffer words = {0};
    text_add(text, TEXT_PLAIN, "  ");
    verdict_result(&words, text->options, code);
    text_add(text, role_of(code), buffer_text(&words));
    buffer_free(&words);
    text_end(text);
}

/* A word of a shell's command line. */
static void add_shell_word(struct buffer *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+,@%=:-";
    if (*word && word[strspn(word, plain)] == '\0') {
        buffer_add(out, word);
        return;
    }
    buffer_add(out, "'");
    for (; *word; word++)
        *word == '\'' ? buffer_add(out, "'\\''") : buffer_add_bytes(out, word, 1);
    buffer_add(out, "'");
}

/* What to type next; nothing if no finding was shown. */
static void next_words(struct buffer *out, const struct report_trace *trace)
{
    char ref[MODEL_REF_TEXT];
    struct buffer path = {0};
    const struct model_group *first = trace->snapshot->groups;
    if (trace->snapshot->groups_count == 0 || words_status_of(first) > WORDS_WARNING)
        return;
    add_shell_word(&path, trace->path);
    buffer_format(out, "next: leash %s", buffer_text(&path));
    if (first->examples[0].subject.ref.kind != MODEL_NONE)
        buffer_format(out, "     leash show '%s' %s", model_ref_text(first->examples[0].subject.ref, ref),
                      buffer_text(&path));
    buffer_free(&path);
}

static void verdict_lines(struct text *text, const struct report_trace *trace)
{
    struct buffer words = {0};
    text_format(text, TEXT_STRONG, "%s: ", trace->path);
    verdict_leaks(&words, text->options, trace);
    add_words(text, trace->verdict.leaks ? TEXT_STRONG : TEXT_PLAIN, &words);
    text_end(text);
    text_add(text, TEXT_PLAIN, "  ");
    verdict_facts(&words, trace);
    add_words(text, TEXT_PLAIN, &words);
    if (trace->verdict.code == EXIT_INCONCLUSIVE) {
        text_end(text);
        text_add(text, TEXT_PLAIN, "  ");
        verdict_reason(&words, trace->snapshot);
        add_words(text, TEXT_WARN, &words);
        text_end(text);
    }
    if (text->options->verbosity >= 0)
        next_words(&words, trace);
    if (words.length) {
        if (trace->verdict.code != EXIT_INCONCLUSIVE)
            text_end(text);
        text_add(text, TEXT_PLAIN, "  ");
        add_words(text, TEXT_DIM, &words);
    }
    buffer_free(&words);
    end_with_result(text, trace->verdict.code);
}

/* Without -v only what is to be looked at. */
static bool is_shown(const struct text *text, const struct model_group *group)
{
    return text->options->verbosity > 0 || words_status_of(group) <= WORDS_WARNING;
}

static void one_trace(const struct report_options *options, const struct report_trace *trace)
{
    struct text text = {.options = options};
    if (!trace->snapshot)
        return; /* its trouble was told on stderr */
    model_clock_begin(options->clock, trace->snapshot->run.began_unix_ns);
    if (options->verbosity >= 0) {
        for (size_t i = 0; i < trace->snapshot->groups_count; i++)
            if (is_shown(&text, &trace->snapshot->groups[i]))
                text_group(&text, trace->snapshot, &trace->snapshot->groups[i]);
        running_at_crash(&text, trace->snapshot);
    }
    verdict_lines(&text, trace);
    buffer_free(&text.line);
    model_clock_begin(MODEL_CLOCK_REL, 0); /* other formats say the same words in other files */
}

static void check(const struct report_options *options, const struct report_trace *traces, size_t count, int code)
{
    size_t with[4] = {0};
    struct text text = {.options = options};
    for (size_t i = 0; i < count; i++) {
        if (i && options->verbosity >= 0 && traces[i].snapshot)
            text_end(&text);
        one_trace(options, &traces[i]);
        with[traces[i].verdict.code]++;
    }
    if (count > 1) {
        if (options->verbosity >= 0)
            text_end(&text);
        text_format(&text, TEXT_STRONG, "%zu traces: ", count);
        text_format(&text, TEXT_PLAIN, "%zu clean, %zu with leaks, %zu inconclusive, %zu not readable",
                    with[EXIT_CLEAN], with[EXIT_LEAKS], with[EXIT_INCONCLUSIVE], with[EXIT_TROUBLE]);
        end_with_result(&text, code);
    }
    buffer_free(&text.line);
}

const struct report_format report_text = {"text", check, text_detail, text_table};
