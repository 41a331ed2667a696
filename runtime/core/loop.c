/* Algorithm: CPython 3.11's BaseEventLoop._run_once (Lib/asyncio/base_events.py). */
#include "loop.h"

#include <arena.h>
#include <errno.h>
#include <random.h>
#include <stdlib.h>

#include "as_completed.h"
#include "callback.h"
#include "cell.h"
#include "dump_signal.h"
#include "errand.h"
#include "future.h"
#include "idle.h"
#include "judge.h"
#include "line.h"
#include "misuse.h"
#include "own_threads.h"
#include "patrol.h"
#include "poller.h"
#include "ports.h"
#include "remote_call.h"
#include "settle.h"
#include "strand.h"
#include "task.h"
#include "timer.h"
#include "wait.h"

/* ---- an iteration ---- */

/* Fisher-Yates over the queue: the seed finds what depends on the order. */
static void shuffle(struct leash__loop *loop, struct leash__node *batch)
{
    size_t count = 0;
    for (struct leash__node *node = batch->next; node != batch; node = node->next)
        count++;
    struct leash__node **nodes = count > 1 ? malloc(count * sizeof(struct leash__node *)) : NULL;
    if (!nodes)
        return; /* without memory the order stays asyncio's, which is one of those that may come */
    for (size_t i = 0; i < count; i++)
        nodes[i] = leash__list_pop(batch);
    for (size_t i = count; i-- > 0;) {
        size_t j = (size_t)leash__random_below(&loop->random, i + 1);
        leash__list_append(batch, nodes[j]);
        nodes[j] = nodes[i];
    }
    free(nodes);
}

/* Runs exactly what is queued now: what it adds runs in the next iteration. A task that suspends takes the next one out
 * of the batch itself. */
static void run_ready(struct leash__loop *loop)
{
    struct leash__node *node;
    leash__list_splice(&loop->batch, &loop->ready);
    if (loop->options.seed)
        shuffle(loop, &loop->batch);
    leash__pulse_count(&loop->pulse.turn, 1);
    while ((node = leash__list_pop(&loop->batch))) {
        struct leash__callback *callback = LEASH__CONTAINER(node, struct leash__callback, node);
        leash__pulse_count(&loop->pulse.step, 1);
        if (leash__pulse_noticed(&loop->pulse))
            leash__pulse_answer(loop, callback, false);
        callback->run(callback, loop);
        if (loop->dead)
            return;
    }
    leash__pulse_count(&loop->pulse.turn, 1);
    if (leash__pulse_noticed(&loop->pulse))
        leash__pulse_answer(loop, NULL, true);
}

bool leash__loop_turn(struct leash__loop *loop)
{
    enum { TURNS = 64 }; /* without a look at anything but the queue */
    const struct leash__heap_entry *first = leash__heap_first(&loop->timers);
    if (leash__list_empty(&loop->ready) || loop->stop || ++loop->turns % TURNS == 0)
        return false;
    if (!loop->plain && (loop->options.seed || leash__idle_is_due(loop)))
        return false;
    if (first && (!loop->virtual_time || first->when <= loop->now))
        return false;
    leash__list_splice(&loop->batch, &loop->ready);
    leash__pulse_count(&loop->pulse.turn, 2);
    return true;
}

bool leash__loop_run(struct leash__loop *loop, uint64_t deadline)
{
    loop->stop = false;
    while (!loop->stop) {
        if (!leash__idle_look(loop, deadline))
            return false;
        if (loop->options.dump == 1)
            leash__dump_signal_answer(loop);
        leash__timers_due(loop);
        loop->ran |= !leash__list_empty(&loop->ready);
        run_ready(loop);
        if (loop->dead)
            return false;
        leash__settled_go(&loop->settled);
        if (deadline && leash__clock_system() >= deadline)
            return loop->stop;
    }
    return true;
}

/* ---- life ---- */

static unsigned running; /* atomic */

void leash__loops_forget(void)
{
    __atomic_store_n(&running, 0, __ATOMIC_RELAXED);
}

unsigned leash__loops_running(void)
{
    return __atomic_load_n(&running, __ATOMIC_RELAXED);
}

