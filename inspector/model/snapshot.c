/* A snapshot: all that a report needs of a trace, so that the trace can be closed. */
#include "loader.h"
#include "accept/accept.h"
#include "alloc.h"
#include "user_rule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define RUNNING_MAX  10
#define RECORDED_MAX 65536 /* a hostile trace could else make every finding meet a million patterns */

static void load_running(struct loader *loader, struct model_snapshot *out)
{
    struct model_example *running = arena_alloc(loader->memory, RUNNING_MAX, sizeof *running);
    int64_t ids[RUNNING_MAX] = {0};
    struct trace_query *row =
        loader_prepare(loader, "SELECT id FROM task WHERE state = 'pending' ORDER BY id LIMIT 10");
    while (out->running_count < RUNNING_MAX && loader_next(loader, row))
        ids[out->running_count++] = trace_int(row, 0);
    trace_finish(row);
    for (size_t i = 0; i < out->running_count; i++) {
        load_subject(loader, (struct model_ref){MODEL_TASK, ids[i]}, &running[i].subject);
        load_wait(loader, &running[i].subject, &running[i].wait);
    }
    out->running = running;
}

/* What the program itself left in the trace, in the words of a suppression file. */
static int begin_accepting(struct loader *loader, struct suppressions *list, char *why, size_t room)
{
    struct accept_fault fault;
    struct trace_query *row = loader_prepare(loader, "SELECT value FROM meta WHERE key = 'suppressions'");
    bool recorded = loader_next(loader, row) && !trace_is_null(row, 0);
    struct accept_text text = {.place = "the program"};
    if (recorded)
        text.bytes = trace_bytes(row, 0, &text.length);
    int rc = text.length > RECORDED_MAX ? -EFBIG : accept_begin(list, recorded ? &text : NULL, &fault);
    trace_finish(row);
    if (rc == -EFBIG) {
        snprintf(why, room, "%s: the program: more than %d bytes of suppressions", trace_path(loader->trace),
                 RECORDED_MAX);
        return -EINVAL;
    }
    if (rc < 0)
        snprintf(why, room, "%s: %s:%d:%d: %s", trace_path(loader->trace), fault.place, fault.line, fault.column,
                 fault.words);
    return rc;
}

int model_load(struct trace *trace, const struct model_load_options *options, struct model_snapshot *out, char *why,
               size_t room)
{
    static const struct model_load_options nothing;
    struct arena *memory = xcalloc(1, sizeof *memory);
    struct loader loader = {.trace = trace, .memory = memory};
    struct findings findings = {0};
    options = options ? options : &nothing;
    *out = (struct model_snapshot){
        .memory = memory, .path = arena_text(memory, trace_path(trace)), .note = arena_text(memory, trace_note(trace))};
    trace_begin_reading(trace);
    load_run(&loader, &out->run);
    if (!out->note)
        out->note = load_repair_note(&loader);
    findings_load(&loader, &findings);
    int rc = options->rules ? user_rules_run(options->rules, &loader, &findings, why, room) : 0;
    findings_count_victims(&findings);
    findings_fingerprint(&loader, &findings);
    if (rc == 0)
        rc = options->suppressions ? begin_accepting(&loader, options->suppressions, why, room) : 0;
    if (rc == 0 && options->suppressions)
        accept_findings(options->suppressions, options->source, &loader, &findings);
    if (rc == 0)
        findings_group(&loader, &findings, out);
    if (out->run.ending == MODEL_CRASHED)
        load_running(&loader, out);
    free(findings.items);
    waits_free(loader.waits);
    trace_end_reading(trace);
    if (loader.failed) {
        snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
        rc = -EIO;
    }
    if (rc < 0)
        model_free(out);
    return rc;
}

void model_set_path(struct model_snapshot *snapshot, const char *path)
{
    snapshot->path = arena_text(snapshot->memory, path);
}

void model_free(struct model_snapshot *snapshot)
{
    if (snapshot->memory) {
        arena_free(snapshot->memory);
        free(snapshot->memory);
    }
    free(snapshot->groups);
    *snapshot = (struct model_snapshot){0};
}
