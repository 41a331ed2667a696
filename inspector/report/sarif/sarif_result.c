/* One group as a result of SARIF. */
#include "escape.h"
#include "words/headline.h"
#include "sarif/sarif.h"

#include <stdio.h>
#include <string.h>

/* The headline, then the lines of the text report. */
static json_t *message_of(const struct report_options *options, const struct model_snapshot *snapshot,
                          const struct model_group *group)
{
    struct words words = {.source = &options->source};
    struct buffer text = {0}, escaped = {0};
    words_headline(&text, snapshot, group);
    escape_text(&escaped, buffer_text(&text), options->ascii);
    words_add_group(&words, snapshot, group);
    for (size_t i = 0; i < words.count; i++) {
        buffer_format(&escaped, "\n%s%s", words.lines[i].label, *words.lines[i].label ? ": " : "  ");
        escape_text(&escaped, buffer_text(&words.lines[i].text), options->ascii);
    }
    json_t *message = sarif_message(options, buffer_text(&escaped));
    words_free(&words);
    buffer_free(&text);
    buffer_free(&escaped);
    return message;
}

/* ---- stacks ---- */

static json_t *frames_of(const struct report_options *options, const struct model_stack *stack)
{
    json_t *frames = json_array();
    for (size_t i = 0; i < stack->count; i++) {
        const struct model_frame *frame = &stack->frames[i];
        json_t *value =
            json_pack("{so}", "location", sarif_location(options, frame->file, frame->line, frame->func, NULL));
        if (frame->module)
            json_object_set_new(value, "module", json_words(frame->module));
        json_array_append_new(frames, value);
    }
    return frames;
}

static json_t *creation_frames(const struct report_options *options, const struct model_subject *subject)
{
    json_t *frames = frames_of(options, &subject->stack);
    if (subject->stack.count == 0 && subject->site.file)
        json_array_append_new(frames, json_pack("{so}", "location",
                                                sarif_location(options, subject->site.file, subject->site.line,
                                                               subject->site.func, NULL)));
    return frames;
}

static void add_stack(const struct report_options *options, json_t *stacks, const char *words, json_t *frames)
{
    if (json_array_size(frames))
        json_array_append_new(stacks, json_pack("{so,so}", "message", sarif_message(options, words), "frames", frames));
    else
        json_decref(frames);
}

static json_t *stacks_of(const struct report_options *options, const struct model_group *group)
{
    const struct model_example *example = &group->examples[0];
    bool is_call = model_class_is_of_a_call(group->class);
    json_t *stacks = json_array(), *stopped = frames_of(options, &example->subject.stood);
    for (size_t i = 0; i < example->wait.stopped_count && !example->subject.stood.count; i++) {
        const struct model_site *site = &example->wait.stopped[i];
        json_array_append_new(
            stopped, json_pack("{so}", "location", sarif_location(options, site->file, site->line, site->func, NULL)));
    }
    add_stack(options, stacks, is_call ? "called by" : "created by", creation_frames(options, &example->subject));
    add_stack(options, stacks, "first used by", frames_of(options, &example->subject.first_use));
    add_stack(options, stacks, "stopped at", stopped);
    return stacks;
}

/* ---- the await chain ---- */

/* One step a link. What does not wait itself (a sleep, a lock) stands where it is waited for. */
static json_t *chain_steps(const struct report_options *options, const struct model_example *example)
{
    const struct model_chain *chain = &example->chain;
    const struct model_site *site = &example->subject.site;
    json_t *steps = json_array();
    for (size_t i = 0; i < chain->count; i++) {
        struct buffer words = {0};
        const struct model_link *link = &chain->links[i];
        bool last = i + 1 == chain->count;
        site = link->site.file ? &link->site : site;
        buffer_add(&words, link->label);
        if (last)
            buffer_add(&words, chain->cycle ? ": back to the first" : " ROOT");
        else
            buffer_format(&words, " waits for %s", chain->links[i + 1].label);
        json_array_append_new(
            steps, json_pack("{so,ss}", "location",
                             sarif_location(options, site->file, site->line, site->func, buffer_text(&words)),
                             "importance", i == chain->subject ? "essential" : "important"));
        buffer_free(&words);
    }
    return steps;
}