int leash__loop_new(struct leash__thread *thread, const struct leash_options *options, struct leash__loop **out)
{
    static uint64_t loops; /* atomic */
    struct leash__loop *loop = leash__arena_map(sizeof *loop);
    if (!loop)
        return -ENOMEM;
    int rc = leash__stacks_new(&loop->stacks, options->stack_size);
    if (rc < 0) {
        leash__arena_unmap(loop, sizeof *loop);
        return rc;
    }
    loop->thread = thread;
    loop->events = &thread->events;
    loop->options = *options;
    loop->virtual_time = options->virtual_time == 1;
    loop->random = options->seed;
    loop->plain = options->seed == 0;
    loop->inbox.bell = -1;
    loop->id = __atomic_add_fetch(&loops, 1, __ATOMIC_RELAXED);
    leash__list_init(&loop->ready);
    leash__list_init(&loop->batch);
    leash__list_init(&loop->tasks);
    leash__list_init(&loop->cells);
    leash__list_init(&loop->done_callbacks);
    leash__list_init(&loop->waits);
    leash__list_init(&loop->iterations);
    leash__list_init(&loop->remote_calls);
    leash__list_init(&loop->remotes);
    leash__list_init(&loop->strands);
    leash__list_init(&loop->errands);
    leash__list_init(&loop->deadlocks);
    leash__context_of_thread(&loop->context);
    /* The trace has one clock: a virtual one begins where the thread's last loop ended. */
    loop->epoch = loop->virtual_time ? thread->events.last_ns : 0;
    loop->now = loop->virtual_time ? loop->epoch : leash__clock_anchor(&thread->clock);
    leash__patrol_begin(loop);
    thread->loop = loop;
    __atomic_fetch_add(&running, 1, __ATOMIC_RELAXED);
    leash__own_threads_let_in(options->stop_signal);
    leash__watchdog_begin(loop);
    *out = loop;
    return 0;
}

static void empty(struct leash__node *list)
{
    while (leash__list_pop(list))
        ;
}

/* Nothing is called any more: takes all callbacks out of all lists, and all timers out of the heap, while the stacks
 * that some of them lie on are there. */
static void disconnect(struct leash__loop *loop)
{
    struct leash__node *lists[] = {&loop->tasks, &loop->cells};
    empty(&loop->ready);
    empty(&loop->batch);
    leash__heap_clear(&loop->timers);
    for (size_t i = 0; i < 2; i++) {
        for (struct leash__node *node = lists[i]->next; node != lists[i]; node = node->next) {
            struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
            empty(&cell->fut.callbacks);
            if (cell->kind != LEASH__CELL_TASK)
                continue;
            leash__callback_remove(&leash__task_of(cell)->wake); /* what it waits for may be on a stack too */
            leash__line_leave(leash__task_of(cell));
            leash__task_of(cell)->waiting = NULL;
        }
    }
}

static void free_tasks(struct leash__loop *loop)
{
    while (!leash__list_empty(&loop->tasks))
        leash__task_abandon(leash__task_of(LEASH__CONTAINER(loop->tasks.next, struct leash__cell, node)));
}

static void stop_watching(struct leash__loop *loop)
{
    leash__watchdog_end(loop);
    if (leash__pulse_noticed(&loop->pulse))
        leash__pulse_answer(loop, NULL, true);
}

void leash__loop_free(struct leash__loop *loop)
{
    loop->over = true;
    stop_watching(loop);
    leash__patrol_end(loop);
    leash__loop_withdraw(loop);
    disconnect(loop);
    leash__waits_drop(loop);
    leash__iterations_end(loop);
    leash__remotes_end(loop);
    leash__errands_abandon(loop);
    leash__settled_go(&loop->settled);
    free_tasks(loop);
    leash__cells_free(&loop->cells);
    leash__done_callbacks_drop(loop); /* these last two also hold what functions that drop have made meanwhile */
    leash__heap_clear(&loop->timers);
    leash__remote_calls_drop(loop);
    if (loop->poller)
        loop->poller->end(loop);
    leash__inbox_close(&loop->inbox);
    leash__stacks_free(loop->stacks);
    leash__context_of_thread_end(&loop->context);
    loop->thread->loop = NULL;
    __atomic_fetch_sub(&running, 1, __ATOMIC_RELAXED);
    leash__arena_unmap(loop, sizeof *loop);
}

void leash__loop_exited(struct leash__loop *loop)
{
    if (loop->over)
        return; /* a function that drops called exit: all is judged */
    stop_watching(loop);
    leash__judge_pending(loop);
    leash__judge_rest(loop);
    LEASH__EVENT_NOW(loop, LEASH_EV_LOOP_END, NULL, loop->id, LEASH_LOOP_EXITED);
}
