/* The human report of `check`: groups, then the verdict. */
#include "report.h"
#include "text_group.h"
#include "text_lines.h"

#include <inttypes.h>
#include <string.h>

#define RUNNING_SHOWN 5

static void add_state(struct text *text, const struct model_snapshot *snapshot)
{
    const struct model_run *run = &snapshot->run;
    char at[MODEL_TIME_TEXT];
    switch (run->ending) {
    case MODEL_COMPLETE:
        text_add(text, TEXT_PLAIN, run->dropped ? "trace ended" : "trace complete");
        break;
    case MODEL_EXITED:
        text_format(text, TEXT_PLAIN, "ended by exit(%d)", run->exit_code);
        break;
    case MODEL_CRASHED:
        text_format(text, TEXT_ERROR, "CRASHED at %s", model_time_text(run->ended_ns, at));
        break;
    case MODEL_LIVE:
        text_add(text, TEXT_WARN, "LIVE, still being written");
        break;
    case MODEL_UNFINISHED:
        text_add(text, TEXT_WARN, "no end mark");
        break;
    }
    if (run->dropped)
        text_format(text, TEXT_ERROR, ", %" PRId64 " events dropped", run->dropped);
}

/* Why nothing can be concluded, and what to do about it. */
static void add_reason(struct text *text, const struct model_snapshot *snapshot)
{
    const char *reason = snapshot->run.ending == MODEL_LIVE ? "the program still runs: wait for its end, or --grace S"
                         : snapshot->run.ending == MODEL_CRASHED ? "the program was killed before its end"
                         : snapshot->note                        ? snapshot->note
                         : snapshot->run.ending == MODEL_UNFINISHED
                             ? "a part is missing: copy the trace's -wal and -spool too"
                             : "what was dropped may have been leaks";
    text_format(text, TEXT_PLAIN, "inconclusive: %s (--allow-incomplete accepts it)", reason);
    text_end(text);
}

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

/* "9 leaks in 5 groups (2 deadlock, 1 unreferenced)" */
static void add_counts(struct text *text, const struct model_snapshot *snapshot, const struct model_verdict *verdict)
{
    const char *separator = " (";
    text_format(text, TEXT_STRONG, "%zu leak%s", verdict->leaks, verdict->leaks == 1 ? "" : "s");
    if (verdict->leak_groups > 1)
        text_format(text, TEXT_PLAIN, " in %zu groups", verdict->leak_groups);
    for (size_t i = 0; i < verdict->leak_groups;) {
        size_t count = 0, j = i;
        while (j < verdict->leak_groups && strcmp(snapshot->groups[i].class, snapshot->groups[j].class) == 0)
            count += snapshot->groups[j++].count;
        text_format(text, TEXT_PLAIN, "%s%zu %s", separator, count, snapshot->groups[i].class);
        separator = ", ";
        i = j;
    }
    text_add(text, TEXT_PLAIN, ")");
}

static void add_result(struct text *text, const struct report_options *options, int code)
{
    static const char *const words[] = {
        [EXIT_CLEAN] = "OK", [EXIT_LEAKS] = "FAILED", [EXIT_TROUBLE] = "FAILED", [EXIT_INCONCLUSIVE] = "INCONCLUSIVE"};
    enum text_role role = code == EXIT_CLEAN ? TEXT_OK : code == EXIT_INCONCLUSIVE ? TEXT_WARN : TEXT_ERROR;
    text_format(text, role, "  %s (exit %d)", words[code], code == EXIT_LEAKS ? options->leak_code : code);
}

static void verdict_lines(struct text *text, const struct report_options *options, const struct report_trace *trace)
{
    const struct model_snapshot *snapshot = trace->snapshot;
    const struct model_verdict *verdict = &trace->verdict;
    const struct model_run *run = &snapshot->run;
    text_format(text, TEXT_STRONG, "%s: ", trace->path);
    if (verdict->leaks)
        add_counts(text, snapshot, verdict);
    else if (verdict->warnings || verdict->code != EXIT_CLEAN || run->tasks + run->coros == 0)
        text_add(text, TEXT_PLAIN, run->tasks + run->coros ? "no leaks" : "no leaks: no task was ever made");
    else
        text_add(text, TEXT_PLAIN, "No leaks. Every coroutine ran and every task was joined.");
    if (verdict->leaks && verdict->leaks <= options->max_leaks)
        text_format(text, TEXT_PLAIN, ", %zu allowed (--max-leaks)", options->max_leaks);
    text_end(text);

    text_add(text, TEXT_PLAIN, "  ");
    if (verdict->warnings)
        text_format(text, TEXT_WARN, "%zu warning%s; ", verdict->warnings, verdict->warnings == 1 ? "" : "s");
    text_format(text, TEXT_PLAIN, "%" PRId64 " task%s", run->tasks, run->tasks == 1 ? "" : "s");
    if (run->ended_ns != MODEL_NEVER)
        text_format(text, TEXT_PLAIN, ", %.3fs", (double)run->ended_ns / 1e9);
    text_add(text, TEXT_PLAIN, ", ");
    add_state(text, snapshot);
    if (verdict->code != EXIT_INCONCLUSIVE)
        add_result(text, options, verdict->code);
    text_end(text);
    if (verdict->code == EXIT_INCONCLUSIVE) {
        text_add(text, TEXT_PLAIN, "  ");
        add_reason(text, snapshot);
        add_result(text, options, verdict->code);
        text_end(text);
    }
}

static void next_line(struct text *text, const struct report_trace *trace)
{
    char ref[MODEL_REF_TEXT];
    const struct model_group *first = trace->snapshot->groups;
    if (trace->snapshot->groups_count == 0 || first->examples[0].subject.ref.kind == MODEL_NONE)
        return;
    text_format(text, TEXT_DIM, "  next: leash show '%s' %s", model_ref_text(first->examples[0].subject.ref, ref),
                trace->path);
    text_end(text);
}

static void one_trace(const struct report_options *options, const struct report_trace *trace)
{
    struct text text = {.options = options};
    if (!trace->snapshot)
        return; /* its trouble was told on stderr */
    model_clock_begin(options->clock, trace->snapshot->run.began_unix_ns);
    if (options->verbosity >= 0) {
        for (size_t i = 0; i < trace->snapshot->groups_count; i++)
            text_group(&text, trace->snapshot, &trace->snapshot->groups[i]);
        running_at_crash(&text, trace->snapshot);
        next_line(&text, trace);
    }
    verdict_lines(&text, options, trace);
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
        add_result(&text, options, code);
        text_end(&text);
    }
    buffer_free(&text.line);
}

const struct report_format report_text = {"text", check, text_detail, text_table};
