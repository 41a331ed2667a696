#include "timer.h"

#include <errno.h>
#include <leash/await.h>
#include <own_frame.h>

#include "await.h"
#include "future.h"
#include "misuse.h"
#include "task.h"

uint64_t leash__ns(double seconds)
{
    const double longest = 9e9; /* 285 years: ns still fit 63 bits */
    if (!(seconds > 0))
        return 0;
    return (uint64_t)((seconds < longest ? seconds : longest) * 1e9 + 0.5);
}

int leash__timer_arm_at(struct leash__loop *loop, struct leash__timer *timer, uint64_t when,
                        void (*run)(struct leash__callback *, struct leash__loop *))
{
    timer->item.index = LEASH__HEAP_OUT;
    leash__list_init(&timer->callback.node);
    timer->callback.run = run;
    return leash__heap_put(&loop->timers, &timer->item, when);
}

int leash__timer_arm(struct leash__loop *loop, struct leash__timer *timer, uint64_t delay,
                     void (*run)(struct leash__callback *, struct leash__loop *))
{
    uint64_t now = leash__now(loop);
    return leash__timer_arm_at(loop, timer, delay < UINT64_MAX - now ? now + delay : UINT64_MAX, run);
}

void leash__timer_cancel(struct leash__loop *loop, struct leash__timer *timer)
{
    leash__heap_remove(&loop->timers, &timer->item);
    leash__callback_remove(&timer->callback);
}

void leash__timers_due(struct leash__loop *loop)
{
    struct leash__heap_entry *first;
    while ((first = leash__heap_first(&loop->timers)) && first->when <= loop->now) {
        struct leash__timer *timer = LEASH__CONTAINER(first->item, struct leash__timer, item);
        leash__heap_remove(&loop->timers, &timer->item);
        leash__queue(loop, &timer->callback);
    }
}

static void ring(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__timer *timer = LEASH__CONTAINER(callback, struct leash__timer, callback);
    leash__fut_wake(loop, LEASH__CONTAINER(timer, struct leash__alarm, timer)->waiter);
}

struct leash__task *leash__timer_sleeper(struct leash__timer *timer)
{
    if (timer->callback.run != ring)
        return NULL;
    const struct leash__fut *waiter = LEASH__CONTAINER(timer, struct leash__alarm, timer)->waiter;
    struct leash__node *first = waiter->callbacks.next;
    return first == &waiter->callbacks ? NULL
                                       : leash__task_of_step(LEASH__CONTAINER(first, struct leash__callback, node));
}

int leash__alarm_arm(struct leash__loop *loop, struct leash__alarm *alarm, struct leash__fut *waiter, uint64_t delay)
{
    alarm->waiter = waiter;
    return leash__timer_arm(loop, &alarm->timer, delay, ring);
}

static void sleep_event(struct leash__task *task, struct leash_site *site, uint64_t ns)
{
    LEASH__EVENT_NOW(task->cell.loop, LEASH_EV_AWAIT_SLEEP, site, task->cell.id, ns / 1000);
}

static void wake_event(struct leash__task *task, bool cancelled)
{
    LEASH__EVENT_NOW(task->cell.loop, LEASH_EV_WAKE, NULL, task->cell.id, cancelled ? ECANCELED : 0);
}

/* Apart from the yield, which has no use for so large a frame. */
LEASH__LAST_FRAME static int sleep_for(struct leash__task *task, uint64_t ns)
{
    struct leash__fut waiter;
    struct leash__alarm alarm;
    leash__fut_init(&waiter, LEASH__FUT_PLAIN);
    int rc = leash__alarm_arm(task->cell.loop, &alarm, &waiter, ns);
    if (rc < 0) {
        wake_event(task, false);
        return leash__refused(rc, "leash_sleep: no memory for a timer");
    }
    bool cancelled = leash__await_waiter(task, &waiter);
    leash__timer_cancel(task->cell.loop, &alarm.timer);
    wake_event(task, cancelled);
    return cancelled ? leash__cancelled_here(task) : 0;
}

/* A bare yield is no wait: one that happens millions of times a second would drown the trace. Level steps tells of it,
 * as every other stop. */
static int yield(struct leash__task *task, struct leash_site *site)
{
    bool steps = task->cell.loop->events->steps;
    if (steps)
        sleep_event(task, site, 0);
    bool cancelled = leash__yield(task);
    if (steps)
        wake_event(task, cancelled);
    return cancelled ? leash__cancelled_here(task) : 0;
}

int leash__sleep(double seconds, struct leash_site *site)
{
    struct leash__task *task = leash__task_needed("leash_sleep", site);
    if (!task)
        return -errno;
    uint64_t ns = leash__ns(seconds);
    leash__waits_at(task, site, "sleep");
    if (ns == 0)
        return yield(task, site);
    sleep_event(task, site, ns);
    return sleep_for(task, ns);
}
