/* What records stacks and functions by address is not there yet: sites only. Weak, so that it gives way. */
#include "event.h"

__attribute__((weak)) void leash__events_stack(struct leash__events *events, uint64_t subject, enum leash_subject kind,
                                               unsigned skip)
{
    (void)events, (void)subject, (void)kind, (void)skip;
}

__attribute__((weak)) void leash__events_function(struct leash__events *events, uint64_t coro, void (*fn)(void))
{
    (void)events, (void)coro, (void)fn;
}
