/* Timeout scopes. */
#ifndef LEASH_CORE_TIMEOUT_H
#define LEASH_CORE_TIMEOUT_H

#include "scope.h"
#include "types.h"

enum leash__timeout_state { LEASH__ENTERED, LEASH__EXPIRING };

/* A cell of its own kind. */
struct leash__timeout {
    struct leash__cell cell;
    struct leash__scope scope;
    struct leash__timer timer; /* armed, or queued when the time has come already */
    enum leash__timeout_state state;
    unsigned cancelling; /* the task's requests when it was opened: more than these are somebody else's */
};

#endif
