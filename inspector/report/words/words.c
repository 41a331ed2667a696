#include "words/words.h"
#include "alloc.h"
#include "words/headline.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct buffer *words_add(struct words *words, const char *label, enum words_mark mark)
{
    X_GROW(words->lines, words->count, words->capacity);
    struct words_line *line = &words->lines[words->count++];
    *line = (struct words_line){.label = label, .mark = mark};
    return &line->text;
}

void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        buffer_free(&words->lines[i].text);
    free(words->lines);
    words->lines = NULL;
    words->count = words->capacity = 0;
}

const char *words_file(const struct source_options *source, const struct model_site *site)
{
    return site->file ? source_relative(source, site->file) : NULL;
}

void words_site(struct buffer *out, const struct source_options *source, const struct model_site *site)
{
    if (site->file)
        buffer_format(out, "%s:%d", words_file(source, site), site->line);
    else
        buffer_add(out, "?");
}

/* "worker_loop src/pool.c:41" */
static void add_place(struct buffer *out, const struct words *words, const struct model_site *site)
{
    buffer_format(out, "%s ", site->func ? site->func : "?");
    words_site(out, words->source, site);
}

/* ---- creation ---- */

static void add_frame(struct buffer *out, const struct words *words, const struct model_frame *frame)
{
    if (frame->func)
        buffer_add(out, frame->func);
    else
        buffer_format(out, "%s+0x%" PRIx64, frame->module ? frame->module : "?", frame->offset);
    if (frame->file)
        buffer_format(out, " %s:%d", source_relative(words->source, frame->file), frame->line);
}

static void add_stack(struct buffer *out, const struct words *words, const struct model_stack *stack)
{
    size_t first = 0;
    while (first < stack->count && stack->frames[first].runtime)
        first++; /* the call that made it: its name says nothing new */
    for (size_t i = first; i < stack->count;) {
        size_t runtime = 0;
        while (i + runtime < stack->count && stack->frames[i + runtime].runtime)
            runtime++;
        if (i > first)
            buffer_add(out, " < ");
        if (runtime)
            buffer_format(out, "[%zu runtime frame%s]", runtime, runtime == 1 ? "" : "s");
        else
            add_frame(out, words, &stack->frames[i]);
        i += runtime ? runtime : 1;
    }
}

void words_add_created(struct words *words, const struct model_subject *subject)
{
    struct buffer *out = words_add(words, "created by", WORDS_PLAIN);
    if (subject->stack.count)
        add_stack(out, words, &subject->stack);
    else if (subject->site.file)
        add_place(out, words, &subject->site);
    else
        buffer_add(out, "?");
    if (subject->creator_label)
        buffer_format(out, "   in task %s", subject->creator_label);
    else
        buffer_add(out, "   outside any task");
    if (subject->test)
        buffer_format(out, ", in test \"%s\"", subject->test);
    if (subject->first_use.count)
        add_stack(words_add(words, "first used", WORDS_PLAIN), words, &subject->first_use);
}

static void add_call(struct words *words, const struct model_subject *subject)
{
    if (subject->stack.count)
        add_stack(words_add(words, "called by", WORDS_PLAIN), words, &subject->stack);
}

/* ---- waiting ---- */

static void add_stopped(struct words *words, const struct model_wait *wait)
{
    char duration[MODEL_TIME_TEXT];
    struct buffer *out = words_add(words, "stopped at", WORDS_PLAIN);
    for (size_t i = 0; i < wait->stopped_count; i++) {
        buffer_add(out, i ? " < " : "");
        add_place(out, words, &wait->stopped[i]);
    }
    int64_t waited = model_span(wait->began_ns, wait->at_ns);
    if (waited > 0)
        buffer_format(out, "   for %s", model_duration_text(waited, duration));
}

static void add_target(struct words *words, const struct model_wait *wait)
{
    char until[MODEL_TIME_TEXT];
    struct buffer *out = words_add(words, "waits for", WORDS_PLAIN);
    buffer_add(out, wait->label);
    if (wait->until_ns != MODEL_NEVER)
        buffer_format(out, ", until %s%s", model_time_text(wait->until_ns, until),
                      wait->at_ns != MODEL_NEVER && wait->until_ns > wait->at_ns ? ", after the end" : "");
}

static void add_chain(struct words *words, const struct model_chain *chain)
{
    struct buffer *out = words_add(words, "await chain", WORDS_PLAIN);
    for (size_t i = 0; i < chain->count; i++)
        buffer_format(out, "%s%s", i ? " -> " : "", chain->links[i].label);
    buffer_add(out, " ROOT");
}

