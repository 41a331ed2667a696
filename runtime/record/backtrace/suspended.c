/* The stack of a task that waits: of each context that it is made of, from where that was switched out. */
#include "interned.h"
#include "shapes.h"
#include "walk.h"

#include <definitions.h>
#include <errno.h>

/* All of these are guarded by leash__definitions_lock: they do not fit a coroutine's stack. */
static uintptr_t addresses[LEASH_STACK_WALK], places[LEASH_STACK_WALK];
static struct leash__stack_build build;

/* Adds a part; how many addresses it has. */
static size_t add(const struct leash__registers *registers)
{
    bool ended;
    size_t count = leash__walk(&(struct leash__walk){registers, false, LEASH_STACK_WALK, addresses, places}, &ended);
    leash__stack_add(&build, addresses, count, 0, LEASH_STACK_FULL);
    return count;
}

static struct leash__stack_entry *entry_of_one(const struct leash__context *context)
{
    struct leash__registers registers;
    const char *low, *high;
    if (!leash__context_registers(context, &registers))
        return NULL;
    leash__context_bounds(context, &low, &high);
    struct leash__stack_entry *entry = leash__shape_find(&registers, high);
    if (entry)
        return entry;
    size_t count = add(&registers);
    entry = leash__stack_built(&build);
    if (entry && high)
        leash__shape_keep(&registers, high, addresses, places, count, entry);
    return entry;
}

struct leash__stack_entry *leash__stack_suspended(const struct leash__context *const *parts, unsigned count)
{
    struct leash__stack_entry *entry = NULL;
    struct leash__registers registers;
    int saved = errno;
    pthread_mutex_lock(&leash__definitions_lock);
    leash__stacks_look_again();
    build.depth = 0;
    if (count == 1) {
        entry = entry_of_one(parts[0]);
    } else if (count) {
        for (unsigned i = 0; i < count; i++)
            if (leash__context_registers(parts[i], &registers))
                add(&registers);
        entry = leash__stack_built(&build);
    }
    pthread_mutex_unlock(&leash__definitions_lock);
    errno = saved;
    return entry;
}

uint64_t leash__stack_number(struct leash__events *events, struct leash__stack_entry *entry)
{
    int saved = errno;
    if (!events->at || !entry)
        return 0;
    pthread_mutex_lock(&leash__definitions_lock);
    uint64_t id = leash__stack_define(events, entry) ? entry->id : 0;
    pthread_mutex_unlock(&leash__definitions_lock);
    errno = saved;
    return id;
}
