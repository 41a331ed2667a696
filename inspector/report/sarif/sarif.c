/* SARIF 2.1.0: one run with an artifact a trace, since code scanning takes one run a tool and upload. Every class is
 * declared as a rule, fired or not. */
#include "sarif/sarif.h"
#include "words/verdict_words.h"

#include <ctype.h>

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* "never-awaited": "NeverAwaited" */
static json_t *rule_name(const char *class)
{
    struct buffer name = {0};
    bool upper = true;
    for (; *class; class ++) {
        char letter = upper ? (char)toupper((unsigned char)*class) : *class;
        if (isalnum((unsigned char)*class))
            buffer_add_bytes(&name, &letter, 1);
        upper = !isalnum((unsigned char)*class);
    }
    json_t *value = json_words(buffer_text(&name));
    buffer_free(&name);
    return value;
}

static json_t *rule_of(const struct report_options *options, const struct model_class *class)
{
    const char *title = model_class_title(class->name), *hint = model_class_hint(class->name);
    json_t *rule = json_pack(
        "{so,so,so,s{ss},s{so,s[ss]}}", "id", json_words(json_rule(class->name)), "name", rule_name(class->name),
        "shortDescription", sarif_message(options, title ? title : class->name), "defaultConfiguration", "level",
        class->severity, "properties", "class", json_words(class->name), "tags", "concurrency", "leak");
    if (hint)
        json_object_set_new(rule, "help", sarif_message(options, hint));
    return rule;
}

static json_t *tool(const struct report_options *options)
{
    json_t *rules = json_array();
    for (size_t i = 0; i < model_classes_count; i++)
        json_array_append_new(rules, rule_of(options, &model_classes[i]));
    return json_pack("{s{ss,ss,so}}", "driver", "name", "leash", "version", LEASH_VERSION, "rules", rules);
}

/* Why a trace could not be judged; NULL: it could. */
static json_t *notification(const struct report_options *options, const struct report_trace *trace)
{
    struct buffer words = {0};
    bool unreadable = !trace->snapshot;
    if (!unreadable && trace->verdict.code != EXIT_INCONCLUSIVE)
        return NULL;
    buffer_format(&words, "%s%s", unreadable ? "" : trace->path, unreadable ? trace->trouble : ": ");
    if (!unreadable)
        verdict_reason(&words, trace->snapshot);
    json_t *value = json_pack("{ss,so}", "level", unreadable ? "error" : "warning", "message",
                              sarif_message(options, buffer_text(&words)));
    buffer_free(&words);
    return value;
}

static json_t *invocation(const struct report_options *options, const struct report_trace *traces, size_t count,
                          int code)
{
    json_t *notifications = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *value = notification(options, &traces[i]);
        if (value)
            json_array_append_new(notifications, value);
    }
    return json_pack("{sb,si,so}", "executionSuccessful", code != EXIT_TROUBLE, "exitCode",
                     code == EXIT_LEAKS ? options->leak_code : code, "toolExecutionNotifications", notifications);
}

static void check(const struct report_options *options, const struct report_trace *traces, size_t count, int code)
{
    json_t *results = json_array(), *artifacts = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(
            artifacts, json_pack("{so,s[s]}", "location", sarif_artifact(traces[i].path), "roles", "analysisTarget"));
        for (size_t j = 0; traces[i].snapshot && j < traces[i].snapshot->groups_count; j++)
            json_array_append_new(results, sarif_result(options, &traces[i], i, &traces[i].snapshot->groups[j]));
    }
    json_t *base = json_pack("{s{so}}", SARIF_ROOT, "description",
                             sarif_message(options, "The folder that the source code lies under."));
    json_t *run = json_pack("{so,ss,so,s[o],so,so}", "tool", tool(options), "columnKind", "unicodeCodePoints",
                            "originalUriBaseIds", base, "invocations", invocation(options, traces, count, code),
                            "artifacts", artifacts, "results", results);
    json_print(options, json_pack("{ss,ss,s[o]}", "$schema", SCHEMA, "version", "2.1.0", "runs", run));
}

const struct report_format report_sarif = {"sarif", check, NULL, NULL};
