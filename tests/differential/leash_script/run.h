/* A run: the script's bodies as coroutine functions on leash, and what is known of the coroutines and tasks they made.
 *
 * A frame is one body that runs; `call` and `await` of a coroutine object run theirs inside the same task. An op's
 * function returns a negative errno when it fails, or one of enum ran. The runtime's own refusals never show in a log:
 * each op looks at its variables first, as the format says, and anything unexpected ends the program (run_broken). */
#ifndef LEASH_SCRIPT_RUN_H
#define LEASH_SCRIPT_RUN_H

#include <errno.h>

#include "arena.h"
#include "codes.h"
#include "facts.h"
#include "script.h"
#include "text.h"

/* A coroutine object, and the task that it became. */
struct coro {
    struct run *run;
    struct coro *next; /* of all, newest first */
    struct body *body;
    leash_coro_t object;
    leash_task_t handle; /* NULL until known: a task that an op makes itself is met at its first step */
    char *base;          /* where on the stack the task began; set when it starts, or is awaited */
    long task;           /* number of the task that runs it; -1 until it is awaited or given to one */
    bool own;            /* the task was made for it; false where it is awaited inside another */
    bool used;           /* awaited or given to a task */
    bool dropped;        /* it never ran, and will not */
    unsigned facts;      /* what was judged of the coroutine object, and of the task */
};

struct bare_future {
    struct bare_future *next;
    leash_future_t handle;
    unsigned facts; /* what was judged of it */
};

struct run {
    struct script *script;
    struct arena arena;
    struct codes codes;
    struct text value; /* of the op that ends now: no op waits between setting and logging it */
    struct coro *coros;
    struct bare_future *futures;
    struct facts facts;
    struct coro **tasks; /* by number */
    long count, room;    /* of tasks; room: how many fit */
    long unknown;        /* no task below this number is yet to be met */
};

struct frame {
    struct run *run;
    struct coro *coro;
    const char *code;   /* of the failure under way, where it is a script's own; lives as long as the run */
    const char *result; /* of `return`; NULL without */
};

enum ran { RAN_VALUE, RAN_SILENT, RAN_RETURN };

/* Runs the script and prints its log. 0, or leaves the program with another status. */
int run_script(struct script *script);

/* ---- for the ops ---- */

/* Runs the ops in turn. A negative errno; RAN_RETURN; or RAN_VALUE at the end. */
int run_block(struct frame *frame, const struct block *block);
/* The value that the op logs: NULL for none. */
void run_value(struct frame *frame, const char *value);
void run_log(const struct frame *frame, const struct op *op, const char *outcome);
/* What a body fails with where a group does, whatever that failed with. */
#define RUN_GROUP_FAILED (-EMULTIHOP)
/* The outcome in the log's words, without its sign, of a failure other than a script's own; NULL: of a script's own. */
const char *run_failure_name(int rc);

/* Ends the program: the runtime did what it must not (status 1). */
__attribute__((format(printf, 1, 2))) _Noreturn void run_broken(const char *format, ...);
/* Ends the program: the script left the format (status 3). */
__attribute__((format(printf, 1, 2))) _Noreturn void run_left(const char *format, ...);

#endif
