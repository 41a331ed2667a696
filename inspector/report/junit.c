/* JUnit's XML in the shape that Jenkins, GitLab and others read: a suite a trace, a case a class. A case has at most
 * one outcome, since some readers keep only one: a class's further groups get cases of their own. */
#include "escape.h"
#include "report.h"
#include "text/text_group.h"
#include "words/verdict_words.h"
#include "words/words.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct junit {
    const struct report_options *options;
    struct buffer cases; /* of the suite, while it is being made */
    size_t tests, failures, skipped, errors;
};

static const char *entity_of(char letter)
{
    switch (letter) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

/* As the value of an attribute or as text. What is no character of XML 1.0 is none on a terminal either. */
static void add_escaped(struct buffer *out, const struct junit *junit, const char *text)
{
    struct buffer plain = {0};
    escape_text(&plain, text, junit->options->ascii);
    for (const char *at = buffer_text(&plain); *at; at++) {
        const char *entity = entity_of(*at);
        if (entity)
            buffer_add(out, entity);
        else
            buffer_add_bytes(out, at, 1);
    }
    buffer_free(&plain);
}

static void add_lines(struct buffer *out, const struct junit *junit, const char *text)
{
    for (const char *end; *text; text = end + (*end == '\n')) {
        end = strchrnul(text, '\n');
        char *line = strndup(text, (size_t)(end - text));
        add_escaped(out, junit, line);
        free(line);
        buffer_add(out, *end == '\n' ? "\n" : "");
    }
}

static void add_attribute(struct buffer *out, const struct junit *junit, const char *name, const char *value)
{
    buffer_format(out, " %s=\"", name);
    add_escaped(out, junit, value);
    buffer_add(out, "\"");
}

/* Opens the case; `nth` of its class, from 1. */
static void begin_case(struct junit *junit, const struct report_trace *trace, const char *class, size_t nth)
{
    struct buffer name = {0};
    buffer_format(&name, nth > 1 ? "%s (%zu)" : "%s", class, nth);
    buffer_add(&junit->cases, "    <testcase");
    add_attribute(&junit->cases, junit, "name", buffer_text(&name));
    add_attribute(&junit->cases, junit, "classname", trace->path);
    buffer_add(&junit->cases, " time=\"0\">");
    buffer_free(&name);
    junit->tests++;
}

static void end_case(struct junit *junit)
{
    buffer_add(&junit->cases, "</testcase>\n");
}

/* <element message= type=>body</element> */
static void add_outcome(struct junit *junit, const char *element, const char *type, const char *message,
                        const char *body)
{
    struct buffer *out = &junit->cases;
    buffer_format(out, "\n      <%s", element);
    add_attribute(out, junit, "message", message);
    add_attribute(out, junit, "type", type);
    buffer_add(out, ">");
    add_lines(out, junit, body);
    buffer_format(out, "</%s>\n    ", element);
}

static void add_group(struct junit *junit, const struct report_trace *trace, const struct model_group *group,
                      size_t nth)
{
    struct buffer message = {0};
    enum words_status status = words_status_of(group);
    char *text = text_group_plain(junit->options, trace->snapshot, group);
    begin_case(junit, trace, group->class, nth);
    if (status == WORDS_ERROR) {
        words_headline(&message, trace->snapshot, group);
        add_outcome(junit, "failure", group->class, buffer_text(&message), text);
        junit->failures++;
    } else if (status == WORDS_SUPPRESSED) {
        buffer_add(&message, "suppressed ");
        words_suppressed(&message, group);
        add_outcome(junit, "skipped", group->class, buffer_text(&message), text);
        junit->skipped++;
    } else {
        buffer_add(&junit->cases, "\n      <system-out>");
        add_lines(&junit->cases, junit, text);
        buffer_add(&junit->cases, "</system-out>\n    ");
    }
    end_case(junit);
    buffer_free(&message);
    free(text);
}

static void add_class(struct junit *junit, const struct report_trace *trace, const char *class)
{
    size_t nth = 0;
    for (size_t i = 0; i < trace->snapshot->groups_count; i++)
        if (strcmp(trace->snapshot->groups[i].class, class) == 0)
            add_group(junit, trace, &trace->snapshot->groups[i], ++nth);
    if (nth)
        return;
    begin_case(junit, trace, class, 1);
    end_case(junit);
}

/* That the trace could not be judged must not look like a success. */
static void add_trouble(struct junit *junit, const struct report_trace *trace)
{
    struct buffer message = {0};
    bool unreadable = !trace->snapshot;
    if (!unreadable && trace->verdict.code != EXIT_INCONCLUSIVE)
        return;
    if (unreadable)
        buffer_add(&message, trace->trouble);
    else
        verdict_reason(&message, trace->snapshot);
    begin_case(junit, trace, "trace", 1);
    add_outcome(junit, "error", unreadable ? "unreadable" : "inconclusive", buffer_text(&message), "");
    end_case(junit);
    junit->errors++;
    buffer_free(&message);
}

/* The instant at which the run began, where a calendar has it. */
static void add_timestamp(struct buffer *out, const struct model_run *run)
{
    struct tm when;
    char text[40];
    time_t seconds = (time_t)(run->began_unix_ns / 1000000000);
    if (run->began_unix_ns <= 0 || !gmtime_r(&seconds, &when))
        return;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &when);
    buffer_format(out, " timestamp=\"%s\"", text);
}

static void suite(struct junit *junit, const struct report_trace *trace)
{
    struct buffer head = {0};
    const struct model_run *run = trace->snapshot ? &trace->snapshot->run : NULL;
    bool timed = run && run->ended_ns > 0;
    for (size_t i = 0; run && i < model_classes_count; i++)
        add_class(junit, trace, model_classes[i].name);
    add_trouble(junit, trace);
    buffer_add(&head, "  <testsuite");
    add_attribute(&head, junit, "name", trace->path);
    buffer_format(&head, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.3f\"", junit->tests,
                  junit->failures, junit->errors, junit->skipped, timed ? (double)run->ended_ns / 1e9 : 0.0);
    if (run)
        add_timestamp(&head, run);
    fprintf(junit->options->out, "%s>\n%s  </testsuite>\n", buffer_text(&head), buffer_text(&junit->cases));
    buffer_free(&head);
    buffer_free(&junit->cases);
}

static void check(const struct report_options *options, const struct report_trace *traces, size_t count, int code)
{
    (void)code;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"leash\">\n", options->out);
    for (size_t i = 0; i < count; i++) {
        struct junit junit = {.options = options};
        suite(&junit, &traces[i]);
    }
    fputs("</testsuites>\n", options->out);
}

const struct report_format report_junit = {"junit", check, NULL, NULL};
