/* The life of the process's trace: at most one at a time, opened by the first loop that asks for it, ended at exit.
 *
 *            IDLE --first loop that asks--> OPENING --writer--> RECORDING --exit--> ENDING --writer--> OVER
 *             ^                                |                    |
 *             '-- leash__record_after_fork --- OVER <-- failed -----' forked child
 *
 *   threads' recorders --hold--> segments of the spool <--free list, recycled by-- the writer thread --> database
 *
 * How a trace ends: `complete` or, if the core says that exit() cut a loop short, `exited`, in a destructor after all
 * hooks at exit. A process that ends without one (a signal, abort, _exit, quick_exit), or that exec replaces, leaves
 * its spool behind with the lock free (the descriptor is close-on-exec): `crashed`, and a replay adds what the spool
 * holds. Another process that is told the same path meanwhile takes path.PID and says so; a finished trace it replaces;
 * what is neither a trace nor empty it leaves alone, and records nothing.
 *
 * A forked child records nothing, until leash__record_after_fork: then to path.PID. It does not map its parent's spool,
 * and closes its lock, so that the parent's death is seen while it lives. A child made without fork's handlers (clone)
 * that lives on keeps that lock: the trace seems to be live for so long.
 *
 * The writer thread opens the files, folds, and ends the trace: it has all signals blocked (a file that grows past
 * RLIMIT_FSIZE raises one), a stack of ordinary size, and is not a loop's. */
#ifndef LEASH_RECORD_TRACE_H
#define LEASH_RECORD_TRACE_H

#include "spool.h"

#include <event.h>
#include <fold.h>
#include <leash/loop.h>
#include <pthread.h>
#include <sqlite3.h>

#define LEASH_NO_SEGMENT UINT32_MAX

enum leash__trace_state {
    LEASH_TRACE_IDLE,      /* nothing asked for yet: no trace */
    LEASH_TRACE_OPENING,   /* the writer makes the files; joiners wait */
    LEASH_TRACE_RECORDING, /* events are taken */
    LEASH_TRACE_ENDING,    /* exit: the writer takes what is in the spool, nobody gets room any more */
    LEASH_TRACE_OVER       /* ended, could not be opened, or a forked child: nothing is recorded */
};

/* One trace. Made by the process's first joiner; never freed once it was open: threads that exit did not stop may still
 * write to its mapping. */
struct leash__trace {
    /* Set before the writer starts. */
    struct leash_options options; /* `trace` is `pattern` */
    char *pattern;
    bool forked; /* a forked child's: never takes its parent's path */
    pid_t pid;
    pthread_t writer; /* to be joined, in RECORDING and ENDING */

    /* Set by the writer in OPENING, then only read; the file descriptor and the mapping belong to `spool`. */
    char *path;
    struct leash__spool spool;

    /* The writer's own (under leash__writer_begin). */
    sqlite3 *db;
    struct leash_fold *fold;
    unsigned char *done; /* a byte a segment up to the bound: answers of leash_fold_batch */
    bool complained;     /* the one message about a failing writer was printed */

    /* Guarded by the process's lock. */
    unsigned char *closed; /* a byte a segment: handed over by its thread, not yet free again */
    uint32_t *free;        /* numbers of free segments, LIFO: the last is the warmest */
    uint32_t free_count, closed_count;
    uint32_t threads; /* numbers given to threads */
    bool wanted;      /* the writer was asked for: a segment was closed, or few are free */
    bool stalled;     /* the last batch could not be written: it is vain to wait for room */
    bool cramped;     /* the last attempt to grow failed */
    bool wrapped;     /* generations began anew: segments are wiped before use */

    struct leash__trace *inherited; /* in a forked child: the parent's, dead, kept reachable. Else NULL */
};

/* What a thread that records has, from its first loop to its end. Guarded by the process's lock, but that its thread
 * reads `events` and `segment` without. */
struct leash__recorder {
    struct leash__recorder *next, **link; /* of the process's list */
    struct leash__events *events;         /* its loop's, while one runs: between leash__record_thread and its end */
    struct leash__events kept;            /* where it was, while no loop runs. `at` as in a running one's */
    uint32_t thread;                      /* its number in the trace */
    uint32_t segment;                     /* that it writes to; LEASH_NO_SEGMENT: it found no room */
    uint64_t sequence;                    /* of that segment */
    bool defined;                         /* DEF_THREAD is in the spool */
    bool patient;                         /* waits for room even where events are dropped: for definitions */
};

struct leash__process {
    pthread_mutex_t lock;
    pthread_cond_t work;  /* for the writer: a segment was closed, the end was asked for */
    pthread_cond_t room;  /* for threads: segments came free, it is vain to wait, the state moved */
    pthread_cond_t quiet; /* for fork and the writer: `busy` or `forks` went down */
    enum leash__trace_state state;
    struct leash__trace *trace; /* not NULL in OPENING, RECORDING, ENDING; the last one in OVER, or NULL */
    struct leash__recorder *recorders;
    pid_t pid;      /* the process that asked for a trace: not a child's that fork's handlers did not see */
    int error;      /* OVER because no trace could be opened: -errno; else 0 */
    bool busy;      /* the writer is inside SQLite, whose locks a fork must not copy while they are held */
    unsigned forks; /* threads that are about to fork: the writer lets them go first */
    bool forked;    /* the next trace is a forked child's */
    bool exited;    /* leash__record_exit was called */
    int exit_code;
    unsigned traces; /* counts traces of this process, see leash__definitions_trace */
};

extern struct leash__process leash__process;

/* Sees to it that the trace is open, if `options` ask for one. The caller holds the process's lock (it is left while
 * the files are made). 0: recording, or nothing asked for: look at the state; -errno: it could not be opened, and is
 * not tried again. */
int leash__trace_open(const struct leash_options *options);

/* Around the writer's use of SQLite, whose locks a fork must not copy while they are held. */
void leash__writer_begin(void);
void leash__writer_end(void);

#endif
