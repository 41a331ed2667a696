/* The nodes of an await graph and who waits for whom: from awaits, from what objects are made of, from who holds locks.
 */
#include "alloc.h"
#include "graph/nodes.h"

#include <string.h>
#include <trace_format.h>

#define PAIRS_MAX 16000000

static void add_pair(struct model_graph *graph, uint32_t from, uint32_t to)
{
    if (graph->pairs_count == PAIRS_MAX) {
        graph->cut = true;
        return;
    }
    X_GROW(graph->pairs, graph->pairs_count, graph->pairs_capacity);
    graph->pairs[graph->pairs_count++] = (struct graph_pair){from, to};
}

static void add_waits(struct model_graph *graph)
{
    for (size_t i = 0; i < graph->waits.count; i++)
        refmap_add(&graph->nodes, (struct model_ref){MODEL_TASK, graph->waits.items[i].task});
    for (size_t i = 0; i < graph->waits.count; i++) {
        const struct waits_edge *edge = &graph->waits.items[i];
        struct model_ref target = edge->target;
        if (target.kind == MODEL_NONE)
            continue;
        if (target.kind == MODEL_SLEEP)
            target.id = edge->task;
        add_pair(graph, (uint32_t)i, refmap_add(&graph->nodes, target));
    }
}

/* Tasks that were unfinished without waiting: they never ran, or could have. */
static void add_idle(struct loader *loader, struct model_graph *graph)
{
    if (graph->at_ns != MODEL_NEVER)
        return;
    struct trace_query *row = loader_prepare(
        loader, "SELECT id FROM task WHERE (facts <> 0 OR state = 'pending') AND (facts & 1 OR state = 'pending')");
    while (loader_next(loader, row))
        refmap_add(&graph->nodes, (struct model_ref){MODEL_TASK, trace_int(row, 0)});
    trace_finish(row);
}

/* Members that were unfinished at the instant: ?2, or, if that is NULL, when their loop stopped. Facts: PENDING 1. */
static const char members_sql[] =
    "SELECT c.member_kind, c.member_id, CASE"
    " WHEN coalesce(t.id, f.id, o.id) IS NULL THEN 0"
    " WHEN ?2 IS NULL THEN coalesce(t.ended_ns, f.ended_ns, o.ended_ns) IS NULL OR coalesce(t.facts, f.facts, 0) & 1"
    " ELSE coalesce(t.created_ns, f.created_ns, o.created_ns, ?2) <= ?2 AND"
    "  (coalesce(t.ended_ns, f.ended_ns, o.ended_ns, ?2 + 1) > ?2 OR (t.facts & 1 AND ?2 <= l.main_ended_ns)) END"
    " FROM child c LEFT JOIN task t ON c.member_kind = 'task' AND t.id = c.member_id"
    " LEFT JOIN loop l ON l.id = t.loop_id"
    " LEFT JOIN future f ON c.member_kind = 'future' AND f.id = c.member_id"
    " LEFT JOIN object o ON c.member_kind = 'object' AND o.id = c.member_id"
    " WHERE c.object_id = ?1 ORDER BY c.position";

struct members {
    struct trace_query *rows, *kind;
    uint32_t *counts; /* by node, as far as objects were looked at */
    bool *choices;
    size_t count, capacity;
};

static bool is_choice(const char *kind)
{
    return kind && (strcmp(kind, "wait") == 0 || strcmp(kind, "as_completed") == 0 || strcmp(kind, "wait_for") == 0 ||
                    strcmp(kind, "semaphore") == 0);
}

static void add_members(struct loader *loader, struct model_graph *graph, struct members *members, uint32_t node)
{
    struct model_ref object = graph->nodes.refs[node];
    trace_bind(members->rows, 1, object.id);
    while (loader_next(loader, members->rows)) {
        struct model_ref member = {model_kind_of(trace_text(members->rows, 0)), trace_int(members->rows, 1)};
        bool can_be_waited_for =
            member.kind == MODEL_TASK || member.kind == MODEL_FUTURE || member.kind == MODEL_OBJECT;
        members->counts[node]++;
        if (can_be_waited_for && trace_int(members->rows, 2))
            add_pair(graph, node, refmap_add(&graph->nodes, member));
    }
    trace_reset(members->rows);
    trace_bind(members->kind, 1, object.id);
    members->choices[node] = loader_next(loader, members->kind) && is_choice(trace_text(members->kind, 0));
    trace_reset(members->kind);
}

