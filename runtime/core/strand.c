#include "strand.h"

#include <own_frame.h>
#include <stdio.h>

#include "cell.h"
#include "coro.h"
#include "failure.h"
#include "overflow.h"
#include "task.h"

static void swap_failures(struct leash__strand *strand, struct leash__task *task)
{
    struct leash__failure *failure = strand->last_failure;
    strand->last_failure = task->last_failure;
    task->last_failure = failure;
}

/* From now on `task` is what entered the strand. The registers of both are still to be saved and loaded. Contexts are
 * copied, not exchanged: a switch looks at the one that it left from when it comes back (ASan). */
static void step_out(struct leash__strand *strand, struct leash__task *task)
{
    strand->context = task->context;
    task->context = strand->outer;
    task->strand = strand->up;
    strand->task = NULL;
    swap_failures(strand, task);
}

static void step_in(struct leash__strand *strand, struct leash__task *task)
{
    strand->outer = task->context;
    task->context = strand->context;
    strand->up = task->strand;
    task->strand = strand;
    strand->task = task;
    swap_failures(strand, task);
}

LEASH__OWN_FRAME static void entry(void *argument)
{
    struct leash__strand *strand = argument;
    strand->run(strand);
    struct leash__task *task = strand->task;
    strand->ended = true;
    step_out(strand, task);
    leash__context_exit(&strand->context, &task->context);
}

int leash__strand_begin(struct leash__strand *strand, struct leash__loop *loop)
{
    int rc = leash__context_new(&strand->context, loop->stacks, entry, strand);
    if (rc < 0)
        return rc;
    strand->loop = loop;
    leash__list_append(&loop->strands, &strand->node);
    return 0;
}

static void end(struct leash__strand *strand)
{
    leash__list_remove(&strand->node);
    leash__context_free(&strand->context, strand->loop->stacks);
    leash__failure_set(&strand->last_failure, NULL);
}

void leash__strand_enter(struct leash__strand *strand, struct leash__task *task)
{
    if (strand->frame) {
        strand->frame->up = task->frame;
        task->frame = strand->frame;
        strand->frame = NULL;
    }
    step_in(strand, task);
    leash__context_switch(&strand->outer, &task->context);
    if (leash__context_overflowed(&strand->context))
        leash__context_overflow_abort(&strand->context, leash__overflow_name);
    if (strand->ended)
        end(strand);
}

void leash__strand_leave(struct leash__strand *strand)
{
    struct leash__task *task = strand->task;
    strand->frame = task->frame;
    task->frame = strand->frame->up;
    strand->frame->up = NULL;
    step_out(strand, task);
    leash__context_switch(&strand->context, &task->context);
}

void leash__strand_free(struct leash__strand *strand)
{
    if (!strand->context.stack)
        return;
    unsigned lost = leash__frames_drop(strand->frame);
    if (lost && !strand->loop->thread->quiet)
        fprintf(stderr, "leash: a generator of %s (%s:%u) was given up: deferred functions that did not run: %u\n",
                strand->site->expr, strand->site->file, strand->site->line, lost);
    end(strand);
}

void leash__strands_leave_task(struct leash__task *task)
{
    while (task->strand)
        step_out(task->strand, task);
}

/* ---- the end of a run ---- */

static bool close_in_task(struct leash__loop *loop, const struct leash__strand *strand)
{
    int error = 0;
    leash_coro_t coro = leash__coro(strand->close, strand->close_arg, strand->site);
    struct leash__cell *cell = coro ? leash__cell_find(coro, LEASH__CORO_BIT, "leash_run", NULL, &error) : NULL;
    if (!cell)
        return false; /* no memory: it is given up with the loop */
    struct leash__task *task = leash__task_new(loop, cell, NULL, strand->site, false);
    task->cell.settled = true;
    task->cell.holds++;
    task->cleaned_up = true;
    return true;
}

bool leash__strands_close(struct leash__loop *loop)
{
    bool any = false;
    for (struct leash__node *node = loop->strands.next; node != &loop->strands; node = node->next) {
        const struct leash__strand *strand = LEASH__CONTAINER(node, struct leash__strand, node);
        if (!strand->task) /* else some task that the clean-up does not know runs it */
            any |= close_in_task(loop, strand);
    }
    return any;
}
