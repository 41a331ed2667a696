#include "patrol.h"

#include <leash/scan.h>

#include "loop.h"
#include "lost.h"

#define SHORTEST_NS UINT64_C(1000000000) /* between two scans of a loop, however short they are */
#define ANSWER_NS   UINT64_C(10000000)   /* between two questions for the answer of one that is under way */
enum { SHARE = 100, BUSY = 4, REFUSED = 10 };

/* When the next scan of any loop may be: a scan stops all threads. LEASH__NEVER while one is made. */
static uint64_t process_next; /* atomic */

void leash__patrol_forget(void)
{
    __atomic_store_n(&process_next, 0, __ATOMIC_RELAXED);
}

static void put_off(struct leash__loop *loop, uint64_t now, uint64_t ns)
{
    loop->patrol_next = now + ns;
    loop->patrol_late = now + BUSY * ns;
}

void leash__patrol_begin(struct leash__loop *loop)
{
    loop->patrols = loop->options.scan == LEASH_SCAN_RUNNING && !loop->virtual_time;
    put_off(loop, leash__clock_system(), SHORTEST_NS);
}

uint64_t leash__patrol_time(const struct leash__loop *loop)
{
    uint64_t process = __atomic_load_n(&process_next, __ATOMIC_RELAXED);
    if (loop->look)
        return loop->patrol_next;
    if (!loop->patrols || !loop->ran || loop->judged || !loop->events->at)
        return LEASH__NEVER;
    return process > loop->patrol_next ? process : loop->patrol_next;
}

/* The loops share the time that there is for scans. One that was refused is tried again, but not as soon. */
static void settle(struct leash__loop *loop, enum leash_scan_end end, uint64_t ended)
{
    uint64_t now = leash__clock_anchor(&loop->thread->clock), pause = SHARE * (ended - loop->patrol_began);
    uint64_t ns = pause > SHORTEST_NS ? pause : SHORTEST_NS;
    put_off(loop, now, ns * leash__loops_running() * (end == LEASH_SCAN_COMPLETE ? 1 : REFUSED));
    loop->patrols = end != LEASH_SCAN_SANITIZER;
    __atomic_store_n(&process_next, now + pause, __ATOMIC_RELEASE);
}

static void look(struct leash__loop *loop)
{
    loop->patrol_began = leash__clock_system();
    enum leash_scan_end end = leash__lost_look(loop);
    loop->ran = false;
    if (loop->look)
        put_off(loop, leash__clock_anchor(&loop->thread->clock), ANSWER_NS);
    else
        settle(loop, end, leash__clock_system());
}

static void ask(struct leash__loop *loop)
{
    enum leash_scan_end end;
    uint64_t ended;
    if (leash__lost_answer(loop, &end, &ended))
        settle(loop, end, ended);
    else
        put_off(loop, leash__clock_system(), ANSWER_NS);
}

void leash__patrol(struct leash__loop *loop)
{
    uint64_t now = leash__clock_system(), process = __atomic_load_n(&process_next, __ATOMIC_RELAXED);
    if (loop->look)
        ask(loop);
    else if (!loop->judged && loop->events->at && now >= process &&
             __atomic_compare_exchange_n(&process_next, &process, LEASH__NEVER, false, __ATOMIC_ACQUIRE,
                                         __ATOMIC_RELAXED))
        look(loop);
    else
        put_off(loop, now, SHORTEST_NS);
}

void leash__patrol_end(struct leash__loop *loop)
{
    if (!loop->look)
        return;
    leash__lost_drop(loop);
    settle(loop, LEASH_SCAN_COMPLETE, loop->patrol_began);
}
