/* Shared by the files that read from a trace, in model/ and in export/: the only ones that ask it questions. */
#ifndef LEASH_INSPECTOR_LOADER_H
#define LEASH_INSPECTOR_LOADER_H

#include "arena.h"
#include "model.h"
#include "query.h"

struct loader {
    struct trace *trace;
    struct arena *memory;
    bool failed;         /* a question failed: trace_failure() tells why */
    struct waits *waits; /* loaded when first needed */
};

/* The first row of `sql` with ?1 bound, or NULL (none, or failed). To be finished by the caller. */
struct trace_query *loader_row(struct loader *loader, const char *sql, int64_t id);
/* Steps; notes a failure and answers false then. */
bool loader_next(struct loader *loader, struct trace_query *query);
struct trace_query *loader_prepare(struct loader *loader, const char *sql);
const char *loader_text(struct loader *loader, struct trace_query *query, int column);
int64_t loader_time(struct trace_query *query, int column);
int loader_int(struct trace_query *query, int column);
/* A finished trace: tasks by facts, awaits by task. */
bool loader_has_indexes(struct loader *loader);

/* stack.c */
void load_site(struct loader *loader, int64_t id, struct model_site *out);
void load_stack(struct loader *loader, int64_t id, struct model_stack *out);
/* A site and a stack; where there is no site, it is the place of the innermost frame that is not the runtime's. */
void load_place(struct loader *loader, int64_t site_id, int64_t stack_id, struct model_site *site,
                struct model_stack *stack);
/* ": sleep < fetch app.c:12 < app app.c:30", "" of none */
const char *load_stack_text(struct loader *loader, const struct model_stack *stack);
/* subject.c; false: there is none of that id. */
bool load_subject(struct loader *loader, struct model_ref ref, struct model_subject *out);
/* "#7 server" */
const char *load_label(struct loader *loader, struct model_ref ref);
/* The stack of the longest step of a task that blocked its loop, in place of where it stood; of what is no task, of the
 * callbacks of thread `id`. */
void load_block(struct loader *loader, struct model_subject *subject, int64_t id);
/* run.c */
void load_run(struct loader *loader, struct model_run *out);
/* The fold's count, or, as long as the run has not ended, our own by `count_sql`. */
int64_t load_total(struct loader *loader, const char *key, const char *count_sql);
/* timeline/window.c: the last time that the trace tells of a task; for a run that did not end. */
int64_t load_last(struct loader *loader);
/* What `leash repair` could not save; NULL: nothing, or it was never needed. */
const char *load_repair_note(struct loader *loader);
/* ref.c */
enum model_kind model_kind_of(const char *text);

/* ---- graph/edges.c, waits.c: what each task waited for when its loop stopped, or still waits for ---- */

struct waits_edge {
    int64_t id, task, coro, site, began_ns, sleep_us; /* sleep_us -1: not known */
    struct model_ref target;
    bool stuck; /* it was still in this wait when its loop stopped, and is no daemon */
};
struct waits_edges {
    struct waits_edge *items; /* by task: each waits for one thing at a time, the newest of its open awaits */
    size_t count, capacity;
    bool cut; /* there are more */
};
#define WAITS_MAX 4000000
/* At an instant; MODEL_NEVER: when the loops stopped. `items` is to be freed. */
void waits_edges_load(struct loader *loader, int64_t at_ns, struct waits_edges *out);

void waits_free(struct waits *waits);
/* NULL: it waited for nothing. */
const struct waits_edge *waits_of(struct loader *loader, int64_t task);
/* The first task that waited for `target`, itself or through a gather, wait, ...; NULL: none. */
const struct waits_edge *waits_for(struct loader *loader, struct model_ref target);
/* Those that waited for it itself, or if nobody did the first through an object; up to `most` of them. */
size_t waits_waiters(struct loader *loader, struct model_ref target, struct model_ref *out, size_t most);
/* How many tasks did. */
size_t waits_count(struct loader *loader, struct model_ref target);
/* The first unfinished member of an object (gather to member), kind NONE: none; and how many members it has. */
struct model_ref waits_member(struct loader *loader, int64_t object, size_t *members);

/* chain.c */
void load_wait(struct loader *loader, const struct model_subject *task, struct model_wait *out);
void load_chain(struct loader *loader, const struct model_subject *task, struct model_chain *out);

/* ---- findings.c ---- */

struct finding {
    int class; /* index into model_classes */
    bool error;
    bool victim; /* pending only because it waits for `root` */
    struct model_ref subject;
    int64_t site, stack, coro_site, function, at_ns;
    const char *also, *detail;
    uint32_t fingerprint;
    int64_t root;
    size_t victims;
    const struct pattern *accepted; /* the suppression that matches it, NULL: none does */
};

/* Where the subject of a finding was made, and of what. */
struct finding_place {
    struct model_site site;
    struct model_stack stack;
    const char *coro;
};

struct findings {
    struct finding *items;
    size_t count, capacity;
};
void findings_load(struct loader *loader, struct findings *out);
/* By subject, for: the finding of a subject, NULL if there is none. */
void findings_sort(struct findings *findings);
struct finding *findings_of(const struct findings *findings, struct model_ref ref);
/* Counts for each how many wait for it. */
void findings_count_victims(struct findings *findings);
/* fingerprint.c */
/* Made at the same place of the same coroutine, on the same stack? */
bool finding_same_place(const struct finding *a, const struct finding *b);
void load_finding_place(struct loader *loader, const struct finding *finding, struct finding_place *out);
/* Sorts by class and place. */
void findings_fingerprint(struct loader *loader, struct findings *findings);
/* group.c */
void findings_group(struct loader *loader, struct findings *findings, struct model_snapshot *out);

#endif
