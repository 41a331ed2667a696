/* What blocked a loop. The watchdog's thread tells that it was noticed, the loop's own who was late and how it ended:
 * the one may be read before the other. */
#include "apply.h"

#include <errno.h>

static struct leash__block *leash_block(struct leash_fold *fold, uint64_t id)
{
    struct leash__block *block = LEASH__FIND(fold, block, id);
    if (block)
        return LEASH__TOUCH(fold, block, block) < 0 ? NULL : block;
    return LEASH__ADD(fold, block, id);
}

/* It stays in memory until both have told. */
static void leash_close_block(struct leash__block *block)
{
    block->row.closed = block->noticed_ns && block->ended_ns && block->kind;
}

int leash__on_block(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__block *block = leash_block(fold, event->a);
    if (!block)
        return -ENOMEM;
    block->loop_id = event->b;
    block->noticed_ns = leash__now(fold);
    leash_close_block(block);
    return 0;
}

int leash__on_block_of(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__block *block = leash_block(fold, event->a);
    if (!block)
        return -ENOMEM;
    block->task_id = event->b;
    block->stack_id = event->c;
    return 0;
}

int leash__on_block_for(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__block *block = leash_block(fold, event->a);
    if (!block)
        return -ENOMEM;
    block->kind = event->c & LEASH_BLOCK_ITERATION ? 2 : 1;
    block->state = event->c & LEASH_BLOCK_RUNNING ? 2 : 1;
    if (!block->ended_ns)
        block->lasted_us = event->b;
    leash_close_block(block);
    return 0;
}

int leash__on_block_late(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__block *block = leash_block(fold, event->a);
    struct leash__late *late = block && event->b ? LEASH__ADD(fold, late, 0) : NULL;
    if (!block || (event->b && !late))
        return -ENOMEM;
    block->late = event->c;
    if (!late)
        return 0;
    late->row.closed = 1;
    late->block_id = event->a;
    late->task_id = event->b;
    return 0;
}

int leash__on_block_end(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__block *block = leash_block(fold, event->a);
    if (!block)
        return -ENOMEM;
    block->ended_ns = leash__now(fold);
    block->lasted_us = event->b;
    leash_close_block(block);
    return 0;
}
