/* Tests: scopes of leaks, and what belongs to them. */
#include "apply.h"

#include <errno.h>
#include <string.h>

/* Also of one whose beginning was dropped. */
static struct leash__test_scope *leash_scope_of(struct leash_fold *fold, uint64_t id)
{
    struct leash__test_scope *scope = LEASH__FIND(fold, test_scope, id);
    if (scope)
        return LEASH__TOUCH(fold, test_scope, scope) < 0 ? NULL : scope;
    scope = LEASH__ADD(fold, test_scope, id);
    if (scope)
        scope->row.patch = 1;
    return scope;
}

int leash__on_test_begin(struct leash_fold *fold, const struct leash__event *event)
{
    if (LEASH__FIND(fold, test_scope, event->a))
        return -EBADMSG;
    struct leash__test_scope *scope = LEASH__ADD(fold, test_scope, event->a);
    if (!scope)
        return -ENOMEM;
    scope->up_id = event->b;
    scope->thread_id = (uint32_t)fold->thread->row.id;
    scope->site_id = event->site;
    scope->began_ns = leash__now(fold);
    scope->name = strdup(event->text);
    return scope->name ? 0 : -ENOMEM;
}

int leash__on_test_end(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__test_scope *scope = leash_scope_of(fold, event->a);
    if (!scope)
        return -ENOMEM;
    scope->ended_ns = leash__now(fold);
    scope->findings = leash__opt((int64_t)event->b);
    leash__table_close(LEASH__TABLE(fold, test_scope), scope);
    return 0;
}

int leash__on_test_member(struct leash_fold *fold, const struct leash__event *event)
{
    if (!event->b || !event->c || event->c > LEASH_SUBJECT_OBJECT)
        return -EBADMSG;
    struct leash__test_member *member = LEASH__ADD(fold, test_member, 0);
    if (!member)
        return -ENOMEM;
    member->row.closed = 1;
    member->subject_id = event->a;
    member->subject_kind = (uint8_t)event->c;
    member->test_id = event->b;
    return 0;
}
