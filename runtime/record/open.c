#include "open.h"

#include "database.h"
#include "paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_SEGMENTS 4
#define CANDIDATES     100 /* names that are tried before giving up */

/* ---- which file ---- */

static char *spool_path(const char *path)
{
    char *name;
    return asprintf(&name, "%s" LEASH_SPOOL_SUFFIX, path) < 0 ? NULL : name;
}

static int claim(struct leash__trace *trace, const char *path, pid_t *holder)
{
    char *name = spool_path(path);
    if (!name)
        return -ENOMEM;
    int rc = leash__spool_claim(&trace->spool, name, holder);
    free(name);
    return rc;
}

/* Says once why the trace is not where it was asked for. */
static void tell_detour(const struct leash__trace *trace, const char *wanted, int why, pid_t holder)
{
    if (!trace->options.report)
        return;
    if (why == -EBUSY)
        fprintf(stderr, "leash: %s: process %d records to it: this one (%d) records to %s\n", wanted, (int)holder,
                (int)trace->pid, trace->path);
    else
        fprintf(stderr,
                "leash: %s: holds a trace of a process that was killed: this one (%d) records to %s ('leash check %s' "
                "completes the other)\n",
                wanted, (int)trace->pid, trace->path, wanted);
}

/* Tries names until one is neither a live process's nor holds what a killed one left. */
static int claim_any(struct leash__trace *trace, const char *wanted, unsigned first)
{
    int rc = -EBUSY, why = 0;
    pid_t holder = 0, why_holder = 0;
    for (unsigned n = first; n < CANDIDATES && (rc == -EBUSY || rc == -EEXIST); n++) {
        free(trace->path);
        trace->path = NULL;
        rc = leash__path_candidate(wanted, trace->pid, n, &trace->path);
        if (rc < 0) {
            trace->path = NULL;
            return rc;
        }
        rc = claim(trace, trace->path, &holder);
        if (n == 0 && rc < 0) {
            why = rc;
            why_holder = holder;
        }
    }
    if (rc == 0 && why)
        tell_detour(trace, wanted, why, why_holder);
    return rc == -EEXIST ? -EBUSY : rc;
}

static int choose_file(struct leash__trace *trace)
{
    char *wanted;
    bool has_pid;
    int rc = leash__path_resolve(trace->pattern, trace->pid, &wanted, &has_pid);
    if (rc < 0)
        return rc;
    rc = claim_any(trace, wanted, trace->forked && !has_pid);
    free(wanted);
    return rc;
}

/* ---- what is in it ---- */

static uint64_t real_time_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int make_tables(struct leash__trace *trace)
{
    trace->done = calloc(trace->spool.bound, 1);
    trace->closed = calloc(trace->spool.bound, 1);
    trace->free = calloc(trace->spool.bound, sizeof *trace->free);
    if (!trace->done || !trace->closed || !trace->free)
        return -ENOMEM;
    uint32_t segments = leash__spool_segments(&trace->spool);
    for (uint32_t i = 0; i < segments; i++)
        trace->free[i] = segments - 1 - i;
    trace->free_count = segments;
    return 0;
}

static int make_database(struct leash__trace *trace, uint64_t began_unix_ns)
{
    int rc = leash__database_create(trace->path, &trace->db);
    if (rc < 0)
        return rc;
    rc = leash__database_describe_run(trace->db, &trace->options, began_unix_ns);
    if (rc == 0)
        rc = leash_fold_new(trace->db, &trace->fold);
    if (rc == 0)
        return 0;
    leash__database_close(trace->db);
    trace->db = NULL;
    leash__database_remove(trace->path);
    return rc;
}

static const char *hint(int error)
{
    switch (error) {
    case -EEXIST:
        return "a file that is no trace is there; choose another path or remove it";
    case -ELOOP:
        return "it is a symbolic link, which is not followed; name the file itself";
    case -EPERM:
        return "what is there is not this user's own regular file; choose another path";
    case -EBUSY:
        return "too many traces of that name are in use or unfinished; choose another path or remove them";
    case -EISDIR:
        return "the path names a folder; add a file's name";
    case -ENOENT:
    case -ENOTDIR:
        return "its folder does not exist; make it first";
    default:
        return strerror(-error);
    }
}

static void unmake(struct leash__trace *trace)
{
    leash__spool_discard(&trace->spool);
    free(trace->done);
    free(trace->closed);
    free(trace->free);
    free(trace->path);
    trace->done = trace->closed = NULL;
    trace->free = NULL;
    trace->path = NULL;
}

int leash__trace_make(struct leash__trace *trace)
{
    uint64_t began_unix_ns = real_time_ns();
    int rc = choose_file(trace);
    if (rc == 0)
        rc = leash__spool_format(&trace->spool, LEASH_SEGMENT_SIZE, trace->options.spool_size, FIRST_SEGMENTS);
    if (rc == 0)
        rc = make_tables(trace);
    if (rc == 0)
        rc = make_database(trace, began_unix_ns);
    if (rc == 0) {
        leash__spool_publish(&trace->spool, began_unix_ns);
        return 0;
    }
    fprintf(stderr, "leash: cannot record to %s: %s. The program runs without a trace\n",
            trace->path ? trace->path : trace->pattern, hint(rc));
    unmake(trace);
    return rc;
}