/* The first link of the cycle that the chain ends in: what its last link names again. */
static size_t cycle_begin(const struct model_chain *chain)
{
    struct model_ref last = chain->links[chain->count - 1].ref;
    size_t first = 0;
    while (first + 1 < chain->count &&
           (chain->links[first].ref.kind != last.kind || chain->links[first].ref.id != last.id))
        first++;
    return first;
}

/* Who waits from outside, up to where the cycle is entered. */
static void add_entry(struct words *words, const struct model_chain *chain, size_t first)
{
    if (first == 0)
        return;
    struct buffer *out = words_add(words, "await chain", WORDS_PLAIN);
    for (size_t i = 0; i <= first; i++)
        buffer_format(out, "%s%s", i ? " -> " : "", chain->links[i].label);
}

/* A loop, one link a line, with the place where each task waits. */
static void add_cycle(struct words *words, const struct model_chain *chain)
{
    size_t first = cycle_begin(chain);
    add_entry(words, chain, first);
    for (size_t i = first; i + 1 < chain->count; i++) {
        const struct model_link *link = &chain->links[i];
        bool task = link->ref.kind == MODEL_TASK, last = i + 2 == chain->count;
        struct buffer *out = words_add(words, i == first ? "cycle" : "", WORDS_CAUSE);
        buffer_format(out, "%s %s %s %s",
                      i == first ? ",>"
                      : last     ? "`-"
                                 : "| ",
                      link->label, task ? "waits for" : "is held up by", chain->links[i + 1].label);
        if (link->site.file) {
            buffer_add(out, " at ");
            add_place(out, words, &link->site);
        }
    }
}

/* Where it stood, if that tells more than the awaits do: what is between them, or where it was ready to go on. */
static void add_stood(struct words *words, const struct model_example *example)
{
    const struct model_stack *stood = &example->subject.stood;
    if (stood->count > example->wait.stopped_count)
        add_stack(words_add(words, "stood in", WORDS_PLAIN), words, stood);
}

void words_add_waiting(struct words *words, const struct model_example *example)
{
    if (example->wait.stopped_count)
        add_stopped(words, &example->wait);
    add_stood(words, example);
    if (example->wait.label)
        add_target(words, &example->wait);
    if (example->chain.cycle && example->chain.count > 1)
        add_cycle(words, &example->chain);
    else if (example->chain.count > 2)
        add_chain(words, &example->chain);
}

void words_add_failure(struct words *words, const struct model_subject *subject)
{
    char at[MODEL_TIME_TEXT];
    const char *name = model_error_name(subject->code);
    struct buffer *out = words_add(words, "failed with", WORDS_PLAIN);
    if (name)
        buffer_add(out, name);
    else
        buffer_format(out, "%d", subject->code);
    if (subject->failure)
        buffer_format(out, " \"%s\"", subject->failure);
    if (subject->failure_site.file) {
        buffer_add(out, " at ");
        add_place(out, words, &subject->failure_site);
    }
    if (subject->ended_ns != MODEL_NEVER)
        buffer_format(out, "   at %s", model_time_text(subject->ended_ns, at));
}

/* ---- a group ---- */

#define IDS_SHOWN 50

static bool is(const struct model_group *group, const char *class)
{
    return strcmp(group->class, class) == 0;
}

/* What became of it, where that is not told by what it waited for or failed with. */
static void add_fate(struct words *words, const struct model_snapshot *snapshot, const struct model_group *group)
{
    const struct model_example *example = &group->examples[0];
    char at[MODEL_TIME_TEXT];
    bool pending = is(group, "unreferenced") || is(group, "pending-at-exit");
    if (is(group, "never-retrieved") || (pending && example->wait.label) || (!pending && !example->detail))
        return;
    struct buffer *out = words_add(words, is(group, "blocked-loop") ? "blocked" : "fate", WORDS_PLAIN);
    if (is(group, "never-awaited"))
        buffer_format(out, "never started by the end of the run at %s", model_time_text(snapshot->run.ended_ns, at));
    else if (!pending)
        buffer_add(out, example->detail);
    else if (example->subject.began_ns == MODEL_NEVER)
        buffer_add(out, "never ran its first step");
    else
        buffer_add(out, "ready to run when the loop stopped");
}

