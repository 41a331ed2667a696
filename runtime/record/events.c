/* The slow side of the hot path: the next segment, and records with text. */
#include "definitions.h"
#include "events.h"
#include "segments.h"

#include <string.h>
#include <unistd.h>

void leash__events_count_dropped(void)
{
    __atomic_fetch_add(&leash__spool_header(&leash__process.trace->spool)->dropped, 1, __ATOMIC_RELAXED);
}

/* Writes a record whose room is there: its text first, the record's own word last, so that a reader that sees the
 * record sees the text. */
static void put_text(struct leash__events *events, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
                     const void *text, size_t length)
{
    uint64_t *slot = events->at;
    uint64_t *next = slot + 3;
    for (size_t done = 0; done < length; done += 16, next += 3) {
        size_t rest = length - done;
        next[1] = next[2] = 0;
        memcpy(&next[1], (const char *)text + done, rest < 16 ? rest : 16);
        __atomic_store_n(&next[0], events->stamp | (uint64_t)LEASH_EV_TEXT << 32, __ATOMIC_RELEASE);
    }
    slot[1] = a << 24;
    slot[2] = b << 24 | length;
    __atomic_store_n(&slot[0], events->stamp | (uint64_t)kind << 32 | site, __ATOMIC_RELEASE);
    events->at = next;
}

/* The first thing that a thread says in a trace. */
static void define_thread(struct leash__events *events)
{
    char name[16] = "";
    pthread_getname_np(pthread_self(), name, sizeof name);
    put_text(events, LEASH_EV_DEF_THREAD, 0, events->recorder->thread, (uint64_t)gettid(), name, strlen(name));
    events->recorder->defined = true;
}

bool leash__events_next_segment(struct leash__events *events)
{
    struct leash__recorder *recorder = events->recorder;
    pthread_mutex_lock(&leash__process.lock);
    struct leash__trace *trace = leash__process.trace;
    leash__segment_close(trace, recorder, events->at);
    bool taken = leash__segment_take(trace, recorder, events);
    pthread_mutex_unlock(&leash__process.lock);
    if (taken && !recorder->defined)
        define_thread(events);
    return taken;
}

bool leash__events_room(struct leash__events *events, unsigned slots)
{
    (void)slots; /* a segment holds the longest record */
    if (leash__events_next_segment(events))
        return true;
    leash__events_count_dropped();
    return false;
}

static bool write_text(struct leash__events *events, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
                       const void *text, size_t length)
{
    if (length > LEASH_TEXT_MAX)
        length = LEASH_TEXT_MAX;
    size_t slots = 1 + (length + 15) / 16;
    if ((size_t)(events->end - events->at) < slots * 3 && !leash__events_room(events, (unsigned)slots))
        return false;
    put_text(events, kind, site, a, b, text, length);
    return true;
}

void leash__events_text(struct leash__events *events, unsigned kind, struct leash_site *site, uint64_t a, uint64_t b,
                        const void *text, size_t length)
{
    if (events->at) {
        uint32_t id = leash__site_id(events, site);
        write_text(events, kind, id, a, b, text, length);
    }
}

bool leash__define(struct leash__events *events, unsigned kind, uint64_t a, uint64_t b, const void *text, size_t length)
{
    return write_text(events, kind, 0, a, b, text, length);
}
