/* Walking a copied stack. Words that point into the original are moved along, so that the walk stays in the copy; one
 * that only looks like such a pointer does no harm, since a walk reads return addresses and saved registers alone.
 *
 * Of a thread that waits in the kernel the callee-saved registers are not known. Mostly the C library has saved them on
 * the stack, or nobody needs them. A frame that is found by the frame pointer needs it, though, if nobody in between
 * has saved it. It is then looked for: the lowest place in the stack that holds, above a saved frame pointer, the
 * return address of a call of that very function, and from where the walk comes to the stack's end. */
#define UNW_LOCAL_ONLY
#include "glimpse.h"
#include "modules.h"
#include "own_frames.h"
#include "walk.h"

#include <arena.h>
#include <libunwind.h>
#include <stdlib.h>
#include <string.h>

enum {
    BEYOND = 16 << 20 /* readable zeroes behind the copy: frames that reach beyond it end the walk */
};

struct copy {
    char *memory;
    size_t size;   /* of the copy; zeroes follow */
    uintptr_t low; /* where the original begins */
    struct leash__registers registers;
};

static uintptr_t moved(const struct copy *copy, uintptr_t word)
{
    return word - copy->low < copy->size ? word - copy->low + (uintptr_t)copy->memory : word;
}

static bool make(const struct leash__glimpse *glimpse, struct copy *out)
{
    char *memory = leash__arena_map(LEASH_GLIMPSE_SIZE + BEYOND); /* no scan finds handles in it */
    if (!memory)
        return false;
    *out = (struct copy){memory, glimpse->size & ~(size_t)7, glimpse->registers.sp, glimpse->registers};
    memcpy(memory, glimpse->stack, out->size);
    uintptr_t *words = (uintptr_t *)(void *)memory;
    for (size_t i = 0; i < out->size / sizeof *words; i++)
        words[i] = moved(out, words[i]);
    out->registers.sp = (uintptr_t)memory;
    out->registers.fp = moved(out, out->registers.fp);
    for (size_t i = 0; i < sizeof out->registers.callee_saved / sizeof *out->registers.callee_saved; i++)
        out->registers.callee_saved[i] = moved(out, out->registers.callee_saved[i]);
    return true;
}

/* ---- the frame pointer that is not known ---- */

static uintptr_t function_of(uintptr_t address)
{
    unw_proc_info_t info;
    return unw_get_proc_info_by_ip(unw_local_addr_space, address, &info, NULL) == 0 ? (uintptr_t)info.start_ip : 0;
}

/* A call goes there itself, or by way of a linker's stub, which is no function's beginning. */
static bool leads_to(uintptr_t target, uintptr_t function)
{
    return target == function || function_of(target) != target;
}

#if defined(__x86_64__)

/* Whether the bytes before a return address are a call that may be of `function`: of an indirect one no more is known.
 */
static bool is_call_of(uintptr_t after, uintptr_t function)
{
    const unsigned char *code = (const unsigned char *)after; // NOLINT: code of a module that is loaded
    if (code[-5] == 0xe8) {
        int32_t distance;
        memcpy(&distance, code - 4, sizeof distance);
        return leads_to(after + (uintptr_t)(intptr_t)distance, function);
    }
    for (int length = 2; length <= 7; length++)
        if (code[-length] == 0xff && (code[1 - length] & 0x38) == 0x10)
            return true;
    return false;
}

#else

static bool is_call_of(uintptr_t after, uintptr_t function)
{
    uint32_t code;
    memcpy(&code, (const void *)(after - 4), sizeof code); // NOLINT: code of a module that is loaded
    if ((code & 0xfc000000) == 0x94000000) {
        int32_t distance = (int32_t)(code << 6) >> 4;
        return leads_to(after - 4 + (uintptr_t)(intptr_t)distance, function);
    }
    return (code & 0xfffffc1f) == 0xd63f0000;
}

#endif

static bool may_return_to(uintptr_t address, uintptr_t callee)
{
    const struct leash__module *module = leash__module_of(address - 1);
    return module && address - module->low >= 8 && function_of(address - 1) && is_call_of(address, function_of(callee));
}

static bool lie_in_code(const uintptr_t *addresses, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!leash__module_of(addresses[i] - 1))
            return false;
    return true;
}

/* Walks with the frame pointer of the frame that the last walk broke off in. */
static size_t walk_from(struct copy *copy, uintptr_t fp, uintptr_t *addresses, size_t room, bool *ended)
{
    copy->registers.fp = fp;
    return leash__walk(&(struct leash__walk){&copy->registers, false, room, addresses, NULL}, ended);
}

static size_t search(struct copy *copy, uintptr_t *addresses, size_t count, size_t room)
{
    enum { REACH = 16 * 1024 }; /* of one frame */
    uintptr_t callee = addresses[count - 1] - 1, from = (uintptr_t)copy->memory;
    size_t size = copy->size < REACH ? copy->size : REACH;
    uintptr_t *found = malloc(room * sizeof *found);
    for (size_t at = 0; found && at + 16 <= size; at += 8) {
        bool ended;
        uintptr_t returns_to = *(const uintptr_t *)(from + at + 8); // NOLINT: in the copy
        if (!may_return_to(returns_to, callee))
            continue;
        size_t longer = walk_from(copy, from + at, found, room, &ended);
        if (!ended || longer <= count || found[count] != returns_to || !lie_in_code(found, longer))
            continue;
        memcpy(addresses, found, longer * sizeof *found);
        count = longer;
        break;
    }
    free(found);
    return count;
}

size_t leash__glimpse_walk(const struct leash__glimpse *glimpse, uintptr_t *addresses, size_t room)
{
    struct copy copy;
    bool ended = false;
    if (!make(glimpse, &copy))
        return 0;
    /* A register that is not known points at zeroes: a frame that is looked for there ends the walk. */
    uintptr_t nowhere = (uintptr_t)copy.memory + LEASH_GLIMPSE_SIZE + BEYOND / 2;
    if (!glimpse->all_registers) {
        copy.registers.fp = nowhere;
        for (size_t i = 0; i < sizeof copy.registers.callee_saved / sizeof *copy.registers.callee_saved; i++)
            copy.registers.callee_saved[i] = nowhere;
    }
    struct leash__walk walk = {&copy.registers, glimpse->all_registers, room, addresses, NULL};
    size_t count = leash__walk(&walk, &ended);
    if (!glimpse->all_registers && count && count < room && !leash__own_frames_end(addresses[count - 1]))
        count = search(&copy, addresses, count, room);
    leash__arena_unmap(copy.memory, LEASH_GLIMPSE_SIZE + BEYOND);
    return count;
}
