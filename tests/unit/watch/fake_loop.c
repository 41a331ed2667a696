#include "fake_loop.h"

uint64_t fake_cells_word;

void leash__loop_contexts(struct leash__loop *loop, void (*fn)(const struct leash__context *context, void *argument),
                          void *argument)
{
    for (size_t i = 0; i < loop->count; i++)
        fn(loop->contexts[i], argument);
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
