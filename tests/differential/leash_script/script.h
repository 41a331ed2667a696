/* A script as it was read: bodies, their ops, the names they use.
 *
 *     struct script ── bodies ──> struct body ── block ──> struct op ──> struct op ...   (next: within the block)
 *                   ├─ ops ─────────────────────────────────^ (after: all of them, in order of lines)
 *                   ├─ vars ────> struct var <──────────────── struct operand
 *                   └─ primitives
 *
 * All of it lives until script_free. */
#ifndef LEASH_SCRIPT_SCRIPT_H
#define LEASH_SCRIPT_SCRIPT_H

#include "ops.h"
#include <leash.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct coro;

enum thing_kind { THING_NONE, THING_TASK, THING_FUTURE, THING_CORO, THING_GROUP };

/* A variable: what was written to it last. */
struct var {
    struct var *next;
    const char *name;
    enum thing_kind kind; /* THING_NONE until it is first written */
    /* Valid unless kind is THING_NONE. Holds one claim of its own (leash_ref), but for a group, which has none. */
    leash_awaitable_t handle;
    struct coro *coro; /* what the handle runs; NULL for a future */
};

struct block {
    struct op *first, *last;
    struct op *opener; /* the op whose block this is; NULL for a body's */
};

struct body {
    struct body *next;
    const char *name;
    struct block block;
};

struct primitive {
    struct primitive *next;
    const char *name;
    enum operand_kind kind; /* OPERAND_LOCK for a mutex, OPERAND_SEMAPHORE ... */
    uint64_t size;
    union {
        leash_lock_t mutex;
        leash_semaphore_t semaphore;
        leash_event_t event;
        leash_condition_t condition;
        leash_queue_t queue;
        leash_barrier_t barrier;
    } as;
};

struct operand {
    const char *text;            /* as written */
    uint64_t number;             /* of a number or limit; UINT64_MAX for a larger one */
    bool none;                   /* the limit is - */
    struct body *body;           /* NULL unless it names one */
    struct var *var;             /* valid where a variable is allowed */
    struct primitive *primitive; /* valid where one is asked for */
    enum leash_when mode;
};

struct op {
    struct op *next;  /* in its block */
    struct op *after; /* in the script */
    const struct op_type *type;
    unsigned line;
    bool caught;         /* ? stands before it */
    struct block inner;  /* of a block op */
    struct block *outer; /* the block it stands in; valid while the script is read */
    size_t count;
    struct operand words[]; /* without the op's name */
};

struct script {
    const char *path;
    char *text; /* the file, cut into words: every name points into it */
    struct body *bodies;
    struct var *vars;
    struct primitive *primitives;
    struct op *ops, *last_op;
};

/* Reads and checks a script. NULL: it is refused, and a message with file and line went to `errors`. */
struct script *script_read(const char *path, FILE *errors);
void script_free(struct script *script);

struct body *script_body(const struct script *script, const char *name);
struct primitive *script_primitive(const struct script *script, const char *name);

#endif
