/* The strings of a leak, where it must outlive the call that told of it. */
#ifndef LEASH_CORE_LEAK_STRINGS_H
#define LEASH_CORE_LEAK_STRINGS_H

#include <string.h>

#include "ports.h"

enum { LEASH__LEAK_STRINGS = 12 };

static inline void leash__leak_strings(struct leash__leak *leak, const char **strings[LEASH__LEAK_STRINGS])
{
    const char **all[LEASH__LEAK_STRINGS] = {&leak->class, &leak->also,      &leak->name,    &leak->file,
                                             &leak->func,  &leak->waits_for, &leak->failure, &leak->coro,
                                             &leak->test,  &leak->given,     &leak->blocked, &leak->kept_by};
    memcpy(strings, all, sizeof all);
}

/* How much room they need. NULL counts as "". */
static inline size_t leash__leak_strings_size(const struct leash__leak *leak)
{
    struct leash__leak copy = *leak;
    const char **strings[LEASH__LEAK_STRINGS];
    size_t size = 0;
    leash__leak_strings(&copy, strings);
    for (size_t i = 0; i < LEASH__LEAK_STRINGS; i++)
        size += (*strings[i] ? strlen(*strings[i]) : 0) + 1;
    return size;
}

/* Copies them to `room`; from now on the leak's point there. */
static inline void leash__leak_strings_keep(struct leash__leak *leak, char *room)
{
    const char **strings[LEASH__LEAK_STRINGS];
    leash__leak_strings(leak, strings);
    for (size_t i = 0; i < LEASH__LEAK_STRINGS; i++) {
        const char *from = *strings[i] ? *strings[i] : "";
        size_t size = strlen(from) + 1;
        memcpy(room, from, size);
        *strings[i] = room;
        room += size;
    }
}

#endif
