/* --to chrome-trace: the Trace Event Format, as ui.perfetto.dev and chrome://tracing read it. A track for each task:
 * its life, within it the coroutines that it ran inline, within these what it waited for; arrows from where an awaited
 * task ended to who waited. A second group has a track for each thread, with the steps, where they were recorded. */
#include "chrome.h"
#include "report.h"

#include <inttypes.h>
#include <string.h>

void chrome_life(const struct export_run *run, struct trace_query *row, int created, int began, int ended,
                 int64_t *from_ns, int64_t *to_ns)
{
    *from_ns = export_time(run, row, created, export_time(run, row, began, 0));
    *to_ns = export_time(run, row, ended, run->end_ns);
    if (*to_ns <= *from_ns)
        *to_ns = *from_ns + 1;
}

/* Rows of one query, in order of the task that they belong to. */
struct cursor {
    struct trace_query *row;
    bool more;
    int64_t task, began_ns; /* columns 0 and 1 */
};

static void cursor_next(struct export_run *run, struct cursor *cursor)
{
    cursor->more = loader_next(&run->loader, cursor->row);
    if (!cursor->more)
        return;
    cursor->task = trace_int(cursor->row, 0);
    cursor->began_ns = export_time(run, cursor->row, 1, 0);
}

/* To the first row of `task`: rows of tasks that the trace does not have are passed over. */
static void cursor_seek(struct export_run *run, struct cursor *cursor, int64_t task)
{
    while (cursor->more && cursor->task < task)
        cursor_next(run, cursor);
}

/* 0 task, 1 began, 2 ended, 3 id, 4 kind, 5 target, 6 sleep, 7 code, 8-9 the target's name, 10 object's kind, 11 its
 * name, 12 future's name, 13-16 the task whose end ended it: id, created, began, ended; 17-18 site */
static const char awaits_sql[] =
    "SELECT a.task_id, a.began_ns, a.ended_ns, a.id, a.target_kind, a.target_id, a.sleep_us, a.code,"
    " t.name, coalesce(f.func, s.expr), o.kind, o.name, u.name,"
    " e.id, e.created_ns, e.began_ns, e.ended_ns, w.file, w.line"
    " FROM await a"
    " LEFT JOIN task t ON a.target_kind = 'task' AND t.id = a.target_id"
    " LEFT JOIN site s ON s.id = t.coro_site_id LEFT JOIN frame f ON f.id = t.function_frame_id"
    " LEFT JOIN object o ON a.target_kind = 'object' AND o.id = a.target_id"
    " LEFT JOIN future u ON a.target_kind = 'future' AND u.id = a.target_id"
    " LEFT JOIN task e ON a.code IS NULL AND a.ended_ns IS NOT NULL AND e.id = CASE a.target_kind"
    "  WHEN 'task' THEN a.target_id WHEN 'object' THEN (SELECT m.id FROM child c JOIN task m ON m.id = c.member_id"
    "   WHERE c.object_id = a.target_id AND c.member_kind = 'task' AND m.ended_ns <= a.ended_ns"
    "   ORDER BY m.ended_ns DESC LIMIT 1) END"
    " LEFT JOIN site w ON w.id = a.site_id"
    " WHERE a.task_id > 0 ORDER BY a.task_id, a.id";

/* 0 task, 1 began, 2 ended, 3 id, 4 name, 5 state, 6-7 site */
static const char bodies_sql[] =
    "SELECT c.awaiter_task_id, c.began_ns, c.ended_ns, c.id, coalesce(f.func, s.expr), c.state, w.file, w.line"
    " FROM coro c LEFT JOIN site s ON s.id = c.site_id LEFT JOIN frame f ON f.id = c.function_frame_id"
    " LEFT JOIN site w ON w.id = c.await_site_id WHERE c.awaiter_task_id > 0 AND c.began_ns IS NOT NULL"
    " ORDER BY c.awaiter_task_id, c.began_ns, coalesce(c.ended_ns, 9223372036854775807) DESC, c.id";

