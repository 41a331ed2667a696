#include "big_trace.h"
#include "spool_maker.h"

#include <errno.h>
#include <fold.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    LANES = 64,
    REQUESTS_MAX = 16, /* of a connection */
    SEGMENTS = 16,
    SLOTS = 40000,
    FILES = 40,
    PLACES = 400,        /* where tasks are made, the first FILES of them in a file each */
    LEAKY_PLACES = 20,   /* ... of each class of leak */
    SITES_OF_A_PLACE = 3 /* the coroutine's, the task's, the await's */
};

struct lane {
    uint64_t connection, request, lock, coro; /* ids; 0: none */
    unsigned left;                            /* requests to come */
    uint32_t place;                           /* of the request */
};

struct teller {
    struct spool_maker *maker;
    sqlite3 *db;
    struct leash_fold *fold;
    uint64_t now, random, tasks, coros, locks, limit;
    struct lane lanes[LANES];
    uint64_t *pending; /* tasks that never end, with the one before it in the list where it is a victim */
    size_t pending_count;
    unsigned leak; /* counts leaks; its remainder is the kind of the next */
};

#define PUT(kind, ...)    spool_put(teller->maker, 1, LEASH_EV_##kind, __VA_ARGS__)
#define AT(kind, ...)     spool_at(teller->maker, 1, teller->now, LEASH_EV_##kind, __VA_ARGS__)
#define STRING(kind, ...) spool_string(teller->maker, 1, LEASH_EV_##kind, __VA_ARGS__)

static void require(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "big_trace: %s\n", what);
    abort();
}

static uint64_t any(struct teller *teller, uint64_t below)
{
    teller->random ^= teller->random << 13;
    teller->random ^= teller->random >> 7;
    teller->random ^= teller->random << 17;
    return teller->random % below;
}

static void fold_all(struct teller *teller, bool final)
{
    int64_t taken;
    do
        taken = leash_fold_batch(teller->fold, teller->maker->map, teller->maker->size, final, NULL, 0);
    while (taken > 0);
    require(taken == 0, leash_fold_error(teller->fold));
    spool_recycle(teller->maker);
}

/* ---- places ---- */

static uint32_t site_of_coro(uint32_t place)
{
    return place * SITES_OF_A_PLACE + 1;
}

static uint32_t site_of_task(uint32_t place)
{
    return place * SITES_OF_A_PLACE + 2;
}

static uint32_t site_of_await(uint32_t place)
{
    return place * SITES_OF_A_PLACE + 3;
}

/* Some places are busier than others. */
static uint32_t any_place(struct teller *teller)
{
    return (uint32_t)any(teller, 1 + any(teller, PLACES));
}

static void define_places(struct teller *teller)
{
    for (uint32_t place = 0; place < PLACES + LEAKY_PLACES * 7; place++) {
        char file[64], function[64], maker[64], call[96];
        unsigned line = 20 + place / FILES * 7;
        snprintf(file, sizeof file, "src/part%02u.c", (unsigned)place % FILES);
        snprintf(function, sizeof function, "serve_%03u", (unsigned)place);
        snprintf(maker, sizeof maker, "accept_%03u", (unsigned)place / 4);
        snprintf(call, sizeof call, "leash_coro(%s, request)", function);
        spool_site(teller->maker, 1, site_of_coro(place), file, line, maker, function);
        spool_site(teller->maker, 1, site_of_task(place), file, line + 1, maker, call);
        spool_site(teller->maker, 1, site_of_await(place), file, line + 2, function, "leash_sleep");
    }
}

/* ---- what happens ---- */

static uint64_t make_task(struct teller *teller, uint64_t creator, uint32_t place)
{
    uint64_t task = ++teller->tasks, coro = ++teller->coros;
    PUT(CORO, site_of_coro(place), coro, creator, 0x7ffd00000000 + coro % 64 * 64);
    PUT(TASK, site_of_task(place), task, coro, creator);
    return task;
}

static void begin_request(struct teller *teller, struct lane *lane)
{
    lane->place = any_place(teller);
    lane->request = make_task(teller, lane->connection, lane->place);
    lane->left--;
    AT(AWAIT_TASK, site_of_await(lane->place), lane->connection, lane->request);
    PUT(START, 0, lane->request, 1, 0);
    lane->coro = lane->lock = 0;
    uint64_t what = any(teller, 40);
    if (what < 6) {
        lane->coro = ++teller->coros;
        PUT(CORO, site_of_coro(lane->place), lane->coro, lane->request, 0);
        AT(AWAIT_CORO, site_of_await(lane->place), lane->request, lane->coro);
    } else if (what == 6) {
        lane->lock = ++teller->locks;
        PUT(OBJECT, site_of_await(lane->place), lane->lock, LEASH_OBJECT_LOCK, lane->request);
        AT(AWAIT_OBJECT, site_of_await(lane->place), lane->request, lane->lock);
    } else if (what == 7) {
        AT(AWAIT_SLEEP, site_of_await(lane->place), lane->request, 1000 + any(teller, 100000));
    }
}