static json_t *flows_of(const struct report_options *options, const struct model_example *example)
{
    return json_pack("[{so,s[{so}]}]", "message", sarif_message(options, "await chain"), "threadFlows", "locations",
                     chain_steps(options, example));
}

/* ---- what the user accepts ---- */

static json_t *suppressions_of(const struct report_options *options, const struct model_group *group)
{
    struct buffer words = {0}, escaped = {0};
    if (!group->suppressed_by)
        return json_array();
    words_suppressed(&words, group);
    escape_text(&escaped, buffer_text(&words), options->ascii);
    json_t *list = json_pack("[{ss,ss,so}]", "kind", words_in_source(group) ? "inSource" : "external", "status",
                             "accepted", "justification", json_words(buffer_text(&escaped)));
    buffer_free(&words);
    buffer_free(&escaped);
    return list;
}

static const char *baseline_state(const struct model_group *group)
{
    static const char *const states[] = {[MODEL_STANDING_NONE] = NULL,
                                         [MODEL_STANDING_NEW] = "new",
                                         [MODEL_STANDING_GREW] = "updated",
                                         [MODEL_STANDING_KNOWN] = "unchanged"};
    return states[group->standing];
}

/* What a script may want beside the message. */
static json_t *properties_of(const struct report_options *options, const struct report_trace *trace,
                             const struct model_group *group)
{
    json_t *leak = json_leak(options, trace, group), *properties = json_object();
    static const char *const taken[] = {"trace",   "id",   "class", "victims",  "first_ns",
                                        "last_ns", "root", "hint",  "suppress", "also"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        json_object_set(properties, taken[i], json_object_get(leak, taken[i]));
    json_decref(leak);
    return properties;
}

/* What is suppressed or known keeps the level of its class. */
static const char *level_of(const struct model_group *group)
{
    enum words_status status = words_status_of(group);
    bool error = status == WORDS_ERROR || (status != WORDS_WARNING && group->error);
    return error ? "error" : "warning";
}

/* Viewers leave out what has no place in a file: then it is the trace. */
static json_t *place_of(const struct report_options *options, const struct report_trace *trace,
                        const struct model_site *site)
{
    if (!site->file)
        return sarif_location(options, trace->path, 1, site->func, NULL);
    return sarif_site(options, site, trace->snapshot->run.began_unix_ns);
}

json_t *sarif_result(const struct report_options *options, const struct report_trace *trace, size_t artifact,
                     const struct model_group *group)
{
    const struct model_example *first = &group->examples[0];
    char fingerprint[16];
    snprintf(fingerprint, sizeof fingerprint, "%08x", group->fingerprint);
    json_t *target = sarif_artifact(trace->path);
    json_object_set_new(target, "index", json_integer((json_int_t)artifact));
    json_t *result =
        json_pack("{so,si,ss,ss,so,s[o],s{ss},sI,so,so,so}", "ruleId", json_words(json_rule(group->class)), "ruleIndex",
                  model_class_index(group->class), "kind", "fail", "level", level_of(group), "message",
                  message_of(options, trace->snapshot, group), "locations",
                  place_of(options, trace, &first->subject.site), "partialFingerprints", "leashFingerprint/v1",
                  fingerprint, "occurrenceCount", (json_int_t)group->count, "analysisTarget", target, "suppressions",
                  suppressions_of(options, group), "properties", properties_of(options, trace, group));
    json_object_set_new(result, "stacks", stacks_of(options, group));
    if (first->chain.count > 1)
        json_object_set_new(result, "codeFlows", flows_of(options, first));
    if (first->subject.failure_site.file)
        json_object_set_new(
            result, "relatedLocations",
            json_pack("[o]", sarif_location(options, first->subject.failure_site.file, first->subject.failure_site.line,
                                            first->subject.failure_site.func, "failed here")));
    if (baseline_state(group))
        json_object_set_new(result, "baselineState", json_string(baseline_state(group)));
    return result;
}
