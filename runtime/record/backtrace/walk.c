#define UNW_LOCAL_ONLY
#include "walk.h"

#include <libunwind.h>
#include <string.h>
#include <ucontext.h>

#if defined(__x86_64__)

static void fill(ucontext_t *out, const struct leash__registers *from)
{
    static const int callee_saved[] = {REG_RBX, REG_R12, REG_R13, REG_R14, REG_R15};
    greg_t *to = out->uc_mcontext.gregs;
    for (int i = 0; i < 5; i++)
        to[callee_saved[i]] = (greg_t)from->callee_saved[i];
    to[REG_RBP] = (greg_t)from->fp;
    to[REG_RSP] = (greg_t)from->sp;
    to[REG_RIP] = (greg_t)from->pc;
}

#else

static void fill(ucontext_t *out, const struct leash__registers *from)
{
    for (int i = 0; i < 10; i++)
        out->uc_mcontext.regs[19 + i] = from->callee_saved[i];
    out->uc_mcontext.regs[29] = from->fp;
    out->uc_mcontext.sp = from->sp;
    out->uc_mcontext.pc = from->pc;
}

#endif

/* Where the frame's address was found, if it was in memory and is there. */
static uintptr_t place_of(unw_cursor_t *cursor, uintptr_t address)
{
    unw_save_loc_t found;
    if (unw_get_save_loc(cursor, UNW_REG_IP, &found) != 0 || found.type != UNW_SLT_MEMORY || !found.u.addr)
        return 0;
    return *(const uintptr_t *)found.u.addr == address ? (uintptr_t)found.u.addr : 0; // NOLINT: libunwind's number
}

__attribute__((no_sanitize("address", "thread"))) size_t leash__walk(const struct leash__walk *walk, bool *ended)
{
    ucontext_t saved;
    unw_cursor_t cursor;
    unw_word_t address;
    size_t count = 0;
    int step = 1;
    *ended = false;
    memset(&saved, 0, sizeof saved);
    fill(&saved, walk->from);
    if (unw_init_local2(&cursor, (unw_context_t *)(void *)&saved, walk->exact ? UNW_INIT_SIGNAL_FRAME : 0) < 0)
        return 0;
    while (step > 0 && count < walk->room && unw_get_reg(&cursor, UNW_REG_IP, &address) == 0 && address) {
        if (walk->places)
            walk->places[count] = count ? place_of(&cursor, (uintptr_t)address) : 0;
        walk->addresses[count++] = (uintptr_t)address;
        step = unw_step(&cursor);
    }
    *ended = step == 0;
    return count;
}
