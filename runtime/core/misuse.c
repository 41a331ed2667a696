#include "misuse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char no_memory[] = "leash: no memory for this thread's state";

const char *leash_last_error(void)
{
    return leash__self_pointer ? leash__self_pointer->error : "";
}

/* Each place speaks once: a misuse in a loop must not flood the terminal. */
static bool first_time(struct leash_site *site, enum leash_misuse kind)
{
    static unsigned said; /* bit a kind, for calls without a site; atomic */
    if (site)
        return (__atomic_fetch_or(&site->reserved, 1u << (unsigned)kind, __ATOMIC_RELAXED) & 1u << (unsigned)kind) == 0;
    return (__atomic_fetch_or(&said, 1u << (unsigned)kind, __ATOMIC_RELAXED) & 1u << (unsigned)kind) == 0;
}

static void say(const struct leash__thread *self, const struct leash_site *site)
{
    if (site)
        fprintf(stderr, "leash: %s:%u in %s: %s\n", site->file, site->line, site->func, self->error);
    else
        fprintf(stderr, "leash: %s\n", self->error);
}

/* With the stack of the call, always: it is rare, and never right; nor do all calls have a site. */
static void tell(struct leash__thread *self, enum leash_misuse kind, struct leash_site *site)
{
    enum { STACK_MAX = 20 }; /* in hex, and two zeroes */
    char text[sizeof self->error + STACK_MAX];
    uint64_t task = self->loop && self->loop->current ? self->loop->current->cell.id : 0;
    uint64_t stack = leash__events_stack_here(&self->events, 2);
    size_t length = strlen(self->error);
    memcpy(text, self->error, length);
    if (stack)
        length += (size_t)snprintf(text + length, STACK_MAX, "%c%" PRIx64, '\0', stack) + 1;
    leash__events_text(&self->events, LEASH_EV_MISUSE, site, task, (uint64_t)kind, text, length);
}

int leash__misuse(enum leash_misuse kind, struct leash_site *site, int error, const char *format, ...)
{
    struct leash__thread *self = leash__self();
    if (!self) {
        fprintf(stderr, "%s\n", no_memory);
        errno = -error;
        return error;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(self->error, sizeof self->error, format, arguments);
    va_end(arguments);
    if (self->events.at)
        tell(self, kind, site);
    if (!self->quiet && first_time(site, kind))
        say(self, site);
    errno = -error;
    return error;
}

int leash__refused(int error, const char *format, ...)
{
    struct leash__thread *self = leash__self();
    if (self) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(self->error, sizeof self->error, format, arguments);
        va_end(arguments);
    }
    errno = -error;
    return error;
}
