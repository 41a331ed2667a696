/* What a trace says, as plain structs that hold everything they point to.
 *
 *   snapshot ── run         when it began, how it ended, what was counted
 *            └─ groups      findings of one class made at one place, alike but for the object
 *                └─ examples    a subject, where it was created, what it waited for, who waited for it
 *
 * A subject is a task, coroutine, future or object of the trace. Times are nanoseconds since the run began;
 * MODEL_NEVER where one is not known. Pointers may be NULL where the trace does not tell. */
#ifndef LEASH_INSPECTOR_MODEL_H
#define LEASH_INSPECTOR_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_NEVER    INT64_MIN
#define MODEL_EXAMPLES 3 /* of a group that are loaded in full */

struct trace;

/* ---- subjects ---- */

enum model_kind { MODEL_NONE, MODEL_TASK, MODEL_CORO, MODEL_FUTURE, MODEL_OBJECT, MODEL_SLEEP };

struct model_ref {
    enum model_kind kind;
    int64_t id;
};

struct model_site {
    const char *file, *func, *expr;
    int line;
};

struct model_frame {
    const char *func, *file, *module; /* func and file NULL until frames were named: then module and offset tell */
    int line;
    uint64_t offset;
    bool runtime; /* the library's own */
};

struct model_stack {
    const struct model_frame *frames; /* innermost first */
    size_t count;
};

struct model_subject {
    struct model_ref ref;
    const char *name;  /* as the program named it, or Task-N */
    const char *coro;  /* the coroutine's function; tasks and coroutines */
    const char *state; /* tasks, coroutines, futures */
    const char *what;  /* objects: lock, queue, gather, ... */
    struct model_site site;
    struct model_stack stack;     /* of its creation; count 0: none was taken. In a finding of a call: of that */
    struct model_stack first_use; /* objects: where no call made it, but it was declared; likewise */
    struct model_stack stood;     /* a task's, where it stood when it was judged pending; likewise */
    struct model_ref creator;     /* kind NONE: made outside any task */
    const char *creator_label;
    const char *test; /* that it was made in */
    int64_t created_ns, began_ns, ended_ns;
    int64_t lost_ns, held_ns; /* tasks: by scans */
    int64_t keeper;           /* lost tasks: the lost task that alone refers to it, maybe itself; 0: nothing does */
    int64_t loop;             /* tasks */
    int code;                 /* negative errno of a failure */
    const char *failure;      /* its message */
    struct model_site failure_site;
    int64_t failed_ns;
    unsigned facts; /* LEASH_FACT_ */
};

/* ---- waiting ---- */

/* One link of an await chain: somebody who waits, or at the end what is waited for. */
struct model_link {
    struct model_ref ref;
    const char *label;      /* "#7 server", "gather of 3 (#q5)", "sleep 10.000s" */
    struct model_site site; /* a task: where it waits for the next link */
};

struct model_chain {
    const struct model_link *links; /* outermost waiter first */
    size_t count;
    size_t subject; /* which link is the finding's own */
    bool cycle;     /* the last link waits for one before it */
};

/* Where a task stood and what it waited for. */
struct model_wait {
    struct model_ref target; /* kind NONE: it waited for nothing */
    const char *label;
    const struct model_site *stopped; /* innermost first */
    size_t stopped_count;
    int64_t began_ns, until_ns; /* until: of a sleep */
    int64_t at_ns;              /* the instant looked at */
};

/* ---- findings ---- */

struct model_class {
    const char *name;
    const char *severity; /* "error", "warning": unless told otherwise */
    const char *rule;     /* "TL001": what SARIF calls it, never given to another class; NULL: a user's rule */
};
/* At most MODEL_CLASSES_MAX: a set of them is a uint32_t. Those of the user's own rules follow those of the design. */
extern const struct model_class *model_classes;
extern size_t model_classes_count;
#define MODEL_CLASSES_MAX 32
/* -1: no such class. */
int model_class_index(const char *name);
/* Its findings are calls: the place is that of the call, not that where the task was made, and there need not be one.
 */
bool model_class_is_of_a_call(const char *name);
/* A class of the user's own, before any trace is loaded; the texts must live as long as the program. Its index, or
 * -ENOSPC. */
int model_class_add(const struct model_class *class, const char *title, const char *hint);
/* The hint of its rule, NULL if there is none. */
const char *model_class_hint(const char *name);
/* The title of its rule, NULL if there is none. */
const char *model_class_title(const char *name);

struct model_example {
    struct model_subject subject;
    const char *detail; /* the rule's */
    int64_t at_ns;
    struct model_wait wait;
    struct model_chain chain;
};

