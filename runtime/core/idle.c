#include "idle.h"

#include <poll.h>
#include <time.h>

#include "deadlock.h"
#include "future.h"
#include "interrupt.h"
#include "own_threads.h"
#include "patrol.h"
#include "poller.h"
#include "ports.h"
#include "standstill.h"
#include "timer.h"
#include "waker.h"

/* ---- sleeping ---- */

/* After a burst of tasks the memory of their stacks goes back to the system, where the loop has time for that. */
static uint64_t give_stacks_back(struct leash__loop *loop, uint64_t now, uint64_t until)
{
    enum { HOT = 1024, LONG_NS = 10000000 };
    while (until > now && until - now > LONG_NS && leash__stacks_trim(loop->stacks, HOT) > 0)
        now = leash__clock_anchor(&loop->thread->clock);
    return now;
}

/* Sleeps on the bell; a signal may end it earlier. */
static void sleep_on_bell(struct leash__loop *loop, uint64_t now, uint64_t until)
{
    enum { NS_PER_S = 1000000000 };
    uint64_t ns = until > now ? until - now : 0;
    struct timespec wait = {(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S)};
    struct pollfd bell = {.fd = loop->inbox.bell, .events = POLLIN};
    ppoll(&bell, bell.fd >= 0, until == LEASH__NEVER ? NULL : &wait, NULL);
}

/* Waits for what comes from outside, until `until` at the latest. */
static void wait_outside(struct leash__loop *loop, uint64_t until)
{
    uint64_t now = leash__clock_anchor(&loop->thread->clock);
    now = give_stacks_back(loop, now, until);
    if (loop->poller)
        loop->poller->poll(loop, until);
    else if (until > now)
        sleep_on_bell(loop, now, until);
    loop->polled = leash__clock_anchor(&loop->thread->clock);
    if (__builtin_expect(__atomic_load_n(&leash__watchdog_sleeps, __ATOMIC_RELAXED), 0))
        leash__watchdog_wake();
}

static void answer_bell(struct leash__loop *loop)
{
    if (!leash__inbox_rung(&loop->inbox))
        return;
    leash__inbox_empty(&loop->inbox, loop);
    leash__interrupt_answer(loop);
}

/* ---- what may come ---- */

static bool is_idle(const struct leash__loop *loop)
{
    return leash__list_empty(&loop->ready) && !loop->stop;
}

/* Threads of this process that are neither the runtime's own nor declare when they may wake a loop: any of them may
 * hold a handle to it. */
static bool has_undeclared_threads(void)
{
    unsigned known = leash__own_threads() + leash__context_sanitizer_threads() + leash__threads_declared();
    unsigned count = leash__process_threads();
    return !count || count > known + 1;
}

enum hope {
    NO_HOPE,
    UNDECLARED, /* only threads that nobody declared could wake it */
    HOPE
};

/* Without a timer. The bell last: who rings it, then ends or says that it will wake nobody any more, was counted, or
 * has rung by then. */
static enum hope hope(struct leash__loop *loop)
{
    if (loop->in_flight > 0 || (loop->poller && loop->poller->alive(loop)) || leash__wakers_held(loop) ||
        leash__standstill_stays(loop))
        return HOPE;
    if (loop->is_shared && has_undeclared_threads())
        return UNDECLARED;
    return leash__inbox_rung(&loop->inbox) ? HOPE : NO_HOPE;
}

/* Threads may end without having woken it: that is looked for once a second. */
static uint64_t until_looked_again(enum hope hope)
{
    enum { LONG_NS = 1000000000 };
    return hope == UNDECLARED ? leash__clock_system() + LONG_NS : LEASH__NEVER;
}

static void note_standing(struct leash__loop *loop, enum hope hope, uint64_t until)
{
    if (hope != UNDECLARED || !is_idle(loop))
        leash__standstill_woken(loop);
    else if (leash__clock_system() >= until)
        leash__standstill_outside(loop);
}

/* ---- the two clocks ---- */

static uint64_t earlier(uint64_t when, uint64_t deadline)
{
    return deadline && deadline < when ? deadline : when;
}

/* While something is under way that takes real time, a timer is due when as much real time has passed as it had to go
 * when it became the first: what comes before that finds the clock where it stood. */
