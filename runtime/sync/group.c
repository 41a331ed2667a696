/* Algorithm: CPython 3.11.7's TaskGroup (Lib/asyncio/taskgroups.py), statement by statement; but members are kept, not
 * discarded, where their handles may still be read. */
#include "group.h"
#include "group_members.h"

#include <errno.h>

#include "await.h"
#include "cancel.h"
#include "cell.h"
#include "failure.h"
#include "future.h"
#include "line.h"
#include "loop.h"
#include "misuse.h"
#include "settle.h"
#include "task.h"

/* ---- the end ---- */

/* Any member that goes on may fail, and then the others are cancelled. */
static enum leash__need needs(const struct leash__waitable *waitable, struct leash__needs *needs)
{
    const struct leash__group *group = (const struct leash__group *)waitable;
    bool known = true;
    for (struct leash__node *node = group->running.next; node != &group->running; node = node->next)
        known &= leash__needs_name(needs, leash__group_member_of(node)->cell);
    return known ? LEASH__NEEDS_ONE : LEASH__NEEDS_ANYBODY;
}

static void waitable_end(struct leash__waitable *waitable)
{
    struct leash__group *group = (struct leash__group *)waitable;
    leash__group_members_free(&group->running);
    leash__group_members_free(&group->ended);
    leash__group_members_free(&group->failed);
    leash__failure_unref(group->body);
}

static const struct leash__waitable_type type = {.kind = LEASH_OBJECT_GROUP,
                                                 .name = "group",
                                                 .size = sizeof(struct leash__group),
                                                 .end = waitable_end,
                                                 .needs = needs};

/* Why the running body fails with `rc`. */
static struct leash__failure *failure_of_body(const struct leash__task *task, int rc)
{
    struct leash__failure *own = task->frame->failure, *passed = task->last_failure;
    if (own && own->code == rc)
        return own;
    return passed && passed->code == rc ? passed : NULL;
}

/* Takes back what the group asked of its parent. What it asked for after __aexit__ had begun CPython leaves in the
 * count; the trace and the verdict hear that it is over. */
static void uncancel_parent(struct leash__group *group, bool counted)
{
    struct leash__task *parent = group->parent;
    if (counted)
        leash__uncancel(parent);
    else if (parent->spent < parent->cancels)
        parent->spent++;
    leash__uncancelled(parent);
    LEASH__EVENT_NOW(group->loop, LEASH_EV_UNCANCEL, NULL, parent->cell.id, parent->cancels - parent->spent);
}

/* Waits for the members; true: cancelled, by somebody else than the group. What is a cancellation while it aborts is
 * swallowed: it waits on. */
static bool wait_for_members(struct leash__group *group, struct leash__task *task)
{
    struct leash__waiter waiter;
    bool cancelled = false;
    task->deferring++;
    while (!leash__list_empty(&group->running)) {
        if (!leash__waitable_wait(&group->base, &group->line, &waiter, group->site))
            continue;
        if (group->aborting) {
            leash__delivered(task);
            continue;
        }
        leash__cancelled_here(task);
        cancelled = true;
        leash__group_abort(group);
    }
    task->deferring--;
    return cancelled;
}

/* __aexit__. Where the group asked for the parent's cancellation, a member failed: so that CPython's question whether
 * somebody else asked as well makes no difference to what is raised. */
static int end(struct leash__group *group, struct leash__task *task, int rc)
{
    bool body_failed = rc < 0 && !(rc == -ECANCELED && task->cancel_seen);
    bool asked_before = group->parent_cancel_requested;
    group->exiting = true;
    if (asked_before)
        uncancel_parent(group, true);
    if (rc < 0 && !group->aborting)
        leash__group_abort(group);
    bool cancelled = wait_for_members(group, task);
    if (group->parent_cancel_requested && !asked_before)
        uncancel_parent(group, false);
    if (body_failed) {
        group->body_code = rc;
        group->body = leash__failure_ref(failure_of_body(task, rc));
    }
    if (!group->failures)
        return cancelled ? -ECANCELED : rc;
    task->answers = false; /* that it was cancelled is not what its body hears */
    leash__failure_set(&task->frame->failure, NULL);
    leash__failure_set(&task->last_failure, leash__group_failure(group));
    return leash__group_member_of(group->failed.next)->cell->fut.code;
}

/* What can be read of the members and of the group from now on, until the task suspends. */
static void settle(struct leash__group *group, struct leash__task *task, int code)
{
    struct leash__node *lists[] = {&group->ended, &group->failed};
    for (size_t i = 0; i < 2; i++)
        for (struct leash__node *node = lists[i]->next; node != lists[i]; node = node->next)
            if (leash__group_member_of(node)->cell->owner)
                leash__settle(leash__group_member_of(node)->cell, task);
    leash__group_members_free(&group->ended);
    leash__waitable_settle(&group->base, task, code);
}

static int end_and_settle(struct leash__group *group, struct leash__task *task, int rc)
{
    int code = end(group, task, rc);
    leash__scope_remove(&group->scope);
    settle(group, task, code);
    return code;
}

