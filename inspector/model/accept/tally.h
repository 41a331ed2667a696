/* How many findings of each fingerprint a snapshot holds: what baselines and comparisons count. */
#ifndef LEASH_ACCEPT_TALLY_H
#define LEASH_ACCEPT_TALLY_H

#include "model.h"

struct tally_item {
    uint32_t fingerprint;
    size_t count;              /* over all of its groups */
    struct model_group *first; /* of them, in the snapshot's order */
};

struct tally {
    struct tally_item *items; /* by fingerprint */
    size_t count;
};

/* Without what is suppressed. It points into the snapshot's groups: no judging in between, that sorts them. */
void tally_make(struct tally *tally, const struct model_snapshot *snapshot);
/* NULL: there is none. */
const struct tally_item *tally_find(const struct tally *tally, uint32_t fingerprint);
void tally_free(struct tally *tally);

#endif
