/* leash_run: a loop from its main task to its end. Algorithm: CPython 3.11's asyncio.run (Lib/asyncio/runners.py). */
#include <errno.h>
#include <leash/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cancel.h"
#include "cell.h"
#include "coro.h"
#include "dump_signal.h"
#include "errand.h"
#include "failure.h"
#include "future.h"
#include "interrupt.h"
#include "judge.h"
#include "loop.h"
#include "misuse.h"
#include "options.h"
#include "overflow.h"
#include "standstill.h"
#include "strand.h"
#include "task.h"
#include "timer.h"

struct run {
    struct leash__loop *loop;
    struct leash__task *main;
    int code;
    enum leash_loop_end end;
};

/* The done callback of main, and of the clean-up's gather: the loop stops at the end of this iteration. */
static void stop(struct leash__callback *callback, struct leash__loop *loop)
{
    (void)callback;
    loop->stop = true;
}

static void begin_main(struct run *run, struct leash__cell *coro, struct leash_site *site)
{
    struct leash__loop *loop = run->loop;
    leash__coro_take(coro, loop);
    run->main = loop->main = leash__task_new(loop, coro, NULL, site, false);
    run->main->cell.settled = true;
    run->main->cell.holds++;
    LEASH__EVENT_NOW(loop, LEASH_EV_LOOP_BEGIN, site, loop->id, run->main->cell.id);
    leash__callback_init(&loop->stop_callback, stop);
    leash__fut_add_callback(loop, &run->main->cell.fut, &loop->stop_callback);
}

static void run_main(struct run *run, void **result)
{
    struct leash__loop *loop = run->loop;
    struct leash__fut *fut = &run->main->cell.fut;
    while (!leash__loop_run(loop, 0) && !loop->dead && leash__standstill(loop))
        ;
    if (loop->dead)
        return;
    if (!leash__fut_done(fut) && leash__interrupted_twice(loop)) {
        run->code = -EINTR;
        run->end = LEASH_LOOP_INTERRUPTED;
        return;
    }
    if (!leash__fut_done(fut)) {
        run->code = -EDEADLK;
        run->end = LEASH_LOOP_DEADLOCK;
        return;
    }
    void *value = NULL;
    run->code = leash__fut_take(fut, &value);
    if (fut->state == LEASH__CANCELLED && loop->interrupts > 0 && run->main->cancels == 1)
        run->code = -EINTR; /* nobody else had asked for it: KeyboardInterrupt */
    if (fut->state == LEASH__CANCELLED && loop->main_given_up && run->main->cancels == 1)
        run->code = -EDEADLK;
    run->end = LEASH_LOOP_COMPLETE;
    if (result && run->code >= 0)
        *result = fut->drop ? NULL : value;
    LEASH__EVENT_NOW(loop, LEASH_EV_LOOP_MAIN_ENDED, NULL, loop->id, run->code < 0 ? (uint64_t)-run->code : 0);
}

/* ---- the clean-up ---- */

/* Stands for gather(*pending, return_exceptions=True), without memory: counts, and looks at the outcomes when all are
 * there. */
static void cleaned(struct leash__callback *callback, struct leash__loop *loop)
{
    (void)callback;
    if (--loop->cleaning == 0)
        leash__queue(loop, &loop->stop_callback);
}

static void cancel_pending(struct leash__loop *loop)
{
    struct leash__node *last = loop->tasks.prev, *node = loop->tasks.next;
    for (bool more = !leash__list_empty(&loop->tasks); more; node = node->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(node, struct leash__cell, node));
        more = node != last;
        task->cell.holds++;
        task->cleaned_up = true;
        LEASH__EVENT_NOW(loop, LEASH_EV_CANCEL_CLEANUP, NULL, task->cell.id, loop->id);
        leash__cancel_fut(loop, &task->cell.fut, NULL, false);
    }
}

static void await_pending(struct leash__loop *loop)
{
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(node, struct leash__cell, node));
        if (!task->cleaned_up)
            continue;
        loop->cleaning++;
        leash__callback_init(&task->cleanup, cleaned);
        leash__fut_add_callback(loop, &task->cell.fut, &task->cleanup);
    }
}

static void look_at_outcomes(struct leash__loop *loop)
{
    for (struct leash__node *node = loop->cells.next; node != &loop->cells; node = node->next) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        if (cell->kind == LEASH__CELL_TASK && leash__task_of(cell)->cleaned_up)
            cell->fut.unseen = LEASH__SEEN;
    }
}

static void name_the_stubborn(const struct leash__loop *loop)
{
    if (loop->thread->quiet)
        return;
    leash__errands_name(loop);
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(node, struct leash__cell, node));
        const struct leash_site *site = task->cell.site;
        if (task->cleaned_up)
            fprintf(stderr, "leash: task #%llu \"%s\" (%s:%u) did not end in the clean-up after main; given up\n",
                    (unsigned long long)task->cell.id, leash__task_name(task), site ? site->file : "?",
                    site ? site->line : 0);
    }
}

