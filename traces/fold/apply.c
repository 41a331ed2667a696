#include "apply.h"

#include <errno.h>

static leash__handler *const handlers[LEASH_EV_COUNT] = {
    [LEASH_EV_DEF_SITE] = leash__on_def_site,
    [LEASH_EV_DEF_MODULE] = leash__on_def_module,
    [LEASH_EV_DEF_STACK] = leash__on_def_stack,
    [LEASH_EV_DEF_THREAD] = leash__on_def_thread,
    [LEASH_EV_CORO] = leash__on_coro,
    [LEASH_EV_CORO_FN] = leash__on_coro_fn,
    [LEASH_EV_TASK] = leash__on_task,
    [LEASH_EV_STACK] = leash__on_stack,
    [LEASH_EV_FUTURE] = leash__on_future,
    [LEASH_EV_OBJECT] = leash__on_object,
    [LEASH_EV_NAME] = leash__on_name,
    [LEASH_EV_CHILD] = leash__on_child,
    [LEASH_EV_START] = leash__on_start,
    [LEASH_EV_AWAIT_TASK] = leash__on_await,
    [LEASH_EV_AWAIT_FUTURE] = leash__on_await,
    [LEASH_EV_AWAIT_OBJECT] = leash__on_await,
    [LEASH_EV_AWAIT_SLEEP] = leash__on_await,
    [LEASH_EV_AWAIT_CORO] = leash__on_await_coro,
    [LEASH_EV_WAKE] = leash__on_wake,
    [LEASH_EV_RETURN] = leash__on_return,
    [LEASH_EV_FAILURE] = leash__on_failure,
    [LEASH_EV_DONE] = leash__on_task_end,
    [LEASH_EV_FAILED] = leash__on_task_end,
    [LEASH_EV_CANCELLED] = leash__on_task_end,
    [LEASH_EV_FUTURE_DONE] = leash__on_future_end,
    [LEASH_EV_FUTURE_FAILED] = leash__on_future_end,
    [LEASH_EV_FUTURE_CANCELLED] = leash__on_future_end,
    [LEASH_EV_OBJECT_DONE] = leash__on_object_done,
    [LEASH_EV_CANCEL_TASK] = leash__on_cancel,
    [LEASH_EV_CANCEL_FUTURE] = leash__on_cancel,
    [LEASH_EV_CANCEL_TIMEOUT] = leash__on_cancel,
    [LEASH_EV_CANCEL_CLEANUP] = leash__on_cancel,
    [LEASH_EV_CANCEL_MESSAGE] = leash__on_cancel_message,
    [LEASH_EV_DELIVERED] = leash__on_delivered,
    [LEASH_EV_UNCANCEL] = leash__on_uncancel,
    [LEASH_EV_CLAIM] = leash__on_claim,
    [LEASH_EV_JUDGED] = leash__on_judged,
    [LEASH_EV_LOOP_BEGIN] = leash__on_loop_begin,
    [LEASH_EV_LOOP_MAIN_ENDED] = leash__on_loop_main_ended,
    [LEASH_EV_LOOP_END] = leash__on_loop_end,
    [LEASH_EV_SCAN] = leash__on_scan,
    [LEASH_EV_SCAN_END] = leash__on_scan_end,
    [LEASH_EV_LOST] = leash__on_lost,
    [LEASH_EV_HELD] = leash__on_held,
    [LEASH_EV_MISUSE] = leash__on_misuse,
    [LEASH_EV_RESUME] = leash__on_resume,
    [LEASH_EV_SUSPEND] = leash__on_suspend,
    [LEASH_EV_LIMIT] = leash__on_limit,
    [LEASH_EV_ACQUIRED] = leash__on_acquired,
    [LEASH_EV_RELEASED] = leash__on_released,
    [LEASH_EV_SET] = leash__on_object_op,
    [LEASH_EV_CLEARED] = leash__on_object_op,
    [LEASH_EV_NOTIFIED] = leash__on_object_op,
    [LEASH_EV_PUT] = leash__on_object_op,
    [LEASH_EV_GOT] = leash__on_object_op,
    [LEASH_EV_SHUT] = leash__on_object_op,
    [LEASH_EV_TEST_BEGIN] = leash__on_test_begin,
    [LEASH_EV_TEST_END] = leash__on_test_end,
    [LEASH_EV_TEST_MEMBER] = leash__on_test_member,
    [LEASH_EV_STOOD] = leash__on_stood,
    [LEASH_EV_FIRST_USE] = leash__on_first_use,
    [LEASH_EV_BLOCK] = leash__on_block,
    [LEASH_EV_BLOCK_OF] = leash__on_block_of,
    [LEASH_EV_BLOCK_FOR] = leash__on_block_for,
    [LEASH_EV_BLOCK_LATE] = leash__on_block_late,
    [LEASH_EV_BLOCK_END] = leash__on_block_end,
    [LEASH_EV_KEPT] = leash__on_kept,
    [LEASH_EV_CANCEL_AWAITED] = leash__on_cancel,
    [LEASH_EV_DEADLOCK] = leash__on_deadlock,
    [LEASH_EV_DEADLOCK_TASK] = leash__on_deadlock_task,
    [LEASH_EV_DEADLOCK_OVER] = leash__on_deadlock_over,
};