/* 0 id, 1 name, 2 coroutine, 3 state, 4 created, 5 began, 6 ended, 7 code, 8-9 site, 10 creator */
static const char tasks_sql[] = "SELECT t.id, t.name, coalesce(f.func, s.expr), t.state, t.created_ns, t.began_ns, "
                                "t.ended_ns, t.code, w.file, w.line,"
                                " t.creator_task_id FROM task t LEFT JOIN site s ON s.id = t.coro_site_id"
                                " LEFT JOIN frame f ON f.id = t.function_frame_id LEFT JOIN site w ON w.id = t.site_id "
                                "WHERE t.id > 0 ORDER BY t.id";

static void emit_site(struct emit *emit, struct trace_query *row, int file, int line)
{
    char place[512];
    const char *name = trace_text(row, file);
    if (!name)
        return;
    snprintf(place, sizeof place, "%.480s:%" PRId64, name, trace_int(row, line));
    emit_text(emit, "site", place);
}

static void add_wait_name(struct buffer *name, struct trace_query *row)
{
    const char *kind = trace_text(row, 4), *given;
    char time[MODEL_TIME_TEXT];
    int64_t id = trace_int(row, 5), sleep_us = trace_int(row, 6), ns;
    switch (model_kind_of(kind)) {
    case MODEL_TASK:
        buffer_format(name, "await #%" PRId64 " %s", id, export_label(row, 8, 9));
        break;
    case MODEL_SLEEP:
        if (__builtin_mul_overflow(sleep_us, 1000, &ns))
            ns = MODEL_NEVER;
        buffer_format(name, "sleep %s", model_duration_text(ns, time));
        break;
    default:
        given = trace_text(row, trace_is_null(row, 11) ? 12 : 11);
        if (!trace_is_null(row, 10))
            kind = trace_text(row, 10);
        buffer_format(name, "%s #%s%" PRId64, kind ? kind : "?",
                      model_kind_of(trace_text(row, 4)) == MODEL_FUTURE ? "f" : "q", id);
        if (given)
            buffer_format(name, " \"%s\"", given);
    }
}

static void emit_wait(struct export_run *run, struct chrome_track *track, const struct cursor *cursor)
{
    struct trace_query *row = cursor->row;
    struct buffer name = {0};
    struct chrome_slice slice = {.category = "wait",
                                 .began_ns = cursor->began_ns,
                                 .ended_ns = export_time(run, row, 2, run->end_ns),
                                 .unfinished = trace_is_null(row, 2),
                                 .wait = true};
    if (!trace_is_null(row, 13) && export_takes(run, trace_int(row, 13))) {
        int64_t from, to;
        chrome_life(run, row, 14, 15, 16, &from, &to);
        slice.flow = (struct chrome_flow){trace_int(row, 3), trace_int(row, 13), to - 1};
    }
    add_wait_name(&name, row);
    slice.name = buffer_text(&name);
    if (chrome_begin(track, &slice)) {
        emit_site(track->emit, row, 17, 18);
        if (!trace_is_null(row, 7))
            emit_int(track->emit, "code", trace_int(row, 7));
        chrome_begin_done(track);
    }
    buffer_free(&name);
}

static void emit_body(struct export_run *run, struct chrome_track *track, const struct cursor *cursor)
{
    struct trace_query *row = cursor->row;
    const char *name = trace_text(row, 4);
    const struct chrome_slice slice = {.name = name ? name : "coroutine",
                                       .category = "coro",
                                       .began_ns = cursor->began_ns,
                                       .ended_ns = export_time(run, row, 2, run->end_ns),
                                       .unfinished = trace_is_null(row, 2)};
    if (!chrome_begin(track, &slice))
        return;
    emit_int(track->emit, "coro", trace_int(row, 3));
    emit_text(track->emit, "state", trace_text(row, 5));
    emit_site(track->emit, row, 6, 7);
    chrome_begin_done(track);
}

