#include "fake_loop.h"

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
