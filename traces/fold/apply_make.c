/* Creation: coroutines, tasks, futures, objects, and what is said about them then. */
#include "apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int leash__forget_coro(struct leash_fold *fold, struct leash__coro *coro)
{
    if (LEASH__TOUCH(fold, coro, coro) < 0)
        return -ENOMEM;
    coro->row.discard = 1;
    if (!coro->row.stored)
        return 0;
    if (fold->gone_count == fold->gone_capacity) {
        size_t capacity = fold->gone_capacity ? fold->gone_capacity * 2 : 64;
        uint64_t *gone = realloc(fold->gone, capacity * sizeof(*gone));
        if (!gone)
            return -ENOMEM;
        fold->gone = gone;
        fold->gone_capacity = capacity;
    }
    fold->gone[fold->gone_count++] = coro->row.id;
    return 0;
}

/* What a coroutine was goes into the row of the task that took it. */
static void leash_inherit(struct leash__task *task, const struct leash__coro *coro)
{
    task->coro_site_id = coro->site_id;
    task->argument = coro->argument;
    task->function_frame_id = coro->function_frame_id;
    if (!task->stack_id)
        task->stack_id = coro->stack_id;
}

static int leash_count_coro(struct leash_fold *fold, uint32_t site)
{
    struct leash__site_stat *stat = leash__stat_of(fold, site);
    if (!stat)
        return -ENOMEM;
    stat->coros++;
    fold->totals.counts.coros++;
    return 0;
}

int leash__on_coro(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__coro *coro = LEASH__FIND(fold, coro, event->a);
    if (coro && (coro->created_ns || coro->row.discard))
        return -EBADMSG;
    if (!coro) {
        coro = LEASH__ADD(fold, coro, event->a);
        if (coro)
            coro->state = LEASH__CREATED;
    }
    if (!coro || LEASH__TOUCH(fold, coro, coro) < 0)
        return -ENOMEM;
    coro->row.patch = 0;
    coro->row.closed = coro->ended_ns != 0;
    coro->created_ns = leash__now(fold);
    coro->creator_task_id = event->b;
    coro->argument = event->c;
    coro->site_id = event->site;
    if (coro->state == LEASH__TAKEN) { /* by another thread, whose events were read before */
        struct leash__task *task = leash__task_fact(fold, coro->task_id);
        if (!task)
            return -ENOMEM;
        leash_inherit(task, coro);
        if (leash__forget_coro(fold, coro) < 0)
            return -ENOMEM;
    }
    return leash_count_coro(fold, event->site);
}

/* What is said of a coroutine's creation comes before it, so that it is there when the task that took it inherits it.
 */
static int leash_coro_to_be(struct leash_fold *fold, uint64_t id, struct leash__coro **out)
{
    struct leash__coro *coro = LEASH__FIND(fold, coro, id);
    if (coro && coro->row.discard)
        return -EBADMSG;
    if (!coro) {
        coro = LEASH__ADD(fold, coro, id);
        if (!coro)
            return -ENOMEM;
        coro->state = LEASH__CREATED;
    }
    *out = coro;
    return LEASH__TOUCH(fold, coro, coro);
}

int leash__on_coro_fn(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__frame *frame = leash__frame_of(fold, event->b, event->c);
    struct leash__coro *coro;
    if (!frame)
        return -errno;
    int rc = leash_coro_to_be(fold, event->a, &coro);
    if (rc == 0)
        coro->function_frame_id = frame->row.id;
    return rc;
}

static int leash_take_coro(struct leash_fold *fold, struct leash__task *task, uint64_t id)
{
    struct leash__coro *coro = LEASH__FIND(fold, coro, id);
    task->coro_id = id;
    if (coro && coro->state == LEASH__CREATED && coro->created_ns && !coro->row.discard) {
        leash_inherit(task, coro);
        return leash__forget_coro(fold, coro);
    }
    if (!id || (coro && (coro->state != LEASH__CREATED || coro->row.discard)))
        return 0;
    if (!coro)
        coro = LEASH__ADD(fold, coro, id); /* until its creation is seen */
    if (!coro)
        return -ENOMEM;
    coro->state = LEASH__TAKEN;
    coro->task_id = task->row.id;
    return LEASH__TOUCH(fold, coro, coro);
}

int leash__on_task(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_alive(fold, event->a);
    if (task && task->created_ns)
        return -EBADMSG;
    struct leash__site_stat *stat = leash__stat_of(fold, event->site);
    if (!task || !stat)
        return -ENOMEM;
    task->created_ns = leash__now(fold);
    task->site_id = event->site;
    task->creator_task_id = event->c;
    task->thread_id = (uint32_t)fold->thread->row.id;
    task->loop_id = fold->thread->loop_id;
    stat->tasks++;
    stat->pending += !task->ended_ns;
    fold->totals.counts.tasks++;
    return leash_take_coro(fold, task, event->b);
}