/* Goes on through the objects that it comes upon: members of members. */
static void add_all_members(struct loader *loader, struct model_graph *graph)
{
    struct members members = {.rows = loader_prepare(loader, members_sql),
                              .kind = loader_prepare(loader, "SELECT kind FROM object WHERE id = ?1")};
    if (members.rows && graph->at_ns != MODEL_NEVER)
        trace_bind(members.rows, 2, graph->at_ns);
    for (uint32_t node = 0; node < graph->nodes.count; node++) {
        if (node == members.count) {
            size_t room = graph->nodes.count;
            members.counts = xrealloc(members.counts, room, sizeof *members.counts);
            members.choices = xrealloc(members.choices, room, sizeof *members.choices);
            memset(members.counts + members.count, 0, (room - members.count) * sizeof *members.counts);
            memset(members.choices + members.count, 0, (room - members.count) * sizeof *members.choices);
            members.count = room;
        }
        if (graph->nodes.refs[node].kind == MODEL_OBJECT && members.rows && members.kind)
            add_members(loader, graph, &members, node);
    }
    trace_finish(members.rows);
    trace_finish(members.kind);
    graph->members_of = members.counts;
    graph->choices = members.choices;
}

/* ---- locks ---- */

/* Table `hold` tells who holds what from when to when, if it has columns of these names. */
static bool tells_holders(struct loader *loader)
{
    struct trace_query *row = trace_prepare(loader->trace, "SELECT object_id, task_id, began_ns, ended_ns FROM hold");
    trace_finish(row);
    return row != NULL;
}

#define HOLDS                                                                                                          \
    "SELECT h.object_id, h.task_id FROM hold h LEFT JOIN task t ON t.id = h.task_id"                                   \
    " LEFT JOIN loop l ON l.id = t.loop_id"
static const char holders_at_end[] = HOLDS " WHERE h.ended_ns IS NULL OR h.ended_ns >= l.main_ended_ns";
static const char holders_at_time[] = HOLDS
    " WHERE h.began_ns <= ?1 AND (h.ended_ns IS NULL OR h.ended_ns > ?1 OR (t.facts & 1 AND ?1 <= l.main_ended_ns))";

static void add_holders(struct loader *loader, struct model_graph *graph)
{
    if (!tells_holders(loader))
        return;
    struct trace_query *row = loader_prepare(loader, graph->at_ns == MODEL_NEVER ? holders_at_end : holders_at_time);
    if (row)
        trace_bind(row, 1, graph->at_ns);
    while (loader_next(loader, row)) {
        uint32_t object = refmap_find(&graph->nodes, (struct model_ref){MODEL_OBJECT, trace_int(row, 0)});
        if (object != REFMAP_NONE)
            add_pair(graph, object, refmap_add(&graph->nodes, (struct model_ref){MODEL_TASK, trace_int(row, 1)}));
    }
    trace_finish(row);
}

/* Holders may be nodes that nobody had named yet. */
static void widen(struct model_graph *graph, uint32_t known)
{
    size_t room = (size_t)graph->nodes.count + 1, more = room - known;
    graph->members_of = xrealloc(graph->members_of, room, sizeof *graph->members_of);
    graph->choices = xrealloc(graph->choices, room, sizeof *graph->choices);
    memset(graph->members_of + known, 0, more * sizeof *graph->members_of);
    memset(graph->choices + known, 0, more * sizeof *graph->choices);
    graph->waits_of = xcalloc(room, sizeof *graph->waits_of);
    for (uint32_t i = 0; i < graph->waits.count; i++)
        graph->waits_of[i] = i + 1;
}

void graph_build(struct loader *loader, struct model_graph *graph)
{
    waits_edges_load(loader, graph->at_ns, &graph->waits);
    graph->cut = graph->waits.cut;
    add_waits(graph);
    add_idle(loader, graph);
    add_all_members(loader, graph);
    uint32_t known = graph->nodes.count;
    add_holders(loader, graph);
    widen(graph, known);
}
