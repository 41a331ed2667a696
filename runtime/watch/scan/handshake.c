#include "handshake.h"

#include "raw_call.h"
#include "saved_registers.h"

#include <arena.h>
#include <errno.h>
#include <free_signal.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum slot_state { FREE, ASKED, STANDS, RELEASED, OWED };

enum {
    SLOTS = 32 * 1024, /* pages that nobody touches cost nothing */
    NO_SLOT = -1,      /* the note of one that the signal was not sent to yet */
    SLICE_NS = 1000 * 1000,
    NAP_NS = 50 * 1000,
    BLOCKED_NS = 20 * 1000 * 1000 /* signals are blocked for a moment to start a thread, or a program */
};

struct slot {
    int state; /* futex; enum slot_state */
    pid_t tid;
    int number;          /* of the signal */
    const void *context; /* valid while it STANDS: what its handler got */
};

static struct {
    struct slot *slots; /* in the arena */
    unsigned used;      /* that ever were; atomic */
    unsigned next;      /* where a free one is looked for */
    int gate;           /* futex: it moves when those that stand shall look whether they may go */
    int number;         /* of the signal that they are stopped by */
    bool owed;          /* somebody did not come the last time */
    pid_t process;      /* whose threads the slots are of: in a forked child none is there */
    uint64_t held;      /* bit a signal whose handler is ours */
    uint64_t blocked_until;
} hands;

#define CALL LEASH__RAW_CALL

static uint64_t bit(int number)
{
    return UINT64_C(1) << (number - 1);
}

static int state_of(const struct slot *slot)
{
    return __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
}

