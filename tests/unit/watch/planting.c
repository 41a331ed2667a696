#include "planting.h"

#include <arena.h>
#include <ports.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 32 };

int stop_signal;
struct leash_scan_result scanned;

/* Compilers push a register for no other reason than to align a frame, and what was in it looks alive then. */
void forget_registers(void);

static volatile uint64_t secret = 0x9e3779b97f4a7c15u;
static struct room {
    struct leash__scan_request request;
    uint64_t handles[MOST];
    unsigned char found[MOST];
} * room; /* in the arena */

__attribute__((noinline)) uint64_t handle_of(unsigned number)
{
    uint64_t mixed = (number + 1) * secret;
    return UINT64_C(0xb1c3) << 48 | (mixed ^ mixed >> 31) >> 16;
}

__attribute__((noinline)) void plant(void *where, unsigned number)
{
    uint64_t handle = handle_of(number);
    memcpy(where, &handle, sizeof(handle));
    forget_registers();
}

__attribute__((noinline)) void leave_below(unsigned number)
{
    volatile char frame[20000];
    memset((char *)frame, 0, sizeof(frame));
    for (size_t at = 0; at < sizeof(frame) / 2; at += 57) /* the upper half: where the next calls put their frames */
        plant((char *)frame + at, number);
    __asm__ volatile("" ::"r"(frame) : "memory");
}

const struct leash__scan_request *prepare(unsigned first, unsigned count, struct leash__loop *loop)
{
    if (!room)
        room = leash__arena_map(sizeof(*room));
    if (!room || count > MOST)
        abort();
    for (unsigned i = 0; i < count; i++)
        plant(&room->handles[i], first + i);
    memset(room->found, 7, sizeof(room->found));
    room->request = (struct leash__scan_request){
        .handles = room->handles, .count = count, .found = room->found, .loop = loop, .stop_signal = stop_signal};
    return &room->request;
}

uint32_t answer(void)
{
    uint32_t bits = 0;
    for (unsigned i = 0; i < room->request.count; i++)
        bits |= room->found[i] <= 1 ? (uint32_t)room->found[i] << i : 0;
    return bits;
}

uint32_t scan_for(unsigned first, unsigned count, struct leash__loop *loop)
{
    leash__scan_memory(prepare(first, count, loop), &scanned);
    return answer();
}

bool finds(unsigned number, struct leash__loop *loop)
{
    return scan_for(number, 2, loop) == 1;
}

bool misses(unsigned number, struct leash__loop *loop)
{
    return scan_for(number, 2, loop) == 0;
}

bool scan_is_off(void)
{
    scan_for(1u << 30, 1, NULL);
    return !scanned.complete;
}
