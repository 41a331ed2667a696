/* The real clock, cheap: nanoseconds since the process first asked, from the time stamp counter where it is constant,
 * anchored to CLOCK_MONOTONIC again whenever the loop looks at that anyway. */
#ifndef LEASH_BASE_CLOCK_H
#define LEASH_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct leash__clock {
    uint64_t ticks;      /* counter at the last anchoring */
    uint64_t ns;         /* time then */
    uint64_t multiplier; /* ns a tick, 32.32 fixed point; 0: the counter is not usable, read the system's clock */
    uint64_t last;       /* never goes back */
};

/* Process-wide monotonic nanoseconds since the first call, from the system. */
uint64_t leash__clock_system(void);
void leash__clock_init(struct leash__clock *clock);
/* Anchors to the system's clock and returns the time. */
uint64_t leash__clock_anchor(struct leash__clock *clock);

static inline uint64_t leash__clock_ticks(void)
{
#if defined(__x86_64__)
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return 0;
#endif
}

static inline uint64_t leash__clock_ns(struct leash__clock *clock)
{
    if (clock->multiplier == 0)
        return leash__clock_system();
    uint64_t ticks = leash__clock_ticks() - clock->ticks;
    uint64_t now = clock->ns + (uint64_t)(__extension__(unsigned __int128) ticks * clock->multiplier >> 32);
    if (now < clock->last)
        return clock->last;
    return clock->last = now;
}

#endif
