/* All that a trace tells of one task, coroutine, future or object. */
#ifndef LEASH_INSPECTOR_SHOW_H
#define LEASH_INSPECTOR_SHOW_H

#include "model.h"

struct model_fact {
    const char *label, *text;
};

#define MODEL_RELATED 20

struct model_detail {
    struct model_example example;
    const struct model_fact *facts; /* what the example's fields do not hold, in the order to be told */
    size_t facts_count;
    const struct model_ref *waiters, *children; /* who waited for it, which tasks it created: the first MODEL_RELATED */
    size_t waiters_count, children_count;
    struct arena *memory;
};

/* 0; -ENOENT: nothing of that id; -EIO. The reason is in `why`. */
int model_detail_load(struct trace *trace, struct model_ref ref, struct model_detail *out, char *why, size_t room);
void model_detail_free(struct model_detail *detail);

#endif
