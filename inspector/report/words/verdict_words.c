#include "words/verdict_words.h"
#include "words/words.h"

#include <inttypes.h>
#include <string.h>

static bool has_baseline(const struct model_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->groups_count; i++)
        if (snapshot->groups[i].standing != MODEL_STANDING_NONE)
            return true;
    return false;
}

/* " (2 deadlock, 1 unreferenced)": groups are sorted, those of a class stand together. */
static void add_classes(struct buffer *out, const struct model_snapshot *snapshot)
{
    const char *separator = " (", *class = "";
    size_t count = 0;
    for (size_t i = 0; i <= snapshot->groups_count; i++) {
        const struct model_group *group = i < snapshot->groups_count ? &snapshot->groups[i] : NULL;
        if (group && words_status_of(group) != WORDS_ERROR)
            continue;
        if (count && (!group || strcmp(class, group->class) != 0)) {
            buffer_format(out, "%s%zu %s", separator, count, class);
            separator = ", ";
            count = 0;
        }
        count += group ? group->count : 0;
        class = group ? group->class : "";
    }
    buffer_add(out, *separator == ',' ? ")" : "");
}

void verdict_leaks(struct buffer *out, const struct report_options *options, const struct report_trace *trace)
{
    const struct model_snapshot *snapshot = trace->snapshot;
    const struct model_run *run = &snapshot->run;
    size_t leaks = trace->verdict.leaks;
    bool live = run->ending == MODEL_LIVE;
    if (leaks) {
        buffer_format(out, "%zu %s", leaks, live ? "would leak now" : leaks == 1 ? "leak" : "leaks");
        if (trace->verdict.leak_groups > 1)
            buffer_format(out, " in %zu groups", trace->verdict.leak_groups);
        add_classes(out, snapshot);
        if (leaks <= options->max_leaks)
            buffer_format(out, ", %zu allowed (--max-leaks)", options->max_leaks);
    } else if (run->tasks + run->coros == 0 && trace->verdict.code == EXIT_CLEAN) {
        buffer_add(out, "no leaks: no task was ever made");
    } else if (snapshot->groups_count || !model_is_whole(snapshot)) {
        buffer_add(out, live ? "no leaks yet" : "no leaks");
    } else {
        buffer_add(out, "No leaks. Every coroutine ran and every task was joined.");
    }
}

static void add_ending(struct buffer *out, const struct model_snapshot *snapshot)
{
    const struct model_run *run = &snapshot->run;
    char at[MODEL_TIME_TEXT];
    switch (run->ending) {
    case MODEL_COMPLETE:
        buffer_add(out, run->dropped ? "trace ended" : "trace complete");
        break;
    case MODEL_EXITED:
        buffer_format(out, "ended by exit(%d)", run->exit_code);
        break;
    case MODEL_CRASHED:
        buffer_format(out, "CRASHED at %s", model_time_text(run->ended_ns, at));
        break;
    case MODEL_LIVE:
        buffer_add(out, "LIVE, still being written");
        break;
    case MODEL_UNFINISHED:
        buffer_add(out, snapshot->note ? "PARTIAL" : "no end mark");
        break;
    }
    if (run->dropped)
        buffer_format(out, ", %" PRId64 " events dropped", run->dropped);
}

void verdict_facts(struct buffer *out, const struct report_trace *trace)
{
    const struct model_run *run = &trace->snapshot->run;
    size_t warnings = trace->verdict.warnings, suppressed = trace->verdict.suppressed;
    const char *separator = "";
    if (warnings) {
        buffer_format(out, "%zu warning%s", warnings, warnings == 1 ? "" : "s");
        separator = ", ";
    }
    if (suppressed) {
        buffer_format(out, "%s%zu suppressed (list: -v)", separator, suppressed);
        separator = ", ";
    }
    if (has_baseline(trace->snapshot)) {
        buffer_format(out, "%s%zu in the baseline", separator, trace->verdict.known);
        separator = ", ";
    }
    buffer_format(out, "%s%" PRId64 " task%s", *separator ? "; " : "", run->tasks, run->tasks == 1 ? "" : "s");
    if (run->ended_ns != MODEL_NEVER)
        buffer_format(out, ", %.3fs", (double)run->ended_ns / 1e9);
    buffer_add(out, ", ");
    add_ending(out, trace->snapshot);
}

void verdict_reason(struct buffer *out, const struct model_snapshot *snapshot)
{
    const char *reason = snapshot->run.ending == MODEL_LIVE
                             ? "the program still runs: wait for its end, or --grace TIME"
                         : snapshot->run.ending == MODEL_CRASHED ? "the program was killed before its end"
                         : snapshot->note                        ? snapshot->note
                         : snapshot->run.ending == MODEL_UNFINISHED
                             ? "a part is missing: copy the trace's -wal and -spool too, or try `leash repair`"
                             : "what was dropped may have been leaks";
    buffer_format(out, "inconclusive: %s (--allow-incomplete accepts it)", reason);
}

void verdict_result(struct buffer *out, const struct report_options *options, int code)
{
    static const char *const words[] = {
        [EXIT_CLEAN] = "OK", [EXIT_LEAKS] = "FAILED", [EXIT_TROUBLE] = "FAILED", [EXIT_INCONCLUSIVE] = "INCONCLUSIVE"};
    buffer_format(out, "%s (exit %d)", words[code], code == EXIT_LEAKS ? options->leak_code : code);
}

void verdict_sentence(struct buffer *out, const struct report_options *options, const struct report_trace *trace)
{
    if (!trace->snapshot) {
        buffer_add(out, trace->trouble);
        return;
    }
    verdict_leaks(out, options, trace);
    buffer_add(out, out->text[out->length - 1] == '.' ? " " : "; ");
    verdict_facts(out, trace);
    if (trace->verdict.code == EXIT_INCONCLUSIVE) {
        buffer_add(out, "; ");
        verdict_reason(out, trace->snapshot);
    }
}
