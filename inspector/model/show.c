#include "show.h"
#include "alloc.h"
#include "loader.h"
#include "show_object.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>

#define FACTS_MAX 64

void detail_add_fact(struct model_detail *detail, const char *label, const char *text)
{
    if (detail->facts_count < FACTS_MAX)
        ((struct model_fact *)detail->facts)[detail->facts_count++] = (struct model_fact){label, text};
}

const char *detail_site_text(struct loader *loader, int64_t id)
{
    struct model_site site;
    load_site(loader, id, &site);
    return site.file ? arena_format(loader->memory, "  %s:%d", site.file, site.line) : "";
}

static const char *kind_text(enum model_kind kind)
{
    static const char *const names[] = {
        [MODEL_TASK] = "task", [MODEL_CORO] = "coro", [MODEL_FUTURE] = "future", [MODEL_OBJECT] = "object"};
    return names[kind];
}

/* Rows about one subject of any kind: ?1 its id, ?2 its kind. */
static struct trace_query *rows_about(struct loader *loader, struct model_ref ref, const char *sql)
{
    struct trace_query *row = loader_prepare(loader, sql);
    if (row) {
        trace_bind(row, 1, ref.id);
        trace_bind_text(row, 2, kind_text(ref.kind));
    }
    return row;
}

/* The view of the leaks is made as a whole, each rule finds one subject by its id. */
static bool is_found(struct loader *loader, struct model_ref ref)
{
    struct trace_query *row =
        rows_about(loader, ref, "SELECT 1 FROM rule_hit WHERE subject_id = ?1 AND subject_kind = ?2 LIMIT 1");
    bool found = loader_next(loader, row);
    trace_finish(row);
    return found;
}

static void add_findings(struct loader *loader, struct model_ref ref, struct model_detail *detail)
{
    if (!is_found(loader, ref))
        return;
    struct trace_query *row =
        rows_about(loader, ref,
                   "SELECT severity, class, also, victim_of FROM leak_all WHERE subject_id = ?1 AND subject_kind = ?2");
    for (int i = 0; i < DETAIL_ROWS_MAX && loader_next(loader, row); i++) {
        const char *severity = loader_text(loader, row, 0), *class = loader_text(loader, row, 1),
                   *also = loader_text(loader, row, 2);
        int64_t victim_of = trace_int(row, 3);
        const char *root = victim_of ? arena_format(loader->memory, ", only because it waits for %s",
                                                    load_label(loader, (struct model_ref){MODEL_TASK, victim_of}))
                                     : "";
        detail_add_fact(detail, "finding",
                        arena_format(loader->memory, "%s[%s]%s%s%s", severity ? severity : "error", class ? class : "?",
                                     also ? "  also " : "", also ? also : "", root));
    }
    trace_finish(row);
}

static void add_cancels(struct loader *loader, struct model_ref ref, struct model_detail *detail)
{
    char at[MODEL_TIME_TEXT], delivered[MODEL_TIME_TEXT];
    struct trace_query *row = rows_about(loader, ref,
                                         "SELECT origin, by_task_id, site_id, message, at_ns, delivered_ns FROM cancel"
                                         " WHERE subject_id = ?1 AND subject_kind = ?2 ORDER BY id");
    for (int i = 0; i < DETAIL_ROWS_MAX && loader_next(loader, row); i++) {
        const char *origin = loader_text(loader, row, 0), *message = loader_text(loader, row, 3);
        int64_t by = trace_int(row, 1);
        const char *who = by ? load_label(loader, (struct model_ref){MODEL_TASK, by})
                          : origin && strcmp(origin, "cleanup") == 0 ? "the clean-up after main"
                          : origin && strcmp(origin, "timeout") == 0 ? "a timeout"
                                                                     : "code outside any task";
        int64_t taken = loader_time(row, 5);
        detail_add_fact(
            detail, "cancelled",
            arena_format(loader->memory, "%s by %s%s%s%s%s", model_time_text(loader_time(row, 4), at), who,
                         detail_site_text(loader, trace_int(row, 2)), message ? "  " : "", message ? message : "",
                         taken == MODEL_NEVER
                             ? ", not delivered"
                             : arena_format(loader->memory, ", delivered %s", model_time_text(taken, delivered))));
    }
    trace_finish(row);
}

