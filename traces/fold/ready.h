/* Before anything else is done with a fold: what an earlier failure left undone. */
#ifndef LEASH_FOLD_READY_H
#define LEASH_FOLD_READY_H

struct leash_fold;

/* Loads the open rows if memory was cleared; writes the rows of a batch whose commit failed. 0, -errno. */
int leash__fold_ready(struct leash_fold *fold);

#endif
