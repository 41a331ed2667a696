#include "chrome.h"

/* 0 the task whose track it goes to (NULL: the run's), 1 when, 2 name, 3 category, 4 detail */
static const char *const marks_sql[] = {
    "SELECT subject_id, at_ns, 'cancel (' || origin || ')', 'cancel',"
    " coalesce('by #' || by_task_id, 'by a callback') || coalesce(': ' || message, '')"
    " FROM cancel WHERE subject_kind = 'task'",
    "SELECT m.subject_id, m.at_ns, coalesce(e.name, 'code ' || m.code, 'failure'), 'failure', m.message"
    " FROM failure m LEFT JOIN errno e ON e.code = m.code WHERE m.subject_kind = 'task'",
    "SELECT CASE l.subject_kind WHEN 'task' THEN l.subject_id WHEN 'coro' THEN c.creator_task_id"
    " WHEN 'future' THEN u.creator_task_id WHEN 'object' THEN o.creator_task_id END,"
    " l.at_ns, l.class, 'leak', l.subject_kind || ' ' || l.subject_id || coalesce(' ' || l.name, '')"
    " || coalesce(': ' || l.detail, '')"
    " FROM leak l LEFT JOIN coro c ON l.subject_kind = 'coro' AND c.id = l.subject_id"
    " LEFT JOIN future u ON l.subject_kind = 'future' AND u.id = l.subject_id"
    " LEFT JOIN object o ON l.subject_kind = 'object' AND o.id = l.subject_id",
};

static void emit_mark(struct export_run *run, struct emit *emit, struct trace_query *row)
{
    const char *name = trace_text(row, 2);
    int64_t track = trace_int(row, 0);
    if (!export_takes(run, track))
        return;
    chrome_event(emit, "i", CHROME_TASKS, track > 0 ? track : CHROME_RUN_TRACK, export_time(run, row, 1, run->end_ns));
    emit_text(emit, "cat", trace_text(row, 3));
    emit_text(emit, "name", name ? name : "?");
    emit_text(emit, "s", "t"); /* as high as its track */
    emit_open(emit, "args", '{');
    emit_text(emit, "detail", trace_text(row, 4));
    emit_close(emit);
    emit_close(emit);
}

void chrome_marks(struct export_run *run, struct emit *emit)
{
    for (size_t i = 0; i < sizeof marks_sql / sizeof *marks_sql; i++) {
        struct trace_query *row = loader_prepare(&run->loader, marks_sql[i]);
        while (loader_next(&run->loader, row))
            emit_mark(run, emit, row);
        trace_finish(row);
    }
}
