#include "fake_recorder.h"

#include <definitions.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 3 * 1024 };

struct fake_definition fake_definitions[FAKE_KEPT];
unsigned fake_definitions_count, fake_trace = 1, fake_refuse;
__thread struct leash__events fake_events;
static __thread uint64_t slots[SLOTS], *taken;

pthread_mutex_t leash__definitions_lock = PTHREAD_MUTEX_INITIALIZER;

unsigned leash__definitions_trace(void)
{
    return fake_trace;
}

bool leash__define(struct leash__events *events, unsigned kind, uint64_t a, uint64_t b, const void *text, size_t length)
{
    (void)events;
    if (fake_refuse) {
        fake_refuse--;
        return false;
    }
    if (fake_definitions_count == FAKE_KEPT || length > sizeof(fake_definitions[0].text))
        abort();
    struct fake_definition *definition = &fake_definitions[fake_definitions_count++];
    *definition = (struct fake_definition){kind, a, b, length, ""};
    memcpy(definition->text, text, length);
    return true;
}

bool leash__events_room(struct leash__events *events, unsigned room)
{
    (void)room;
    events->at = taken = slots;
    return true;
}

uint32_t leash__site_define(struct leash__events *events, struct leash_site *site)
{
    (void)events;
    return site->id = 1;
}

void fake_reset(void)
{
    fake_definitions_count = 0;
    fake_refuse = 0;
    fake_trace++;
    fake_join();
}

void fake_join(void)
{
    fake_events = (struct leash__events){.at = slots, .end = slots + SLOTS, .stamp = UINT64_C(1) << 40};
    taken = slots;
}

bool fake_take(struct fake_event *out)
{
    if (taken == fake_events.at)
        return false;
    const uint64_t *slot = fake_events.at - 3;
    taken = fake_events.at;
    *out = (struct fake_event){.kind = slot[0] >> 32 & 0xff, .a = slot[1] >> 24, .b = slot[2] >> 24};
    out->c = (slot[1] & 0xffffff) << 24 | (slot[2] & 0xffffff);
    return true;
}

const struct fake_definition *fake_find(unsigned kind, uint64_t id)
{
    for (unsigned i = fake_definitions_count; i-- > 0;)
        if (fake_definitions[i].kind == kind && fake_definitions[i].a == id)
            return &fake_definitions[i];
    return NULL;
}

unsigned fake_count(unsigned kind)
{
    unsigned count = 0;
    for (unsigned i = 0; i < fake_definitions_count; i++)
        count += fake_definitions[i].kind == kind;
    return count;
}
