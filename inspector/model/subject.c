/* One task, coroutine, future or object. */
#include "loader.h"

#include <string.h>

/* The columns of every kind, in one order:
 *   0 name, 1 coro, 2 state, 3 what, 4 site, 5 stack, 6 creator, 7 created, 8 began, 9 ended, 10 lost, 11 held, 12
 * loop, 13 code, 14 failure, 15 facts, 16 test, 17 the stack where it stood,
 *   18 keeper, 19 the stack of its first use */
#define TEST_OF(kind)                                                                                                  \
    " (SELECT ts.name FROM test_member tm JOIN test_scope ts ON ts.id = tm.test_id WHERE tm.subject_kind = '" kind     \
    "' AND tm.subject_id = ?1)"
static const char task_sql[] =
    "SELECT t.name, coalesce(f.func, s.expr), t.state, NULL, t.site_id, t.stack_id, t.creator_task_id, t.created_ns,"
    " t.began_ns, t.ended_ns, t.lost_ns, t.held_ns, t.loop_id, t.code, t.failure_id, t.facts," TEST_OF(
        "task") ", t.exit_stack_id, t.keeper_task_id, NULL FROM task t LEFT JOIN site s ON s.id = t.coro_site_id LEFT "
                "JOIN "
                "frame f ON f.id = "
                "t.function_frame_id"
                " WHERE t.id = ?1";
static const char coro_sql[] =
    "SELECT NULL, coalesce(f.func, s.expr), c.state, NULL, c.site_id, c.stack_id, c.creator_task_id, c.created_ns,"
    " c.began_ns, c.ended_ns, NULL, NULL, NULL, c.code, NULL, c.facts," TEST_OF(
        "coro") ", NULL, NULL, NULL FROM coro c LEFT JOIN site s ON s.id = c.site_id LEFT JOIN frame f ON f.id = "
                "c.function_frame_id"
                " WHERE c.id = ?1";
static const char future_sql[] = "SELECT name, NULL, state, NULL, site_id, stack_id, creator_task_id, created_ns,"
                                 " NULL, ended_ns, NULL, NULL, NULL, code, failure_id, facts," TEST_OF(
                                     "future") ", NULL, NULL, NULL FROM future WHERE id = ?1";
static const char object_sql[] = "SELECT name, NULL, NULL, kind, site_id, stack_id, creator_task_id, created_ns,"
                                 " NULL, ended_ns, NULL, NULL, NULL, code, NULL, 0," TEST_OF(
                                     "object") ", NULL, NULL, first_use_stack_id FROM object WHERE id = ?1";

static const char *sql_of(enum model_kind kind)
{
    switch (kind) {
    case MODEL_TASK:
        return task_sql;
    case MODEL_CORO:
        return coro_sql;
    case MODEL_FUTURE:
        return future_sql;
    case MODEL_OBJECT:
        return object_sql;
    default:
        return NULL;
    }
}

static void load_failure(struct loader *loader, int64_t id, struct model_subject *out)
{
    if (id == 0)
        return;
    struct trace_query *row = loader_row(loader, "SELECT message, site_id, at_ns FROM failure WHERE id = ?1", id);
    if (!row)
        return;
    out->failure = loader_text(loader, row, 0);
    int64_t site = trace_int(row, 1);
    out->failed_ns = loader_time(row, 2);
    trace_finish(row);
    load_site(loader, site, &out->failure_site);
}

const char *load_label(struct loader *loader, struct model_ref ref)
{
    struct model_subject subject = {.ref = ref};
    char text[MODEL_REF_TEXT];
    const char *sql = sql_of(ref.kind);
    struct trace_query *row = sql ? loader_row(loader, sql, ref.id) : NULL;
    model_ref_text(ref, text);
    if (!row)
        return arena_text(loader->memory, text);
    subject.name = loader_text(loader, row, 0);
    subject.coro = loader_text(loader, row, 1);
    subject.what = loader_text(loader, row, 3);
    trace_finish(row);
    if (ref.kind == MODEL_FUTURE)
        return arena_format(loader->memory, subject.name ? "future %s \"%s\"" : "future %s", text, subject.name);
    if (ref.kind == MODEL_OBJECT)
        return arena_format(loader->memory, subject.name ? "%s %s \"%s\"" : "%s %s", subject.what, text, subject.name);
    return arena_format(loader->memory, *model_label(&subject) ? "%s %s" : "%s", text, model_label(&subject));
}

static void read_row(struct loader *loader, struct trace_query *row, struct model_subject *out)
{
    out->name = loader_text(loader, row, 0);
    out->coro = loader_text(loader, row, 1);
    out->state = loader_text(loader, row, 2);
    out->what = loader_text(loader, row, 3);
    out->creator.id = trace_int(row, 6);
    out->creator.kind = out->creator.id ? MODEL_TASK : MODEL_NONE;
    out->created_ns = loader_time(row, 7);
    out->began_ns = loader_time(row, 8);
    out->ended_ns = loader_time(row, 9);
    out->lost_ns = loader_time(row, 10);
    out->held_ns = loader_time(row, 11);
    out->loop = trace_int(row, 12);
    out->code = loader_int(row, 13);
    out->facts = (unsigned)trace_int(row, 15);
    out->test = loader_text(loader, row, 16);
    out->keeper = trace_int(row, 18);
}

bool load_subject(struct loader *loader, struct model_ref ref, struct model_subject *out)
{
    *out = (struct model_subject){.ref = ref, .failed_ns = MODEL_NEVER, .lost_ns = MODEL_NEVER, .held_ns = MODEL_NEVER};
    const char *sql = sql_of(ref.kind);
    struct trace_query *row = sql ? loader_row(loader, sql, ref.id) : NULL;
    if (!row)
        return false;
    read_row(loader, row, out);
    int64_t site = trace_int(row, 4), stack = trace_int(row, 5), failure = trace_int(row, 14),
            stood = trace_int(row, 17), first_use = trace_int(row, 19);
    trace_finish(row);
    load_site(loader, site, &out->site);
    load_stack(loader, stack, &out->stack);
    load_stack(loader, stood, &out->stood);
    load_stack(loader, first_use, &out->first_use);
    load_failure(loader, failure, out);
    if (out->creator.kind)
        out->creator_label = load_label(loader, out->creator);
    return true;
}

void load_block(struct loader *loader, struct model_subject *subject, int64_t id)
{
    struct trace_query *row =
        loader_row(loader,
                   subject->ref.kind == MODEL_TASK
                       ? "SELECT stack_id FROM block WHERE task_id = ?1 ORDER BY lasted_us DESC LIMIT 1"
                       : "SELECT b.stack_id FROM block b JOIN loop l ON l.id = b.loop_id WHERE b.task_id IS NULL AND "
                         "l.thread_id = ?1"
                         " ORDER BY b.lasted_us DESC LIMIT 1",
                   id);
    if (!row)
        return;
    int64_t stack = trace_int(row, 0);
    trace_finish(row);
    load_stack(loader, stack, &subject->stood);
}
