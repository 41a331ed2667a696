#include "segments.h"

#include <string.h>

/* Where the events of a thread without a segment point: no room, so that each asks anew. Never written to. */
static uint64_t nowhere[1];

static uint32_t slots_of(const struct leash__spool *spool)
{
    return (spool->segment_size - (uint32_t)sizeof(struct leash_segment_header)) / LEASH_SLOT_SIZE;
}

static uint64_t *first_slot(struct leash_segment_header *segment)
{
    return (uint64_t *)(void *)(segment + 1);
}

static void ask_writer(struct leash__trace *trace)
{
    trace->wanted = true;
    pthread_cond_signal(&leash__process.work);
}

/* ---- closing ---- */

void leash__segment_close(struct leash__trace *trace, struct leash__recorder *recorder, uint64_t *at)
{
    uint32_t number = recorder->segment;
    if (number == LEASH_NO_SEGMENT)
        return;
    struct leash_segment_header *segment = leash__spool_segment(&trace->spool, number);
    uint64_t *end = first_slot(segment) + (size_t)slots_of(&trace->spool) * 3;
    if (at < end)
        __atomic_store_n(at, (uint64_t)segment->generation << 40 | (uint64_t)LEASH_EV_PAD << 32, __ATOMIC_RELEASE);
    recorder->segment = LEASH_NO_SEGMENT;
    trace->closed[number] = 1;
    trace->closed_count++;
    ask_writer(trace);
}

/* ---- taking ---- */

static uint32_t next_generation(struct leash__trace *trace)
{
    struct leash_spool_header *header = leash__spool_header(&trace->spool);
    uint32_t generation = header->generation + 1;
    if (generation > LEASH_GENERATION_MAX) {
        generation = 1;
        trace->wrapped = true;
    }
    __atomic_store_n(&header->generation, generation, __ATOMIC_RELAXED);
    return generation;
}

/* The generation goes in last: a kill in between leaves a free segment. Slots of earlier generations are left as they
 * are; but where generations began anew they could be taken for new ones, and are wiped. */
static uint32_t begin_segment(struct leash__trace *trace, struct leash__recorder *recorder, uint64_t now)
{
    struct leash_segment_header *segment = leash__spool_segment(&trace->spool, recorder->segment);
    uint32_t generation = next_generation(trace);
    if (trace->wrapped)
        memset(first_slot(segment), 0, (size_t)slots_of(&trace->spool) * LEASH_SLOT_SIZE);
    segment->magic = LEASH_SEGMENT_MAGIC;
    segment->thread = recorder->thread;
    segment->sequence = ++recorder->sequence;
    segment->base_ns = now;
    segment->first_ns = now;
    __atomic_store_n(&segment->generation, generation, __ATOMIC_RELEASE);
    return generation;
}

/* Whether a segment will come free if one waits: the writer lives, and there is something that it will free. */
static bool worth_waiting(const struct leash__trace *trace, const struct leash__recorder *recorder)
{
    if (leash__process.state != LEASH_TRACE_RECORDING)
        return false;
    if (leash__spool_segments(&trace->spool) < trace->spool.bound && !trace->cramped)
        return true; /* it grows first, whatever the policy */
    if (trace->stalled || trace->closed_count == 0)
        return false;
    return trace->options.overflow != LEASH_OVERFLOW_DROP || recorder->patient;
}

bool leash__segment_take(struct leash__trace *trace, struct leash__recorder *recorder, struct leash__events *events)
{
    while (trace->free_count == 0 && worth_waiting(trace, recorder)) {
        ask_writer(trace);
        pthread_cond_wait(&leash__process.room, &leash__process.lock);
    }
    if (trace->free_count == 0 || leash__process.state != LEASH_TRACE_RECORDING) {
        events->at = events->end = nowhere;
        return false;
    }
    recorder->segment = trace->free[--trace->free_count];
    uint32_t generation = begin_segment(trace, recorder, events->last_ns);
    events->at = first_slot(leash__spool_segment(&trace->spool, recorder->segment));
    events->end = events->at + (size_t)slots_of(&trace->spool) * 3;
    events->stamp = (uint64_t)generation << 40;
    events->base_ns = events->last_ns;
    if (leash__segments_are_low(trace))
        ask_writer(trace);
    return true;
}

/* ---- recycling ---- */

void leash__segments_recycle(struct leash__trace *trace)
{
    uint32_t segments = leash__spool_segments(&trace->spool);
    for (uint32_t i = 0; i < segments; i++) {
        if (!trace->done[i] || !trace->closed[i])
            continue;
        trace->closed[i] = 0;
        trace->closed_count--;
        __atomic_store_n(&leash__spool_segment(&trace->spool, i)->generation, 0, __ATOMIC_RELEASE);
        trace->free[trace->free_count++] = i;
    }
}

void leash__segments_added(struct leash__trace *trace, uint32_t count)
{
    uint32_t segments = leash__spool_segments(&trace->spool);
    memmove(trace->free + count, trace->free, trace->free_count * sizeof *trace->free);
    for (uint32_t i = 0; i < count; i++)
        trace->free[i] = segments - 1 - i;
    trace->free_count += count;
}

bool leash__segments_are_low(const struct leash__trace *trace)
{
    uint32_t segments = leash__spool_segments(&trace->spool);
    return segments < trace->spool.bound && trace->free_count * 2 < segments;
}
