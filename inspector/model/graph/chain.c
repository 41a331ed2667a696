/* Where a task stood, who waited for it, what it waited for. */
#include "loader.h"

#include <stdio.h>
#include <string.h>

#define LINKS_MAX  24 /* each way */
#define BODIES_MAX 16

/* "sleep 10.000s", "gather of 3 (#q5)", "#31 worker-0", "queue #q3 "jobs"" */
static const char *target_label(struct loader *loader, const struct waits_edge *edge)
{
    char text[MODEL_REF_TEXT];
    if (edge->target.kind == MODEL_SLEEP)
        return edge->sleep_us < 0 ? "timer" : arena_format(loader->memory, "sleep %.3fs", (double)edge->sleep_us / 1e6);
    if (edge->target.kind == MODEL_OBJECT) {
        struct model_subject object;
        size_t members = 0;
        if (load_subject(loader, edge->target, &object) && object.what) {
            waits_member(loader, edge->target.id, &members);
            if (members)
                return arena_format(loader->memory, "%s of %zu (%s)", object.what, members,
                                    model_ref_text(edge->target, text));
        }
    }
    return load_label(loader, edge->target);
}

/* When the loop that a task belongs to stopped; else the end of the run. */
static int64_t stopped_at(struct loader *loader, const struct model_subject *task)
{
    int64_t at = MODEL_NEVER;
    struct trace_query *row = loader_row(loader, "SELECT main_ended_ns FROM loop WHERE id = ?1", task->loop);
    if (row)
        at = loader_time(row, 0);
    trace_finish(row);
    if (at != MODEL_NEVER)
        return at;
    row = loader_row(loader, "SELECT ended_ns FROM run WHERE ?1 = ?1 ORDER BY id DESC LIMIT 1", 0);
    if (row)
        at = loader_time(row, 0);
    trace_finish(row);
    return at;
}

/* From the inline body that waits outwards: where it waits, where it was awaited, and so on. */
static void load_stopped(struct loader *loader, const struct waits_edge *edge, struct model_wait *out)
{
    struct model_site *sites = arena_alloc(loader->memory, BODIES_MAX, sizeof *sites);
    size_t count = 0;
    int64_t coro = edge->coro;
    load_site(loader, edge->site, &sites[count++]);
    while (coro && count < BODIES_MAX) {
        struct trace_query *row =
            loader_row(loader, "SELECT await_site_id, parent_coro_id FROM coro WHERE id = ?1", coro);
        int64_t site = row ? trace_int(row, 0) : 0;
        coro = row ? trace_int(row, 1) : 0;
        trace_finish(row);
        if (site)
            load_site(loader, site, &sites[count++]);
    }
    out->stopped = sites;
    out->stopped_count = edge->site ? count : 0;
}

static int64_t sleeps_until(const struct waits_edge *edge)
{
    int64_t sleep_ns, until;
    bool known = edge->target.kind == MODEL_SLEEP && edge->sleep_us >= 0 && edge->began_ns != MODEL_NEVER;
    if (!known || __builtin_mul_overflow(edge->sleep_us, 1000, &sleep_ns) ||
        __builtin_add_overflow(edge->began_ns, sleep_ns, &until))
        return MODEL_NEVER;
    return until;
}

void load_wait(struct loader *loader, const struct model_subject *task, struct model_wait *out)
{
    *out = (struct model_wait){.began_ns = MODEL_NEVER, .until_ns = MODEL_NEVER, .at_ns = MODEL_NEVER};
    const struct waits_edge *edge = task->ref.kind == MODEL_TASK ? waits_of(loader, task->ref.id) : NULL;
    if (!edge)
        return;
    out->target = edge->target;
    out->label = target_label(loader, edge);
    out->began_ns = edge->began_ns;
    out->at_ns = stopped_at(loader, task);
    out->until_ns = sleeps_until(edge);
    load_stopped(loader, edge, out);
}

static bool is_in(const struct model_link *links, size_t count, struct model_ref ref)
{
    for (size_t i = 0; i < count; i++)
        if (links[i].ref.kind == ref.kind && links[i].ref.id == ref.id)
            return true;
    return false;
}

