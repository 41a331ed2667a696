#include "leaks_filter.h"
#include "alloc.h"
#include "rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PATIENCE_MS 30

struct asking {
    struct worker_job job;
    struct filter *filter;
    struct leaks_matches *matches;
    void (*done)(void *owner, struct leaks_matches *matches, const char *why);
    void *owner;
};

void leaks_matches_free(struct leaks_matches *matches)
{
    if (matches)
        free(matches->refs);
    free(matches);
}

static int by_ref(const void *left, const void *right)
{
    const struct model_ref *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static int run(struct worker_job *job, struct trace *trace)
{
    struct asking *asking = (struct asking *)job;
    struct model_rows *rows;
    const struct model_rows_options options = {.what = "leaks", .filter = asking->filter};
    int rc = model_rows_open(trace, &options, &rows, job->failure, sizeof job->failure);
    if (rc < 0)
        return rc;
    struct leaks_matches *matches = xcalloc(1, sizeof *matches);
    matches->count = model_rows_count(rows);
    matches->refs = xcalloc(matches->count + 1, sizeof *matches->refs);
    for (size_t i = 0; i < matches->count && !trace_is_interrupted(trace); i++)
        matches->refs[i] = model_rows_key(rows, trace, i);
    model_rows_free(rows);
    qsort(matches->refs, matches->count, sizeof *matches->refs, by_ref);
    asking->matches = matches;
    return 0;
}

static void done(struct worker_job *job)
{
    struct asking *asking = (struct asking *)job;
    if (job->result < 0) {
        leaks_matches_free(asking->matches);
        asking->matches = NULL;
    }
    asking->done(asking->owner, asking->matches, job->result == -EIO ? job->failure : "stopped: the filter is off");
    filter_free(asking->filter);
    free(asking);
}

bool leaks_filter_begin(struct tui *tui, struct filter *filter,
                        void (*then)(void *owner, struct leaks_matches *matches, const char *why), void *owner)
{
    struct worker *worker = tui_worker(tui);
    if (!worker) {
        filter_free(filter);
        return false;
    }
    struct asking *asking = xcalloc(1, sizeof *asking);
    asking->job = (struct worker_job){.what = "filtering", .run = run, .done = done};
    asking->filter = filter;
    asking->done = then;
    asking->owner = owner;
    worker_submit(worker, &asking->job);
    worker_wait(worker, PATIENCE_MS);
    return true;
}

bool leaks_match(const struct leaks_matches *matches, const struct model_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct model_ref ref = {group->examples[0].subject.ref.kind, group->ids[i]};
        if (bsearch(&ref, matches->refs, matches->count, sizeof ref, by_ref))
            return true;
    }
    return false;
}