static uint64_t due_in_reality(struct leash__loop *loop, const struct leash__heap_entry *first)
{
    if (!first)
        return LEASH__NEVER;
    if (loop->patient_for != first->when) {
        uint64_t now = leash__clock_system(), left = first->when > loop->now ? first->when - loop->now : 0;
        loop->patient_for = first->when;
        loop->patient_until = left < LEASH__NEVER - now ? now + left : LEASH__NEVER;
    }
    return loop->patient_until;
}

static void jump_to(struct leash__loop *loop, const struct leash__heap_entry *first)
{
    if (first && first->when > loop->now)
        loop->now = first->when;
}

/* What takes real time is waited for; the clock moves only if the first timer cannot wait that long. */
static void look_patiently(struct leash__loop *loop, const struct leash__heap_entry *first, enum hope hope,
                           uint64_t deadline)
{
    uint64_t until = due_in_reality(loop, first), again = until_looked_again(hope);
    wait_outside(loop, earlier(earlier(until, again), deadline));
    answer_bell(loop);
    note_standing(loop, hope, again);
    first = leash__heap_first(&loop->timers); /* what was answered may have changed it */
    if (is_idle(loop) && first && first->when == loop->patient_for && leash__clock_system() >= until)
        jump_to(loop, first);
}

/* Time jumps, but not while something is under way that takes real time. */
static bool look_virtually(struct leash__loop *loop, const struct leash__heap_entry *first, uint64_t deadline)
{
    enum { SHORT_NS = 1000000 };
    if (first && first->when <= loop->now)
        return true; /* it is due: nothing has to pass for that */
    enum hope left = first ? NO_HOPE : hope(loop);
    if (loop->in_flight > 0 || left != NO_HOPE) {
        look_patiently(loop, first, left, deadline);
        return true;
    }
    if (!first)
        return false;
    if (loop->poller && loop->poller->alive(loop)) {
        wait_outside(loop, leash__clock_system() + SHORT_NS);
        answer_bell(loop);
        if (!is_idle(loop))
            return true;
        first = leash__heap_first(&loop->timers); /* what was answered may have changed it */
    }
    jump_to(loop, first);
    return true;
}

/* A good moment to look for lost tasks, if there is time for it now and nothing has come meanwhile. */
static void patrol(struct leash__loop *loop)
{
    wait_outside(loop, 0);
    answer_bell(loop);
    if (is_idle(loop))
        leash__patrol(loop);
}

static bool look_really(struct leash__loop *loop, const struct leash__heap_entry *first, uint64_t deadline)
{
    enum hope left = first ? HOPE : hope(loop);
    if (left == NO_HOPE)
        return false;
    uint64_t again = until_looked_again(left), now = leash__clock_ns(&loop->thread->clock);
    uint64_t until = earlier(earlier(first ? first->when : LEASH__NEVER, again), deadline);
    uint64_t patrol_time = leash__patrol_time(loop);
    if (patrol_time <= now && until > now) {
        patrol(loop);
        return true;
    }
    wait_outside(loop, patrol_time < until ? patrol_time : until);
    answer_bell(loop);
    note_standing(loop, left, again);
    return true;
}

bool leash__idle_look(struct leash__loop *loop, uint64_t deadline)
{
    /* Looks of a loop that is never idle: the clock, or one for deadlocks, costs as much as a step. */
    enum { BUSY = 64 };
    bool more = true, seldom = false;
    uint64_t again = LEASH__NEVER;
    answer_bell(loop);
    if (is_idle(loop) || (seldom = ++loop->busy_looks % BUSY == 0))
        again = leash__deadlock_look(loop);
    const struct leash__heap_entry *first = leash__heap_first(&loop->timers);
    if (is_idle(loop))
        more = loop->virtual_time ? look_virtually(loop, first, deadline)
                                  : look_really(loop, first, earlier(deadline ? deadline : LEASH__NEVER, again));
    else {
        if (loop->poller)
            wait_outside(loop, 0);
        if (loop->poller || seldom)
            leash__patrol_busy(loop);
    }
    if (!loop->virtual_time && leash__heap_first(&loop->timers))
        loop->now = leash__clock_ns(&loop->thread->clock);
    return more;
}
