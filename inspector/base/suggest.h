/* "Did you mean": the known word that is nearest to what was typed. */
#ifndef LEASH_INSPECTOR_SUGGEST_H
#define LEASH_INSPECTOR_SUGGEST_H

#include <stddef.h>

struct suggestion {
    const char *typed;
    const char *best; /* NULL while nothing was near enough */
    size_t distance;  /* of best */
};

void suggest_begin(struct suggestion *suggestion, const char *typed);
void suggest_offer(struct suggestion *suggestion, const char *known);

#endif
