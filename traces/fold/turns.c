#include "turns.h"

#include <errno.h>
#include <trace_format.h>

static struct leash__turns *leash_turns_of(struct leash__task *task)
{
    return task->body ? &task->body->turns : &task->turns;
}

void leash__turns_break(struct leash__task *task)
{
    *leash_turns_of(task) = (struct leash__turns){0};
}

/* The first of a sequence is known for one only when the second is over: its row may have gone. */
static int leash_tell_first(struct leash_fold *fold, uint64_t id)
{
    struct leash__coro *coro = LEASH__FIND(fold, coro, id);
    if (!coro) {
        coro = LEASH__ADD(fold, coro, id);
        if (!coro)
            return -ENOMEM;
        coro->row.patch = 1;
        coro->state = LEASH__CREATED;
    }
    coro->facts |= LEASH_FACT_TURN_FIRST;
    return LEASH__TOUCH(fold, coro, coro);
}

/* A generator's values go to somebody between two of its awaits, and what a body's creation tells is needed. */
static bool leash_takes_a_turn(const struct leash__task *task, const struct leash__coro *coro)
{
    return coro->state == LEASH__DONE && coro->created_ns && !(coro->facts & LEASH_FACT_IN_GENERATOR) &&
           task->waited_ns - coro->waited_before >= LEASH__TURN_LEAST_NS;
}

int leash__turns_next(struct leash_fold *fold, struct leash__task *task, struct leash__coro *coro)
{
    struct leash__turns *turns = leash_turns_of(task);
    if (!leash_takes_a_turn(task, coro)) {
        leash__turns_break(task);
        return 0;
    }
    const bool follows = turns->last && turns->argument != coro->argument;
    if (follows && !turns->told && leash_tell_first(fold, turns->last) < 0)
        return -ENOMEM;
    if (follows)
        coro->facts |= LEASH_FACT_TURN;
    *turns = (struct leash__turns){.last = coro->row.id, .argument = coro->argument, .told = follows};
    return 0;
}
