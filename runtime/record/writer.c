#include "writer.h"

#include "database.h"
#include "open.h"
#include "segments.h"
#include "symbols.h"

#include <errno.h>
#include <own_threads.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS       100   /* how old an event gets, at most, before a reader of the database sees it */
#define GROWTH_MAX    16    /* segments a step, so that threads that wait for room need not wait for more */
#define BATCH_GROWING 16384 /* events a batch while the spool may have to grow soon */
#define BATCH_MIN     4096  /* a batch of fewer: what is to be done was done, time to sleep */

/* ---- growth ---- */

static void grow_if_low(struct leash__trace *trace)
{
    pthread_mutex_lock(&leash__process.lock);
    while (leash__segments_are_low(trace)) {
        uint32_t segments = leash__spool_segments(&trace->spool);
        uint32_t count = trace->spool.bound - segments;
        count = count < segments ? count : segments;
        count = count < GROWTH_MAX ? count : GROWTH_MAX;
        pthread_mutex_unlock(&leash__process.lock);
        int rc = leash__spool_grow(&trace->spool, count);
        pthread_mutex_lock(&leash__process.lock);
        trace->cramped = rc < 0;
        if (rc == 0)
            leash__segments_added(trace, count);
        pthread_cond_broadcast(&leash__process.room);
        if (rc < 0)
            break;
    }
    pthread_mutex_unlock(&leash__process.lock);
}

/* ---- folding ---- */

static void complain(struct leash__trace *trace)
{
    if (trace->complained)
        return;
    trace->complained = true;
    fprintf(stderr, "leash: cannot write %s: %s. Events are kept in %s until it is full, then dropped and counted\n",
            trace->path, leash_fold_error(trace->fold), trace->spool.path);
}

static int64_t fold_batch(struct leash__trace *trace, bool final)
{
    size_t max = leash__spool_segments(&trace->spool) < trace->spool.bound ? BATCH_GROWING : 0;
    leash__writer_begin();
    int64_t events =
        leash_fold_batch(trace->fold, trace->spool.map, leash__spool_bytes(&trace->spool), final, trace->done, max);
    leash__writer_end();
    if (events < 0)
        complain(trace);
    return events;
}

static bool fold_and_recycle(struct leash__trace *trace)
{
    int64_t events = fold_batch(trace, false);
    pthread_mutex_lock(&leash__process.lock);
    trace->stalled = events < 0;
    if (events >= 0)
        leash__segments_recycle(trace);
    pthread_cond_broadcast(&leash__process.room);
    pthread_mutex_unlock(&leash__process.lock);
    return events >= BATCH_MIN;
}

/* Until somebody asks for work, or a tick has passed. False: the trace is to end. */
static bool wait_for_work(struct leash__trace *trace, bool sleep)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_MS * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&leash__process.lock);
    if (sleep && !trace->wanted && leash__process.state == LEASH_TRACE_RECORDING)
        pthread_cond_clockwait(&leash__process.work, &leash__process.lock, CLOCK_MONOTONIC, &until);
    trace->wanted = false;
    bool more = leash__process.state == LEASH_TRACE_RECORDING;
    pthread_mutex_unlock(&leash__process.lock);
    return more;
}

static void record(struct leash__trace *trace)
{
    bool much;
    do {
        grow_if_low(trace);
        much = fold_and_recycle(trace);
    } while (wait_for_work(trace, !much));
}

/* ---- the end ---- */

/* The end mark goes in before the rest is folded: whoever replays after a kill in between knows how the run ended. */
static void mark_end(struct leash__trace *trace)
{
    struct leash_spool_header *header = leash__spool_header(&trace->spool);
    header->exit_code = leash__process.exit_code;
    __atomic_store_n(&header->end, leash__process.exited ? LEASH_SPOOL_EXITED : LEASH_SPOOL_COMPLETE, __ATOMIC_RELEASE);
}

static int fold_rest(struct leash__trace *trace)
{
    int64_t events;
    do
        events = fold_batch(trace, true);
    while (events > 0);
    return (int)events;
}

static int finish(struct leash__trace *trace)
{
    struct leash_spool_header *header = leash__spool_header(&trace->spool);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct leash_fold_ending ending = {
        .end_kind = header->end == LEASH_SPOOL_EXITED ? "exited" : "complete",
        .exit_code = header->exit_code,
        .ended_unix_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec,
        .dropped = __atomic_load_n(&header->dropped, __ATOMIC_RELAXED),
    };
    leash__symbols_name(trace->fold);
    return leash_fold_finish(trace->fold, &ending);
}

static void end(struct leash__trace *trace)
{
    mark_end(trace);
    sqlite3_busy_timeout(trace->db, LEASH_BUSY_END_MS);
    int rc = fold_rest(trace);
    leash__writer_begin();
    if (rc == 0)
        rc = finish(trace);
    if (rc < 0)
        fprintf(stderr, "leash: %s is not complete: %s. What is missing is in %s: 'leash check %s' adds it\n",
                trace->path, leash_fold_error(trace->fold), trace->spool.path, trace->path);
    leash_fold_free(trace->fold);
    trace->fold = NULL;
    leash__database_close(trace->db);
    trace->db = NULL;
    leash__spool_release(&trace->spool, rc == 0);
    leash__writer_end();
}

/* ---- the thread ---- */

static void move_state(enum leash__trace_state state, int error)
{
    pthread_mutex_lock(&leash__process.lock);
    leash__process.error = error;
    leash__process.state = state;
    pthread_cond_broadcast(&leash__process.room);
    pthread_mutex_unlock(&leash__process.lock);
}

static void *writer_main(void *argument)
{
    struct leash__trace *trace = argument;
    leash__own_thread_begin();
    leash__own_thread_set_aside();
    prctl(PR_SET_NAME, "leash-writer");
    leash__writer_begin();
    int rc = leash__trace_make(trace);
    leash__writer_end();
    if (rc < 0)
        pthread_detach(pthread_self());
    move_state(rc < 0 ? LEASH_TRACE_OVER : LEASH_TRACE_RECORDING, rc);
    if (rc == 0) {
        record(trace);
        end(trace);
        move_state(LEASH_TRACE_OVER, 0);
    }
    leash__own_thread_end();
    return NULL;
}

int leash__writer_start(struct leash__trace *trace)
{
    return leash__own_thread_start(&trace->writer, writer_main, trace);
}
