/* All tasks in the order in which a tree of who created whom is printed; a few bytes a task. */
#ifndef LEASH_INSPECTOR_SPAWN_H
#define LEASH_INSPECTOR_SPAWN_H

#include "model.h"

struct model_spawned {
    int64_t id, created_ns, ended_ns;
    uint32_t depth;
    uint32_t below; /* how many after it were created by it, and by those that it created */
};

struct model_spawn {
    struct model_spawned *tasks;
    size_t count;
    bool cut; /* there are more than MODEL_SPAWN_MAX */
};
#define MODEL_SPAWN_MAX 8000000

/* 0 or -EIO with the reason in `why`. */
int model_spawn_load(struct trace *trace, struct model_spawn *out, char *why, size_t room);
void model_spawn_free(struct model_spawn *spawn);
/* Its index; SIZE_MAX: there is none of that id. */
size_t model_spawn_find(const struct model_spawn *spawn, int64_t id);
/* Leaves only those that lived at some time within the window, and that belong to the family of task `family` (its
 * creators and what it created; 0: all). Depths stay as they were. */
void model_spawn_narrow(struct model_spawn *spawn, int64_t from_ns, int64_t to_ns, int64_t family);

#endif
