#include "trace.h"

#include "definitions.h"
#include "recorder.h"
#include "writer.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct leash__process leash__process = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .work = PTHREAD_COND_INITIALIZER,
    .room = PTHREAD_COND_INITIALIZER,
    .quiet = PTHREAD_COND_INITIALIZER,
};
pthread_mutex_t leash__definitions_lock = PTHREAD_MUTEX_INITIALIZER;

unsigned leash__definitions_trace(void)
{
    return __atomic_load_n(&leash__process.traces, __ATOMIC_RELAXED);
}

/* ---- fork ----
 *
 * A child has no writer thread, no part in its parent's spool (not mapped in it), and lets go of the parent's lock: its
 * parent's death must be seen while it lives. */

static void before_fork(void)
{
    pthread_mutex_lock(&leash__definitions_lock);
    pthread_mutex_lock(&leash__process.lock);
    leash__process.forks++;
    while (leash__process.busy)
        pthread_cond_wait(&leash__process.quiet, &leash__process.lock);
}

static void after_fork_in_parent(void)
{
    leash__process.forks--;
    pthread_cond_broadcast(&leash__process.quiet);
    pthread_mutex_unlock(&leash__process.lock);
    pthread_mutex_unlock(&leash__definitions_lock);
}

/* Its threads are gone but this one. The loop that this one may be in is dead, but its calls may still come. */
static void forget_recorders(void)
{
    while (leash__process.recorders) {
        struct leash__recorder *recorder = leash__process.recorders;
        leash__process.recorders = recorder->next;
        leash__recorder_forget(recorder);
    }
}

static void after_fork_in_child(void)
{
    struct leash__process *process = &leash__process;
    forget_recorders();
    if (process->state != LEASH_TRACE_IDLE && process->trace)
        leash__spool_forget(&process->trace->spool);
    if (process->state != LEASH_TRACE_IDLE)
        process->state = LEASH_TRACE_OVER;
    process->exited = false;
    process->error = 0;
    process->forks = 0;
    pthread_cond_init(&process->work, NULL);
    pthread_cond_init(&process->room, NULL);
    pthread_cond_init(&process->quiet, NULL);
    pthread_mutex_unlock(&process->lock);
    pthread_mutex_unlock(&leash__definitions_lock);
}

int leash__record_after_fork(void)
{
    pthread_mutex_lock(&leash__process.lock);
    if (leash__process.state == LEASH_TRACE_OVER && leash__process.pid != getpid()) {
        leash__process.state = LEASH_TRACE_IDLE;
        leash__process.forked = true;
    }
    pthread_mutex_unlock(&leash__process.lock);
    return 0;
}

/* ---- the writer and fork take turns ---- */

void leash__writer_begin(void)
{
    pthread_mutex_lock(&leash__process.lock);
    while (leash__process.forks)
        pthread_cond_wait(&leash__process.quiet, &leash__process.lock);
    leash__process.busy = true;
    pthread_mutex_unlock(&leash__process.lock);
}

void leash__writer_end(void)
{
    pthread_mutex_lock(&leash__process.lock);
    leash__process.busy = false;
    pthread_cond_broadcast(&leash__process.quiet);
    pthread_mutex_unlock(&leash__process.lock);
}

/* ---- the beginning ---- */

/* This code must stay where it is from now on: a thread runs it, and handlers point to it. Where it is in a library
 * that was loaded by dlopen, it is kept from being unloaded. (The program itself has no name, and no need.) */
static void stay_loaded(void)
{
    Dl_info info;
    struct link_map *object = NULL;
    if (dladdr1(&leash__process, &info, (void **)&object, RTLD_DL_LINKMAP) && object && *object->l_name)
        dlopen(object->l_name, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

static void install_handlers(void)
{
    stay_loaded();
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

static struct leash__trace *new_trace(const struct leash_options *options)
{
    struct leash__trace *trace = calloc(1, sizeof *trace);
    if (!trace)
        return NULL;
    trace->options = *options;
    trace->pattern = strdup(options->trace);
    if (!trace->pattern) {
        free(trace);
        return NULL;
    }
    trace->options.trace = trace->pattern;
    trace->forked = leash__process.forked;
    trace->pid = getpid();
    trace->spool = (struct leash__spool)LEASH_SPOOL_CLOSED;
    trace->inherited = leash__process.trace;
    return trace;
}

static void begin_trace(const struct leash_options *options)
{
    struct leash__process *process = &leash__process;
    struct leash__trace *trace = new_trace(options);
    process->pid = getpid();
    process->error = trace ? 0 : -ENOMEM;
    if (trace) {
        process->trace = trace;
        process->state = LEASH_TRACE_OPENING;
        __atomic_fetch_add(&process->traces, 1, __ATOMIC_RELAXED);
        process->error = leash__writer_start(trace);
    }
    if (process->error < 0) {
        fprintf(stderr,
                "leash: cannot record to %s: it takes a thread and some memory: %s. The program runs without a trace\n",
                options->trace, strerror(-process->error));
        process->state = LEASH_TRACE_OVER;
        pthread_cond_broadcast(&process->room);
    }
}

int leash__trace_open(const struct leash_options *options)
{
    static pthread_once_t handlers = PTHREAD_ONCE_INIT;
    struct leash__process *process = &leash__process;
    if (process->state == LEASH_TRACE_IDLE && options->trace) {
        pthread_once(&handlers, install_handlers);
        begin_trace(options);
    }
    while (process->state == LEASH_TRACE_OPENING)
        pthread_cond_wait(&process->room, &process->lock);
    return process->state == LEASH_TRACE_OVER ? process->error : 0;
}

/* ---- the end ---- */

void leash__record_exit(int exit_code)
{
    pthread_mutex_lock(&leash__process.lock);
    leash__process.exited = true;
    leash__process.exit_code = exit_code;
    pthread_mutex_unlock(&leash__process.lock);
}

/* Destructors run after all atexit handlers, the core's among them. A child that was made without fork's handlers and
 * calls exit() must not end its parent's trace. */
static void __attribute__((destructor)) end_trace(void)
{
    struct leash__process *process = &leash__process;
    pthread_mutex_lock(&process->lock);
    while (process->state == LEASH_TRACE_OPENING && process->pid == getpid())
        pthread_cond_wait(&process->room, &process->lock);
    if (process->state != LEASH_TRACE_RECORDING || process->pid != getpid()) {
        pthread_mutex_unlock(&process->lock);
        return;
    }
    process->state = LEASH_TRACE_ENDING;
    pthread_cond_broadcast(&process->room);
    pthread_cond_broadcast(&process->work);
    pthread_t writer = process->trace->writer;
    pthread_mutex_unlock(&process->lock);
    pthread_join(writer, NULL);
}
