/* Trees to print, row by row: the await graph from either end, and who created whom. */
#ifndef LEASH_INSPECTOR_FOREST_H
#define LEASH_INSPECTOR_FOREST_H

#include "graph/graph.h"

enum model_forest_by {
    MODEL_BY_WAITS,   /* waiter on top, what it waits for below */
    MODEL_BY_WAITERS, /* blocker on top, who waits for it below */
    MODEL_BY_SPAWN    /* creator on top */
};
/* "waits", "waiters", "spawn"; NULL after the last. */
const char *model_forest_by_name(enum model_forest_by by);

enum model_row_kind {
    MODEL_ROW_NODE,
    MODEL_ROW_ABOVE, /* printed above already, with all that is below it */
    MODEL_ROW_CYCLE, /* back to `ref`, which is further up */
    MODEL_ROW_MORE   /* `more` rows left out here, and all below them */
};

struct model_row {
    enum model_row_kind kind;
    struct model_ref ref; /* a sleep's is that of the task that sleeps */
    unsigned depth;
    size_t next;                /* index of the first row after it that is not below it */
    const char *label;          /* "#31 worker-0", "queue #q3 "jobs"", "sleep 10.000s" */
    const char *coro;           /* tasks whose name is another; else NULL */
    const char *reason;         /* "join #7", "group of 3", "sleep 10.000s"; by spawn the state; may be NULL */
    const char *note;           /* "ROOT CAUSE: would free 5 tasks", "DEADLOCK of 2"; may be NULL */
    int64_t for_ns;             /* how long it has waited; by spawn how long it lived */
    struct model_site site;     /* where it waits; by spawn where it was created */
    bool stuck;                 /* what it waits for is a cause, and it never came out of that wait by itself */
    bool above;                 /* what it waits for has been printed above */
    struct model_ref waits_for; /* of an await graph; kind NONE: nothing */
    size_t more;
};

/* What holds others up, gravest first. */
struct model_cause {
    struct model_ref ref; /* of a cycle: its task of the smallest id */
    const char *label;
    size_t frees; /* tasks that would go on if this one did */
    size_t cycle; /* how many tasks wait for each other; 0: none do */
};

struct model_forest_options {
    enum model_forest_by by;
    struct model_ref root;         /* only what is below this; kind NONE: everything */
    size_t rows_max, children_max; /* 0: the defaults, MODEL_FOREST_ROWS and MODEL_FOREST_CHILDREN */
};
#define MODEL_FOREST_ROWS     2000
#define MODEL_FOREST_CHILDREN 200

struct model_forest {
    enum model_forest_by by;
    int64_t at_ns;
    bool at_end;              /* when the loops stopped, or as far as the trace goes */
    enum model_ending ending; /* how the run ended */
    struct model_row *rows;
    size_t count;
    size_t roots, edges;              /* of the whole, not of what is laid out; by spawn edges is the number of tasks */
    bool cut;                         /* rows were left out, or not all waits could be looked at */
    const struct model_cause *causes; /* at most MODEL_CAUSES */
    size_t causes_count;
    struct arena *memory;
};
#define MODEL_CAUSES 16

/* By waits or waiters. 0; -ENOENT: options->root does not exist; -EIO. The reason is in `why`. */
int model_forest_of_graph(const struct model_graph *graph, struct trace *trace,
                          const struct model_forest_options *options, struct model_forest *out, char *why, size_t room);
/* By spawn. */
int model_forest_of_spawn(struct trace *trace, const struct model_forest_options *options, struct model_forest *out,
                          char *why, size_t room);
void model_forest_free(struct model_forest *forest);

#endif
