#include "graph/spawn.h"
#include "alloc.h"
#include "loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* A task while the tree is made. */
struct seed {
    int64_t id, creator, created_ns, ended_ns;
    bool placed;
};

struct nursery {
    struct seed *seeds; /* by id */
    size_t count, capacity;
    size_t *by_creator; /* indexes, by creator and then by id */
};

static int by_id(const void *left, const void *right)
{
    const struct seed *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static int by_creator(const void *left, const void *right, void *argument)
{
    const struct seed *seeds = argument;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    if (seeds[a].creator != seeds[b].creator)
        return seeds[a].creator < seeds[b].creator ? -1 : 1;
    return (a > b) - (a < b);
}

static void read_seeds(struct loader *loader, struct nursery *nursery, bool *cut)
{
    struct trace_query *row =
        loader_prepare(loader, "SELECT id, coalesce(creator_task_id, 0), created_ns, ended_ns FROM task LIMIT ?1");
    if (row)
        trace_bind(row, 1, MODEL_SPAWN_MAX + 1);
    while (loader_next(loader, row)) {
        X_GROW(nursery->seeds, nursery->count, nursery->capacity);
        nursery->seeds[nursery->count++] =
            (struct seed){trace_int(row, 0), trace_int(row, 1), loader_time(row, 2), loader_time(row, 3), false};
    }
    trace_finish(row);
    *cut = nursery->count > MODEL_SPAWN_MAX;
    nursery->count -= *cut;
}

static void sort_seeds(struct nursery *nursery)
{
    if (nursery->count)
        qsort(nursery->seeds, nursery->count, sizeof *nursery->seeds, by_id);
    nursery->by_creator = xcalloc(nursery->count + 1, sizeof *nursery->by_creator);
    for (size_t i = 0; i < nursery->count; i++)
        nursery->by_creator[i] = i;
    if (nursery->count)
        qsort_r(nursery->by_creator, nursery->count, sizeof *nursery->by_creator, by_creator, nursery->seeds);
}

/* Where those that a task created begin in by_creator. */
static size_t first_child(const struct nursery *nursery, int64_t creator)
{
    size_t low = 0, high = nursery->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (nursery->seeds[nursery->by_creator[middle]].creator < creator)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct seed *seed_of(const struct nursery *nursery, int64_t id)
{
    struct seed key = {.id = id};
    return nursery->count ? bsearch(&key, nursery->seeds, nursery->count, sizeof key, by_id) : NULL;
}

struct branch {
    size_t at;       /* in by_creator: the next child */
    uint32_t parent; /* in spawn->tasks */
};

struct planting {
    struct nursery *nursery;
    struct model_spawn *spawn;
    struct branch *branches;
    size_t count, capacity;
};

static void place(struct planting *planting, struct seed *seed)
{
    struct model_spawn *spawn = planting->spawn;
    seed->placed = true;
    spawn->tasks[spawn->count] = (struct model_spawned){
        .id = seed->id, .created_ns = seed->created_ns, .ended_ns = seed->ended_ns, .depth = (uint32_t)planting->count};
    X_GROW(planting->branches, planting->count, planting->capacity);
    planting->branches[planting->count++] =
        (struct branch){first_child(planting->nursery, seed->id), (uint32_t)spawn->count++};
}

/* A task and all that it, and what it created, created. */
static void plant(struct planting *planting, struct seed *root)
{
    const struct nursery *nursery = planting->nursery;
    place(planting, root);
    while (planting->count) {
        struct branch *branch = &planting->branches[planting->count - 1];
        int64_t creator = planting->spawn->tasks[branch->parent].id;
        struct seed *next = branch->at < nursery->count ? &nursery->seeds[nursery->by_creator[branch->at]] : NULL;
        if (!next || next->creator != creator) {
            planting->spawn->tasks[branch->parent].below = (uint32_t)planting->spawn->count - branch->parent - 1;
            planting->count--;
            continue;
        }
        branch->at++;
        if (!next->placed)
            place(planting, next);
    }
}

/* First those that nobody in the trace created, then what is left: it claims to have created itself. */
static void plant_all(struct nursery *nursery, struct model_spawn *out)
{
    struct planting planting = {.nursery = nursery, .spawn = out};
    for (size_t i = 0; i < nursery->count; i++)
        if (!seed_of(nursery, nursery->seeds[i].creator))
            plant(&planting, &nursery->seeds[i]);
    for (size_t i = 0; i < nursery->count; i++)
        if (!nursery->seeds[i].placed)
            plant(&planting, &nursery->seeds[i]);
    free(planting.branches);
}

int model_spawn_load(struct trace *trace, struct model_spawn *out, char *why, size_t room)
{
    struct loader loader = {.trace = trace};
    struct nursery nursery = {0};
    *out = (struct model_spawn){0};
    read_seeds(&loader, &nursery, &out->cut);
    if (!loader.failed) {
        sort_seeds(&nursery);
        out->tasks = xcalloc(nursery.count + 1, sizeof *out->tasks);
        plant_all(&nursery, out);
    }
    free(nursery.seeds);
    free(nursery.by_creator);
    if (!loader.failed)
        return 0;
    snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
    return -EIO;
}

void model_spawn_free(struct model_spawn *spawn)
{
    free(spawn->tasks);
    *spawn = (struct model_spawn){0};
}

size_t model_spawn_find(const struct model_spawn *spawn, int64_t id)
{
    for (size_t i = 0; i < spawn->count; i++)
        if (spawn->tasks[i].id == id)
            return i;
    return SIZE_MAX;
}

static bool lived_within(const struct model_spawned *task, int64_t from_ns, int64_t to_ns)
{
    return (task->created_ns == MODEL_NEVER || task->created_ns <= to_ns) &&
           (task->ended_ns == MODEL_NEVER || task->ended_ns >= from_ns);
}

static bool is_family(const struct model_spawn *spawn, size_t member, size_t of)
{
    size_t first = member < of ? member : of, second = member < of ? of : member;
    return second <= first + spawn->tasks[first].below;
}

void model_spawn_narrow(struct model_spawn *spawn, int64_t from_ns, int64_t to_ns, int64_t family)
{
    size_t of = family ? model_spawn_find(spawn, family) : SIZE_MAX, kept = 0;
    uint32_t *moved = xcalloc(spawn->count + 1, sizeof *moved); /* how many were kept before each */
    bool *keep = xcalloc(spawn->count + 1, sizeof *keep);
    for (size_t i = 0; i < spawn->count; i++) {
        keep[i] =
            lived_within(&spawn->tasks[i], from_ns, to_ns) && (!family || (of != SIZE_MAX && is_family(spawn, i, of)));
        moved[i + 1] = moved[i] + keep[i];
    }
    for (size_t i = 0; i < spawn->count; i++) {
        if (!keep[i])
            continue;
        spawn->tasks[kept] = spawn->tasks[i];
        spawn->tasks[kept++].below = moved[i + 1 + spawn->tasks[i].below] - moved[i + 1];
    }
    spawn->count = kept;
    free(keep);
    free(moved);
}
