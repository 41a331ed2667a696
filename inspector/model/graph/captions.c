#include "graph/captions.h"

#include <string.h>

/* Facts: PENDING 1, LOST 256. As long as nothing is judged, the scans' last word counts. */
#define GONE "t.lost_ns > coalesce(t.held_ns, -1)"
static const char task_sql[] =
    "SELECT t.name, coalesce(f.func, s.expr), t.state, t.site_id, t.created_ns, t.began_ns, t.ended_ns,"
    " l.main_ended_ns, t.facts & 1, CASE WHEN t.facts & 1 THEN t.facts & 256 ELSE coalesce(" GONE ", 0) END,"
    " CASE WHEN " GONE " THEN t.lost_ns END FROM task t LEFT JOIN site s ON s.id = t.coro_site_id"
    " LEFT JOIN frame f ON f.id = t.function_frame_id LEFT JOIN loop l ON l.id = t.loop_id WHERE t.id = ?1";
enum {
    TASK_NAME,
    TASK_CORO,
    TASK_STATE,
    TASK_SITE,
    TASK_CREATED,
    TASK_BEGAN,
    TASK_ENDED,
    TASK_STOPPED,
    TASK_PENDING,
    TASK_LOST,
    TASK_LOST_NS
};

void captions_begin(struct captions *captions, struct loader *loader)
{
    *captions =
        (struct captions){.loader = loader,
                          .task = loader_prepare(loader, task_sql),
                          .site = loader_prepare(loader, "SELECT file, line, func, expr FROM site WHERE id = ?1"),
                          .object = loader_prepare(loader, "SELECT kind, site_id, ended_ns FROM object WHERE id = ?1")};
}

void captions_end(struct captions *captions)
{
    trace_finish(captions->task);
    trace_finish(captions->site);
    trace_finish(captions->object);
}

/* False: there is no such row, or it cannot be read. */
static bool find(struct captions *captions, struct trace_query *query, int64_t id)
{
    if (!query || captions->loader->failed)
        return false;
    trace_reset(query);
    trace_bind(query, 1, id);
    return loader_next(captions->loader, query);
}

static void add_site(struct captions *captions, int64_t id, struct model_site *out)
{
    if (id == 0 || !find(captions, captions->site, id))
        return;
    out->file = loader_text(captions->loader, captions->site, 0);
    out->line = loader_int(captions->site, 1);
    out->func = loader_text(captions->loader, captions->site, 2);
    out->expr = loader_text(captions->loader, captions->site, 3);
}

/* ---- what is waited for ---- */

/* ".get" of leash_queue_get: what was asked of the object, if the place tells. */
static const char *verb_of(const char *kind, const char *expression)
{
    size_t length = strlen(kind);
    bool names_it = expression && strncmp(expression, "leash_", 6) == 0 && strncmp(expression + 6, kind, length) == 0;
    return names_it && expression[6 + length] == '_' ? expression + 6 + length + 1 : NULL;
}

static const char *caption_object(struct captions *captions, const struct waits_edge *edge, const char *expression,
                                  size_t members, int64_t holder)
{
    struct arena *memory = captions->loader->memory;
    char text[MODEL_REF_TEXT];
    const char *kind =
        find(captions, captions->object, edge->target.id) ? loader_text(captions->loader, captions->object, 0) : NULL;
    if (!kind)
        kind = "object";
    model_ref_text(edge->target, text);
    if (members)
        return arena_format(memory, "%s of %zu", kind, members);
    if (holder)
        return arena_format(memory, "%s %s, held #%lld", kind, text, (long long)holder);
    const char *verb = verb_of(kind, expression);
    return verb ? arena_format(memory, "%s.%s %s", kind, verb, text) : arena_format(memory, "%s %s", kind, text);
}

const char *caption_wait(struct captions *captions, const struct waits_edge *edge, const char *expression,
                         size_t members, int64_t holder)
{
    char text[MODEL_REF_TEXT];
    struct arena *memory = captions->loader->memory;
    switch (edge->target.kind) {
    case MODEL_SLEEP:
        return edge->sleep_us < 0 ? "timer" : arena_format(memory, "sleep %.3fs", (double)edge->sleep_us / 1e6);
    case MODEL_TASK:
        return arena_format(memory, "join %s", model_ref_text(edge->target, text));
    case MODEL_FUTURE:
        return arena_format(memory, "future %s", model_ref_text(edge->target, text));
    case MODEL_OBJECT:
        return caption_object(captions, edge, expression, members, holder);
    default:
        return "something unknown";
    }
}

