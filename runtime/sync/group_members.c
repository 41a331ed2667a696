#include "group_members.h"

#include <stdlib.h>

#include "cancel.h"
#include "cell.h"
#include "future.h"
#include "line.h"
#include "object.h"
#include "task.h"

static void member_free(struct leash__group_member *member)
{
    leash__list_remove(&member->node);
    if (!member->group->loop->over) {
        member->cell->holds--;
        leash__cell_release(member->cell);
    }
    free(member);
}

void leash__group_members_free(struct leash__node *list)
{
    while (!leash__list_empty(list))
        member_free(leash__group_member_of(list->next));
}

/* Its end is no news for the group. */
static void member_ended(struct leash__group_member *member)
{
    if (member->cell->owner)
        leash__list_append(&member->group->ended, &member->node);
    else
        member_free(member);
}

static void cancel(struct leash__group *group, struct leash__cell *cell)
{
    LEASH__EVENT_NOW(group->loop, LEASH_EV_CANCEL_TASK, group->site, cell->id,
                     group->loop->current ? group->loop->current->cell.id : 0);
    leash__cancel_fut(group->loop, &cell->fut, NULL, true);
}

/* _abort */
void leash__group_abort(struct leash__group *group)
{
    group->aborting = true;
    for (struct leash__node *node = group->running.next; node != &group->running; node = node->next) {
        struct leash__cell *cell = leash__group_member_of(node)->cell;
        if (!leash__fut_done(&cell->fut))
            cancel(group, cell);
    }
}

/* _on_task_done */
static void on_task_done(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__group_member *member = LEASH__CONTAINER(callback, struct leash__group_member, callback);
    struct leash__group *group = member->group;
    struct leash__fut *fut = &member->cell->fut;
    leash__list_remove(&member->node);
    loop->chained = true;
    if (leash__list_empty(&group->running))
        leash__line_wake_all(loop, &group->line);
    if (fut->state == LEASH__CANCELLED || fut->code >= 0) {
        member_ended(member);
        return;
    }
    fut->unseen = LEASH__SEEN;
    leash__list_append(&group->failed, &member->node);
    group->failures++;
    if (group->aborting || group->parent_cancel_requested || leash__fut_done(&group->parent->cell.fut))
        return;
    leash__group_abort(group);
    group->parent_cancel_requested = true;
    cancel(group, &group->parent->cell);
}

bool leash__group_add(struct leash__group *group, struct leash__cell *coro, const char *name, struct leash_site *site)
{
    struct leash__group_member *member = calloc(1, sizeof *member);
    if (!member || !leash__task_new(group->loop, coro, name, site, true)) {
        free(member);
        return false;
    }
    member->group = group;
    member->cell = coro;
    coro->settled = true;
    coro->holds++;
    group->created++;
    leash__child_event(group->loop, group->base.cell->id, coro);
    leash__callback_init(&member->callback, on_task_done);
    leash__fut_add_callback(group->loop, &coro->fut, &member->callback);
    leash__list_append(&group->running, &member->node);
    return true;
}
