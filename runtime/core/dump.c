#include <leash/scan.h>

#include <stdio.h>

#include "future.h"
#include "stood.h"
#include "task.h"
#include "types.h"
#include "waits.h"
#include "waker.h"

static const char *state_of(const struct leash__loop *loop, const struct leash__task *task)
{
    if (leash__task_runs(loop, task))
        return "running";
    if (!task->started)
        return "not started";
    if (!task->waiting || leash__fut_done(task->waiting))
        return "ready";
    return "waiting";
}

static struct leash__task *task_at(struct leash__node *node)
{
    return leash__task_of(LEASH__CONTAINER(node, struct leash__cell, node));
}

static void dump_stack(const struct leash__task *task, FILE *to)
{
    const char *const *words;
    size_t count = leash__stack_words(leash__stood(task), &words);
    for (size_t i = 0; i < count; i++)
        fprintf(to, "      %s\n", words[i]);
}

static void dump_task(const struct leash__loop *loop, struct leash__task *task, FILE *to)
{
    const struct leash_site *made = task->cell.site, *coro = task->cell.coro_site;
    char waits[256];
    leash__waits_text(task, waits, sizeof waits);
    fprintf(to, "  #%llu \"%s\"  %s  %s", (unsigned long long)task->cell.id, leash__task_name(task),
            coro && coro->expr ? coro->expr : "?", state_of(loop, task));
    if (*waits)
        fprintf(to, "  for %s", waits);
    if (made)
        fprintf(to, "  created at %s:%u in %s", made->file, made->line, made->func);
    fputs(task->cancels ? "  cancelling\n" : "\n", to);
    dump_stack(task, to);
}

void leash_dump(FILE *to)
{
    struct leash__loop *loop = leash__running();
    if (!to)
        to = stderr;
    if (!loop) {
        fputs("leash: no running event loop on this thread\n", to);
        return;
    }
    fprintf(to, "leash: loop %llu, %.9fs, %zu timers armed; unfinished tasks:\n", (unsigned long long)loop->id,
            (double)(leash__now(loop) - loop->epoch) / 1e9, loop->timers.count);
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next)
        leash__stack_wants_words(leash__stood(task_at(node))); /* together: it is one look at the files */
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next)
        dump_task(loop, task_at(node), to);
    leash__wakers_dump(loop, to);
    fflush(to);
}
