#include "look.h"

#include <event.h>
#include <pulse.h>

/* Of a thread, ns; 0: not known. */
static uint64_t processor_time(const struct leash__watched *watched)
{
    struct timespec time;
    if (clock_gettime(watched->processor, &time) != 0)
        return 0;
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void begin_at(struct leash__since *since, uint64_t now, uint64_t processor)
{
    since->began = now;
    since->processor = processor;
}

/* Whether it has lasted too long, and that is the program's doing. */
static bool is_too_long(const struct leash__watched *watched, const struct leash__since *since, uint64_t now,
                        uint64_t processor)
{
    if (now - since->began < watched->limit)
        return false;
    uint64_t used = processor > since->processor ? processor - since->processor : 0;
    return used >= watched->limit / 2 || leash__thread_waits(watched->tid) == 1;
}

/* What has begun since the last look begins now, for all that is known. True: something runs. */
static bool look_at_pulse(struct leash__watched *watched, uint64_t now, uint64_t processor)
{
    const struct leash__pulse *pulse = &watched->loop->pulse;
    uint64_t turn = __atomic_load_n(&pulse->turn, __ATOMIC_ACQUIRE);
    uint64_t step = __atomic_load_n(&pulse->step, __ATOMIC_ACQUIRE);
    watched->moved = turn != watched->turn;
    if (watched->moved)
        begin_at(&watched->iteration, now, processor);
    if (watched->moved || step != watched->step)
        begin_at(&watched->one_step, now, processor);
    watched->turn = turn;
    watched->step = step;
    return turn & 1;
}

const struct leash__since *leash__look(struct leash__watched *watched, uint64_t now, bool overslept)
{
    uint64_t processor = processor_time(watched);
    bool runs = look_at_pulse(watched, now, processor);
    if (overslept) {
        begin_at(&watched->iteration, now, processor);
        begin_at(&watched->one_step, now, processor);
    }
    if (!runs || watched->told_turn == watched->turn || leash__pulse_noticed(&watched->loop->pulse))
        return NULL;
    if (is_too_long(watched, &watched->one_step, now, processor))
        return &watched->one_step;
    return is_too_long(watched, &watched->iteration, now, processor) ? &watched->iteration : NULL;
}