static void end_request(struct teller *teller, struct lane *lane)
{
    uint64_t fate = any(teller, 200);
    if (lane->coro)
        AT(RETURN, 0, lane->coro, 0);
    if (lane->lock)
        AT(OBJECT_DONE, 0, lane->lock, 0);
    if (fate < 2) {
        STRING(FAILURE, site_of_await(lane->place), lane->request, LEASH_SUBJECT_TASK, "connection reset by peer");
        AT(FAILED, 0, lane->request, ECONNRESET);
    } else if (fate == 2) {
        AT(CANCEL_TASK, site_of_await(lane->place), lane->request, lane->connection);
        AT(DELIVERED, 0, lane->request, 0);
        AT(CANCELLED, 0, lane->request, 0);
    } else {
        AT(DONE, 0, lane->request, 0);
    }
    lane->request = 0;
}

static void begin_connection(struct teller *teller, struct lane *lane)
{
    uint32_t place = (uint32_t)any(teller, 4);
    char name[32];
    lane->connection = make_task(teller, 1, place);
    lane->left = 1 + (unsigned)any(teller, REQUESTS_MAX);
    PUT(START, 0, lane->connection, 1, 0);
    if (any(teller, 8) == 0) {
        snprintf(name, sizeof name, "conn-%llu", (unsigned long long)lane->connection);
        STRING(NAME, 0, lane->connection, LEASH_SUBJECT_TASK, name);
    }
    AT(AWAIT_SLEEP, site_of_await(place), lane->connection, any(teller, 5000));
}

static void go_on(struct teller *teller, struct lane *lane)
{
    teller->now += 200 + any(teller, 2000) + (any(teller, 4096) == 0 ? any(teller, 3000000) : 0);
    if (lane->request) {
        end_request(teller, lane);
    } else if (lane->connection && lane->left) {
        begin_request(teller, lane);
    } else {
        if (lane->connection)
            AT(DONE, 0, lane->connection, 0);
        begin_connection(teller, lane);
    }
}

/* ---- leaks ---- */

enum leak { PENDING, VICTIM, UNREFERENCED, NEVER_RETRIEVED, NEVER_JOINED, NEVER_AWAITED, FUTURE_FAILED, LEAKS };

static void judge(struct teller *teller, uint64_t id, enum leash_subject subject, uint64_t facts)
{
    PUT(JUDGED, 0, id, subject, facts);
}

static void leak_pending(struct teller *teller, enum leak kind, uint64_t task, uint32_t place)
{
    PUT(START, 0, task, 1, 0);
    if (kind == VICTIM)
        AT(AWAIT_TASK, site_of_await(place), task, teller->pending[teller->pending_count - 1]);
    else
        AT(AWAIT_SLEEP, site_of_await(place), task, 3600 * UINT64_C(1000000));
    teller->pending[teller->pending_count++] = task;
}

static void leak_ended(struct teller *teller, enum leak kind, uint64_t task, uint32_t place)
{
    PUT(START, 0, task, 1, 0);
    if (kind == NEVER_JOINED) {
        AT(DONE, 0, task, 0);
        judge(teller, task, LEASH_SUBJECT_TASK, LEASH_FACT_UNSETTLED);
        return;
    }
    STRING(FAILURE, site_of_await(place), task, LEASH_SUBJECT_TASK, "no such user");
    AT(FAILED, 0, task, EIO);
    judge(teller, task, LEASH_SUBJECT_TASK, LEASH_FACT_UNRETRIEVED);
}

static void leak_future(struct teller *teller, uint64_t creator, uint32_t place)
{
    uint64_t future = teller->leak + 1;
    PUT(FUTURE, site_of_task(place), future, creator, 0);
    AT(FUTURE_FAILED, 0, future, EPIPE);
    judge(teller, future, LEASH_SUBJECT_FUTURE, LEASH_FACT_UNRETRIEVED);
}