int leash__on_future(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__future *future = leash__future_fact(fold, event->a);
    if (!future)
        return -ENOMEM;
    if (future->created_ns)
        return -EBADMSG;
    future->row.patch = 0;
    future->created_ns = leash__now(fold);
    future->site_id = event->site;
    future->creator_task_id = event->b;
    future->thread_id = (uint32_t)fold->thread->row.id;
    fold->totals.counts.futures++;
    return 0;
}

int leash__on_object(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__object *object = leash__object_alive(fold, event->a);
    if (!object)
        return -ENOMEM;
    if (object->created_ns)
        return -EBADMSG;
    object->created_ns = leash__now(fold);
    object->kind = event->b < LEASH_OBJECT_COUNT ? (uint8_t)event->b : LEASH_OBJECT_NONE;
    object->site_id = event->site;
    object->creator_task_id = event->c;
    fold->totals.counts.objects++;
    return 0;
}

static int leash_set_stack(uint64_t *field, uint64_t stack)
{
    *field = stack;
    return 0;
}

int leash__on_stack(struct leash_fold *fold, const struct leash__event *event)
{
    if (event->c == LEASH_SUBJECT_TASK) {
        struct leash__task *task = leash__task_fact(fold, event->a);
        return task ? leash_set_stack(&task->stack_id, event->b) : -ENOMEM;
    }
    if (event->c == LEASH_SUBJECT_FUTURE) {
        struct leash__future *future = leash__future_fact(fold, event->a);
        return future ? leash_set_stack(&future->stack_id, event->b) : -ENOMEM;
    }
    if (event->c == LEASH_SUBJECT_OBJECT) {
        struct leash__object *object = leash__object_fact(fold, event->a);
        return object ? leash_set_stack(&object->stack_id, event->b) : -ENOMEM;
    }
    struct leash__coro *coro;
    int rc = event->c == LEASH_SUBJECT_CORO ? leash_coro_to_be(fold, event->a, &coro) : -EBADMSG;
    return rc == 0 ? leash_set_stack(&coro->stack_id, event->b) : rc;
}

int leash__on_stood(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_fact(fold, event->a);
    return task ? leash_set_stack(&task->exit_stack_id, event->b) : -ENOMEM;
}

int leash__on_first_use(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__object *object = leash__object_fact(fold, event->a);
    return object ? leash_set_stack(&object->first_use_stack_id, event->b) : -ENOMEM;
}

static int leash_rename(char **name, const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        return -ENOMEM;
    free(*name);
    *name = copy;
    return 0;
}

int leash__on_name(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = event->b == LEASH_SUBJECT_TASK ? leash__task_fact(fold, event->a) : NULL;
    struct leash__future *future = event->b == LEASH_SUBJECT_FUTURE ? leash__future_fact(fold, event->a) : NULL;
    struct leash__object *object = event->b == LEASH_SUBJECT_OBJECT ? leash__object_fact(fold, event->a) : NULL;
    char **name = task ? &task->name : future ? &future->name : object ? &object->name : NULL;
    if (!name)
        return event->b == LEASH_SUBJECT_TASK || event->b == LEASH_SUBJECT_FUTURE || event->b == LEASH_SUBJECT_OBJECT
                   ? -ENOMEM
                   : -EBADMSG;
    return leash_rename(name, event->text);
}

int leash__on_child(struct leash_fold *fold, const struct leash__event *event)
{
    if (event->c != LEASH_SUBJECT_TASK && event->c != LEASH_SUBJECT_FUTURE && event->c != LEASH_SUBJECT_OBJECT)
        return -EBADMSG;
    struct leash__object *object = leash__object_alive(fold, event->a);
    struct leash__child *child = object ? LEASH__ADD(fold, child, 0) : NULL;
    if (!child)
        return -ENOMEM;
    child->row.closed = 1;
    child->object_id = event->a;
    child->position = object->children++;
    child->member_id = event->b;
    child->member_kind = (uint8_t)event->c;
    return 0;
}

int leash__on_start(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_alive(fold, event->a);
    if (!task)
        return -ENOMEM;
    if (task->began_ns || task->ended_ns)
        return -EBADMSG;
    task->began_ns = leash__now(fold);
    task->loop_id = event->b;
    task->thread_id = (uint32_t)fold->thread->row.id;
    return 0;
}