/* ---- tasks ---- */

/* The label and, if the task has a name of its own, its coroutine. The row of the task stays the query's. */
static bool name_task(struct captions *captions, int64_t id, struct model_row *row)
{
    char text[MODEL_REF_TEXT];
    struct model_subject subject = {.ref = {MODEL_TASK, id}};
    model_ref_text(subject.ref, text);
    row->label = arena_text(captions->loader->memory, text);
    if (!find(captions, captions->task, id))
        return false;
    subject.name = loader_text(captions->loader, captions->task, TASK_NAME);
    subject.coro = loader_text(captions->loader, captions->task, TASK_CORO);
    row->label =
        arena_format(captions->loader->memory, *model_label(&subject) ? "%s %s" : "%s", text, model_label(&subject));
    row->coro = model_given_name(&subject) ? subject.coro : NULL;
    return true;
}

/* Who holds the lock that is waited for, and of how many it is made. */
static void look_into(const struct model_graph *graph, uint32_t node, size_t *members, int64_t *holder)
{
    *members = 0, *holder = 0;
    if (links_count(&graph->out, node) == 0)
        return;
    uint32_t target = graph->out.items[graph->out.first[node]];
    *members = graph->members_of[target];
    if (!*members && graph->nodes.refs[target].kind == MODEL_OBJECT && links_count(&graph->out, target))
        *holder = graph->nodes.refs[graph->out.items[graph->out.first[target]]].id;
}

static void caption_waiter(struct captions *captions, const struct model_graph *graph, uint32_t node, int64_t at_ns,
                           struct model_row *row)
{
    const struct waits_edge *edge = &graph->waits.items[graph->waits_of[node] - 1];
    size_t members;
    int64_t holder;
    look_into(graph, node, &members, &holder);
    add_site(captions, edge->site, &row->site);
    row->waits_for = edge->target;
    row->reason = caption_wait(captions, edge, row->site.expr, members, holder);
    row->for_ns = model_span(edge->began_ns, at_ns);
}

/* What is told of a task at the instant of a graph. */
struct standing {
    int64_t at_ns; /* that instant, or when its own loop stopped */
    int64_t site;  /* where it was created */
    bool known, began, pending, lost;
};

static struct standing standing_of(struct captions *captions, const struct model_graph *graph, struct model_row *row)
{
    bool at_end = graph->at_ns == MODEL_NEVER;
    struct standing task = {.at_ns = at_end ? graph->ended_ns : graph->at_ns};
    task.known = name_task(captions, row->ref.id, row);
    if (!task.known)
        return task;
    int64_t stopped = loader_time(captions->task, TASK_STOPPED), began = loader_time(captions->task, TASK_BEGAN);
    int64_t lost = loader_time(captions->task, TASK_LOST_NS);
    if (at_end && stopped != MODEL_NEVER)
        task.at_ns = stopped;
    task.site = trace_int(captions->task, TASK_SITE);
    task.began = began != MODEL_NEVER && (task.at_ns == MODEL_NEVER || began <= task.at_ns);
    task.pending = trace_int(captions->task, TASK_PENDING) != 0;
    task.lost = at_end ? trace_int(captions->task, TASK_LOST) != 0 : lost != MODEL_NEVER && lost <= task.at_ns;
    return task;
}

static void caption_task(struct captions *captions, const struct model_graph *graph, uint32_t node,
                         struct model_row *row)
{
    struct standing task = standing_of(captions, graph, row);
    if (graph->waits_of[node]) {
        caption_waiter(captions, graph, node, task.at_ns, row);
    } else if (task.known) {
        row->reason = task.began ? "could run" : "never ran";
        row->stuck = task.pending && graph->at_ns == MODEL_NEVER;
    }
    if (task.lost && row->reason)
        row->reason = arena_format(captions->loader->memory, "%s, no handle", row->reason);
    if (!row->site.file)
        add_site(captions, task.site, &row->site);
}

