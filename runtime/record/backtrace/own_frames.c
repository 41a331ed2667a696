#include "own_frames.h"
#include "modules.h"

#include <saved.h>
#include <stdbool.h>
#include <string.h>

enum {
    INSIDE_MAX = 12,    /* frames of the runtime within one public function, at most */
    TRAMPOLINE_MAX = 32 /* bytes of code */
};

/* The sections of public functions (leash/site.h) and of those that call the program (base/own_frame.h). Weak: a test
 * may be linked without any. */
extern const char __start_leash_api[] __attribute__((weak, visibility("hidden")));
extern const char __stop_leash_api[] __attribute__((weak, visibility("hidden")));
extern const char __start_leash_calls[] __attribute__((weak, visibility("hidden")));
extern const char __stop_leash_calls[] __attribute__((weak, visibility("hidden")));

static bool is_public(uintptr_t address)
{
    return address >= (uintptr_t)__start_leash_api && address < (uintptr_t)__stop_leash_api;
}

static bool calls_the_program(uintptr_t address)
{
    return address >= (uintptr_t)__start_leash_calls && address < (uintptr_t)__stop_leash_calls;
}

static bool is_trampoline(uintptr_t address)
{
    return address - (uintptr_t)&leash__trampoline < TRAMPOLINE_MAX;
}

/* The shared library's module; NULL if the runtime was linked into something else. */
static const struct leash__module *shared_library(void)
{
    const struct leash__module *own = leash__module_of((uintptr_t)&leash__own_frames_cut);
    const char *slash = own ? strrchr(own->path, '/') : NULL;
    return slash && strncmp(slash, "/libleash.so", 12) == 0 ? own : NULL;
}

static size_t cut_module(uintptr_t *addresses, size_t count, const struct leash__module *own)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (addresses[i] < own->low || addresses[i] >= own->high)
            addresses[kept++] = addresses[i];
    return kept;
}

/* How many frames at the inner end are the runtime's. */
static size_t inner_frames(const uintptr_t *addresses, size_t count, unsigned skip)
{
    for (size_t i = 0; i < count && i < INSIDE_MAX; i++)
        if (is_public(addresses[i]))
            return i + 1;
    /* The function that took the stack is, in any case. If public functions are known and none is here, one was inlined
     * into the program, and no count of frames can be trusted. */
    return (uintptr_t)__start_leash_api == (uintptr_t)__stop_leash_api ? skip + 1 : 1;
}

static size_t cut_static(uintptr_t *addresses, size_t first, size_t count)
{
    size_t kept = 0;
    for (size_t i = first; i < count; i++) {
        if (is_trampoline(addresses[i]))
            break;
        if (!is_public(addresses[i]) && !calls_the_program(addresses[i]))
            addresses[kept++] = addresses[i];
    }
    return kept;
}

size_t leash__own_frames_cut(uintptr_t *addresses, size_t count, unsigned skip)
{
    const struct leash__module *own = shared_library();
    return own ? cut_module(addresses, count, own) : cut_static(addresses, inner_frames(addresses, count, skip), count);
}

size_t leash__own_frames_leave_out(uintptr_t *addresses, size_t count)
{
    const struct leash__module *own = shared_library();
    return own ? cut_module(addresses, count, own) : cut_static(addresses, 0, count);
}

bool leash__own_frames_end(uintptr_t address)
{
    return is_trampoline(address);
}
