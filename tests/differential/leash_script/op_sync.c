/* Ops on primitives. A block that holds one lets it go on every way out, as `async with` does. */
#include "op.h"
#include <limits.h>
#include <stdio.h>

static int done(struct frame *frame, int rc)
{
    run_value(frame, NULL);
    return rc < 0 ? rc : RAN_VALUE;
}

/* ---- holding ---- */

static int take(struct primitive *primitive)
{
    switch (primitive->kind) {
    case OPERAND_CONDITION:
        return leash_condition_acquire(&primitive->as.condition);
    case OPERAND_SEMAPHORE:
        return leash_semaphore_acquire(&primitive->as.semaphore);
    default:
        return leash_lock_acquire(&primitive->as.mutex);
    }
}

static void give(struct primitive *primitive)
{
    int rc;
    switch (primitive->kind) {
    case OPERAND_CONDITION:
        rc = leash_condition_release(&primitive->as.condition);
        break;
    case OPERAND_SEMAPHORE:
        rc = leash_semaphore_release(&primitive->as.semaphore);
        break;
    default:
        rc = leash_lock_release(&primitive->as.mutex);
    }
    if (rc < 0)
        run_broken("%s cannot be released: %s", primitive->name, leash_last_error());
}

int op_lock(struct frame *frame, const struct op *op)
{
    struct primitive *primitive = op->words[0].primitive;
    int rc = take(primitive);
    if (rc < 0)
        return op_failed(frame, NULL, rc);
    run_log(frame, op, "held");
    int ran = run_block(frame, &op->inner);
    give(primitive);
    run_value(frame, NULL);
    return ran;
}

/* ---- events, conditions, barriers ---- */

int op_wait_event(struct frame *frame, const struct op *op)
{
    return done(frame, leash_event_wait(&op->words[0].primitive->as.event));
}

int op_set_event(struct frame *frame, const struct op *op)
{
    return done(frame, leash_event_set(&op->words[0].primitive->as.event));
}

int op_clear_event(struct frame *frame, const struct op *op)
{
    return done(frame, leash_event_clear(&op->words[0].primitive->as.event));
}

int op_wait_condition(struct frame *frame, const struct op *op)
{
    struct primitive *primitive = op->words[0].primitive;
    int rc = take(primitive);
    if (rc < 0)
        return op_failed(frame, NULL, rc);
    rc = leash_condition_wait(&primitive->as.condition);
    give(primitive);
    return done(frame, rc);
}

int op_notify(struct frame *frame, const struct op *op)
{
    struct primitive *primitive = op->words[0].primitive;
    int rc = take(primitive);
    if (rc < 0)
        return op_failed(frame, NULL, rc);
    uint64_t most = op->words[1].number;
    rc = leash_condition_notify(&primitive->as.condition, most < INT_MAX ? (int)most : INT_MAX);
    give(primitive);
    return done(frame, rc);
}

int op_wait_barrier(struct frame *frame, const struct op *op)
{
    char index[24];
    int rc = leash_barrier_wait(&op->words[0].primitive->as.barrier);
    if (rc < 0)
        return op_failed(frame, NULL, rc);
    snprintf(index, sizeof index, "%d", rc);
    run_value(frame, index);
    return RAN_VALUE;
}

/* ---- queues ---- */

int op_put(struct frame *frame, const struct op *op)
{
    return done(frame, leash_queue_put(&op->words[0].primitive->as.queue, (void *)op->words[1].text));
}

int op_get(struct frame *frame, const struct op *op)
{
    void *item = NULL;
    int rc = leash_queue_get(&op->words[0].primitive->as.queue, &item);
    if (rc < 0)
        return op_failed(frame, NULL, rc);
    run_value(frame, item);
    return RAN_VALUE;
}

int op_task_done(struct frame *frame, const struct op *op)
{
    return done(frame, leash_queue_task_done(&op->words[0].primitive->as.queue));
}

int op_join(struct frame *frame, const struct op *op)
{
    return done(frame, leash_queue_join(&op->words[0].primitive->as.queue));
}