/* A group, as seen from a baseline. NONE: there is no baseline. */
enum model_standing { MODEL_STANDING_NONE, MODEL_STANDING_NEW, MODEL_STANDING_GREW, MODEL_STANDING_KNOWN };

struct model_group {
    const char *class, *also; /* also: other classes, comma separated, or NULL */
    bool error;               /* what the rule says; `fails` is what counts */
    bool fails;               /* set by model_judge() */
    uint32_t fingerprint;
    size_t count, victims; /* victims: tasks that only wait for one of these */
    int64_t first_ns, last_ns;
    const struct model_example *examples;
    size_t examples_count; /* at most MODEL_EXAMPLES */
    const int64_t *ids;    /* of all subjects, `count` of them */
    const char *names;     /* "worker-*": what the examples' names have in common; NULL if nothing */
    /* Set by what the user accepts (suppressions, a baseline); a group is of one mind about both. */
    const char *suppressed_by; /* the pattern that matched, NULL: none did */
    const char *suppressed_at; /* where that pattern stands: "leash.supp:3" */
    enum model_standing standing;
    size_t accepted; /* how many the baseline knows */
};

/* ---- the whole ---- */

enum model_ending {
    MODEL_COMPLETE,
    MODEL_EXITED,    /* exit() inside a task */
    MODEL_CRASHED,   /* ends without an end mark */
    MODEL_LIVE,      /* is being written */
    MODEL_UNFINISHED /* not marked as ended, and nobody writes to it: a part is missing */
};

struct model_run {
    int pid, exit_code;
    const char *argv, *level;
    int64_t began_unix_ns, ended_ns;
    int64_t now_ns; /* of the newest event that was recorded */
    enum model_ending ending;
    int64_t dropped, events, tasks, coros, pending; /* pending: tasks unfinished when it crashed */
};

struct model_snapshot {
    const char *path;
    const char *note; /* why something is missing; NULL: nothing is */
    struct model_run run;
    struct model_group *groups;
    size_t groups_count;
    const struct model_example *running; /* CRASHED: a few tasks that were running then */
    size_t running_count;
    struct arena *memory;
};

/* What the user accepts and adds; all of it may be NULL, and must outlive the snapshot. */
struct suppressions;
struct source_options;
struct user_rules;
struct model_load_options {
    struct suppressions *suppressions;   /* accept/suppress.h */
    const struct source_options *source; /* where `leash: allow(...)` is looked for */
    const struct user_rules *rules;      /* user_rule.h */
};

/* 0, or -EIO, -EINVAL (what the program wants suppressed, or a user's rule, makes no sense) with the reason in `why`
 * (of `room` bytes). `options` NULL: nothing is accepted, nothing added. */
int model_load(struct trace *trace, const struct model_load_options *options, struct model_snapshot *out, char *why,
               size_t room);
void model_free(struct model_snapshot *snapshot);
/* For a snapshot whose trace was moved. */
void model_set_path(struct model_snapshot *snapshot, const char *path);

/* "#31", "#c42", "#f3", "#q3"; at most 24 bytes. */
const char *model_ref_text(struct model_ref ref, char *text);
#define MODEL_REF_TEXT 32
/* Takes the same, with or without '#'. */
bool model_ref_parse(const char *text, struct model_ref *ref);
/* -ENOENT, and in `why` that the trace has nothing of that name, and which list names what it has. */
int model_ref_unknown(const struct trace *trace, struct model_ref ref, char *why, size_t room);
/* How model_time_text() tells an instant: since the run began, by the calendar of this machine's time zone, or in
 * seconds since 1970. */
enum model_clock { MODEL_CLOCK_REL, MODEL_CLOCK_ABS, MODEL_CLOCK_UNIX };
/* From now on, for a run that began then (0: not known, and told since it began). What `leash` prints has one clock:
 * it is set where a trace is opened or a report of it begins, before there are threads. */
void model_clock_begin(enum model_clock clock, int64_t began_unix_ns);
/* Of the run in a trace, 0 if it does not tell. */
int64_t model_run_began(struct trace *trace);
/* "+1.204s", as model_clock_begin() said; "?" if not known. */
const char *model_time_text(int64_t ns, char *text);
/* "10.000s", "12.3ms", "40us". */
const char *model_duration_text(int64_t ns, char *text);
#define MODEL_TIME_TEXT 32
/* to - from, MODEL_NEVER if one is not known or they are too far apart: what is in a trace may be anything. */
int64_t model_span(int64_t from, int64_t to);
/* "EIO" for -5; NULL if there is no such error. */
const char *model_error_name(int code);
/* What a subject is called: its name, unless nobody gave it one, then its coroutine's. Never NULL. */
const char *model_label(const struct model_subject *subject);
/* The name that the program gave; NULL for Task-N and none. */
const char *model_given_name(const struct model_subject *subject);

#endif
