/* What is found of a loop that is blocked. */
#include "watchdog.h"

#include <event.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <ports.h>

enum { LINES_MAX = 10 }; /* on standard error; the trace and the report tell of all */

/* A copy of what was found: the loop may go on while it is told. */
struct found {
    uint64_t block, task;
    char name[64];
    bool by_iteration, runs;
};

static uint64_t blocks;             /* numbers given */
static unsigned said;               /* lines on standard error */
static struct leash__events events; /* the watchdog's, while something is told */

void leash__block_forget(void)
{
    events = (struct leash__events){0};
}

/* ---- what runs ---- */

/* Memory that may be freed just now. */
static bool copy(void *to, const void *from, size_t size)
{
    struct iovec into = {to, size}, out = {(void *)(uintptr_t)from, size}; // NOLINT: it is only read
    return from && process_vm_readv(getpid(), &into, 1, &out, 1, 0) == (ssize_t)size;
}

static void copy_text(char *to, size_t size, const char *from)
{
    size_t length = 0;
    while (length + 1 < size && copy(to + length, from + length, 1) && to[length])
        length++;
    to[length] = '\0';
}

static void name_of(const struct leash__cell *cell, char *name, size_t size)
{
    struct leash_site coro;
    copy_text(name, size, cell->name);
    if (!*name && copy(&coro, cell->coro_site, sizeof coro))
        copy_text(name, size, coro.expr);
}

static void take_task(struct leash__loop *loop, struct leash__pulse *pulse)
{
    const struct leash__task *task = __atomic_load_n(&loop->current, __ATOMIC_RELAXED);
    struct leash__cell cell;
    pulse->task = 0;
    pulse->site = NULL;
    snprintf(pulse->name, sizeof pulse->name, "%s", task ? "task" : "callback"); /* where it cannot be read */
    if (!task || !copy(&cell, &task->cell, sizeof cell))
        return;
    pulse->task = cell.id;
    pulse->site = cell.site;
    name_of(&cell, pulse->name, sizeof pulse->name);
}

/* Its loop may change them meanwhile: they are only compared. */
static struct leash__node *last_ready(const struct leash__loop *loop)
{
    struct leash__node *ready = __atomic_load_n(&loop->ready.prev, __ATOMIC_RELAXED);
    struct leash__node *batch = __atomic_load_n(&loop->batch.prev, __ATOMIC_RELAXED);
    return ready != &loop->ready ? ready : batch != &loop->batch ? batch : NULL;
}

/* "in sleep (libc.so.6), called by fetch src/app.c:12" */
static void put_where(struct leash__stack_entry *entry, bool runs, char *text, size_t size)
{
    const char *const *words;
    size_t count = leash__stack_words(entry, &words), caller = count ? leash__stack_caller(entry) : 0;
    text[0] = '\0';
    if (!count)
        return;
    const char *call = words[caller ? caller - 1 : 0], *by = caller ? words[caller] : count > 1 ? words[1] : NULL;
    snprintf(text, size, "%s %s%s%s", runs ? "computing in" : "in", call, by ? ", called by " : "", by ? by : "");
}

/* ---- telling ---- */

static void tell_trace(struct leash__loop *loop, const struct found *found, struct leash__stack_entry *entry,
                       uint64_t lasted)
{
    struct leash_options options = loop->options;
    uint64_t now = loop->virtual_time ? __atomic_load_n(&loop->now, __ATOMIC_RELAXED) : leash__clock_system();
    leash__record_thread(&events, &options);
    leash__event_at(&events, LEASH_EV_BLOCK, NULL, found->block, loop->id, now);
    leash__event(&events, LEASH_EV_BLOCK_OF, NULL, found->block, found->task, leash__stack_number(&events, entry));
    leash__event(&events, LEASH_EV_BLOCK_FOR, NULL, found->block, lasted / 1000,
                 (found->by_iteration ? LEASH_BLOCK_ITERATION : 0u) | (found->runs ? LEASH_BLOCK_RUNNING : 0u));
    leash__record_thread_end(&events);
}

static void tell_user(const struct leash__loop *loop, const struct found *found, uint64_t lasted)
{
    const char *where = loop->pulse.where;
    char who[96];
    if (loop->thread->quiet || said == LINES_MAX)
        return;
    if (!found->task)
        snprintf(who, sizeof who, "a %s", found->name);
    else
        snprintf(who, sizeof who, "task #%llu \"%s\"", (unsigned long long)found->task, found->name);
    if (found->by_iteration)
        fprintf(stderr, "leash: loop %llu has run steps for %.3fs without looking outside, now %s%s%s\n",
                (unsigned long long)loop->id, (double)lasted / 1e9, who, *where ? " " : "", where);
    else
        fprintf(stderr, "leash: %s has kept loop %llu from running for %.3fs%s%s\n", who, (unsigned long long)loop->id,
                (double)lasted / 1e9, *where ? ", " : "", where);
    if (++said == LINES_MAX)
        fputs("leash: of more such steps nothing is said here\n", stderr);
}

void leash__block_found(struct leash__watched *watched, const struct leash__since *since, bool by_iteration)
{
    struct leash__loop *loop = watched->loop;
    struct leash__pulse *pulse = &loop->pulse;
    struct found told = {.by_iteration = by_iteration};
    take_task(loop, pulse);
    pulse->last = last_ready(loop);
    struct leash__stack_entry *entry = leash__stack_of_thread(watched->tid, &told.runs);
    if (__atomic_load_n(&pulse->turn, __ATOMIC_ACQUIRE) != watched->turn ||
        (!by_iteration && __atomic_load_n(&pulse->step, __ATOMIC_ACQUIRE) != watched->step))
        return; /* it went on while it was looked at */
    pulse->block = told.block = ++blocks;
    told.task = pulse->task;
    memcpy(told.name, pulse->name, sizeof told.name);
    pulse->began = since->began;
    pulse->by_iteration = by_iteration;
    watched->told_turn = watched->turn;
    uint64_t lasted = leash__clock_system() - since->began;
    __atomic_store_n(&pulse->where_known, false, __ATOMIC_RELAXED);
    __atomic_store_n(&pulse->noticed, true, __ATOMIC_RELEASE);
    __atomic_store_n(&pulse->detour, true, __ATOMIC_RELEASE);
    tell_trace(loop, &told, entry, lasted);
    put_where(entry, told.runs, pulse->where, sizeof pulse->where);
    __atomic_store_n(&pulse->where_known, true, __ATOMIC_RELEASE);
    tell_user(loop, &told, lasted);
}