static void emit_life(struct export_run *run, struct chrome_track *track, struct trace_query *row, const char *label)
{
    struct chrome_slice slice = {.name = label, .category = "task", .unfinished = trace_is_null(row, 6)};
    chrome_life(run, row, 4, 5, 6, &slice.began_ns, &slice.ended_ns);
    if (!chrome_begin(track, &slice))
        return;
    emit_text(track->emit, "state", trace_text(row, 3));
    if (!trace_is_null(row, 7))
        emit_int(track->emit, "code", trace_int(row, 7));
    if (!trace_is_null(row, 10))
        emit_int(track->emit, "creator", trace_int(row, 10));
    emit_site(track->emit, row, 8, 9);
    chrome_begin_done(track);
}

static void emit_task(struct export_run *run, struct chrome_track *track, struct trace_query *row,
                      struct cursor *awaits, struct cursor *bodies)
{
    struct buffer name = {0};
    int64_t id = trace_int(row, 0);
    buffer_format(&name, "#%" PRId64 " %s", id, export_label(row, 1, 2));
    chrome_track_open(track, CHROME_TASKS, id, buffer_text(&name));
    emit_life(run, track, row, buffer_text(&name));
    buffer_free(&name);
    cursor_seek(run, awaits, id);
    cursor_seek(run, bodies, id);
    for (;;) {
        bool wait = awaits->more && awaits->task == id, body = bodies->more && bodies->task == id;
        if (body && (!wait || bodies->began_ns <= awaits->began_ns)) {
            emit_body(run, track, bodies);
            cursor_next(run, bodies);
        } else if (wait) {
            emit_wait(run, track, awaits);
            cursor_next(run, awaits);
        } else {
            break;
        }
    }
    chrome_track_close(track);
}

static void emit_tasks(struct export_run *run, struct chrome_track *track)
{
    struct trace_query *row = loader_prepare(&run->loader, tasks_sql);
    struct cursor awaits = {.row = loader_prepare(&run->loader, awaits_sql)};
    struct cursor bodies = {.row = loader_prepare(&run->loader, bodies_sql)};
    cursor_next(run, &awaits);
    cursor_next(run, &bodies);
    while (loader_next(&run->loader, row))
        if (export_takes(run, trace_int(row, 0)))
            emit_task(run, track, row, &awaits, &bodies);
    trace_finish(row);
    trace_finish(awaits.row);
    trace_finish(bodies.row);
}

static void emit_run_track(struct export_run *run, struct chrome_track *track)
{
    const char *program = run->run.argv ? run->run.argv : "program";
    const struct chrome_slice slice = {
        .name = program, .category = "run", .ended_ns = run->end_ns, .unfinished = run->run.ended_ns == MODEL_NEVER};
    chrome_name(track->emit, CHROME_TASKS, CHROME_RUN_TRACK, "process_name", "tasks");
    chrome_track_open(track, CHROME_TASKS, CHROME_RUN_TRACK, "run");
    chrome_slice(track, &slice);
    chrome_track_close(track);
}

static void emit_metadata(struct export_run *run, struct emit *emit)
{
    emit_text(emit, "displayTimeUnit", "ns");
    emit_open(emit, "otherData", '{');
    emit_text(emit, "schema", "leash.chrome-trace/1");
    emit_text(emit, "trace", trace_path(run->job->trace));
    emit_text(emit, "argv", run->run.argv);
    emit_int(emit, "pid", run->run.pid);
    emit_text(emit, "ending", report_ending(run->run.ending));
    emit_int(emit, "dropped", run->run.dropped);
    emit_close(emit);
}

int export_chrome(struct export_job *job)
{
    struct export_run run;
    struct emit emit = {.out = job->out};
    struct chrome_track track = {.emit = &emit};
    export_begin(&run, job);
    emit_open(&emit, NULL, '{');
    emit_metadata(&run, &emit);
    emit_open(&emit, "traceEvents", '[');
    emit_run_track(&run, &track);
    emit_tasks(&run, &track);
    chrome_marks(&run, &emit);
    chrome_steps(&run, &track);
    emit_close(&emit);
    emit_close(&emit);
    if (track.too_deep)
        snprintf(job->note, sizeof job->note, "%zu slices that lay more than %d deep were left out", track.too_deep,
                 CHROME_DEPTH);
    return export_end(&run);
}
