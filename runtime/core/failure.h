/* Failures: code, message and origin, shared by all who pass them on. */
#ifndef LEASH_CORE_FAILURE_H
#define LEASH_CORE_FAILURE_H

#include <stdarg.h>

#include "types.h"

/* NULL without memory: the code alone then travels on. */
struct leash__failure *leash__failure_new(int code, struct leash_site *site, const char *format, va_list arguments);
struct leash__failure *leash__failure_text(int code, const char *text);
/* What a program is told of one; `failure` NULL: there is only the code. Valid as long as it. */
struct leash_failure leash__failure_public(int code, const struct leash__failure *failure);
void leash__failure_unref_slow(struct leash__failure *failure);

static inline struct leash__failure *leash__failure_ref(struct leash__failure *failure)
{
    if (failure)
        failure->refs++;
    return failure;
}
static inline void leash__failure_unref(struct leash__failure *failure)
{
    if (failure)
        leash__failure_unref_slow(failure);
}
/* Puts `failure` (whose reference is taken over) where another may stand. */
static inline void leash__failure_set(struct leash__failure **place, struct leash__failure *failure)
{
    leash__failure_unref(*place);
    *place = failure;
}

#endif