static struct model_link link_to(struct loader *loader, struct model_ref ref)
{
    struct model_link link = {.ref = ref, .label = load_label(loader, ref)};
    const struct waits_edge *edge = ref.kind == MODEL_TASK ? waits_of(loader, ref.id) : NULL;
    if (edge && edge->site)
        load_site(loader, edge->site, &link.site);
    return link;
}

/* What the edge leads to: an object is told with the number of its members. */
static struct model_link link_along(struct loader *loader, const struct waits_edge *edge)
{
    struct model_link link = link_to(loader, edge->target);
    link.label = target_label(loader, edge);
    return link;
}

/* Waiters, innermost first, into links[]; how many. */
static size_t climb(struct loader *loader, struct model_ref from, struct model_link *links)
{
    size_t count = 0;
    const struct waits_edge *edge = waits_for(loader, from);
    while (edge && count + 2 <= LINKS_MAX) {
        struct model_ref waiter = {MODEL_TASK, edge->task};
        bool through = edge->target.kind == MODEL_OBJECT && from.kind == MODEL_TASK;
        if (is_in(links, count, waiter))
            break;
        if (through)
            links[count++] = link_along(loader, edge);
        links[count++] = link_to(loader, waiter);
        from = waiter;
        edge = waits_for(loader, from);
    }
    return count;
}

/* Whom a task waits for in a deadlock that it is in, be it through a lock: the table knows. */
static struct model_ref locked_by(struct loader *loader, int64_t task)
{
    struct model_ref next = {0};
    struct trace_query *row = loader_row(
        loader,
        "SELECT n.task_id FROM deadlock_task m JOIN deadlock d ON d.id = m.deadlock_id AND d.kind = 'cycle'"
        " AND coalesce(d.how, '') <> 'undone' JOIN deadlock_task n ON n.deadlock_id = m.deadlock_id"
        " AND n.position = CASE WHEN m.position = (SELECT max(position) FROM deadlock_task WHERE deadlock_id = d.id)"
        " THEN 1 ELSE m.position + 1 END WHERE m.task_id = ?1 AND m.position > 0 ORDER BY d.id DESC LIMIT 1",
        task);
    if (row)
        next = (struct model_ref){MODEL_TASK, trace_int(row, 0)};
    trace_finish(row);
    return next;
}

/* What an object waits for that the task waits for. */
static struct model_ref behind(struct loader *loader, int64_t object, int64_t task)
{
    size_t members;
    struct model_ref next = locked_by(loader, task);
    return next.kind != MODEL_NONE ? next : waits_member(loader, object, &members);
}

/* What it waits for, and what that waits for, after links[count - 1]. */
static size_t descend(struct loader *loader, struct model_link *links, size_t count, bool *cycle)
{
    size_t limit = count + LINKS_MAX;
    struct model_ref at = links[count - 1].ref;
    int64_t task = at.kind == MODEL_TASK ? at.id : 0;
    while (count + 1 < limit) {
        const struct waits_edge *edge = at.kind == MODEL_TASK ? waits_of(loader, at.id) : NULL;
        struct model_ref next = edge                      ? edge->target
                                : at.kind == MODEL_OBJECT ? behind(loader, at.id, task)
                                                          : (struct model_ref){0};
        if (next.kind == MODEL_NONE)
            break;
        *cycle = next.kind != MODEL_SLEEP && is_in(links, count, next);
        links[count++] = edge ? link_along(loader, edge) : link_to(loader, next);
        if (*cycle)
            break;
        at = next;
        task = at.kind == MODEL_TASK ? at.id : task;
    }
    return count;
}

void load_chain(struct loader *loader, const struct model_subject *task, struct model_chain *out)
{
    struct model_link up[LINKS_MAX + 2];
    *out = (struct model_chain){0};
    if (task->ref.kind != MODEL_TASK)
        return;
    struct model_link *links = arena_alloc(loader->memory, 2 * LINKS_MAX + 4, sizeof *links);
    size_t waiters = climb(loader, task->ref, up);
    if (is_in(up, waiters, task->ref))
        waiters = 0; /* a cycle: told once, downwards */
    for (size_t i = 0; i < waiters; i++)
        links[i] = up[waiters - 1 - i];
    links[waiters] = link_to(loader, task->ref);
    out->subject = waiters;
    out->links = links;
    out->count = descend(loader, links, waiters + 1, &out->cycle);
}
