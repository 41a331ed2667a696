#include "symbols.h"

#include <names.h>

void leash__symbols_name(struct leash_fold *fold)
{
    struct leash_names *names;
    if (leash_names_new(&names) < 0)
        return;
    leash_fold_name_frames(fold, leash_names_frame, names);
    leash_names_free(names);
}
