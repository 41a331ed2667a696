/* A run in figures, from what the fold counted: as quick for a large trace as for a small one. */
#ifndef LEASH_INSPECTOR_SUMMARY_H
#define LEASH_INSPECTOR_SUMMARY_H

#include "model.h"

/* Counts are -1 where the trace does not tell. */
struct model_figures {
    int64_t tasks, done, failed, cancelled, pending; /* pending: when the loop stopped, or still */
    int64_t joined;                                  /* finished, and their outcome was taken */
    int64_t coros, awaited;                          /* without those that became tasks */
    int64_t failures, retrieved;
    int64_t futures, objects, awaits, cancels, events, steps;
    int64_t bytes; /* of the file */
};

/* One of the slowest or longest. */
struct model_record {
    struct model_ref ref;
    const char *label; /* NULL: there is none */
    int64_t ns;
    struct model_site site;
};

/* A line of the source, and what came of it. */
struct model_busy_site {
    struct model_site site;
    int64_t tasks, coros, awaits;
};

struct model_class_count {
    const char *class;
    bool error;
    size_t leaks, suppressed;
};

struct model_summary {
    const char *path, *note;
    struct model_run run;
    struct model_figures figures;
    const struct model_class_count *classes; /* those that were found */
    size_t classes_count;
    size_t leaks, suppressed;
    struct model_record slowest_wait, longest_life, longest_run; /* run: level steps only */
    const struct model_busy_site *sites;                         /* the busiest, MODEL_SITES at most */
    size_t sites_count;
    struct arena *memory;
};
#define MODEL_SITES 5

/* Of a trace and what was found in it. 0 or -EIO with the reason in `why`. */
int model_summary_load(struct trace *trace, const struct model_snapshot *snapshot, struct model_summary *out, char *why,
                       size_t room);
void model_summary_free(struct model_summary *summary);

#endif
