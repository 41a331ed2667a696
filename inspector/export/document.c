/* --to json: every table that tells something, as one document. traces/EXPORT.md describes it. */
#include "emit.h"
#include "export_private.h"
#include "report.h"

#include <string.h>

/* A key of the document, and the rows under it; keys of a row are the columns' names. */
struct section {
    const char *key, *sql;
    const char *task; /* the column that tells whose it is; NULL: no task's */
};

static const struct section sections[] = {
    {"threads", "SELECT id, tid, name FROM thread", NULL},
    {"loops", "SELECT * FROM loop", NULL},
    {"sites", "SELECT id, file, line, func, expr FROM site", NULL},
    {"modules", "SELECT id, path, build_id FROM module", NULL},
    {"frames", "SELECT id, module_id, offset, func, file, line FROM frame", NULL},
    {"stacks", "SELECT stack_id, position, frame_id FROM stack_frame", NULL},
    {"tasks",
     "SELECT t.id, t.name, coalesce(f.func, s.expr) AS coro, t.state, t.code, t.site_id, t.coro_site_id,"
     " t.creator_task_id, t.loop_id, t.thread_id, t.stack_id, t.created_ns, t.began_ns, t.ended_ns,"
     " t.failure_id, t.daemon, t.detached, t.facts, t.lost_ns, t.held_ns, t.exit_await_id, t.steps, t.run_ns, "
     "t.keeper_task_id"
     " FROM task t LEFT JOIN site s ON s.id = t.coro_site_id LEFT JOIN frame f ON f.id = t.function_frame_id",
     "id"},
    {"coros",
     "SELECT c.id, coalesce(f.func, s.expr) AS coro, c.state, c.code, c.site_id, c.creator_task_id,"
     " c.stack_id, c.created_ns, c.task_id, c.awaiter_task_id, c.parent_coro_id, c.await_site_id, c.began_ns,"
     " c.ended_ns, c.facts"
     " FROM coro c LEFT JOIN site s ON s.id = c.site_id LEFT JOIN frame f ON f.id = c.function_frame_id",
     NULL},
    {"futures",
     "SELECT id, name, state, code, site_id, creator_task_id, thread_id, stack_id, created_ns, ended_ns,"
     " failure_id, detached, facts FROM future",
     NULL},
    {"objects",
     "SELECT id, kind, name, site_id, creator_task_id, created_ns, ended_ns, code, stack_id, first_use_stack_id FROM "
     "object",
     NULL},
    {"members", "SELECT object_id, position, member_kind, member_id FROM child", NULL},
    {"awaits",
     "SELECT id, task_id, coro_id, target_kind, target_id, sleep_us, site_id, began_ns, ended_ns, code"
     " FROM await",
     "task_id"},
    {"cancels",
     "SELECT id, subject_kind, subject_id, by_task_id, origin, object_id, site_id, message, at_ns,"
     " delivered_ns, uncancelled_ns FROM cancel",
     NULL},
    {"claims", "SELECT id, subject_kind, subject_id, op, site_id, at_ns FROM claim", NULL},
    {"failures", "SELECT id, subject_kind, subject_id, code, message, site_id, at_ns FROM failure", NULL},
    {"scans", "SELECT id, thread_id, at_ns, candidates, complete, reason, bytes, pause_ns, lost FROM scan", NULL},
    {"misuses", "SELECT id, kind, thread_id, task_id, site_id, message, at_ns, stack_id FROM misuse", NULL},
    {"steps", "SELECT id, task_id, began_ns, ended_ns FROM step", "task_id"},
    {"dropped", "SELECT events, at_ns, reason FROM dropped", NULL},
};

static void emit_cell(struct emit *emit, struct trace_query *row, int column)
{
    const char *key = trace_column_name(row, column);
    size_t length;
    switch (trace_type(row, column)) {
    case TRACE_NULL:
        emit_null(emit, key);
        break;
    case TRACE_INTEGER:
        emit_int(emit, key, trace_int(row, column));
        break;
    case TRACE_REAL:
        emit_real(emit, key, trace_real(row, column));
        break;
    default: {
        const char *text = trace_bytes(row, column, &length);
        emit_bytes(emit, key, text, length);
    }
    }
}

static int column_named(const struct trace_query *row, const char *name)
{
    for (int i = 0; name && row && i < trace_columns(row); i++)
        if (strcmp(trace_column_name(row, i), name) == 0)
            return i;
    return -1;
}

static void emit_rows(struct emit *emit, struct export_run *run, const struct section *section)
{
    struct loader *loader = &run->loader;
    struct trace_query *row = loader_prepare(loader, section->sql);
    int owner = column_named(row, section->task);
    emit_open(emit, section->key, '[');
    while (loader_next(loader, row)) {
        if (owner >= 0 && !export_takes(run, trace_int(row, owner)))
            continue;
        emit_open(emit, NULL, '{');
        for (int i = 0; i < trace_columns(row); i++)
            emit_cell(emit, row, i);
        emit_close(emit);
    }
    emit_close(emit);
    trace_finish(row);
}

static void emit_run(struct emit *emit, struct export_run *run)
{
    struct trace_query *row = loader_prepare(
        &run->loader, "SELECT pid, ppid, argv, cwd, executable, began_unix_ns, ended_ns, ended_unix_ns,"
                      " exit_code, options, seed, virtual_time, level FROM run ORDER BY id DESC LIMIT 1");
    bool known = loader_next(&run->loader, row);
    emit_open(emit, "run", '{');
    for (int i = 0; known && i < trace_columns(row); i++)
        emit_cell(emit, row, i);
    emit_text(emit, "ending", report_ending(run->run.ending));
    emit_int(emit, "dropped", run->run.dropped);
    emit_text(emit, "note", trace_note(run->job->trace));
    emit_close(emit);
    trace_finish(row);
}

/* What the rules of this build find, victims included. */
static const struct section findings = {
    "findings",
    "SELECT class, severity, also, subject_kind, subject_id, name, file, line, func, stack_id, at_ns, detail,"
    " code, victim_of FROM leak_all",
    NULL};

int export_document(struct export_job *job)
{
    struct export_run run;
    struct emit emit = {.out = job->out};
    export_begin(&run, job);
    emit_open(&emit, NULL, '{');
    emit_text(&emit, "schema", "leash.export/1");
    emit_text(&emit, "path", trace_path(job->trace));
    emit_run(&emit, &run);
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        emit_rows(&emit, &run, &sections[i]);
    emit_rows(&emit, &run, &findings);
    emit_close(&emit);
    return export_end(&run);
}
