/* The end of a scope of leaks: it waits for tasks that are about to end, then judges what is left of it. */
#include <errno.h>
#include <leash/await.h>
#include <leash/leaks.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "leak_scope.h"
#include "leak_scope_report.h"
#include "leaks.h"
#include "loop.h"
#include "lost.h"
#include "misuse.h"
#include "task.h"
#include "unbound.h"
#include "victims.h"
#include "waits.h"

static const double PATIENCE = 0.1, PAUSE_FIRST = 0.001, PAUSE_LONGEST = 0.064;

/* Neither in a callback nor in a function of the program that drops: nothing of theirs would inherit it. */
static int refused_here(const char *call)
{
    const struct leash__loop *loop = leash__running();
    return loop && !loop->current
               ? leash__misuse(LEASH_MISUSE_NOT_IN_TASK, NULL, -EPERM, "%s: not inside a callback", call)
               : 0;
}

int leash__leaks_begin(const char *name, struct leash_site *site)
{
    int rc = refused_here("leash_leaks_begin");
    if (rc < 0)
        return rc;
    if (!name)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_leaks_begin: the name is NULL");
    rc = leash__leak_scope_new(name, site);
    return rc < 0 ? leash__refused(rc, "leash_leaks_begin: no memory for scope \"%s\"", name) : 0;
}

/* ---- what belongs to it ---- */

static bool belongs(const struct leash__leak_scope *scope, const struct leash__cell *cell)
{
    return leash__leak_scope_open(cell->leak_scope) == scope->id;
}

static bool is_pending(const struct leash__leak_scope *scope, struct leash__cell *cell)
{
    const struct leash__loop *loop = cell->loop;
    const struct leash__task *task = leash__task_of(cell);
    return task != loop->main && !leash__task_runs(loop, task) && !cell->daemon && belongs(scope, cell);
}

static bool any_pending(const struct leash__leak_scope *scope, const struct leash__loop *loop)
{
    for (const struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next)
        if (is_pending(scope, LEASH__CONTAINER(node, struct leash__cell, node)))
            return true;
    return false;
}

/* ---- patience ---- */

/* Gives tasks time to end. 0; -ECANCELED. */
static int be_patient(const struct leash__leak_scope *scope, const struct leash__loop *loop, double patience)
{
    double pause = PAUSE_FIRST;
    for (int i = 0; i < 2 && patience > 0 && any_pending(scope, loop); i++) {
        int rc = leash__sleep(0, scope->site);
        if (rc < 0)
            return rc;
    }
    while (patience > 0 && any_pending(scope, loop)) {
        int rc = leash__sleep(pause < patience ? pause : patience, scope->site);
        if (rc < 0)
            return rc;
        patience -= pause;
        pause = 2 * pause < PAUSE_LONGEST ? 2 * pause : PAUSE_LONGEST;
    }
    return 0;
}

/* ---- judging ---- */

static void judge_task(const struct leash__leak_scope *scope, struct leash__cell *cell)
{
    char waits_for[256];
    if (!is_pending(scope, cell))
        return;
    leash__waits_text(leash__task_of(cell), waits_for, sizeof waits_for);
    leash__leak_judged_early(cell, leash__judge_facts(cell), waits_for);
}

static void judge_pending(const struct leash__leak_scope *scope, struct leash__loop *loop)
{
    if (!any_pending(scope, loop))
        return;
    leash__lost_mark(loop);
    leash__victims_note(loop, scope);
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next)
        judge_task(scope, LEASH__CONTAINER(node, struct leash__cell, node));
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next)
        LEASH__CONTAINER(node, struct leash__cell, node)->victim = false; /* the loop goes on */
}

static void judge_other(struct leash__cell *cell, void *arg)
{
    if (belongs(arg, cell))
        leash__leak_judged_early(cell, leash__judge_facts(cell), "");
}

static void judge(struct leash__leak_scope *scope)
{
    struct leash__loop *loop = leash__running();
    leash__threads_unbound(judge_other, scope);
    if (!loop)
        return;
    judge_pending(scope, loop);
    for (struct leash__node *node = loop->cells.next; node != &loop->cells; node = node->next)
        judge_other(LEASH__CONTAINER(node, struct leash__cell, node), scope);
}

/* ---- the end ---- */

static int take_options(const struct leash_leaks_options *given, struct leash_leaks_options *out)
{
    const size_t plausible = 4096;
    *out = (struct leash_leaks_options)LEASH_LEAKS_OPTIONS_INIT;
    if (!given)
        return 0;
    if (given->size < sizeof given->size || given->size > plausible)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL,
                             "leash_leaks_end: the options do not begin with their size; start from "
                             "LEASH_LEAKS_OPTIONS_INIT");
    memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    return 0;
}

/* The scope that may be ended here; NULL: *error. */
static struct leash__leak_scope *mine(const char *call, int *error)
{
    *error = refused_here(call);
    return *error < 0 ? NULL : leash__leak_scope_mine(call, error);
}

static int end(const struct leash_leaks_options *given, const char *call)
{
    struct leash_leaks_options options;
    struct leash__leak_scope *scope = NULL;
    struct leash__loop *loop = leash__running();
    int rc = take_options(given, &options);
    if (rc < 0 || !(scope = mine(call, &rc)))
        return rc;
    if (loop && (rc = be_patient(scope, loop, options.patience < 0 ? PATIENCE : options.patience)) < 0)
        return rc;
    judge(scope);
    leash__leak_scope_close(scope);
    leash__leak_scope_sort_out(scope, &options);
    leash__leak_scope_report(scope, &options);
    unsigned long long count = scope->leaks.count + scope->leaks.homeless;
    leash__leak_scope_free(scope, count);
    return count < INT_MAX ? (int)count : INT_MAX;
}

int leash_leaks_end(const struct leash_leaks_options *options)
{
    return end(options, "leash_leaks_end");
}

int leash_leaks_discard(void)
{
    int error = 0;
    struct leash__leak_scope *scope = mine("leash_leaks_discard", &error);
    if (!scope)
        return error;
    judge(scope);
    leash__leak_scope_close(scope);
    leash__leak_scope_free(scope, 0);
    return 0;
}

int leash__leaks_text(char *text, size_t size, const char *file, unsigned line)
{
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    int head = snprintf(text, size, "%s:%u: ", file, line);
    options.text = text + head;
    options.text_size = head >= 0 && (size_t)head < size ? size - (size_t)head : 0;
    int rc = end(&options, "leash_assert_no_leaks");
    if (rc < 0 && options.text_size)
        snprintf(options.text, options.text_size, "%s\n", leash_last_error());
    return rc;
}
