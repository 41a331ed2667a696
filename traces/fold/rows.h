/* The rows of the trace's tables as the fold keeps them in memory. Fields before the line are columns (of the same
 * name or nearly; rows.c tells which); those below it only live in memory and are found again when a fold begins. */
#ifndef LEASH_FOLD_ROWS_H
#define LEASH_FOLD_ROWS_H

#include "table.h"

/* How tasks, futures and coroutines stand. The words are in rows.c. */
enum leash__state {
    LEASH__NO_STATE,
    LEASH__PENDING, /* tasks and futures */
    LEASH__CREATED, /* coroutines: nothing has run it yet */
    LEASH__RUNNING, /* coroutines: inline, in a task */
    LEASH__DONE,
    LEASH__FAILED,
    LEASH__CANCELLED,
    LEASH__CLOSED, /* coroutines */
    LEASH__TAKEN,  /* coroutines: a task took it, and its creation was not seen yet */
};

struct leash__await;

/* The open awaits on one thing. */
struct leash__waiters {
    struct leash__await *first;
};

/* The coroutine that a body awaited last (turns.h). */
struct leash__turns {
    uint64_t last, argument; /* 0: none that counts */
    uint8_t told;            /* it is in a sequence */
};

struct leash__failure {
    struct leash__row row;
    uint64_t subject_id;
    int64_t code, at_ns; /* the code comes when its subject fails */
    uint32_t site_id;
    uint8_t subject_kind;
    char *message;
};

struct leash__step {
    struct leash__row row;
    uint64_t task_id;
    int64_t began_ns, ended_ns;
};

struct leash__cancel {
    struct leash__row row;
    uint64_t subject_id, by_task_id, object_id;
    int64_t at_ns, delivered_ns, uncancelled_ns;
    uint32_t site_id;
    uint8_t subject_kind, origin;
    char *message;
    /* ---- */
    struct leash__cancel *older; /* of the same task; valid while in_task */
    uint8_t in_task;             /* on its task's list */
    uint8_t recent;              /* among the fold's most recent ones */
};

struct leash__coro {
    struct leash__row row;
    uint64_t creator_task_id, argument, function_frame_id, stack_id, task_id, awaiter_task_id, parent_coro_id;
    int64_t created_ns, began_ns, ended_ns, code;
    uint64_t facts;
    uint32_t site_id, await_site_id;
    uint8_t state;
    /* ---- */
    struct leash__coro *outer;      /* the body that it runs in; valid while RUNNING, NULL: the task's own */
    struct leash__failure *failure; /* that it is about to end with */
    struct leash__turns turns;
    uint64_t waited_before; /* its task's waited_ns when it began */
    uint8_t is_outer;       /* only while rows are loaded: a running body is inside this one */
};

struct leash__task {
    struct leash__row row;
    uint64_t coro_id, creator_task_id, loop_id, argument, function_frame_id, stack_id, failure_id, exit_await_id,
        exit_stack_id;
    int64_t created_ns, began_ns, ended_ns, code, lost_ns, held_ns;
    uint64_t facts, steps, run_ns, keeper_task_id;
    uint32_t site_id, coro_site_id, thread_id;
    uint8_t state, daemon, detached;
    char *name;
    /* ---- */
    struct leash__await *await; /* that it is in; NULL: none */
    struct leash__coro *body;   /* the innermost inline coroutine; NULL: the task's own */
    struct leash__waiters waiters;
    struct leash__cancel *cancels;  /* newest first: not yet delivered, or not taken back */
    struct leash__failure *failure; /* that it is about to end with */
    struct leash__step *step;       /* that it is in (level steps) */
    struct leash__turns turns;      /* of its own body */
    uint64_t waited_ns;             /* in all its awaits that are over, since it is in memory */
};

struct leash__future {
    struct leash__row row;
    uint64_t creator_task_id, stack_id, failure_id, facts;
    int64_t created_ns, ended_ns, code;
    uint32_t site_id, thread_id;
    uint8_t state, detached;
    char *name;
    /* ---- */
    struct leash__waiters waiters;
    struct leash__failure *failure;
};

struct leash__object {
    struct leash__row row;
    uint64_t creator_task_id, stack_id, first_use_stack_id;
    int64_t created_ns, ended_ns, code, capacity;
    uint64_t facts;
    uint32_t site_id;
    uint8_t kind;
    char *name;
    /* ---- */
    struct leash__waiters waiters;
    struct leash__hold *holds; /* that are open, newest first */
    uint64_t children;
};

struct leash__hold {
    struct leash__row row;
    uint64_t object_id, task_id;
    int64_t began_ns, ended_ns;
    uint32_t site_id;
    /* ---- */
    struct leash__hold *next; /* of the same object; valid while it is open */
};

