#include "interned.h"

#include "own_frames.h"
#include "shapes.h"

#include <definitions.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool leash__module_define(struct leash__events *events, struct leash__module *module)
{
    char base[20];
    if (module->defined == leash__definitions_trace())
        return true;
    size_t path = strlen(module->path) + 1, id = strlen(module->build_id) + 1;
    size_t digits = (size_t)snprintf(base, sizeof(base), "%lx", (unsigned long)module->base) + 1;
    char *text = malloc(path + id + digits);
    if (!text)
        return false;
    memcpy(text, module->path, path);
    memcpy(text + path, module->build_id, id);
    memcpy(text + path + id, base, digits);
    bool defined =
        leash__define(events, LEASH_EV_DEF_MODULE, module->id, module->high - module->low, text, path + id + digits);
    free(text);
    if (defined)
        module->defined = leash__definitions_trace();
    return defined;
}

bool leash__stack_define(struct leash__events *events, struct leash__stack_entry *entry)
{
    static uint64_t text[2 * LEASH_STACK_FULL]; /* not on a coroutine's stack */
    if (entry->defined == leash__definitions_trace())
        return true;
    for (unsigned i = 0; i < entry->depth; i++) {
        struct leash__module *module = entry->frames[i].module;
        if (module && !leash__module_define(events, module))
            return false;
        text[2 * i] = module ? module->id : 0;
        text[2 * i + 1] = entry->frames[i].offset;
    }
    if (!leash__define(events, LEASH_EV_DEF_STACK, entry->id, entry->depth, text, entry->depth * 2 * sizeof(*text)))
        return false;
    entry->defined = leash__definitions_trace();
    return true;
}

/* Guarded by leash__definitions_lock: not on a coroutine's stack. */
static uintptr_t addresses[LEASH_STACK_WALK];

/* Into the calls: what follows one may be another line, or another function. */
static void take_addresses(const uintptr_t *raw, size_t count)
{
    for (size_t i = 0; i < count; i++)
        addresses[i] = raw[i] - 1;
}

static void add_frames(struct leash__stack_build *build, size_t count, size_t most)
{
    for (size_t i = 0; i < count && build->depth < most; i++) {
        struct leash__module *module = leash__module_of(addresses[i]);
        build->frames[build->depth++] = (struct leash__frame){module, addresses[i] - (module ? module->base : 0)};
    }
}

void leash__stack_add(struct leash__stack_build *build, const uintptr_t *raw, size_t count, unsigned skip, size_t most)
{
    take_addresses(raw, count);
    add_frames(build, leash__own_frames_cut(addresses, count, skip), most);
}

void leash__stack_add_any(struct leash__stack_build *build, const uintptr_t *raw, size_t count, bool exact)
{
    take_addresses(raw, count);
    if (exact && count)
        addresses[0]++;
    add_frames(build, leash__own_frames_leave_out(addresses, count), LEASH_STACK_FULL);
}

struct leash__stack_entry *leash__stack_built(const struct leash__stack_build *build)
{
    return build->depth ? leash__stack_intern(build->frames, build->depth) : NULL;
}

void leash__stacks_look_again(void)
{
    if (!leash__modules_changed())
        return;
    leash__stack_cache_drop();
    leash__shapes_drop();
}