static struct leash__group *group_of(struct leash__scope *scope)
{
    return LEASH__CONTAINER(scope, struct leash__group, scope);
}

static int close_left_open(struct leash__scope *scope, struct leash__task *task, int code)
{
    return end_and_settle(group_of(scope), task, code);
}

static enum leash__need cancels(const struct leash__scope *scope, struct leash__needs *names)
{
    return needs(&LEASH__CONTAINER(scope, const struct leash__group, scope)->base, names);
}

/* Its cell goes with the loop's. */
static unsigned drop(struct leash__scope *scope)
{
    (void)scope;
    return 0;
}

/* ---- what programs call ---- */

leash_group_t leash__group_begin(const char *name, struct leash_site *site)
{
    static const struct leash__scope_type scope_type = {.close = close_left_open, .drop = drop, .cancels = cancels};
    struct leash__task *task = leash__task_needed("leash_group_begin", site);
    if (!task)
        return NULL;
    struct leash__group *group = (struct leash__group *)leash__waitable_new(task->cell.loop, &type, name, site);
    if (!group) {
        leash__refused(-ENOMEM, "leash_group_begin: no memory");
        return NULL;
    }
    group->loop = task->cell.loop;
    group->parent = task;
    group->site = site;
    leash__list_init(&group->running);
    leash__list_init(&group->ended);
    leash__list_init(&group->failed);
    leash__list_init(&group->line);
    leash__scope_open(&group->scope, &scope_type, task);
    return leash__cell_handle(group->base.cell, LEASH__HANDLE_OBJECT);
}

static struct leash__group *find(leash_group_t handle, const char *call, struct leash_site *site, int *error)
{
    *error = 0;
    return (struct leash__group *)leash__waitable_handle(handle, &type, call, site, error);
}

/* Why no task can be made now; NULL: one can. */
static const char *closed_because(const struct leash__group *group)
{
    if (group->exiting && leash__list_empty(&group->running))
        return "it is over";
    return group->aborting ? "it is aborting" : NULL;
}

static struct leash__cell *create_task(struct leash__group *group, leash_coro_t coro, const char *name,
                                       struct leash_site *site, int *error)
{
    struct leash__cell *cell = leash__cell_find(coro, LEASH__CORO_BIT, "leash_group_create_task", site, error);
    if (!cell)
        return NULL;
    if (leash__group_add(group, cell, name, site))
        return cell;
    *error = leash__refused(-ENOMEM, "leash_group_create_task: no memory");
    return NULL;
}

static struct leash__cell *find_and_create(leash_group_t handle, leash_coro_t coro, const char *name,
                                           struct leash_site *site, int *error)
{
    struct leash__group *group = find(handle, "leash_group_create_task", site, error);
    if (!group)
        return NULL;
    const char *why = closed_because(group);
    if (!why)
        return create_task(group, coro, name, site, error);
    *error = leash__refused(-EINVAL, "leash_group_create_task: no task can be added to group \"%s\": %s",
                            leash__waitable_name(&group->base), why);
    return NULL;
}

leash_task_t leash__group_create_task(leash_group_t handle, leash_coro_t coro, const char *name,
                                      struct leash_site *site)
{
    int error;
    struct leash__cell *cell = find_and_create(handle, coro, name, site, &error);
    return cell ? leash__cell_handle(cell, LEASH__HANDLE_TASK) : NULL;
}

int leash__group_spawn(leash_group_t handle, leash_coro_t coro, struct leash_site *site)
{
    int error;
    struct leash__cell *cell = find_and_create(handle, coro, NULL, site, &error);
    if (!cell)
        return error;
    cell->owner = false;
    return 0;
}

int leash_group_end(leash_group_t handle, int rc)
{
    int error;
    struct leash__task *task = leash__task_needed("leash_group_end", NULL);
    if (!task)
        return -errno;
    struct leash__group *group = find(handle, "leash_group_end", NULL, &error);
    if (!group)
        return error;
    if (group->exiting)
        return leash__misuse(LEASH_MISUSE_INVALID, group->site, -EINVAL, "leash_group_end: the group was ended before");
    if (!leash__scope_is_of(&group->scope, task))
        return leash__misuse(LEASH_MISUSE_INVALID, group->site, -EINVAL,
                             "leash_group_end: the group belongs to another task");
    return end_and_settle(group, task, rc);
}

int leash_group_failures(leash_group_t handle, struct leash_failure *out, size_t cap)
{
    int error;
    size_t count = 0;
    struct leash__group *group = find(handle, "leash_group_failures", NULL, &error);
    if (!group)
        return error;
    for (struct leash__node *node = group->failed.next; node != &group->failed; node = node->next, count++) {
        const struct leash__fut *fut = &leash__group_member_of(node)->cell->fut;
        if (out && count < cap)
            out[count] = leash__failure_public(fut->code, fut->failure);
    }
    if (group->body_code < 0 && count++ < cap && out)
        out[count - 1] = leash__failure_public(group->body_code, group->body);
    return (int)count;
}
