/* The report at exit of a process without a trace.
 *
 * It is written by a destructor: after every handler that atexit() took, so that loops which end in one of those are in
 * it too, and so that leaving with another exit code skips none of them. */
#include "leak_table.h"
#include "leak_text.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    pthread_mutex_t lock;
    struct leash__leak_table table;
    bool armed;   /* leash__leak_report_at_exit was called, in this process */
    int report;   /* 0: no text */
    int exitcode; /* 0: leave the process's own */
} leaks = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

/* ---- fork: what a child exits with is none of the parent's report ---- */

static void before_fork(void)
{
    pthread_mutex_lock(&leaks.lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&leaks.lock);
}

static void after_fork_in_child(void)
{
    leash__leak_table_clear(&leaks.table);
    leaks.armed = false;
    pthread_mutex_unlock(&leaks.lock);
}

static void watch_forks(void)
{
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* ---- what the runtime calls ---- */

void leash__leak_found(const struct leash__leak *leak)
{
    int saved = errno;
    pthread_mutex_lock(&leaks.lock);
    leash__leak_table_add(&leaks.table, leak);
    pthread_mutex_unlock(&leaks.lock);
    errno = saved;
}

void leash__leak_report_at_exit(int report, int exitcode)
{
    pthread_once(&fork_once, watch_forks);
    pthread_mutex_lock(&leaks.lock);
    leaks.armed = true;
    leaks.report = report;
    leaks.exitcode = exitcode;
    pthread_mutex_unlock(&leaks.lock);
}

/* ---- the text ---- */

static void put_advice(struct leash__text *text)
{
    leash__text_put(text, "leash: for more: leash run -- ");
    leash__text_quote(text, program_invocation_name);
    leash__text_put(text, "\n");
}

static void write_report(struct leash__leak_table *table)
{
    struct leash__text text = {.file = STDERR_FILENO};
    leash__leak_text(&text, table, NULL);
    put_advice(&text);
    leash__text_flush(&text);
}

__attribute__((destructor)) static void report_at_exit(void)
{
    pthread_mutex_lock(&leaks.lock);
    bool armed = leaks.armed, failed = leaks.table.errors > 0;
    int exitcode = leaks.exitcode;
    if (armed && leaks.report && (failed || leaks.table.warnings))
        write_report(&leaks.table);
    leash__leak_table_clear(&leaks.table);
    leaks.armed = false;
    pthread_mutex_unlock(&leaks.lock);
    if (armed && failed && exitcode) {
        fflush(NULL);
        _exit(exitcode);
    }
}
