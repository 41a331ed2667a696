#include "clock.h"

#include <pthread.h>
#include <time.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

enum { NS_PER_S = 1000000000 };

static struct {
    uint64_t epoch; /* CLOCK_MONOTONIC when the process first asked */
    uint64_t ticks; /* the counter then */
    bool constant;  /* the counter runs at one speed on all cores */
} start;
static pthread_once_t started = PTHREAD_ONCE_INIT;

static uint64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static bool counter_is_constant(void)
{
#if defined(__x86_64__)
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & 1u << 8); /* "invariant TSC" */
#elif defined(__aarch64__)
    return true;
#else
    return false;
#endif
}

/* Both clocks at the same instant: the closest of a few readings. The first of all pays for page faults, and 50 us are
 * 5 % of the first millisecond. */
static void begin(void)
{
    enum { READINGS = 4 };
    uint64_t closest = UINT64_MAX;
    start.constant = counter_is_constant();
    for (int i = 0; i < READINGS; i++) {
        uint64_t before = leash__clock_ticks(), now = monotonic(), apart = leash__clock_ticks() - before;
        if (apart < closest) {
            closest = apart;
            start.ticks = before;
            start.epoch = now;
        }
    }
}

uint64_t leash__clock_system(void)
{
    pthread_once(&started, begin);
    return monotonic() - start.epoch;
}

/* The longer since the start, the better the ratio: 50 ns of jitter are 50 ppm after a millisecond. */
static uint64_t ratio(uint64_t ticks, uint64_t ns)
{
    uint64_t passed = ticks - start.ticks;
    enum { LEAST_NS = 1000000 };
    if (!start.constant || ns < LEAST_NS || passed == 0)
        return 0;
    return (uint64_t)(((unsigned __int128)ns << 32) / passed);
}

void leash__clock_init(struct leash__clock *clock)
{
    *clock = (struct leash__clock){0};
    leash__clock_anchor(clock);
}

uint64_t leash__clock_anchor(struct leash__clock *clock)
{
    uint64_t ns = leash__clock_system();
    clock->ticks = leash__clock_ticks();
    clock->multiplier = ratio(clock->ticks, ns);
    clock->ns = ns;
    if (ns < clock->last)
        ns = clock->last;
    return clock->last = ns;
}
