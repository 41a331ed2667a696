#include "sink.h"

#include <event.h>
#include <ports.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4096, EVENTS = 8192 };

static uint64_t slots[SLOTS * 3];
static struct sink_event events[EVENTS];
static size_t taken; /* of `slots`, already in `events` */
static size_t count;
static uint64_t stacks; /* each that is asked for has a number of its own */
static bool on, with_steps;
static struct leash__events *source;

static void take(void)
{
    size_t used = source && source->at ? (size_t)(source->at - slots) : 0;
    for (; taken < used && count < EVENTS; taken += 3) {
        const uint64_t *slot = &slots[taken];
        events[count++] = (struct sink_event){.kind = slot[0] >> 32 & 0xff,
                                              .a = slot[1] >> 24,
                                              .b = slot[2] >> 24,
                                              .c = (slot[1] & 0xffffff) << 24 | (slot[2] & 0xffffff)};
    }
}

void sink_on(bool steps)
{
    sink_off();
    on = true;
    with_steps = steps;
}

void sink_off(void)
{
    on = false;
    count = taken = 0;
    stacks = 0;
    if (source) {
        source->at = NULL;
        source->steps = source->stacks = false;
    }
}

size_t sink_count(void)
{
    take();
    return count;
}

const struct sink_event *sink_event(size_t i)
{
    return i < sink_count() ? &events[i] : NULL;
}

const struct sink_event *sink_find(unsigned kind, size_t n)
{
    for (size_t i = 0; i < sink_count(); i++)
        if (events[i].kind == kind && n-- == 0)
            return &events[i];
    return NULL;
}

size_t sink_count_of(unsigned kind)
{
    size_t found = 0;
    for (size_t i = 0; i < sink_count(); i++)
        found += events[i].kind == kind;
    return found;
}

int run_options(leash_fn_t fn, void *arg, struct leash_options *options)
{
    if (options->virtual_time < 0)
        options->virtual_time = 1;
    if (options->scan < 0)
        options->scan = 0;
    options->report = 0;
    return leash_run_with(leash_coro(fn, arg), options, NULL);
}

int run_virtual(leash_fn_t fn, void *arg)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    return run_options(fn, arg, &options);
}

/* ---- what record/ implements ---- */

bool leash__events_room(struct leash__events *from, unsigned wanted)
{
    take();
    from->at = slots;
    taken = 0;
    return wanted <= SLOTS;
}

uint32_t leash__site_define(struct leash__events *from, struct leash_site *site)
{
    static uint32_t ids;
    (void)from;
    return site->id = ++ids;
}

void leash__events_text(struct leash__events *from, unsigned kind, struct leash_site *site, uint64_t a, uint64_t b,
                        const void *text, size_t length)
{
    (void)site;
    if (!from->at)
        return;
    take();
    if (count == EVENTS)
        return;
    struct sink_event *event = &events[count++];
    *event = (struct sink_event){.kind = kind, .a = a, .b = b, .c = length};
    memcpy(event->text, text, length < sizeof event->text ? length : sizeof event->text - 1);
}

uint64_t leash__events_stack_here(struct leash__events *from, unsigned skip)
{
    (void)skip;
    return from->at ? ++stacks : 0;
}

uint64_t leash__events_stack_again(struct leash__events *to, uint64_t number)
{
    (void)to;
    return number;
}

void leash__events_stack(struct leash__events *from, uint64_t subject, enum leash_subject kind, unsigned skip)
{
    leash__event(from, LEASH_EV_STACK, NULL, subject, leash__events_stack_here(from, skip), kind);
}

void leash__events_function(struct leash__events *from, uint64_t coro, void (*fn)(void))
{
    leash__event(from, LEASH_EV_CORO_FN, NULL, coro, 0, (uint64_t)(uintptr_t)fn);
}

struct leash__stack_entry *leash__stack_suspended(const struct leash__context *const *parts, unsigned number)
{
    (void)parts, (void)number;
    return NULL;
}

uint64_t leash__stack_number(struct leash__events *to, struct leash__stack_entry *entry)
{
    (void)to, (void)entry;
    return 0;
}

void leash__stack_wants_words(struct leash__stack_entry *entry)
{
    (void)entry;
}

size_t leash__stack_words(struct leash__stack_entry *entry, const char *const **words)
{
    (void)entry, (void)words;
    return 0;
}

/* ---- what watch/blocked implements: tests of the core alone have no watchdog ---- */

bool leash__watchdog_sleeps;

void leash__watchdog_begin(struct leash__loop *loop)
{
    (void)loop;
}

void leash__watchdog_end(struct leash__loop *loop)
{
    (void)loop;
}

void leash__watchdog_wake(void)
{
}

/* ---- the rest of record/ ---- */

int leash__record_thread(struct leash__events *to, const struct leash_options *options)
{
    if (!on || to->at)
        return 0;
    source = to;
    to->at = slots;
    to->end = slots + sizeof slots / sizeof *slots;
    to->steps = with_steps;
    to->stacks = options->stacks == 1;
    taken = 0;
    return 0;
}

void leash__record_thread_end(struct leash__events *from)
{
    (void)from;
}

void leash__record_exit(int code)
{
    (void)code;
}

int leash__record_after_fork(void)
{
    return 0;
}
