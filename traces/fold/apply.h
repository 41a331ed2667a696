/* What each event does to the rows. A handler is called with fold->thread and fold->now set. It returns 0, -EBADMSG for
 * an event that makes no sense (it is counted and changes nothing), or -ENOMEM (then memory is no longer to be
 * trusted). */
#ifndef LEASH_FOLD_APPLY_H
#define LEASH_FOLD_APPLY_H

#include "reader.h"
#include "state.h"

typedef int leash__handler(struct leash_fold *fold, const struct leash__event *event);

/* Applies one event of fold->thread. 0 (also for one without sense), -ENOMEM. */
int leash__apply(struct leash_fold *fold, const struct leash__event *event);

leash__handler leash__on_def_site, leash__on_def_module, leash__on_def_stack, leash__on_def_thread;
leash__handler leash__on_coro, leash__on_coro_fn, leash__on_task, leash__on_stack, leash__on_stood, leash__on_first_use,
    leash__on_future, leash__on_object, leash__on_name, leash__on_child, leash__on_start;
leash__handler leash__on_await, leash__on_await_coro, leash__on_wake, leash__on_return;
leash__handler leash__on_failure, leash__on_task_end, leash__on_future_end, leash__on_object_done;
leash__handler leash__on_cancel, leash__on_cancel_message, leash__on_delivered, leash__on_uncancel;
leash__handler leash__on_claim, leash__on_judged, leash__on_misuse;
leash__handler leash__on_loop_begin, leash__on_loop_main_ended, leash__on_loop_end;
leash__handler leash__on_scan, leash__on_scan_end, leash__on_lost, leash__on_held, leash__on_kept;
leash__handler leash__on_resume, leash__on_suspend;
leash__handler leash__on_block, leash__on_block_of, leash__on_block_for, leash__on_block_late, leash__on_block_end;
leash__handler leash__on_deadlock, leash__on_deadlock_task, leash__on_deadlock_over;
leash__handler leash__on_limit, leash__on_acquired, leash__on_released, leash__on_object_op;
leash__handler leash__on_test_begin, leash__on_test_end, leash__on_test_member;

/* ---- what handlers share ---- */

/* The row, about to be changed by something that happens to a living thing: made (still without a creation) if it is
 * not in memory. NULL: no memory. */
struct leash__task *leash__task_alive(struct leash_fold *fold, uint64_t id);
struct leash__object *leash__object_alive(struct leash_fold *fold, uint64_t id);
/* The row, about to be changed by a fact that may come late: if it is not in memory, what is set will be merged into
 * the row that the database has. NULL: no memory. */
struct leash__task *leash__task_fact(struct leash_fold *fold, uint64_t id);
struct leash__future *leash__future_fact(struct leash_fold *fold, uint64_t id);
struct leash__object *leash__object_fact(struct leash_fold *fold, uint64_t id);
/* The statistics of a site, about to be changed. NULL: no memory. */
struct leash__site_stat *leash__stat_of(struct leash_fold *fold, uint32_t site);

/* Ends an open await. code: leash__opt. 0, -ENOMEM. */
int leash__end_await(struct leash_fold *fold, struct leash__await *await, int64_t code);
/* Ends all open awaits on a thing that is over. 0, -ENOMEM. */
int leash__end_waiters(struct leash_fold *fold, struct leash__waiters *waiters);
/* Ends all holds of an object that is over. 0, -ENOMEM. */
int leash__end_holds(struct leash_fold *fold, struct leash__object *object);
/* Ends an inline body. 0, -ENOMEM. */
int leash__end_body(struct leash_fold *fold, struct leash__coro *coro, uint8_t state, int64_t code);
/* Ends a task's innermost body and all around it up to `until` (NULL: all), which is left. 0, -ENOMEM. */
int leash__end_bodies(struct leash_fold *fold, struct leash__task *task, const struct leash__coro *until,
                      uint8_t state);
/* What a subject was about to fail with (*failure, NULL: nothing) has come about with this code (leash__opt; 0: not
 * known). *failure becomes NULL. 0, -ENOMEM. */
int leash__settle_failure(struct leash_fold *fold, struct leash__failure **failure, int64_t code);
/* Ends a step. 0, -ENOMEM. */
int leash__end_step(struct leash_fold *fold, struct leash__task *task);
/* The coroutine leaves without a row of its own: a task stands for it. 0, -ENOMEM. */
int leash__forget_coro(struct leash_fold *fold, struct leash__coro *coro);

/* leash__opt of the time of the event. */
static inline int64_t leash__now(const struct leash_fold *fold)
{
    return leash__opt((int64_t)fold->now);
}

/* From `began` (leash__opt) to now; 0 if it is not known. */
static inline uint64_t leash__since(const struct leash_fold *fold, int64_t began)
{
    const int64_t from = leash__opt_value(began);
    return began && from >= 0 && (uint64_t)from < fold->now ? fold->now - (uint64_t)from : 0;
}

#endif
