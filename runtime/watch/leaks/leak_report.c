/* The report at exit of a process without a trace.
 *
 * It is written by a destructor: after every handler that atexit() took, so that loops which end in one of those are in
 * it too, and so that leaving with another exit code skips none of them. */
#include "leak_table.h"
#include "leak_words.h"
#include "text.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GROUPS_SHOWN = 20 };

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

/* `fetch` for a coroutine, "fetch" for a task, worker-* for tasks whose names only begin alike. */
static void put_name(struct leash__text *text, const struct leash__leak_group *group)
{
    char name[128];
    size_t size = group->name_common < sizeof(name) ? group->name_common : sizeof(name) - 1;
    const char *mark = strcmp(group->first.class, "never-awaited") == 0 ? "`" : "\"";
    memcpy(name, group->first.name, size);
    name[size] = '\0';
    leash__text_put(text, mark);
    leash__text_quote(text, name);
    leash__text_put(text, group->names_differ || size < group->name_common ? "*" : "");
    leash__text_put(text, mark);
}

static void put_sentence(struct leash__text *text, const struct leash__leak_group *group)
{
    const struct leash__leak_words *words = leash__leak_words(group->first.class, group->first.severity);
    char plain[2] = {0};
    for (const char *at = group->count == 1 ? words->one : words->many; *at; at++) {
        if (strncmp(at, "{name}", 6) == 0) {
            put_name(text, group);
            at += 5;
        } else if (strncmp(at, "{count}", 7) == 0) {
            leash__text_number(text, group->count);
            at += 6;
        } else {
            plain[0] = *at;
            leash__text_put(text, plain);
        }
    }
}

static void put_line(struct leash__text *text, const char *label, const char *value)
{
    if (!*value)
        return;
    leash__text_put(text, label);
    leash__text_quote(text, value);
    leash__text_put(text, "\n");
}

static void put_group(struct leash__text *text, const struct leash__leak_group *group)
{
    const struct leash__leak *leak = &group->first;
    leash__text_put(text, leak->severity == 'E' ? "leash: error[" : "leash: warning[");
    leash__text_quote(text, leak->class);
    leash__text_put(text, "]: ");
    put_sentence(text, group);
    leash__text_put(text, *leak->also ? " (also " : "");
    leash__text_quote(text, leak->also);
    leash__text_put(text, *leak->also ? ")\n" : "\n");
    if (*leak->file) {
        leash__text_put(text, "  --> ");
        leash__text_quote(text, leak->file);
        leash__text_put(text, ":");
        leash__text_number(text, leak->line);
        leash__text_put(text, *leak->func ? " in " : "");
        leash__text_quote(text, leak->func);
        leash__text_put(text, "\n");
    }
    put_line(text, "  failed with ", leak->failure);
    put_line(text, "  waits for   ", leak->waits_for);
    put_line(text, "  held only by ", leak->kept_by ? leak->kept_by : "");
    put_line(text, "  hint        ", leash__leak_words(leak->class, leak->severity)->hint);
}

/* Errors before warnings, then the larger group, then the earlier one. */
static struct leash__leak_group *next_group(struct leash__leak_table *table)
{
    struct leash__leak_group *best = NULL;
    for (struct leash__leak_group *group = table->first; group; group = group->next) {
        if (group->printed)
            continue;
        bool error = group->first.severity == 'E', best_error = best && best->first.severity == 'E';
        if (!best || error > best_error || (error == best_error && group->count > best->count))
            best = group;
    }
    return best;
}

/* " (3 never-awaited, 1 pending-at-exit)": leaks of error classes, by class. */
static void put_classes(struct leash__text *text, const struct leash__leak_table *table)
{
    const char *before = " (";
    for (const struct leash__leak_words *words = leash__leak_words_all; words->class; words++) {
        unsigned long long count = 0;
        if (words->severity == 'W')
            continue;
        for (const struct leash__leak_group *group = table->first; group; group = group->next)
            if (group->first.severity == 'E' && strcmp(group->first.class, words->class) == 0)
                count += group->count;
        if (!count)
            continue;
        leash__text_put(text, before);
        leash__text_number(text, count);
        leash__text_put(text, " ");
        leash__text_put(text, words->class);
        before = ", ";
    }
    leash__text_put(text, *before == ',' ? ")" : "");
}

static void put_count(struct leash__text *text, unsigned long long count, const char *thing)
{
    leash__text_number(text, count);
    leash__text_put(text, thing);
    leash__text_put(text, count == 1 ? "" : "s");
}

static void put_totals(struct leash__text *text, const struct leash__leak_table *table, size_t hidden)
{
    if (hidden) {
        leash__text_put(text, "leash: and ");
        put_count(text, hidden, " more group");
        leash__text_put(text, "\n");
    }
    leash__text_put(text, "leash: ");
    put_count(text, table->errors, " leak");
    put_classes(text, table);
    leash__text_put(text, ", ");
    put_count(text, table->warnings, " warning");
    leash__text_put(text, ", in ");
    put_count(text, table->groups, " group");
    if (table->homeless) {
        leash__text_put(text, "; ");
        leash__text_number(text, table->homeless);
        leash__text_put(text, " of them only counted, for want of room");
    }
    leash__text_put(text, "\nleash: for more: leash run -- ");
    leash__text_quote(text, program_invocation_name);
    leash__text_put(text, "\n");
}

static void write_report(struct leash__leak_table *table)
{
    struct leash__text text = {.file = STDERR_FILENO};
    struct leash__leak_group *group;
    size_t shown = 0;
    while (shown < GROUPS_SHOWN && (group = next_group(table))) {
        put_group(&text, group);
        group->printed = true;
        shown++;
    }
    put_totals(&text, table, table->groups - shown);
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
