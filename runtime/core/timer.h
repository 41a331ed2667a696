/* Timers, and sleeping. */
#ifndef LEASH_CORE_TIMER_H
#define LEASH_CORE_TIMER_H

#include "types.h"

/* Seconds as the loop counts them; negative and NaN are 0, too far is the end of time. */
uint64_t leash__ns(double seconds);
/* Whether a limit of so many seconds is one. */
static inline bool leash__limited(double seconds)
{
    return !(seconds < 0);
}
/* call_later: queues the timer's callback once so many ns have passed. 0, -ENOMEM. `run` is the callback. */
int leash__timer_arm(struct leash__loop *loop, struct leash__timer *timer, uint64_t delay,
                     void (*run)(struct leash__callback *, struct leash__loop *));
int leash__timer_arm_at(struct leash__loop *loop, struct leash__timer *timer, uint64_t when,
                        void (*run)(struct leash__callback *, struct leash__loop *));
/* Harmless for one that fired, or is not armed but was once. */
void leash__timer_cancel(struct leash__loop *loop, struct leash__timer *timer);
/* Queues the callbacks of all timers that are due. */
void leash__timers_due(struct leash__loop *loop);

/* The task that only waits for this timer, as in leash_sleep; NULL: none does. */
struct leash__task *leash__timer_sleeper(struct leash__timer *timer);

/* A waiter that a timer wakes, on a stack: sleep, and the time limits of wait and wait_for. */
struct leash__alarm {
    struct leash__timer timer;
    struct leash__fut *waiter;
};
int leash__alarm_arm(struct leash__loop *loop, struct leash__alarm *alarm, struct leash__fut *waiter, uint64_t delay);

#endif