static void add_claims(struct loader *loader, struct model_ref ref, struct model_detail *detail)
{
    char at[MODEL_TIME_TEXT];
    struct trace_query *row = rows_about(
        loader, ref, "SELECT op, site_id, at_ns FROM claim WHERE subject_id = ?1 AND subject_kind = ?2 ORDER BY id");
    for (int i = 0; i < DETAIL_ROWS_MAX && loader_next(loader, row); i++) {
        const char *op = loader_text(loader, row, 0);
        detail_add_fact(detail, "claim",
                        arena_format(loader->memory, "%s %s%s", model_time_text(loader_time(row, 2), at), op ? op : "?",
                                     detail_site_text(loader, trace_int(row, 1))));
    }
    trace_finish(row);
}

static void add_waiters(struct loader *loader, struct model_ref ref, struct model_detail *detail)
{
    size_t count = waits_count(loader, ref);
    const struct waits_edge *edge = waits_for(loader, ref);
    if (!edge)
        return;
    const char *who = load_label(loader, (struct model_ref){MODEL_TASK, edge->task});
    detail_add_fact(detail, "waited by",
                    count > 1 ? arena_format(loader->memory, "%s and %zu more", who, count - 1) : who);
}

/* No index tells what a task created, but where all tasks are of one thread, ids and times of creation rise together:
 * what it created lies between itself and the first task made after its end. */
static int64_t last_child(struct loader *loader, const struct model_subject *task)
{
    struct trace_query *row = loader_prepare(loader, "SELECT max(id), (SELECT count(*) FROM thread) > 1 FROM task");
    int64_t low = task->ref.id, high = loader_next(loader, row) ? trace_int(row, 0) : INT64_MAX;
    bool several = row && trace_int(row, 1);
    trace_finish(row);
    if (several || task->ended_ns == MODEL_NEVER)
        return high;
    row = loader_prepare(loader, "SELECT created_ns FROM task WHERE id >= ?1 AND created_ns IS NOT NULL ORDER BY id");
    while (row && low < high) {
        int64_t middle = low + (int64_t)(((uint64_t)high - (uint64_t)low) / 2);
        trace_bind(row, 1, middle);
        if (loader_next(loader, row) && trace_int(row, 0) <= task->ended_ns)
            low = middle + 1;
        else
            high = middle;
        trace_reset(row);
    }
    trace_finish(row);
    return high;
}

/* Rows of what a task created; ?1 and ?2 are bound. */
static struct trace_query *children_of(struct loader *loader, const struct model_subject *task, const char *sql)
{
    int64_t last = last_child(loader, task);
    struct trace_query *row = loader_prepare(loader, sql);
    if (row) {
        trace_bind(row, 1, task->ref.id);
        trace_bind(row, 2, last);
    }
    return row;
}

static void add_blocks(struct loader *loader, struct model_ref ref, struct model_detail *detail)
{
    char at[MODEL_TIME_TEXT], lasted[MODEL_TIME_TEXT];
    struct trace_query *row =
        loader_prepare(loader, "SELECT noticed_ns, 1000 * lasted_us, kind, state, late, ended_ns IS NULL, stack_id"
                               " FROM block WHERE task_id = ?1 ORDER BY id");
    if (row)
        trace_bind(row, 1, ref.id);
    for (int i = 0; i < DETAIL_ROWS_MAX && loader_next(loader, row); i++) {
        const char *kind = loader_text(loader, row, 2), *state = loader_text(loader, row, 3);
        struct model_stack stack;
        load_stack(loader, trace_int(row, 6), &stack);
        detail_add_fact(
            detail, "blocked",
            arena_format(loader->memory, "%s %s%s, %s%s, %lld late%s", model_time_text(loader_time(row, 0), at),
                         trace_int(row, 5) ? "for more than " : "for ", model_duration_text(trace_int(row, 1), lasted),
                         state ? state : "?", kind && strcmp(kind, "iteration") == 0 ? ", one of many steps" : "",
                         (long long)trace_int(row, 4), load_stack_text(loader, &stack)));
    }
    trace_finish(row);
}

