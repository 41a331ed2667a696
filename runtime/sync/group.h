/* Groups: what of them the words about their failure need to know. */
#ifndef LEASH_SYNC_GROUP_H
#define LEASH_SYNC_GROUP_H

#include <leash/group.h>

#include "scope.h"
#include "waitable.h"

/* One a task. */
struct leash__group_member {
    struct leash__callback callback; /* in the task's list until it has ended */
    struct leash__node node;         /* in one of the group's lists */
    struct leash__group *group;
    struct leash__cell *cell; /* held */
};

struct leash__group {
    struct leash__waitable base;
    struct leash__scope scope;
    struct leash__loop *loop;
    struct leash__task *parent; /* that opened it: cancelled when a task fails; held by the scope */
    struct leash_site *site;
    struct leash__node running;   /* members, in order of creation: their end was not seen yet */
    struct leash__node ended;     /* members that ended well, or cancelled, and whose handles may be read */
    struct leash__node failed;    /* members, in the order in which they failed */
    struct leash__node line;      /* the task in leash_group_end */
    size_t created, failures;     /* how many members there were, and are in `failed` */
    int body_code;                /* negative: the body failed as well */
    struct leash__failure *body;  /* why, if it told */
    bool exiting;                 /* leash_group_end was called */
    bool aborting;                /* the members were cancelled */
    bool parent_cancel_requested; /* and the parent */
};

static inline struct leash__group_member *leash__group_member_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__group_member, node);
}

/* The failure of a group whose members failed: code and origin of the first, all named in its message. NULL: no memory.
 */
struct leash__failure *leash__group_failure(const struct leash__group *group);

#endif
