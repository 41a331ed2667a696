/* What a container has taken out of its count and not out of its memory looks held to any search of memory.
 */
#include "verdict.h"

enum { ROOM = 8 };
static leash_task_t stack[ROOM];
static size_t depth;
static leash_task_t ring[ROOM];
static size_t ring_head, ring_tail;

static leash_task_t start(void)
{
    return leash_create_task(leash_coro(forever, NULL)); /* LIMIT unreferenced or pending-at-exit 1 in popped, taken -
        the container's slack still has it; LEAK unreferenced 1 in popped_and_cleared */
}

static __attribute__((noinline)) void push(leash_task_t task)
{
    stack[depth++] = task;
    keep(stack);
}

static __attribute__((noinline)) leash_task_t pop(bool clear)
{
    leash_task_t task = stack[--depth];
    if (clear)
        stack[depth] = NULL;
    keep(stack);
    return task;
}

static int popped(void *unused)
{
    (void)unused;
    push(start());
    leash_task_set_name(pop(false), "popped");
    return leash_sleep(1);
}

static int popped_and_cleared(void *unused)
{
    (void)unused;
    push(start());
    leash_task_set_name(pop(true), "popped");
    return leash_sleep(1);
}

static int taken(void *unused)
{
    (void)unused;
    ring[ring_head++ % ROOM] = start();
    leash_task_set_name(ring[ring_tail++ % ROOM], "taken");
    keep(ring);
    return leash_sleep(1);
}

CASES(CASE(popped), CASE(popped_and_cleared), CASE(taken))