static void add_task_facts(struct loader *loader, struct model_ref ref, struct model_detail *detail)
{
    char text[MODEL_TIME_TEXT];
    struct trace_query *row = loader_row(
        loader, "SELECT count(*), sum(coalesce(ended_ns, began_ns) - began_ns) FROM await WHERE task_id = ?1", ref.id);
    if (row && trace_int(row, 0))
        detail_add_fact(detail, "awaits",
                        arena_format(loader->memory, "%lld, %s in all", (long long)trace_int(row, 0),
                                     model_duration_text(trace_int(row, 1), text)));
    trace_finish(row);
    row = children_of(loader, &detail->example.subject,
                      "SELECT count(*) FROM task WHERE creator_task_id = ?1 AND id > ?1 AND id <= ?2");
    if (loader_next(loader, row) && trace_int(row, 0))
        detail_add_fact(detail, "created",
                        arena_format(loader->memory, "%lld task%s", (long long)trace_int(row, 0),
                                     trace_int(row, 0) == 1 ? "" : "s"));
    trace_finish(row);
    row = loader_row(loader, "SELECT steps, run_ns FROM task WHERE id = ?1 AND steps IS NOT NULL", ref.id);
    detail_add_fact(detail, "steps",
                    row ? arena_format(loader->memory, "%lld, ran %s", (long long)trace_int(row, 0),
                                       model_duration_text(trace_int(row, 1), text))
                        : "not recorded (level lifecycle)");
    trace_finish(row);
}

/* Who waited for it, and what it created: where to go from here. */
static void load_related(struct loader *loader, struct model_ref ref, struct model_detail *detail)
{
    struct model_ref *waiters = arena_alloc(loader->memory, MODEL_RELATED, sizeof *waiters),
                     *children = arena_alloc(loader->memory, MODEL_RELATED, sizeof *children);
    detail->waiters = waiters;
    detail->waiters_count = waits_waiters(loader, ref, waiters, MODEL_RELATED);
    detail->children = children;
    if (ref.kind != MODEL_TASK)
        return;
    struct trace_query *row =
        children_of(loader, &detail->example.subject,
                    "SELECT id FROM task WHERE creator_task_id = ?1 AND id > ?1 AND id <= ?2 ORDER BY id");
    while (detail->children_count < MODEL_RELATED && loader_next(loader, row))
        children[detail->children_count++] = (struct model_ref){MODEL_TASK, trace_int(row, 0)};
    trace_finish(row);
}

static void load_all(struct loader *loader, struct model_ref ref, struct model_detail *out)
{
    load_wait(loader, &out->example.subject, &out->example.wait);
    load_chain(loader, &out->example.subject, &out->example.chain);
    add_waiters(loader, ref, out);
    if (ref.kind == MODEL_TASK)
        add_task_facts(loader, ref, out);
    if (ref.kind == MODEL_OBJECT)
        detail_add_object(loader, ref.id, out);
    if (ref.kind == MODEL_TASK)
        add_blocks(loader, ref, out);
    add_cancels(loader, ref, out);
    add_claims(loader, ref, out);
    add_findings(loader, ref, out);
    load_related(loader, ref, out);
}

int model_detail_load(struct trace *trace, struct model_ref ref, struct model_detail *out, char *why, size_t room)
{
    struct arena *memory = xcalloc(1, sizeof *memory);
    struct loader loader = {.trace = trace, .memory = memory};
    int rc = 0;
    *out = (struct model_detail){.memory = memory, .facts = arena_alloc(memory, FACTS_MAX, sizeof *out->facts)};
    if (!load_subject(&loader, ref, &out->example.subject))
        rc = -ENOENT;
    else
        load_all(&loader, ref, out);
    waits_free(loader.waits);
    if (loader.failed) {
        snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
        rc = -EIO;
    } else if (rc < 0) {
        rc = model_ref_unknown(trace, ref, why, room);
    }
    if (rc < 0)
        model_detail_free(out);
    return rc;
}

void model_detail_free(struct model_detail *detail)
{
    if (detail->memory) {
        arena_free(detail->memory);
        free(detail->memory);
    }
    *detail = (struct model_detail){0};
}
