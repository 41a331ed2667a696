#include "options.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options_text.h"

static struct leash_options environment;
static pthread_once_t environment_once = PTHREAD_ONCE_INIT;

static void complain_on_stderr(const char *message, void *argument)
{
    (void)argument;
    fprintf(stderr, "leash: LEASH_OPTIONS: %s\n", message);
}

static void environment_read(void)
{
    environment = (struct leash_options)LEASH_OPTIONS_INIT;
    const char *text = secure_getenv("LEASH_OPTIONS");
    if (text)
        leash__options_parse(text, &environment, complain_on_stderr, NULL);
    const char *trace = secure_getenv("LEASH_TRACE");
    if (trace && *trace && !leash__options_path(trace, &environment.trace))
        fputs("leash: LEASH_TRACE: no memory for the path: nothing is recorded\n", stderr);
}

/* Fields of `more` that are set replace those of `out`. */
static void merge(struct leash_options *out, const struct leash_options *more)
{
    if (more->trace)
        out->trace = more->trace;
    if (more->stack_size)
        out->stack_size = more->stack_size;
    if (more->spool_size)
        out->spool_size = more->spool_size;
    if (more->threads)
        out->threads = more->threads;
    if (more->cleanup_timeout > 0)
        out->cleanup_timeout = more->cleanup_timeout;
    if (more->blocked_ms != LEASH_BLOCKED_DEFAULT)
        out->blocked_ms = more->blocked_ms;
    if (more->seed)
        out->seed = more->seed;
    if (more->exitcode)
        out->exitcode = more->exitcode;
    if (more->virtual_time >= 0)
        out->virtual_time = more->virtual_time;
    if (more->stacks >= 0)
        out->stacks = more->stacks;
    if (more->steps >= 0)
        out->steps = more->steps;
    if (more->scan >= 0)
        out->scan = more->scan;
    if (more->dump >= 0)
        out->dump = more->dump;
    if (more->sigint >= 0)
        out->sigint = more->sigint;
    if (more->report >= 0)
        out->report = more->report;
    if (more->overflow >= 0)
        out->overflow = more->overflow;
    if (more->on_deadlock >= 0)
        out->on_deadlock = more->on_deadlock;
    if (more->stop_signal)
        out->stop_signal = more->stop_signal;
}

int leash__options_effective(const struct leash_options *given, struct leash_options *out)
{
    struct leash_options result = {
        .size = sizeof result,
        .stack_size = LEASH_STACK_SIZE_DEFAULT,
        .spool_size = LEASH_SPOOL_SIZE_DEFAULT,
        .cleanup_timeout = 5,
        .blocked_ms = 100,
        .scan = LEASH_SCAN_RUNNING,
        .report = 1,
        .sigint = 1,
        .overflow = LEASH_OVERFLOW_WAIT,
        .on_deadlock = LEASH_ON_DEADLOCK_END,
    };
    struct leash_options known = LEASH_OPTIONS_INIT;
    if (given) {
        if (given->size < offsetof(struct leash_options, stack_size) || given->size > 1 << 16)
            return -EINVAL;
        /* Compiled against an older header: fields that it did not know stay unset. A newer one's are not known here.
         */
        memcpy(&known, given, given->size < sizeof known ? given->size : sizeof known);
    }
    pthread_once(&environment_once, environment_read);
    merge(&result, &environment);
    merge(&result, &known);
    *out = result;
    return 0;
}