static bool move(struct slot *slot, int from, int to)
{
    return __atomic_compare_exchange_n(&slot->state, &from, to, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* ---- the thread that is stopped: system calls and its slot are all it may touch ---- */

/* The signal carries the number of the slot. From elsewhere it means nothing. */
static struct slot *slot_of(const siginfo_t *info)
{
    unsigned at = (unsigned)info->si_value.sival_int;
    if (info->si_code != SI_QUEUE || info->si_pid != CALL(SYS_getpid, 0, 0, 0, 0) ||
        at >= __atomic_load_n(&hands.used, __ATOMIC_ACQUIRE) || hands.slots[at].tid != CALL(SYS_gettid, 0, 0, 0, 0))
        return NULL;
    return &hands.slots[at];
}

static void wait_at_gate(const struct slot *slot)
{
    for (;;) {
        int gate = __atomic_load_n(&hands.gate, __ATOMIC_ACQUIRE);
        if (state_of(slot) != STANDS)
            return;
        CALL(SYS_futex, &hands.gate, FUTEX_WAIT_PRIVATE, gate, NULL);
    }
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    struct slot *slot = slot_of(info);
    (void)number;
    if (!slot)
        return;
    slot->context = context;
    while (!move(slot, ASKED, STANDS)) { /* it is too late, unless it was asked anew meanwhile */
        if (move(slot, OWED, FREE) || state_of(slot) == FREE)
            return;
    }
    CALL(SYS_futex, &slot->state, FUTEX_WAKE_PRIVATE, 1, NULL);
    wait_at_gate(slot);
    __atomic_store_n(&slot->state, FREE, __ATOMIC_RELEASE);
}

/* ---- asking ---- */

static int take_slot(pid_t tid)
{
    unsigned at = hands.next;
    while (at < hands.used && state_of(&hands.slots[at]) != FREE)
        at++;
    if (at == SLOTS)
        return NO_SLOT;
    hands.slots[at].tid = tid;
    hands.slots[at].number = hands.number;
    __atomic_store_n(&hands.slots[at].state, ASKED, __ATOMIC_RELEASE);
    if (at == hands.used)
        __atomic_store_n(&hands.used, at + 1, __ATOMIC_RELEASE);
    hands.next = at + 1;
    return (int)at;
}

static int ask(const struct leash__others *others, struct leash__other *thread)
{
    siginfo_t info = {.si_signo = hands.number, .si_code = SI_QUEUE};
    int at = take_slot(thread->tid);
    if (at == NO_SLOT)
        return -ENOBUFS;
    info.si_pid = others->process;
    info.si_value.sival_int = at;
    long rc = CALL(SYS_rt_tgsigqueueinfo, others->process, thread->tid, hands.number, &info);
    if (rc == 0) {
        thread->note = at;
        return 0;
    }
    hands.slots[at].state = FREE;
    if (rc == -ESRCH)
        thread->state = LEASH_OTHER_GONE;
    return rc == -ESRCH || rc == -EAGAIN ? 0 : -EPERM; /* EAGAIN: too many signals are on their way to anybody */
}

/* The signal that it did not take the last time serves for this time. */
static bool ask_again(struct leash__other *thread)
{
    for (unsigned i = 0; hands.owed && i < hands.used; i++) {
        if (hands.slots[i].tid != thread->tid || !move(&hands.slots[i], OWED, ASKED))
            continue;
        thread->note = (int)i;
        return true;
    }
    return false;
}

static bool blocks(const struct leash__others *others, pid_t tid)
{
    static const char label[] = "\nSigBlk:\t";
    char text[2048];
    leash__other_read(others, tid, "/status", text, sizeof text);
    const char *found = strstr(text, label);
    return found && strtoull(found + strlen(label), NULL, 16) & bit(hands.number);
}

/* One that would not take the signal is not sent it: it might end the process when it takes it as another program. */
static int ask_if_open(const struct leash__others *others, struct leash__other *thread)
{
    return blocks(others, thread->tid) ? 0 : ask(others, thread);
}

static int tell(void *argument, struct leash__other *thread)
{
    thread->state = LEASH_OTHER_TOLD;
    thread->note = NO_SLOT;
    return ask_again(thread) ? 0 : ask_if_open(argument, thread);
}

/* ---- and waiting for the answer ---- */

static int await_open(const struct leash__others *others, struct leash__other *thread)
{
    while (thread->note == NO_SLOT && thread->state == LEASH_OTHER_TOLD) {
        if (leash__other_is_inert(others, thread->tid)) {
            thread->state = LEASH_OTHER_INERT;
            break;
        }
        if (leash__raw_clock_ns() >= hands.blocked_until)
            return -ECONNREFUSED;
        leash__raw_nap(NAP_NS);
        int rc = ask_if_open(others, thread);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static bool is_gone(pid_t process, pid_t tid)
{
    return CALL(SYS_tgkill, process, tid, 0, 0) == -ESRCH;
}

/* One that will never answer. */
static void find_dead(const struct leash__others *others, struct leash__other *thread)
{
    int state = is_gone(others->process, thread->tid)        ? LEASH_OTHER_GONE
                : leash__other_is_inert(others, thread->tid) ? LEASH_OTHER_INERT
                                                             : LEASH_OTHER_TOLD;
    if (state != LEASH_OTHER_TOLD && move(&hands.slots[thread->note], ASKED, FREE))
        thread->state = state;
}

static int await_stand(void *argument, struct leash__other *thread, uint64_t deadline)
{
    const struct leash__others *others = argument;
    const struct timespec slice = {0, SLICE_NS};
    int rc = await_open(others, thread);
    while (rc == 0 && thread->state == LEASH_OTHER_TOLD) {
        struct slot *slot = &hands.slots[thread->note];
        if (state_of(slot) == ASKED && CALL(SYS_futex, &slot->state, FUTEX_WAIT_PRIVATE, ASKED, &slice) == -ETIMEDOUT)
            find_dead(others, thread);
        if (state_of(slot) == STANDS)
            thread->state = LEASH_OTHER_STANDS;
        else if (leash__raw_clock_ns() >= deadline)
            rc = -ETIMEDOUT;
    }
    return rc;
}

/* ---- what is on its way ---- */

/* Gives back every signal that nobody has yet to take. */
static void settle(void)
{
    uint64_t owed = 0;
    for (unsigned i = 0; i < hands.used; i++) {
        struct slot *slot = &hands.slots[i];
        if (state_of(slot) == OWED && !(is_gone(hands.process, slot->tid) && move(slot, OWED, FREE)))
            owed |= bit(slot->number);
    }
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
        if (hands.held & ~owed & bit(number))
            leash__signal_give_back(number, on_signal);
    hands.held &= owed;
    hands.owed = owed != 0;
}

static bool take(int number)
{
    if (!(hands.held & bit(number)) && !leash__signal_take(number, on_signal))
        return false;
    hands.held |= bit(number);
    return true;
}

int leash__handshake_begin(struct leash__others *others, int number)
{
    static const struct leash__way way = {tell, await_stand};
    if (number < SIGRTMIN || number > SIGRTMAX)
        return -EINVAL;
    if (!hands.slots && !(hands.slots = leash__arena_map(SLOTS * sizeof *hands.slots)))
        return -ENOMEM;
    if (hands.process != others->process) {
        memset(hands.slots, 0, hands.used * sizeof *hands.slots);
        hands.process = others->process;
    }
    settle();
    if (!take(number))
        return -EADDRINUSE;
    hands.number = number;
    hands.next = 0;
    hands.blocked_until = leash__raw_clock_ns() + BLOCKED_NS;
    return leash__others_halt(others, &way, others);
}

void leash__handshake_end(struct leash__others *others)
{
    for (size_t i = 0; i < others->room; i++) {
        struct leash__other *thread = &others->threads[i];
        bool told = thread->state == LEASH_OTHER_TOLD && thread->note != NO_SLOT;
        if (told ? !move(&hands.slots[thread->note], ASKED, OWED) : thread->state == LEASH_OTHER_STANDS)
            __atomic_store_n(&hands.slots[thread->note].state, RELEASED, __ATOMIC_RELEASE);
    }
    __atomic_fetch_add(&hands.gate, 1, __ATOMIC_RELEASE);
    CALL(SYS_futex, &hands.gate, FUTEX_WAKE_PRIVATE, INT_MAX, NULL);
    if (hands.slots)
        settle();
}

void leash__handshake_registers(const struct leash__others *others, leash__registers_fn *fn, void *argument)
{
    for (size_t i = 0; i < others->room; i++)
        if (others->threads[i].state == LEASH_OTHER_STANDS)
            leash__saved_registers(hands.slots[others->threads[i].note].context, fn, argument);
}
