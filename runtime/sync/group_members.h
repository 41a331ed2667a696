/* The members of a group: how they come, and what their ends do to the others and to the parent. */
#ifndef LEASH_SYNC_GROUP_MEMBERS_H
#define LEASH_SYNC_GROUP_MEMBERS_H

#include "group.h"

/* Makes the coroutine a task and a member. False: no memory; it is unused. */
bool leash__group_add(struct leash__group *group, struct leash__cell *coro, const char *name, struct leash_site *site);
/* Cancels those that run: no more can come. */
void leash__group_abort(struct leash__group *group);
/* Of one of the group's lists. */
void leash__group_members_free(struct leash__node *list);

#endif
