#include "pool.h"

#include <stdlib.h>

static void enter(void *pointer)
{
    struct side *side = pointer;
    side->body(side, side->argument);
    leash__context_exit(&side->context, &side->thread);
}

bool side_start(struct side *side, void (*body)(struct side *side, void *argument), void *argument)
{
    side->body = body;
    side->argument = argument;
    leash__context_of_thread(&side->thread);
    if (leash__context_new(&side->context, side->stacks, enter, side) < 0)
        return false;
    side_go_on(side);
    return true;
}

void side_pause(struct side *side)
{
    leash__context_switch(&side->context, &side->thread);
}

void side_go_on(struct side *side)
{
    leash__context_switch(&side->thread, &side->context);
}

void side_free_context(struct side *side)
{
    leash__context_free(&side->context, side->stacks);
    leash__context_of_thread_end(&side->thread);
}

int side_setup(void **state)
{
    struct side *side = calloc(1, sizeof(*side));
    *state = side;
    return side ? leash__stacks_new(&side->stacks, 64 * 1024) : -1;
}

int side_teardown(void **state)
{
    struct side *side = *state;
    leash__stacks_free(side->stacks);
    free(side);
    return 0;
}
