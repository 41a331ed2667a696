/* The SQL that is embedded at build time: see embed.cmake. */
#ifndef LEASH_FOLD_EMBEDDED_H
#define LEASH_FOLD_EMBEDDED_H

#include "fold.h"

extern const char leash__schema[];

/* A view of the trace, in an order in which each needs only earlier ones (and the rules' views). */
struct leash__view {
    const char *name;
    const char *sql;
};
extern const struct leash__view leash__views[];
extern const size_t leash__views_count;

#endif