static void leak(struct teller *teller)
{
    enum leak kind = teller->leak % LEAKS;
    uint32_t place = PLACES + (uint32_t)kind * LEAKY_PLACES + (uint32_t)any(teller, LEAKY_PLACES);
    if (kind == NEVER_AWAITED) {
        PUT(CORO, site_of_coro(place), ++teller->coros, 1, 0);
        judge(teller, teller->coros, LEASH_SUBJECT_CORO, LEASH_FACT_NEVER_AWAITED);
    } else if (kind == FUTURE_FAILED) {
        leak_future(teller, 1, place);
    } else if (kind == NEVER_RETRIEVED || kind == NEVER_JOINED) {
        leak_ended(teller, kind, make_task(teller, 1, place), place);
    } else {
        leak_pending(teller, kind, make_task(teller, 1, place), place);
    }
    teller->leak++;
}

/* What kind of leak pending[i] is: they came in this order. */
static enum leak pending_kind(size_t i)
{
    return (enum leak)(i % 3);
}

static void judge_pending(struct teller *teller)
{
    for (size_t i = 0; i < teller->pending_count; i++) {
        bool waited = pending_kind(i) == PENDING && i + 1 < teller->pending_count;
        judge(teller, teller->pending[i], LEASH_SUBJECT_TASK,
              LEASH_FACT_PENDING | LEASH_FACT_UNSETTLED | (waited ? LEASH_FACT_WAITED : 0) |
                  (pending_kind(i) == UNREFERENCED ? LEASH_FACT_LOST : 0));
    }
    for (size_t i = 0; i < teller->pending_count; i++) {
        AT(CANCEL_CLEANUP, 0, teller->pending[i], 1);
        AT(WAKE, 0, teller->pending[i], ECANCELED);
        AT(DELIVERED, 0, teller->pending[i], 0);
        AT(CANCELLED, 0, teller->pending[i], 0);
    }
}

/* ---- the whole ---- */

static void begin(struct teller *teller)
{
    STRING(DEF_THREAD, 0, 1, 4711, "main");
    define_places(teller);
    make_task(teller, 0, 0);
    AT(LOOP_BEGIN, site_of_task(0), 1, 1);
    PUT(START, 0, 1, 1, 0);
}

static void end_lane(struct teller *teller, struct lane *lane)
{
    if (lane->request)
        end_request(teller, lane);
    if (lane->connection)
        AT(DONE, 0, lane->connection, 0);
}

static void end(struct teller *teller)
{
    for (int i = 0; i < LANES; i++)
        end_lane(teller, &teller->lanes[i]);
    AT(DONE, 0, 1, 0);
    AT(LOOP_MAIN_ENDED, 0, 1, 0);
    judge_pending(teller);
    AT(LOOP_END, 0, 1, LEASH_LOOP_COMPLETE);
}

static void tell(struct teller *teller)
{
    const uint32_t nearly_full = SEGMENTS - 2;
    uint64_t leak_at = BIG_TRACE_LEAKY / 2;
    begin(teller);
    while (teller->tasks < teller->limit) {
        if (teller->tasks >= leak_at) {
            leak(teller);
            leak_at += BIG_TRACE_LEAKY;
        } else {
            go_on(teller, &teller->lanes[any(teller, LANES)]);
        }
        if (teller->maker->taken == nearly_full)
            fold_all(teller, false);
    }
    fold_all(teller, false);
    end(teller);
    fold_all(teller, true);
}

static void open_trace(struct teller *teller, const char *path)
{
    unlink(path);
    require(sqlite3_open(path, &teller->db) == SQLITE_OK, path);
    require(leash_trace_create(teller->db) == 0, sqlite3_errmsg(teller->db));
    require(sqlite3_exec(teller->db,
                         "INSERT INTO run(id, pid, argv, began_unix_ns, end_kind, level) VALUES"
                         "(1, 4711, './server', 1700000000000000000, 'running', 'lifecycle')",
                         NULL, NULL, NULL) == SQLITE_OK,
            sqlite3_errmsg(teller->db));
    require(leash_fold_new(teller->db, &teller->fold) == 0, "leash_fold_new");
}

static void close_trace(struct teller *teller)
{
    const struct leash_fold_ending complete = {.end_kind = "complete"};
    require(leash_fold_finish(teller->fold, &complete) == 0, leash_fold_error(teller->fold));
    leash_fold_free(teller->fold);
    require(sqlite3_exec(teller->db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK,
            sqlite3_errmsg(teller->db));
    sqlite3_close(teller->db);
}

void big_trace_make(const char *path, uint64_t tasks)
{
    struct teller teller = {.random = 88172645463325252u, .now = 1000000, .limit = tasks};
    teller.maker = spool_maker_new(SEGMENTS, SLOTS);
    teller.pending = calloc(tasks / BIG_TRACE_LEAKY + 1, sizeof *teller.pending);
    require(teller.pending != NULL, "no memory");
    open_trace(&teller, path);
    tell(&teller);
    close_trace(&teller);
    spool_maker_free(teller.maker);
    free(teller.pending);
}
