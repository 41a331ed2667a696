/* One group of findings, as a person reads it. */
#include "text_group.h"
#include "headline.h"

#include <string.h>

#define IDS_VERBOSE 50

static bool is(const struct model_group *group, const char *class)
{
    return strcmp(group->class, class) == 0;
}

static void head(struct text *text, const struct model_group *group)
{
    struct buffer words = {0};
    text_format(text, group->fails ? TEXT_ERROR : TEXT_WARN, "%s[%s]", group->fails ? "error" : "warning",
                group->class);
    text_add(text, TEXT_PLAIN, ": ");
    headline_add(&words, group);
    text_add(text, TEXT_STRONG, buffer_text(&words));
    buffer_free(&words);
    text_end(text);
}

static void place(struct text *text, const struct model_group *group)
{
    const struct model_site *site = &group->examples[0].subject.site;
    char first[MODEL_TIME_TEXT], last[MODEL_TIME_TEXT];
    text_add(text, TEXT_ACCENT, "  --> ");
    text_site(text, site);
    if (site->func)
        text_format(text, TEXT_PLAIN, " in %s", site->func);
    if (group->first_ns != group->last_ns)
        text_format(text, TEXT_DIM, "   first %s, last %s", model_time_text(group->first_ns, first),
                    model_time_text(group->last_ns, last));
    else if (group->first_ns != MODEL_NEVER)
        text_format(text, TEXT_DIM, "   at %s", model_time_text(group->first_ns, first));
    text_end(text);
}

/* What became of it, where that is not told by what it waited for or failed with. */
static void fate(struct text *text, const struct model_snapshot *snapshot, const struct model_group *group)
{
    const struct model_example *example = &group->examples[0];
    char at[MODEL_TIME_TEXT];
    bool pending = is(group, "unreferenced") || is(group, "pending-at-exit");
    if (is(group, "never-retrieved") || (pending && example->wait.label) || (!pending && !example->detail))
        return;
    text_label(text, "fate");
    if (is(group, "never-awaited"))
        text_format(text, TEXT_PLAIN, "never started by the end of the run at %s",
                    model_time_text(snapshot->run.ended_ns, at));
    else if (pending)
        text_add(text, TEXT_PLAIN,
                 example->subject.began_ns == MODEL_NEVER ? "never ran its first step"
                                                          : "ready to run when the loop stopped");
    else
        text_add(text, TEXT_PLAIN, example->detail);
    text_end(text);
}

static void handle(struct text *text, const struct model_subject *subject)
{
    char held[MODEL_TIME_TEXT], lost[MODEL_TIME_TEXT];
    if (subject->lost_ns == MODEL_NEVER)
        return;
    text_label(text, "handle");
    if (subject->held_ns != MODEL_NEVER)
        text_format(text, TEXT_PLAIN, "last found %s, gone at %s (scans)", model_time_text(subject->held_ns, held),
                    model_time_text(subject->lost_ns, lost));
    else
        text_format(text, TEXT_PLAIN, "no live reference found by the scan at %s",
                    model_time_text(subject->lost_ns, lost));
    text_end(text);
}

/* The others of the group: up to two more by name, then how many there are. */
static void others(struct text *text, const struct model_group *group)
{
    size_t shown = 1;
    char ref[MODEL_REF_TEXT];
    if (group->count < 2)
        return;
    text_label(text, "others");
    for (; shown < group->examples_count; shown++) {
        const struct model_subject *subject = &group->examples[shown].subject;
        text_format(text, TEXT_PLAIN, "%s%s %s", shown > 1 ? ", " : "", model_ref_text(subject->ref, ref),
                    model_label(subject));
    }
    for (; text->options->verbosity > 0 && shown < group->count && shown < IDS_VERBOSE; shown++)
        text_format(text, TEXT_PLAIN, ", %s",
                    model_ref_text((struct model_ref){group->examples[0].subject.ref.kind, group->ids[shown]}, ref));
    if (shown < group->count)
        text_format(text, TEXT_PLAIN, " and %zu more like %s", group->count - shown, shown > 1 ? "these" : "this");
    text_end(text);
}

static void tail(struct text *text, const struct model_group *group)
{
    struct buffer words = {0};
    const char *hint = model_class_hint(group->class);
    if (group->also) {
        text_label(text, "also");
        text_add(text, TEXT_PLAIN, group->also);
        text_end(text);
    }
    if (hint) {
        text_label(text, "hint");
        text_add(text, TEXT_OK, hint);
        text_end(text);
    }
    headline_add_suppression(&words, group);
    text_format(text, TEXT_DIM, "  id %08x   suppress  %s", group->fingerprint, buffer_text(&words));
    buffer_free(&words);
    text_end(text);
    text_end(text);
}

void text_group(struct text *text, const struct model_snapshot *snapshot, const struct model_group *group)
{
    const struct model_example *example = &group->examples[0];
    head(text, group);
    place(text, group);
    text_snippet(text, &example->subject.site, snapshot->run.began_unix_ns,
                 is(group, "never-awaited") ? "makes a coroutine object; nothing runs it" : NULL);
    text_created(text, &example->subject);
    if (is(group, "never-retrieved") || is(group, "failure-hidden"))
        text_failure(text, &example->subject);
    text_waiting(text, example);
    fate(text, snapshot, group);
    handle(text, &example->subject);
    others(text, group);
    tail(text, group);
}