struct leash__object_op {
    struct leash__row row;
    uint64_t object_id, task_id;
    int64_t at_ns;
    uint32_t site_id;
    uint8_t op; /* its event's place behind LEASH_EV_SET, from 1 */
};

struct leash__test_scope {
    struct leash__row row;
    uint64_t up_id;
    int64_t began_ns, ended_ns, findings;
    uint32_t thread_id, site_id;
    char *name;
};

struct leash__test_member {
    struct leash__row row;
    uint64_t subject_id, test_id;
    uint8_t subject_kind;
};

struct leash__block {
    struct leash__row row;
    uint64_t loop_id, task_id, stack_id, lasted_us, late;
    int64_t noticed_ns, ended_ns;
    uint8_t kind, state;
};

struct leash__late {
    struct leash__row row;
    uint64_t block_id, task_id;
};

struct leash__child {
    struct leash__row row;
    uint64_t object_id, position, member_id;
    uint8_t member_kind;
};

struct leash__await {
    struct leash__row row;
    uint64_t task_id, coro_id, target_id;
    int64_t sleep_us, began_ns, ended_ns, code;
    uint32_t site_id;
    uint8_t target_kind;
    /* ---- */
    struct leash__task *task;
    struct leash__waiters *target; /* the list that it is on; NULL: none */
    struct leash__await *next, *previous;
};

struct leash__claim {
    struct leash__row row;
    uint64_t subject_id;
    int64_t at_ns;
    uint32_t site_id;
    uint8_t subject_kind, op;
};

struct leash__scan {
    struct leash__row row;
    uint64_t candidates, bytes, pause_ns, lost;
    int64_t at_ns, complete;
    uint32_t thread_id;
    uint8_t reason;
};

struct leash__misuse {
    struct leash__row row;
    uint64_t task_id, stack_id;
    int64_t at_ns;
    uint32_t thread_id, site_id;
    uint8_t kind;
    char *message;
};

struct leash__loop {
    struct leash__row row;
    uint64_t main_task_id;
    int64_t began_ns, main_ended_ns, main_code, ended_ns;
    uint32_t thread_id, site_id;
    uint8_t end_kind;
};

struct leash__thread {
    struct leash__row row;
    uint64_t tid;
    char *name;
};

struct leash__module {
    struct leash__row row;
    uint64_t base, size;
    char *path, *build_id;
};

struct leash__frame {
    struct leash__row row;
    uint64_t module_id, offset;
};

struct leash__stack {
    struct leash__row row;
    uint64_t depth;
};

struct leash__stack_frame {
    struct leash__row row;
    uint64_t stack_id, position, frame_id;
};

struct leash__site {
    struct leash__row row;
    uint64_t line;
    char *file, *func, *expr;
};

struct leash__deadlock {
    struct leash__row row;
    uint64_t loop_id;
    int64_t at_ns, over_ns;
    uint8_t kind, how;
};

struct leash__deadlock_task {
    struct leash__row row;
    uint64_t deadlock_id, task_id, position, await_id;
    uint32_t hold_site_id;
};

struct leash__site_stat {
    struct leash__row row;
    uint64_t tasks, coros, pending, failed, cancelled, awaits, wait_ns, life_ns, max_life_ns;
};

/* How far a thread's events were taken. Row of table `drain`; its id is the thread's. */
struct leash__drain {
    struct leash__row row;
    uint64_t sequence, slot; /* segments before are taken, and so are the slots before this one in it */
    uint64_t last_ns;        /* time of its last event */
    /* ---- */
    uint64_t loop_id; /* that runs on it; 0: none */
};

/* clang-format off */
#define LEASH__TABLES(X)                                                                                               \
    X(site)                                                                                                            \
    X(thread) X(module) X(frame) X(stack) X(stack_frame) X(loop) X(coro) X(task) X(future) X(object) X(child) X(await) \
        X(cancel) X(claim) X(failure) X(scan) X(misuse) X(step) X(hold) X(object_op) X(block) X(late) X(deadlock) \
        X(deadlock_task) X(site_stat) X(drain) X(test_scope) X(test_member)
/* clang-format on */

enum leash__table_number {
#define X(name) LEASH__T_##name,
    LEASH__TABLES(X)
#undef X
        LEASH__T_COUNT
};

extern const struct leash__table_kind leash__table_kinds[LEASH__T_COUNT];

/* Values of `origin` of a cancel. */
enum { LEASH__BY_PROGRAM = 1, LEASH__BY_TIMEOUT, LEASH__BY_CLEANUP, LEASH__BY_AWAITER };
/* Value of `target_kind` of an await beside enum leash_subject. */
enum { LEASH__TARGET_SLEEP = 5 };

#endif