/* Runs until what the clean-up waits for has come. False: it did not, and that is how the run ends. */
static bool iterate(struct run *run, uint64_t deadline)
{
    struct leash__loop *loop = run->loop;
    bool ended = leash__loop_run(loop, deadline);
    if (loop->dead)
        return false;
    if (ended && !leash__interrupted_twice(loop))
        return true;
    run->end = ended ? LEASH_LOOP_INTERRUPTED : LEASH_LOOP_STUBBORN;
    run->code = ended ? -EINTR : run->code;
    name_the_stubborn(loop);
    return false;
}

static bool await_tasks(struct run *run, uint64_t deadline)
{
    await_pending(run->loop);
    leash__callback_init(&run->loop->stop_callback, stop);
    if (!iterate(run, deadline))
        return false;
    look_at_outcomes(run->loop);
    return true;
}

static bool end_tasks(struct run *run, uint64_t deadline)
{
    if (leash__list_empty(&run->loop->tasks))
        return true;
    cancel_pending(run->loop);
    return await_tasks(run, deadline);
}

/* shutdown_asyncgens */
static bool end_generators(struct run *run, uint64_t deadline)
{
    return !leash__strands_close(run->loop) || await_tasks(run, deadline);
}

/* shutdown_default_executor: what was given away comes to its end, also what nobody waits for. */
static void await_errands(struct run *run, uint64_t deadline)
{
    struct leash__loop *loop = run->loop;
    leash__callback_init(&loop->stop_callback, stop);
    loop->awaits_errands = true;
    while (!leash__list_empty(&loop->errands) && iterate(run, deadline))
        ;
}

/* As asyncio.run: first the tasks, then the generators, then the threads' jobs. */
static void clean_up(struct run *run)
{
    uint64_t deadline = leash__clock_system() + leash__ns(run->loop->options.cleanup_timeout);
    if (end_tasks(run, deadline) && end_generators(run, deadline))
        await_errands(run, deadline);
}

/* ---- the whole ---- */

static int open_loop(struct leash__thread *self, const struct leash_options *given, struct leash__loop **loop)
{
    struct leash_options options;
    int rc = leash__options_effective(given, &options);
    if (rc < 0)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, rc,
                             "leash_run: the options do not begin with their size; start from LEASH_OPTIONS_INIT");
    leash__thread_record(self, &options, true);
    rc = leash__loop_new(self, &options, loop);
    return rc < 0 ? leash__refused(rc, "leash_run: no memory for a loop and its stacks") : 0;
}

static void close_loop(struct run *run)
{
    struct leash__loop *loop = run->loop;
    leash__judge_rest(loop);
    LEASH__EVENT_NOW(loop, LEASH_EV_LOOP_END, NULL, loop->id, run->end);
    leash__dump_signal_end(loop);
    leash__interrupt_end(loop);
    leash__loop_free(loop);
}

static int run_loop(struct leash__loop *loop, struct leash__cell *coro, void **result, struct leash_site *site)
{
    struct run run = {.loop = loop};
    leash__dump_signal_begin(loop);
    begin_main(&run, coro, site);
    leash__interrupt_begin(loop);
    run_main(&run, result);
    if (loop->dead)
        return -ECHILD; /* the loop is the parent's; what is left of it here is not touched */
    leash__judge_pending(loop);
    if (run.end == LEASH_LOOP_COMPLETE)
        clean_up(&run);
    if (loop->dead)
        return -ECHILD;
    int code = run.code;
    close_loop(&run);
    return code;
}

int leash__run(leash_coro_t handle, const struct leash_options *options, void **result, struct leash_site *site)
{
    struct leash__thread *self = leash__self();
    struct leash__loop *loop = NULL;
    int error = 0;
    if (!self)
        return -ENOMEM;
    if (leash__forked())
        return leash__no_loop("leash_run", site);
    if (self->loop)
        return leash__misuse(LEASH_MISUSE_NESTED_RUN, site, -EPERM,
                             "leash_run: a loop runs on this thread already; await the coroutine instead");
    struct leash__cell *coro = leash__cell_find(handle, LEASH__CORO_BIT, "leash_run", site, &error);
    if (!coro)
        return error;
    error = open_loop(self, options, &loop);
    if (!loop)
        return error;
    leash__overflow_watch(leash__overflow_name);
    leash__overflow_thread();
    int code = run_loop(loop, coro, result, site);
    leash__overflow_thread_end();
    leash__overflow_watch_end();
    return code;
}

void leash__run_cut_short(struct leash__loop *loop)
{
    leash__loop_exited(loop);
    leash__dump_signal_end(loop);
    leash__interrupt_end(loop);
    leash__loop_free(loop);
    leash__overflow_thread_end();
    leash__overflow_watch_end();
}

double leash_time(void)
{
    struct leash__loop *loop = leash__running();
    return loop ? (double)(leash__now(loop) - loop->epoch) / 1e9 : -1;
}
