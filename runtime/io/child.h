/* Children: processes that this loop began, until they are reaped. Whoever began one may let go of it before that. */
#ifndef LEASH_IO_CHILD_H
#define LEASH_IO_CHILD_H

#include <limits.h>

#include "reactor.h"

struct leash__child {
    uv_process_t uv;
    struct leash__reactor *reactor;
    struct leash__node node; /* in reactor->children until it is reaped */
    bool is_group;           /* leads a process group of its own, which gets its signals */
    bool outlives;           /* it is left alone when nobody wants it any more */
    void (*ended)(void *owner, int returncode);
    void *owner; /* who began it; NULL: has let go */
};

enum { LEASH__CHILD_STOLEN = INT_MIN }; /* somebody else has waited for it: nobody knows its returncode */

/* Begins a process as libuv's options say, but for their callback. `ended` is called once it is reaped, with its exit
 * code, or minus the signal that killed it, or LEASH__CHILD_STOLEN; the child goes with that. 0 and *out; -errno
 * (ENOENT, EACCES, E2BIG, EAGAIN, EMFILE, ENOMEM, ...): there is none. */
int leash__child_begin(struct leash__reactor *reactor, uv_process_options_t *options, bool outlives,
                       void (*ended)(void *owner, int returncode), void *owner, struct leash__child **out);
/* 0, -errno. */
int leash__child_signal(const struct leash__child *child, int signal);
/* Nobody wants it any more: it is killed, but for one that outlives, and reaped when it ends. */
void leash__child_let_go(struct leash__child *child);
/* At the end of the loop: kills and reaps those that are left. */
void leash__children_end(struct leash__reactor *reactor);

#endif
