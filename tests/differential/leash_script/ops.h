/* The ops of the language: their names, what words they take, and which of them open a block. */
#ifndef LEASH_SCRIPT_OPS_H
#define LEASH_SCRIPT_OPS_H

#include <stdbool.h>
#include <stddef.h>

/* What a word of an op has to be. */
enum operand_kind {
    OPERAND_NONE, /* no more words */
    OPERAND_WORD, /* anything */
    OPERAND_NUMBER,
    OPERAND_VAR,   /* a variable; whether it was written shows when the op runs */
    OPERAND_BODY,  /* a declared body */
    OPERAND_ANY,   /* a variable, or else a body */
    OPERAND_MODE,  /* first, failure or all */
    OPERAND_LIMIT, /* a number, or - for none */
    OPERAND_LOCK,  /* a declared mutex or condition */
    OPERAND_SEMAPHORE,
    OPERAND_EVENT,
    OPERAND_CONDITION,
    OPERAND_QUEUE,
    OPERAND_BARRIER
};

enum {
    OP_BLOCK = 1, /* opens a block, which `end` closes */
    OP_REST = 2   /* the last word may be repeated */
};

/* X(id, name, flags, operands...) */
#define SCRIPT_OPS(X)                                                                                                  \
    X(LOG, "log", 0, OPERAND_WORD)                                                                                     \
    X(SLEEP, "sleep", 0, OPERAND_NUMBER)                                                                               \
    X(SPAWN, "spawn", 0, OPERAND_VAR, OPERAND_BODY)                                                                    \
    X(MAKE, "make", 0, OPERAND_VAR, OPERAND_BODY)                                                                      \
    X(FUTURE, "future", 0, OPERAND_VAR)                                                                                \
    X(SET, "set", 0, OPERAND_VAR, OPERAND_WORD)                                                                        \
    X(SETFAIL, "setfail", 0, OPERAND_VAR, OPERAND_WORD)                                                                \
    X(AWAIT, "await", 0, OPERAND_VAR)                                                                                  \
    X(CALL, "call", 0, OPERAND_BODY)                                                                                   \
    X(CANCEL, "cancel", 0, OPERAND_VAR)                                                                                \
    X(DONE, "done", 0, OPERAND_VAR)                                                                                    \
    X(GATHER, "gather", OP_REST, OPERAND_ANY)                                                                          \
    X(GATHER_ALL, "gather_all", OP_REST, OPERAND_ANY)                                                                  \
    X(WAIT, "wait", OP_REST, OPERAND_MODE, OPERAND_LIMIT, OPERAND_VAR)                                                 \
    X(WAIT_FOR, "wait_for", 0, OPERAND_NUMBER, OPERAND_ANY)                                                            \
    X(SHIELD, "shield", 0, OPERAND_VAR)                                                                                \
    X(TIMEOUT, "timeout", OP_BLOCK, OPERAND_NUMBER)                                                                    \
    X(GROUP, "group", OP_BLOCK, OPERAND_VAR)                                                                           \
    X(GROUP_SPAWN, "group_spawn", 0, OPERAND_VAR, OPERAND_VAR, OPERAND_BODY)                                           \
    X(REPEAT, "repeat", OP_BLOCK, OPERAND_NUMBER)                                                                      \
    X(FAIL, "fail", 0, OPERAND_WORD)                                                                                   \
    X(RETURN, "return", 0, OPERAND_WORD)                                                                               \
    X(LOCK, "lock", OP_BLOCK, OPERAND_LOCK)                                                                            \
    X(SEM, "sem", OP_BLOCK, OPERAND_SEMAPHORE)                                                                         \
    X(WAIT_EVENT, "wait_event", 0, OPERAND_EVENT)                                                                      \
    X(SET_EVENT, "set_event", 0, OPERAND_EVENT)                                                                        \
    X(CLEAR_EVENT, "clear_event", 0, OPERAND_EVENT)                                                                    \
    X(WAIT_CONDITION, "wait_condition", 0, OPERAND_CONDITION)                                                          \
    X(NOTIFY, "notify", 0, OPERAND_CONDITION, OPERAND_NUMBER)                                                          \
    X(PUT, "put", 0, OPERAND_QUEUE, OPERAND_WORD)                                                                      \
    X(GET, "get", 0, OPERAND_QUEUE)                                                                                    \
    X(TASK_DONE, "task_done", 0, OPERAND_QUEUE)                                                                        \
    X(JOIN, "join", 0, OPERAND_QUEUE)                                                                                  \
    X(WAIT_BARRIER, "wait_barrier", 0, OPERAND_BARRIER)

enum op_id {
#define X(id, name, flags, ...) OP_##id,
    SCRIPT_OPS(X)
#undef X
        OP_COUNT
};

#define OP_OPERANDS_MAX 3

struct op_type {
    enum op_id id;
    const char *name;
    unsigned flags;
    enum operand_kind operands[OP_OPERANDS_MAX + 1]; /* ends with OPERAND_NONE */
};

/* NULL: no such op. */
const struct op_type *op_type_find(const char *name);
/* What the op's word number `index` (0 is the first after the name) has to be; OPERAND_NONE: there may be no such word.
 */
enum operand_kind op_type_operand(const struct op_type *type, size_t index);
/* How many words the op takes at least, its name not counted. */
size_t op_type_words(const struct op_type *type);
/* In words, for messages. */
const char *operand_kind_name(enum operand_kind kind);

#endif
