/* Two traces side by side: what is new, what grew, what shrank, what is gone. */
#ifndef LEASH_ACCEPT_DIFF_H
#define LEASH_ACCEPT_DIFF_H

#include "model.h"

enum model_change { MODEL_NEW, MODEL_GREW, MODEL_SHRANK, MODEL_FIXED, MODEL_SAME, MODEL_CHANGES };

struct model_difference {
    enum model_change change;
    uint32_t fingerprint;
    size_t before, now;
    const struct model_group *group; /* of the newer trace; of the older one if it is fixed */
};

struct model_diff {
    struct model_difference *items; /* by change, then as reports sort groups */
    size_t count;
    size_t changes[MODEL_CHANGES];
};

/* Both judged, so that their groups are in order; the diff points into them. */
void model_diff_make(struct model_diff *diff, const struct model_snapshot *before, const struct model_snapshot *now);
void model_diff_free(struct model_diff *diff);
/* "new", "grew", "shrank", "fixed", "same" */
const char *model_change_name(enum model_change change);

#endif
