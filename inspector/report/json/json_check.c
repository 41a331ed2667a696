/* {"schema":"leash.check/1", ...} */
#include "words/headline.h"
#include "json/json.h"
#include "words/words.h"

static json_t *ids_of(const struct model_group *group)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < group->count; i++)
        json_array_append_new(ids, json_ref((struct model_ref){group->examples[0].subject.ref.kind, group->ids[i]}));
    return ids;
}

static json_t *examples_of(const struct model_group *group)
{
    json_t *examples = json_array();
    for (size_t i = 0; i < group->examples_count; i++) {
        const struct model_example *example = &group->examples[i];
        json_t *value = json_subject(&example->subject);
        json_object_set_new(value, "at_ns", json_time(example->at_ns));
        json_object_set_new(value, "detail", json_words(example->detail));
        json_object_set_new(value, "waits_for", json_wait(&example->wait));
        json_object_set_new(value, "chain", json_chain(&example->chain));
        json_array_append_new(examples, value);
    }
    return examples;
}

/* What the chain ends at: the cause that the others wait for. */
static json_t *root_of(const struct model_chain *chain)
{
    return chain->count ? json_words(chain->links[chain->count - 1].label) : json_null();
}

/* [{"label":"created by","text":"..."}]: the lines of the text report. */
static json_t *words_of(const struct report_options *options, const struct model_snapshot *snapshot,
                        const struct model_group *group)
{
    json_t *lines = json_array();
    struct words words = {.source = &options->source};
    words_add_group(&words, snapshot, group);
    for (size_t i = 0; i < words.count; i++)
        json_array_append_new(lines, json_pack("{so,so}", "label", json_words(words.lines[i].label), "text",
                                               json_words(buffer_text(&words.lines[i].text))));
    words_free(&words);
    return lines;
}

/* What the user's files say of it. */
static void add_standing(json_t *leak, const struct model_group *group)
{
    struct buffer words = {0};
    headline_add_suppression(&words, group);
    json_object_set_new(leak, "suppress", json_words(buffer_text(&words)));
    buffer_clear(&words);
    words_standing(&words, group);
    bool baseline = group->standing != MODEL_STANDING_NONE;
    json_object_set_new(leak, "suppressed_by", json_words(group->suppressed_by));
    json_object_set_new(leak, "suppressed_at", json_words(group->suppressed_at));
    json_object_set_new(leak, "standing", json_words(baseline ? buffer_text(&words) : NULL));
    json_object_set_new(leak, "accepted", baseline ? json_integer((json_int_t)group->accepted) : json_null());
    buffer_free(&words);
}

json_t *json_leak(const struct report_options *options, const struct report_trace *trace,
                  const struct model_group *group)
{
    const struct model_example *first = &group->examples[0];
    struct buffer words = {0};
    char fingerprint[16];
    words_headline(&words, trace->snapshot, group);
    snprintf(fingerprint, sizeof fingerprint, "%08x", group->fingerprint);
    json_t *leak =
        json_pack("{so,so,ss,ss,ss,sI}", "trace", json_words(trace->path), "id", json_ref(first->subject.ref), "class",
                  group->class, "severity", group->fails ? "error" : "warning", "fingerprint", fingerprint, "count",
                  (json_int_t)group->count);
    json_object_set_new(leak, "message", json_words(buffer_text(&words)));
    json_object_set_new(leak, "also", json_words(group->also));
    json_object_set_new(leak, "site", json_site(&first->subject.site));
    json_object_set_new(leak, "stack", json_stack(&first->subject.stack));
    if (first->subject.first_use.count)
        json_object_set_new(leak, "first_use", json_stack(&first->subject.first_use));
    if (first->subject.stood.count)
        json_object_set_new(leak, "stood", json_stack(&first->subject.stood));
    json_object_set_new(leak, "chain", json_chain(&first->chain));
    json_object_set_new(leak, "root", root_of(&first->chain));
    json_object_set_new(leak, "hint", json_words(model_class_hint(group->class)));
    json_object_set_new(leak, "status", json_string(words_status(words_status_of(group))));
    json_object_set_new(leak, "rule", json_words(json_rule(group->class)));
    add_standing(leak, group);
    json_object_set_new(leak, "victims", json_integer((json_int_t)group->victims));
    json_object_set_new(leak, "first_ns", json_time(group->first_ns));
    json_object_set_new(leak, "last_ns", json_time(group->last_ns));
    json_object_set_new(leak, "words", words_of(options, trace->snapshot, group));
    json_object_set_new(leak, "ids", ids_of(group));
    json_object_set_new(leak, "examples", examples_of(group));
    buffer_free(&words);
    return leak;
}

static json_t *trace_of(const struct report_options *options, const struct report_trace *trace)
{
    int code = trace->verdict.code == EXIT_LEAKS ? options->leak_code : trace->verdict.code;
    json_t *value = json_pack("{so,si}", "path", json_words(trace->path), "exit", code);
    const struct model_snapshot *snapshot = trace->snapshot;
    if (!snapshot) {
        json_object_set_new(value, "complete", json_false());
        json_object_set_new(value, "dropped", json_null());
        json_object_set_new(value, "error", json_words(trace->trouble));
        return value;
    }
    const struct model_run *run = &snapshot->run;
    json_object_set_new(value, "complete", json_boolean(model_is_whole(snapshot)));
    json_object_set_new(value, "dropped", json_integer(run->dropped));
    json_object_set_new(value, "state", json_string(report_ending(run->ending)));
    json_object_set_new(value, "note", json_words(snapshot->note));
    json_object_set_new(value, "pid", json_integer(run->pid));
    json_object_set_new(value, "tasks", json_integer(run->tasks));
    json_object_set_new(value, "coros", json_integer(run->coros));
    json_object_set_new(value, "running_at_crash", json_integer(run->ending == MODEL_CRASHED ? run->pending : 0));
    json_object_set_new(value, "ended_ns", json_time(run->ended_ns));
    json_object_set_new(value, "leaks", json_integer((json_int_t)trace->verdict.leaks));
    json_object_set_new(value, "warnings", json_integer((json_int_t)trace->verdict.warnings));
    json_object_set_new(value, "suppressed", json_integer((json_int_t)trace->verdict.suppressed));
    json_object_set_new(value, "known", json_integer((json_int_t)trace->verdict.known));
    return value;
}

void json_check(const struct report_options *options, const struct report_trace *traces, size_t count, int code)
{
    json_t *list = json_array(), *leaks = json_array(), *classes = json_object();
    size_t failing = 0, warnings = 0, groups = 0;
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, trace_of(options, &traces[i]));
        failing += traces[i].verdict.leaks;
        warnings += traces[i].verdict.warnings;
        for (size_t j = 0; traces[i].snapshot && j < traces[i].snapshot->groups_count; j++) {
            const struct model_group *group = &traces[i].snapshot->groups[j];
            json_int_t before = json_integer_value(json_object_get(classes, group->class));
            json_object_set_new(classes, group->class, json_integer(before + (json_int_t)group->count));
            json_array_append_new(leaks, json_leak(options, &traces[i], group));
            groups++;
        }
    }
    json_t *totals = json_pack("{sI,sI,sI,so}", "leaks", (json_int_t)failing, "warnings", (json_int_t)warnings,
                               "groups", (json_int_t)groups, "classes", classes);
    json_print(options, json_pack("{ss,si,so,so,so}", "schema", "leash.check/1", "exit",
                                  code == EXIT_LEAKS ? options->leak_code : code, "traces", list, "totals", totals,
                                  "leaks", leaks));
}