/* ---- what is no task ---- */

static void caption_sleep(struct captions *captions, const struct model_graph *graph, uint32_t node,
                          struct model_row *row)
{
    char text[MODEL_TIME_TEXT];
    uint32_t sleeper = graph->in.items[graph->in.first[node]];
    const struct waits_edge *edge = &graph->waits.items[graph->waits_of[sleeper] - 1];
    int64_t sleep_ns, until;
    row->label = caption_wait(captions, edge, NULL, 0, 0);
    bool known = edge->sleep_us >= 0 && edge->began_ns != MODEL_NEVER &&
                 !__builtin_mul_overflow(edge->sleep_us, 1000, &sleep_ns) &&
                 !__builtin_add_overflow(edge->began_ns, sleep_ns, &until);
    if (known)
        row->reason = arena_format(captions->loader->memory, "until %s", model_time_text(until, text));
}

static void caption_target(struct captions *captions, const struct model_graph *graph, struct model_row *row)
{
    char text[MODEL_TIME_TEXT];
    row->label = load_label(captions->loader, row->ref);
    if (row->ref.kind != MODEL_OBJECT || !find(captions, captions->object, row->ref.id))
        return;
    int64_t ended = loader_time(captions->object, 2), site = trace_int(captions->object, 1);
    if (ended != MODEL_NEVER && (graph->at_ns == MODEL_NEVER || ended <= graph->at_ns))
        row->reason = arena_format(captions->loader->memory, "over since %s", model_time_text(ended, text));
    add_site(captions, site, &row->site);
}

void caption_node(struct captions *captions, const struct model_graph *graph, uint32_t node, struct model_row *row)
{
    row->ref = graph->nodes.refs[node];
    row->for_ns = MODEL_NEVER;
    if (row->ref.kind == MODEL_TASK)
        caption_task(captions, graph, node, row);
    else if (row->ref.kind == MODEL_SLEEP)
        caption_sleep(captions, graph, node, row);
    else
        caption_target(captions, graph, row);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

const char *caption_cause(struct captions *captions, const struct model_graph *graph, uint32_t node)
{
    const struct graph_component *held = component(graph, node);
    size_t frees = held->frees;
    if (frees == 0)
        return held->stuck ? "ROOT CAUSE: one of several" : NULL;
    return arena_format(captions->loader->memory, "%swould free %zu task%s", held->stuck ? "ROOT CAUSE: " : "", frees,
                        plural(frees));
}

const char *caption_cycle(struct captions *captions, const struct model_graph *graph, uint32_t node)
{
    const struct graph_component *cycle = component(graph, node);
    struct arena *memory = captions->loader->memory;
    if (cycle->choice)
        return arena_format(memory, "CYCLE of %u", cycle->tasks);
    if (cycle->frees > cycle->tasks)
        return arena_format(memory, "DEADLOCK of %u, %u more wait%s for it", cycle->tasks, cycle->frees - cycle->tasks,
                            cycle->frees - cycle->tasks == 1 ? "s" : "");
    return arena_format(memory, "DEADLOCK of %u", cycle->tasks);
}

/* ---- by spawn ---- */

void caption_spawned(struct captions *captions, int64_t task, int64_t at_ns, struct model_row *row)
{
    row->ref = (struct model_ref){MODEL_TASK, task};
    row->for_ns = MODEL_NEVER;
    if (!name_task(captions, task, row))
        return;
    int64_t ended = loader_time(captions->task, TASK_ENDED), stopped = loader_time(captions->task, TASK_STOPPED);
    bool pending = trace_int(captions->task, TASK_PENDING) != 0;
    const char *state = loader_text(captions->loader, captions->task, TASK_STATE);
    int64_t until = pending && stopped != MODEL_NEVER ? stopped : ended != MODEL_NEVER ? ended : at_ns;
    row->reason = pending ? "pending" : state;
    row->stuck = pending;
    row->for_ns = model_span(loader_time(captions->task, TASK_CREATED), until);
    add_site(captions, trace_int(captions->task, TASK_SITE), &row->site);
}
