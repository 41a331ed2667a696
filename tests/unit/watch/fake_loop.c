#include "fake_loop.h"

uint64_t fake_cells_word;

void leash__loop_contexts(struct leash__loop *loop,
                          void (*fn)(const struct leash__context *context, void *task, void *argument), void *argument)
{
    for (size_t i = 0; i < loop->count; i++)
        fn(loop->contexts[i], loop->tasks[i], argument);
}

struct leash__stacks *leash__loop_stacks(struct leash__loop *loop)
{
    return loop->stacks;
}

void leash__cells_words(void (*fn)(uint64_t word, void *argument), void *argument)
{
    for (int i = 0; i < 1000; i++)
        fn(i == 700 ? fake_cells_word ^ FAKE_CELLS_MASK : 0, argument);
}

void leash__task_contexts(void *task, void (*fn)(const struct leash__context *context, void *argument), void *argument)
{
    const struct fake_task *fake = task;
    if (fake->context)
        fn(fake->context, argument);
}

void leash__task_kept(void *task, const void **low, const void **high)
{
    const struct fake_task *fake = task;
    *low = fake->kept;
    *high = fake->kept + sizeof(fake->kept) / sizeof(*fake->kept);
}

uint64_t leash__task_awaited(void *task)
{
    return ((const struct fake_task *)task)->awaited;
}

void leash__kept(struct leash__loop *loop, void (*fn)(const void *low, const void *high, void *argument),
                 void *argument)
{
    (void)loop;
    if (fake_kept.low)
        fn(fake_kept.low, fake_kept.high, argument);
}

struct fake_kept fake_kept;
