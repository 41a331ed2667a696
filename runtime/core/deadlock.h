/* Deadlocks: cycles of waits, looked for while the loop runs; what is done about them. Standstills: standstill.h.
 *
 * A look costs as much as there are tasks that wait for others, so that no await pays for it. It is taken before the
 * loop sleeps, and where it looks outside anyway, if somebody began such a wait since the last one, and not before a
 * hundred times as long has passed as that took: it costs a hundredth of the time at most, and what it finds stays
 * there until it is found. A cycle that comes out of its waits though nobody was cancelled was none, and is taken
 * back. */
#ifndef LEASH_CORE_DEADLOCK_H
#define LEASH_CORE_DEADLOCK_H

#include "types.h"

struct leash__deadlock_member {
    struct leash__task *task;
    const struct leash__fut *waiting; /* for what, when it was found */
};

/* One that is known and not over. */
struct leash__deadlock {
    struct leash__node node; /* loop->deadlocks */
    uint64_t id;             /* in the trace */
    enum leash_deadlock kind;
    bool doubtful;  /* a lock may be a signal, and a shield's future set by hand: it is said, and nothing done */
    bool cancelled; /* one of its tasks was; that may yet go round in a circle, and end nothing */
    size_t count;
    struct leash__deadlock_member members[]; /* each waits for the next, the last for the first, which was made first */
};

/* Looks, if it is time to. Until when the loop may sleep (ns of the system's clock): LEASH__NEVER for as long as it
 * likes. */
uint64_t leash__deadlock_look_slow(struct leash__loop *loop);
static inline uint64_t leash__deadlock_look(struct leash__loop *loop)
{
    return loop->chained && !loop->judged ? leash__deadlock_look_slow(loop) : UINT64_MAX;
}
/* Looks now. `standing`: nothing can happen any more. 0; -ENOMEM: there may be more than was found. */
int leash__deadlock_look_now(struct leash__loop *loop, bool standing);
/* What the options want as soon as one is known. */
void leash__deadlock_act(struct leash__loop *loop, bool main_is_stuck);

/* A cancellation reaches the task. */
void leash__deadlock_cancelled_slow(struct leash__loop *loop, struct leash__task *task);
static inline void leash__deadlock_cancelled(struct leash__loop *loop, struct leash__task *task)
{
    if (__builtin_expect(task->deadlock != NULL, 0))
        leash__deadlock_cancelled_slow(loop, task);
}
/* And was thrown in. */
void leash__deadlock_thrown_slow(struct leash__loop *loop, struct leash__task *task);
static inline void leash__deadlock_thrown(struct leash__loop *loop, struct leash__task *task)
{
    if (__builtin_expect(task->deadlock != NULL, 0))
        leash__deadlock_thrown_slow(loop, task);
}
/* The task, which is in a deadlock, has ended. */
void leash__deadlock_left(struct leash__task *task);

/* The loop stopped, and all that has to do with those that are known is judged. */
void leash__deadlocks_forget(struct leash__loop *loop);

#endif