static void add_handle(struct words *words, const struct model_subject *subject)
{
    char held[MODEL_TIME_TEXT], lost[MODEL_TIME_TEXT];
    if (subject->lost_ns == MODEL_NEVER || (subject->held_ns != MODEL_NEVER && subject->held_ns >= subject->lost_ns))
        return;
    struct buffer *out = words_add(words, "handle", WORDS_PLAIN);
    model_time_text(subject->lost_ns, lost);
    if (subject->held_ns != MODEL_NEVER)
        buffer_format(out, "last found %s, gone at %s (scans)", model_time_text(subject->held_ns, held), lost);
    else
        buffer_format(out, "no live reference found by the scan at %s", lost);
    if (subject->keeper && subject->keeper == subject->ref.id)
        buffer_add(out, "; held only by itself");
    else if (subject->keeper)
        buffer_format(out, "; held only by unreferenced task #%lld", (long long)subject->keeper);
}

/* The others of the group: up to two more by name, then how many there are. */
static void add_others(struct words *words, const struct model_group *group)
{
    size_t shown = 1;
    char ref[MODEL_REF_TEXT];
    if (group->count < 2)
        return;
    struct buffer *out = words_add(words, "others", WORDS_PLAIN);
    for (; shown < group->examples_count; shown++) {
        const struct model_subject *subject = &group->examples[shown].subject;
        buffer_format(out, "%s%s %s", shown > 1 ? ", " : "", model_ref_text(subject->ref, ref), model_label(subject));
    }
    for (; words->all && shown < group->count && shown < IDS_SHOWN; shown++)
        buffer_format(out, ", %s",
                      model_ref_text((struct model_ref){group->examples[0].subject.ref.kind, group->ids[shown]}, ref));
    if (shown < group->count)
        buffer_format(out, " and %zu more like %s", group->count - shown, shown > 1 ? "these" : "this");
}

static void add_text(struct words *words, const char *label, enum words_mark mark, const char *text)
{
    if (text)
        buffer_add(words_add(words, label, mark), text);
}

void words_add_group(struct words *words, const struct model_snapshot *snapshot, const struct model_group *group)
{
    const struct model_example *example = &group->examples[0];
    if (model_class_is_of_a_call(group->class))
        add_call(words, &example->subject);
    else
        words_add_created(words, &example->subject);
    if (is(group, "never-retrieved") || is(group, "failure-hidden"))
        words_add_failure(words, &example->subject);
    words_add_waiting(words, example);
    add_fate(words, snapshot, group);
    add_handle(words, &example->subject);
    add_others(words, group);
    add_text(words, "also", WORDS_PLAIN, group->also);
    if (group->suppressed_by)
        words_suppressed(words_add(words, "suppressed", WORDS_FAINT), group);
    if (group->standing == MODEL_STANDING_KNOWN)
        buffer_format(words_add(words, "baseline", WORDS_FAINT), "knows %zu of these", group->accepted);
    add_text(words, "hint", WORDS_HINT, model_class_hint(group->class));
}

void words_headline(struct buffer *out, const struct model_snapshot *snapshot, const struct model_group *group)
{
    if (snapshot->run.ending == MODEL_LIVE)
        buffer_add(out, "would leak now: ");
    headline_add(out, group);
}

const char *words_remark(const struct model_group *group)
{
    return is(group, "never-awaited") ? "makes a coroutine object; nothing runs it" : NULL;
}

void words_suppressed(struct buffer *out, const struct model_group *group)
{
    buffer_format(out, "by %s", group->suppressed_by);
    if (group->suppressed_at)
        buffer_format(out, " (%s)", group->suppressed_at);
}

bool words_in_source(const struct model_group *group)
{
    return group->suppressed_by && strncmp(group->suppressed_by, "leash: allow", 12) == 0;
}

void words_standing(struct buffer *out, const struct model_group *group)
{
    if (group->standing == MODEL_STANDING_GREW)
        buffer_format(out, "GREW %zu->%zu", group->accepted, group->count);
    else if (group->standing == MODEL_STANDING_NEW)
        buffer_add(out, "NEW");
    else if (group->standing == MODEL_STANDING_KNOWN)
        buffer_add(out, "KNOWN");
}

enum words_status words_status_of(const struct model_group *group)
{
    if (group->suppressed_by)
        return WORDS_SUPPRESSED;
    if (group->standing == MODEL_STANDING_KNOWN)
        return WORDS_KNOWN;
    return group->fails ? WORDS_ERROR : WORDS_WARNING;
}

const char *words_status(enum words_status status)
{
    static const char *const names[] = {[WORDS_ERROR] = "error",
                                        [WORDS_WARNING] = "warning",
                                        [WORDS_KNOWN] = "known",
                                        [WORDS_SUPPRESSED] = "suppressed"};
    return names[status];
}