int leash__apply(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__drain *thread = fold->thread;
    if (leash__event_is_timed(event->kind) && event->at_ns > thread->last_ns)
        thread->last_ns = event->at_ns; /* time never goes back within a thread */
    fold->now = thread->last_ns;
    fold->totals.counts.events++;
    const bool nobody = event->kind == LEASH_EV_MISUSE || event->kind == LEASH_EV_RELEASED;
    int rc = event->a || nobody ? handlers[event->kind](fold, event) : -EBADMSG;
    if (rc != -EBADMSG)
        return rc;
    fold->totals.counts.bad_events++;
    return 0;
}

struct leash__task *leash__task_alive(struct leash_fold *fold, uint64_t id)
{
    struct leash__task *task = leash__task_fact(fold, id);
    if (task)
        task->row.patch = 0;
    return task;
}

struct leash__object *leash__object_alive(struct leash_fold *fold, uint64_t id)
{
    struct leash__object *object = leash__object_fact(fold, id);
    if (object)
        object->row.patch = 0;
    return object;
}

struct leash__task *leash__task_fact(struct leash_fold *fold, uint64_t id)
{
    struct leash__task *task = LEASH__FIND(fold, task, id);
    if (task)
        return LEASH__TOUCH(fold, task, task) < 0 ? NULL : task;
    task = LEASH__ADD(fold, task, id);
    if (task) {
        task->row.patch = 1;
        task->state = LEASH__PENDING;
    }
    return task;
}

struct leash__future *leash__future_fact(struct leash_fold *fold, uint64_t id)
{
    struct leash__future *future = LEASH__FIND(fold, future, id);
    if (future)
        return LEASH__TOUCH(fold, future, future) < 0 ? NULL : future;
    future = LEASH__ADD(fold, future, id);
    if (future) {
        future->row.patch = 1;
        future->state = LEASH__PENDING;
    }
    return future;
}

struct leash__object *leash__object_fact(struct leash_fold *fold, uint64_t id)
{
    struct leash__object *object = LEASH__FIND(fold, object, id);
    if (object)
        return LEASH__TOUCH(fold, object, object) < 0 ? NULL : object;
    object = LEASH__ADD(fold, object, id);
    if (object)
        object->row.patch = 1;
    return object;
}

struct leash__site_stat *leash__stat_of(struct leash_fold *fold, uint32_t site)
{
    struct leash__site_stat *stat = fold->stats[site % LEASH__STATS];
    if (!stat || stat->row.id != site)
        stat = LEASH__FIND(fold, site_stat, site);
    if (!stat)
        stat = LEASH__ADD(fold, site_stat, site);
    if (!stat || LEASH__TOUCH(fold, site_stat, stat) < 0)
        return NULL;
    return fold->stats[site % LEASH__STATS] = stat; /* such rows never leave memory */
}
