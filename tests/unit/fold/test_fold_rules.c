/* The rules: each finds its planted leak, and not the clean twin; the views over them. */
#include "test.h"
#include "trace_db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUT(kind, ...)     spool_put(maker, 1, LEASH_EV_##kind, __VA_ARGS__)
#define AT(now, kind, ...) spool_at(maker, 1, now, LEASH_EV_##kind, __VA_ARGS__)
#define STRING(kind, ...)  spool_string(maker, 1, LEASH_EV_##kind, __VA_ARGS__)

#define LEAKS                                                                                                          \
    "SELECT class, severity, also, subject_kind, subject_id, name, file, line, func, expr, at_ns, detail, code FROM "  \
    "leak"

static struct spool_maker *new_spool(void)
{
    struct spool_maker *maker = spool_maker_new(4, 600);
    spool_site(maker, 1, 1, "src/app.c", 10, "app", "worker");
    spool_site(maker, 1, 2, "src/app.c", 11, "app", "leash_coro(worker, NULL)");
    AT(1000000000, LOOP_BEGIN, 2, 1, 1);
    return maker;
}

static void task(struct spool_maker *maker, uint64_t id)
{
    PUT(CORO, 1, id, 0, 0);
    PUT(TASK, 2, id, id, 0);
    PUT(START, 0, id, 1, 0);
}

static void judge(struct spool_maker *maker, uint64_t id, unsigned facts)
{
    PUT(JUDGED, 0, id, LEASH_SUBJECT_TASK, facts);
}

static void expect(struct spool_maker *maker, const char *sql, const char *expected)
{
    sqlite3 *db = trace_db_of(maker, "complete");
    trace_db_expect(db, sql, expected);
    spool_maker_free(maker);
    sqlite3_close(db);
}

enum { PENDING = LEASH_FACT_PENDING, LOST = LEASH_FACT_LOST, UNSETTLED = LEASH_FACT_UNSETTLED };

static void a_coroutine_never_awaited(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    PUT(CORO, 1, 1, 0, 0);
    PUT(JUDGED, 0, 1, LEASH_SUBJECT_CORO, LEASH_FACT_NEVER_AWAITED);
    PUT(CORO, 1, 2, 0, 0);
    PUT(CLAIM, 1, 2, LEASH_CLAIM_CLOSED, LEASH_SUBJECT_CORO);
    PUT(CORO, 1, 3, 0, 0);
    AT(2000000000, AWAIT_CORO, 1, 1, 3);
    AT(2000000000, RETURN, 0, 3, 0);
    expect(maker, LEAKS, "never-awaited|error||coro|1|worker|src/app.c|10|app|worker|1000000000|never started|");
}

static void a_task_pending_at_exit(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    AT(1000000000, AWAIT_SLEEP, 2, 1, 2500000);
    judge(maker, 1, PENDING | LEASH_FACT_DETACHED); /* detached: still a finding */
    AT(1000000000, WAKE, 0, 1, ECANCELED);
    AT(1000000000, CANCELLED, 0, 1, 0); /* by the clean-up */
    task(maker, 2);
    judge(maker, 2, PENDING | LEASH_FACT_CANCELLED); /* another class */
    task(maker, 3);
    judge(maker, 3, PENDING | LEASH_FACT_DAEMON);
    task(maker, 4);
    judge(maker, 4, LEASH_FACT_DETACHED);
    expect(maker, LEAKS " WHERE class <> 'cancelled-not-awaited'",
           "pending-at-exit|error||task|1|worker|src/app.c|11|app|leash_coro(worker, NULL)|1000000000|slept for "
           "2.500s|-125");
}

static void a_task_unreferenced(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    PUT(TASK, 2, 1, 0, 0);
    STRING(NAME, 0, 1, LEASH_SUBJECT_TASK, "audit");
    judge(maker, 1, PENDING | LOST | UNSETTLED);
    task(maker, 2);
    judge(maker, 2, PENDING | LOST | UNSETTLED | LEASH_FACT_DAEMON);
    expect(
        maker, LEAKS,
        "unreferenced|error|pending-at-exit|task|1|audit|src/app.c|11|app|leash_coro(worker, NULL)|1000000000|no live "
        "reference found, never ran|");
}

/* Nothing was judged: the program runs, or it crashed. */
static void a_task_that_scans_do_not_find(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    for (uint64_t id = 1; id <= 6; id++) {
        task(maker, id);
        AT(2000000000 + id, LOST, 0, id, 1);
    }
    AT(3000000000, HELD, 0, 2, 2);
    AT(3000000000, HELD, 0, 3, 2);
    AT(4000000000, LOST, 0, 3, 3);
    PUT(CLAIM, 0, 4, LEASH_CLAIM_DETACH, LEASH_SUBJECT_TASK);
    AT(5000000000, DONE, 0, 5, 0);
    AT(5000000000, CANCELLED, 0, 6, 0);
    expect(maker, "SELECT class, subject_id, also, detail FROM leak",
           "unreferenced|1||no live reference found since +2.000s\n"
           "unreferenced|3||no live reference found since +4.000s");
}

static void a_task_that_something_holds_is_not_unreferenced(void **state)
{
    (void)state;
    const unsigned held[] = {PENDING | UNSETTLED, PENDING | LOST, PENDING | LOST | UNSETTLED | LEASH_FACT_WAITED,
                             PENDING | LOST | UNSETTLED | LEASH_FACT_CALLBACK};
    struct spool_maker *maker = new_spool();
    for (uint64_t i = 0; i < 4; i++) {
        task(maker, i + 1);
        judge(maker, i + 1, held[i]);
    }
    expect(maker, "SELECT DISTINCT class FROM leak", "pending-at-exit");
}

static void a_failure_never_retrieved(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    STRING(FAILURE, 1, 1, LEASH_SUBJECT_TASK, "connection reset");
    AT(2000000000, FAILED, 0, 1, EIO);
    judge(maker, 1, LEASH_FACT_UNRETRIEVED | UNSETTLED);
    task(maker, 2);
    AT(2000000000, FAILED, 0, 2, EIO);
    judge(maker, 2, UNSETTLED);
    PUT(FUTURE, 2, 1, 0, 0);
    AT(2000000000, FUTURE_FAILED, 0, 1, 9999);
    PUT(JUDGED, 0, 1, LEASH_SUBJECT_FUTURE, LEASH_FACT_UNRETRIEVED);
    expect(maker, LEAKS " ORDER BY subject_kind DESC",
           "never-retrieved|error||task|1|worker|src/app.c|11|app|leash_coro(worker, NULL)|2000000000|EIO: connection "
           "reset|-5\n"
           "never-retrieved|error||future|1|leash_coro(worker, NULL)|src/app.c|11|app|leash_coro(worker, "
           "NULL)|2000000000|error 9999|-9999");
}

static void a_failure_hidden(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    STRING(FAILURE, 1, 1, LEASH_SUBJECT_TASK, "second broke");
    AT(2000000000, FAILED, 0, 1, EIO);
    judge(maker, 1, LEASH_FACT_HIDDEN);
    task(maker, 2);
    AT(2000000000, FAILED, 0, 2, EIO);
    judge(maker, 2, LEASH_FACT_DETACHED);
    PUT(FUTURE, 2, 1, 0, 0);
    AT(2000000000, FUTURE_FAILED, 0, 1, EPIPE);
    PUT(JUDGED, 0, 1, LEASH_SUBJECT_FUTURE, LEASH_FACT_HIDDEN);
    expect(maker, "SELECT class, severity, subject_kind, subject_id, detail FROM leak ORDER BY subject_kind DESC",
           "failure-hidden|warning|task|1|EIO: second broke\nfailure-hidden|warning|future|1|EPIPE");
}

static void a_task_never_joined(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    for (uint64_t id = 1; id <= 4; id++)
        task(maker, id);
    AT(1500000000, LOST, 0, 2, 1);
    for (uint64_t id = 1; id <= 3; id++)
        AT(2000000000, DONE, 0, id, 0);
    AT(2000000000, CANCELLED, 0, 4, 0);
    judge(maker, 1, UNSETTLED);
    judge(maker, 2, UNSETTLED | LEASH_FACT_LOST_EARLIER);
    judge(maker, 3, UNSETTLED | LEASH_FACT_DETACHED);
    judge(maker, 4, UNSETTLED);
    expect(
        maker, "SELECT class, severity, subject_id, detail FROM leak",
        "never-joined|warning|1|finished at +2.000s\nnever-joined|warning|2|lost since +1.500s, finished at +2.000s");
}

static void a_task_cancelled_and_not_awaited(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    for (uint64_t id = 1; id <= 4; id++)
        task(maker, id);
    AT(1000000000, AWAIT_SLEEP, 2, 1, 2500000);
    judge(maker, 1, PENDING | LEASH_FACT_CANCELLED);
    AT(1000000000, CANCELLED, 0, 1, 0);
    judge(maker, 2, PENDING | LEASH_FACT_CANCELLED | LEASH_FACT_DAEMON);
    judge(maker, 3, PENDING | LEASH_FACT_CANCELLED | LOST | UNSETTLED);
    AT(1500000000, CANCELLED, 0, 4, 0); /* in time */
    judge(maker, 4, UNSETTLED);
    expect(maker, "SELECT class, severity, also, subject_id, detail FROM leak ORDER BY subject_id",
           "cancelled-not-awaited|warning||1|cancelled, slept for 2.500s\n"
           "unreferenced|error|cancelled-not-awaited|3|no live reference found, waited for nothing known");
}

static void object(struct spool_maker *maker, uint64_t id, uint64_t kind, const char *name, unsigned facts)
{
    PUT(OBJECT, 2, id, kind, 0);
    STRING(NAME, 0, id, LEASH_SUBJECT_OBJECT, name);
    if (facts)
        PUT(JUDGED, 0, id, LEASH_SUBJECT_OBJECT, facts);
}

static void a_lock_still_held(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    object(maker, 1, LEASH_OBJECT_LOCK, "jobs", 0);
    object(maker, 2, LEASH_OBJECT_SEMAPHORE, "places", 0);
    object(maker, 3, LEASH_OBJECT_LOCK, "log", 0);
    for (uint64_t id = 1; id <= 3; id++) {
        task(maker, id);
        AT(1000000000, ACQUIRED, 2, id, 2);
    }
    AT(1500000000, ACQUIRED, 2, 1, 3); /* and gives it back */
    AT(1600000000, RELEASED, 2, 1, 3);
    AT(1700000000, ACQUIRED, 2, 1, 1);
    AT(1800000000, ACQUIRED, 2, 1, 3);
    judge(maker, 2, LEASH_FACT_DETACHED);
    for (uint64_t id = 1; id <= 3; id++)
        AT(2000000000, DONE, 0, id, 0);
    judge(maker, 1, LEASH_FACT_HOLDS);
    judge(maker, 3, LEASH_FACT_HOLDS | UNSETTLED); /* the holds found no memory */
    expect(maker, "SELECT class, severity, also, subject_kind, subject_id, at_ns, detail FROM leak",
           "lock-held|error||task|1|2000000000|held lock 1 \"jobs\" since +1.700s, acquired at src/app.c:11\n"
           "lock-held|error|never-joined|task|3|2000000000|held a lock");
}

static void a_semaphore_short(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    object(maker, 1, LEASH_OBJECT_SEMAPHORE, "places", LEASH_FACT_SHORT);
    PUT(LIMIT, 0, 1, 3, 0);
    object(maker, 2, LEASH_OBJECT_SEMAPHORE, "whole", 0);
    expect(maker, LEAKS,
           "lock-held|warning||object|1|places|src/app.c|11|app|leash_coro(worker, NULL)||began with 3 and ended with "
           "less|");
}

static void a_generator_left_open(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    object(maker, 1, LEASH_OBJECT_GENERATOR, "numbers", LEASH_FACT_LEFT_OPEN);
    object(maker, 2, LEASH_OBJECT_GENERATOR, "closed", 0);
    object(maker, 3, LEASH_OBJECT_DESCRIPTOR, "socket", LEASH_FACT_LEFT_OPEN);
    expect(maker, LEAKS,
           "generator-left-open|warning||object|1|numbers|src/app.c|11|app|leash_coro(worker, NULL)|1000000000|neither "
           "exhausted nor closed|");
}

static void a_queue_with_items(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    object(maker, 1, LEASH_OBJECT_QUEUE, "orders", LEASH_FACT_ITEMS_LEFT);
    AT(3000000000, OBJECT_DONE, 0, 1, 0);
    object(maker, 2, LEASH_OBJECT_QUEUE, "empty", 0);
    expect(maker, LEAKS,
           "items-left|warning||object|1|orders|src/app.c|11|app|leash_coro(worker, NULL)|3000000000|items that nobody "
           "took, or a task_done that is owed|0");
}

/* A task that makes a coroutine and awaits it inline, which sleeps for so long. */
static void turn(struct spool_maker *maker, uint64_t *now, uint64_t task, uint64_t coro, uint64_t argument, uint64_t ms)
{
    PUT(CORO, 1, coro, task, argument);
    AT(*now, AWAIT_CORO, 2, task, coro);
    AT(*now, AWAIT_SLEEP, 2, task, ms * 1000);
    *now += ms * 1000000;
    AT(*now, WAKE, 0, task, 0);
    AT(*now, RETURN, 0, coro, 0);
}

static void coroutines_awaited_in_turn(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    uint64_t now = 1000000000;
    task(maker, 1);
    turn(maker, &now, 1, 11, 0x10, 500); /* three in turn */
    turn(maker, &now, 1, 12, 0x20, 2000);
    turn(maker, &now, 1, 13, 0x30, 1000);
    AT(now, AWAIT_SLEEP, 2, 1, 1);
    AT(now, WAKE, 0, 1, 0);
    turn(maker, &now, 1, 14, 0x40, 100); /* after another wait: two */
    turn(maker, &now, 1, 15, 0, 100);
    expect(
        maker, "SELECT class, severity, subject_kind, subject_id, name, file, line, at_ns, detail FROM leak",
        "serial-awaits|warning|coro|11|worker|src/app.c|10|1000000000|3 in turn took 3.500s, 1.500s more than side by "
        "side\n"
        "serial-awaits|warning|coro|14|worker|src/app.c|10|4500000000|2 in turn took 0.200s, 0.100s more than side by "
        "side");
}

static void turns_of_inner_bodies(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    uint64_t now = 1000000000;
    task(maker, 1);
    PUT(CORO, 1, 10, 1, 0x1);
    AT(now, AWAIT_CORO, 2, 1, 10);
    turn(maker, &now, 1, 11, 0x10, 500);
    turn(maker, &now, 1, 12, 0x20, 500);
    AT(now, RETURN, 0, 10, 0);
    turn(maker, &now, 1, 13, 0x30, 500);
    expect(maker, "SELECT subject_id, detail FROM leak",
           "10|2 in turn took 1.500s, 0.500s more than side by side\n"
           "11|2 in turn took 1.000s, 0.500s more than side by side");
}

static void coroutines_that_had_to_wait_their_turn(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    uint64_t now = 1000000000;
    task(maker, 1);
    turn(maker, &now, 1, 11, 0x10, 500);
    turn(maker, &now, 1, 12, 0x10, 500); /* the same argument */
    turn(maker, &now, 1, 13, 0x20, 9);   /* too short, and between */
    turn(maker, &now, 1, 14, 0x30, 500);
    AT(now, AWAIT_SLEEP, 2, 1, 1); /* another wait */
    AT(now, WAKE, 0, 1, 0);
    turn(maker, &now, 1, 15, 0x40, 500);
    PUT(CORO, 1, 16, 1, 0x50);
    AT(now, AWAIT_CORO, 2, 1, 16);
    AT(now, AWAIT_SLEEP, 2, 1, 500000);
    AT(now + 500000000, WAKE, 0, 1, 0);
    AT(now + 500000000, RETURN, 0, 16, EIO); /* a failure */
    now += 500000000;
    turn(maker, &now, 1, 17, 0x60, 500);
    PUT(CORO, 1, 18, 1, 0x70);
    AT(now, AWAIT_CORO, 2, 1, 18);
    AT(now, AWAIT_SLEEP, 2, 1, 500000);
    AT(now + 500000000, WAKE, 0, 1, 0);
    PUT(JUDGED, 0, 18, LEASH_SUBJECT_CORO, LEASH_FACT_IN_GENERATOR);
    AT(now + 500000000, RETURN, 0, 18, 0);
    expect(maker, "SELECT count(*) FROM leak_all", "0");
}

static void calls_that_were_refused(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    task(maker, 2);
    STRING(MISUSE, 2, 1, LEASH_MISUSE_AWAITED_TWICE, "it was awaited before");
    STRING(MISUSE, 1, 1, LEASH_MISUSE_AWAITED_TWICE, "again");
    STRING(MISUSE, 2, 2, LEASH_MISUSE_INVALID, "no rule of these");
    STRING(MISUSE, 2, 0, LEASH_MISUSE_WRONG_THREAD, "it belongs to the loop of another thread");
    expect(maker, "SELECT class, severity, subject_kind, subject_id, name, line, detail FROM leak ORDER BY 1",
           "awaited-twice|warning|task|1|worker|11|2 times, first: it was awaited before\n"
           "wrong-thread|warning|unknown|1||11|it belongs to the loop of another thread");
}

/* Where it has no site it has the place where the program called. The stacks of objects are those of their making. */
static void stacks_of_calls_and_objects(void **state)
{
    (void)state;
    static const uint64_t frames[] = {1, 16, 1, 32};
    char text[512];
    struct spool_maker *maker = new_spool();
    memcpy(text, frames, sizeof(frames));
    spool_text(maker, 1, LEASH_EV_DEF_STACK, 0, 5, 2, text, sizeof(frames));
    task(maker, 1);
    PUT(STACK, 0, 1, 4, LEASH_SUBJECT_TASK);
    spool_text(maker, 1, LEASH_EV_MISUSE, 0, 1, LEASH_MISUSE_AWAITED_TWICE,
               "used\0"
               "5",
               7);
    spool_text(maker, 1, LEASH_EV_MISUSE, 0, 1, LEASH_MISUSE_AWAITED_TWICE,
               "used\0"
               "6",
               7);
    spool_text(maker, 1, LEASH_EV_MISUSE, 2, 0, LEASH_MISUSE_WRONG_THREAD,
               "not here\0"
               "5",
               11);
    object(maker, 1, LEASH_OBJECT_QUEUE, "made", LEASH_FACT_ITEMS_LEFT);
    PUT(STACK, 0, 1, 7, LEASH_SUBJECT_OBJECT);
    object(maker, 2, LEASH_OBJECT_QUEUE, "declared", LEASH_FACT_ITEMS_LEFT);
    PUT(FIRST_USE, 0, 2, 8, 0);
    object(maker, 3, LEASH_OBJECT_GENERATOR, "numbers", LEASH_FACT_LEFT_OPEN);
    PUT(STACK, 0, 3, 9, LEASH_SUBJECT_OBJECT);
    object(maker, 4, LEASH_OBJECT_SEMAPHORE, "places", LEASH_FACT_SHORT);
    PUT(STACK, 0, 4, 10, LEASH_SUBJECT_OBJECT);
    sqlite3 *db = trace_db_of(maker, "complete");
    sqlite3_exec(db, "UPDATE frame SET func = 'f' || offset, file = 'a.c', line = offset", NULL, NULL, NULL);
    trace_db_expect(db, "SELECT class, subject_id, stack_id, file, line, func FROM leak ORDER BY class, subject_id",
                    "awaited-twice|1|5|a.c|16|f16\ngenerator-left-open|3|9|src/app.c|11|app\n"
                    "items-left|1|7|src/app.c|11|app\nitems-left|2||src/app.c|11|app\n"
                    "lock-held|4|10|src/app.c|11|app\nwrong-thread|1|5|src/app.c|11|app");
    sqlite3_close(db);
    spool_maker_free(maker);
}

#define ALL "SELECT subject_id, victim_of FROM leak_all ORDER BY 1"

/* main waits for a gather of two tasks, one of which waits for a third that sleeps. */
static void stack(struct spool_maker *maker, uint64_t id, const uint64_t *frames, size_t depth)
{
    char text[512];
    memcpy(text, frames, depth * 2 * sizeof(*frames));
    spool_text(maker, 1, LEASH_EV_DEF_STACK, 0, id, depth, text, depth * 2 * sizeof(*frames));
}

/* Module 2 is a library: what the program called is named, and what called that. */
static void a_loop_blocked(void **state)
{
    (void)state;
    static const uint64_t frames[] = {2, 16, 2, 32, 1, 48, 1, 64}, own[] = {1, 80, 1, 64};
    struct spool_maker *maker = new_spool();
    stack(maker, 1, frames, 4);
    stack(maker, 2, own, 2);
    for (uint64_t id = 1; id <= 3; id++)
        task(maker, id);
    AT(1100000000, BLOCK, 0, 1, 1);
    PUT(BLOCK_OF, 0, 1, 1, 1);
    PUT(BLOCK_FOR, 0, 1, 100000, 0);
    PUT(BLOCK_LATE, 0, 1, 2, 1);
    PUT(BLOCK_LATE, 0, 1, 3, 2);
    AT(2000000000, BLOCK_END, 0, 1, 1000000);
    AT(2100000000, BLOCK, 0, 2, 1);
    PUT(BLOCK_OF, 0, 2, 2, 2);
    PUT(BLOCK_FOR, 0, 2, 150000, LEASH_BLOCK_RUNNING);
    AT(2200000000, BLOCK, 0, 3, 1);
    PUT(BLOCK_OF, 0, 3, 0, 0);
    PUT(BLOCK_FOR, 0, 3, 101000, LEASH_BLOCK_ITERATION);
    AT(2300000000, BLOCK_END, 0, 3, 200000);
    AT(2400000000, BLOCK, 0, 4, 1);
    PUT(BLOCK_OF, 0, 4, 0, 0);
    PUT(BLOCK_FOR, 0, 4, 101000, 0);
    AT(2500000000, BLOCK_END, 0, 4, 150000);
    sqlite3 *db = trace_db_of(maker, "complete");
    sqlite3_exec(db,
                 "UPDATE frame SET func = 'f' || offset, file = CASE module_id WHEN 1 THEN 'a.c' END, "
                 "line = CASE module_id WHEN 1 THEN offset END",
                 NULL, NULL, NULL);
    trace_db_expect(db, "SELECT class, severity, subject_kind, subject_id, name, line, detail FROM leak",
                    "blocked-loop|warning|task|1|worker|11|in f32, called by f48 at a.c:48, for 1.000s; late: #2 "
                    "worker, #3 worker\n"
                    "blocked-loop|warning|task|2|worker|11|computing in f80 at a.c:80, called by f64, for more than "
                    "0.150s\n"
                    "blocked-loop|warning|unknown|1|||2 times, the longest: many steps of one iteration, at last for "
                    "0.200s");
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void a_loop_that_nothing_blocked(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    AT(2000000000, DONE, 0, 1, 0);
    expect(maker, "SELECT count(*) FROM rule_blocked_loop", "0");
}

#define CHAIN                                                                                                          \
    "SELECT task_id, position, waiter_kind, waiter_id, how, target_kind, target_id, line, cycle FROM chain "           \
    "ORDER BY task_id, position"

/* 1 gathers 2 (done), 3; 3 waits for a lock that 4 holds, which sleeps. The clean-up ends the waits afterwards. */
static void a_chain_leads_to_the_root(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    for (uint64_t id = 1; id <= 4; id++)
        task(maker, id);
    PUT(OBJECT, 2, 1, LEASH_OBJECT_GATHER, 1);
    PUT(CHILD, 0, 1, 2, LEASH_SUBJECT_TASK);
    PUT(CHILD, 0, 1, 3, LEASH_SUBJECT_TASK);
    PUT(OBJECT, 2, 2, LEASH_OBJECT_LOCK, 1);
    AT(1000000001, DONE, 0, 2, 0);
    AT(1000000002, AWAIT_OBJECT, 1, 1, 1);
    AT(1000000003, ACQUIRED, 2, 4, 2);
    AT(1000000004, AWAIT_OBJECT, 2, 3, 2);
    AT(1000000005, AWAIT_SLEEP, 1, 4, 5000000);
    judge(maker, 1, PENDING);
    judge(maker, 3, PENDING);
    judge(maker, 4, PENDING);
    AT(1000000006, LOOP_MAIN_ENDED, 0, 1, 0);
    AT(1000000007, CANCELLED, 0, 3, 0);
    AT(1000000007, RELEASED, 0, 4, 2);
    AT(1000000007, CANCELLED, 0, 4, 0);
    AT(1000000007, CANCELLED, 0, 1, 0);
    expect(maker, CHAIN,
           "1|1|task|1|waits for|object|1|10|0\n1|2|object|1|is made of|task|3||0\n1|3|task|3|waits for|object|2|11|0\n"
           "1|4|object|2|is held by|task|4|11|0\n1|5|task|4|waits for|sleep||10|0\n"
           "3|1|task|3|waits for|object|2|11|0\n3|2|object|2|is held by|task|4|11|0\n3|3|task|4|waits for|sleep||10|0\n"
           "4|1|task|4|waits for|sleep||10|0");
}

static void a_chain_ends_where_it_closes(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    task(maker, 2);
    AT(1000000001, AWAIT_TASK, 1, 1, 2);
    AT(1000000001, AWAIT_TASK, 2, 2, 1);
    expect(maker, CHAIN,
           "1|1|task|1|waits for|task|2|10|0\n1|2|task|2|waits for|task|1|11|1\n"
           "2|1|task|2|waits for|task|1|11|0\n2|2|task|1|waits for|task|2|10|1");
}

static void victims_are_folded_into_their_root(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    for (uint64_t id = 1; id <= 4; id++)
        task(maker, id);
    PUT(OBJECT, 2, 1, LEASH_OBJECT_GATHER, 1);
    PUT(CHILD, 0, 1, 2, LEASH_SUBJECT_TASK);
    PUT(CHILD, 0, 1, 3, LEASH_SUBJECT_TASK);
    AT(1000000000, AWAIT_OBJECT, 2, 1, 1);
    AT(1000000000, AWAIT_TASK, 2, 2, 4);
    AT(1000000000, AWAIT_SLEEP, 2, 4, 1);
    AT(1000000000, DONE, 0, 3, 0);
    for (uint64_t id = 1; id <= 4; id += id == 2 ? 2 : 1)
        judge(maker, id, PENDING | (id < 4 ? LEASH_FACT_WAITED : 0));
    for (uint64_t id = 1; id <= 4; id++)
        AT(1000000000, CANCELLED, 0, id, 0);
    sqlite3 *db = trace_db_of(maker, "complete");
    trace_db_expect(db, ALL, "1|4\n2|4\n4|");
    trace_db_expect(db, "SELECT subject_id FROM leak", "4");
    trace_db_expect(db, "SELECT class, subject_id FROM finding", "pending-at-exit|4");
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void main_is_the_root_of_a_standstill(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    task(maker, 2);
    PUT(FUTURE, 2, 1, 1, 0);
    AT(1000000000, AWAIT_FUTURE, 2, 1, 1); /* main, for what nobody can set */
    AT(1000000000, AWAIT_TASK, 2, 2, 1);
    judge(maker, 1, PENDING | LEASH_FACT_WAITED);
    judge(maker, 2, PENDING);
    expect(maker, ALL, "1|\n2|1");
}

/* Two tasks hold a lock each and want the other's; a third waits behind them. */
static void lock_up(struct spool_maker *maker)
{
    for (uint64_t id = 1; id <= 3; id++)
        task(maker, id);
    PUT(OBJECT, 2, 1, LEASH_OBJECT_LOCK, 0);
    PUT(OBJECT, 2, 2, LEASH_OBJECT_LOCK, 0);
    STRING(NAME, 0, 2, LEASH_SUBJECT_OBJECT, "jobs");
    AT(1000000000, AWAIT_OBJECT, 2, 1, 2);
    AT(1000000000, AWAIT_OBJECT, 2, 2, 1);
    AT(1000000000, AWAIT_OBJECT, 2, 3, 1);
    AT(1000000001, DEADLOCK, 0, 1, LEASH_DEADLOCK_CYCLE);
    PUT(DEADLOCK_TASK, 1, 1, 1, 1);
    PUT(DEADLOCK_TASK, 2, 1, 2, 2);
}

static void tasks_that_wait_for_each_other(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    lock_up(maker);
    judge(maker, 1, PENDING);
    judge(maker, 2, PENDING | LOST | UNSETTLED);
    PUT(DEADLOCK_TASK, 0, 1, 3, 0);
    judge(maker, 3, PENDING);
    expect(maker, LEAKS,
           "deadlock|error|pending-at-exit|task|1|worker|src/app.c|11|app|leash_coro(worker, NULL)|1000000001|#1 "
           "waited for "
           "lock 2 \"jobs\" at src/app.c:11, acquired by #2 at src/app.c:11; #2 waited for lock 1 at src/app.c:11, "
           "acquired by #1 at src/app.c:10|");
}

/* Cancelled it stays one; what came out of it by itself was none. */
static void a_deadlock_that_came_to_an_end(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    lock_up(maker);
    AT(1000000002, DEADLOCK_OVER, 0, 1, LEASH_DEADLOCK_CANCELLED);
    expect(maker, "SELECT class, subject_id FROM leak", "deadlock|1");
    maker = new_spool();
    lock_up(maker);
    AT(1000000002, DEADLOCK_OVER, 0, 1, LEASH_DEADLOCK_UNDONE);
    expect(maker, "SELECT class, subject_id FROM leak", "");
}

static void a_standstill(void **state)
{
    const enum leash_deadlock kinds[] = {LEASH_DEADLOCK_STANDSTILL, LEASH_DEADLOCK_OUTSIDE};
    const char *const expected[] = {"deadlock|error|1", "deadlock|warning|1"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct spool_maker *maker = new_spool();
        task(maker, 1);
        PUT(FUTURE, 2, 1, 1, 0);
        AT(1000000000, AWAIT_FUTURE, 2, 1, 1);
        AT(1000000001, DEADLOCK, 0, 1, kinds[i]);
        PUT(DEADLOCK_TASK, 0, 1, 1, 1);
        expect(maker, "SELECT class, severity, subject_id FROM leak", expected[i]);
    }
    struct spool_maker *maker = new_spool(); /* it was woken */
    task(maker, 1);
    AT(1000000001, DEADLOCK, 0, 1, LEASH_DEADLOCK_OUTSIDE);
    PUT(DEADLOCK_TASK, 0, 1, 1, 1);
    AT(1000000002, DEADLOCK_OVER, 0, 1, LEASH_DEADLOCK_UNDONE);
    expect(maker, "SELECT class, severity, subject_id FROM leak", "");
}

static void a_cancellation_that_was_ignored(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    for (uint64_t id = 1; id <= 3; id++)
        task(maker, id);
    AT(1000000000, AWAIT_SLEEP, 2, 2, 5000000);
    AT(1000000000, AWAIT_TASK, 2, 3, 2);
    AT(1000000001, CANCEL_TASK, 1, 3, 1);
    AT(1000000001, CANCEL_AWAITED, 0, 2, 3);
    AT(1000000002, WAKE, 0, 2, ECANCELED);
    AT(1000000002, DELIVERED, 0, 2, 0);
    AT(1000000002, AWAIT_SLEEP, 2, 2, 1500000);
    AT(1000000003, WAKE, 0, 2, 0);
    AT(1000000003, DONE, 0, 2, 0);
    judge(maker, 2, LEASH_FACT_IGNORES);
    judge(maker, 3, LEASH_FACT_DETACHED);
    expect(
        maker, "SELECT class, severity, subject_id, detail FROM leak",
        "cancel-ignored|warning|2|cancelled with #3, which waited for it and was cancelled by #1 at src/app.c:10, then "
        "waited for 1.500s at src/app.c:11 and ended well");
}

static void a_circle_has_its_smallest_task_for_a_root(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    for (uint64_t id = 1; id <= 5; id++)
        task(maker, id);
    AT(1000000000, AWAIT_TASK, 2, 1, 4); /* main waits for the circle 2-3-4 */
    AT(1000000000, AWAIT_TASK, 2, 2, 3);
    AT(1000000000, AWAIT_TASK, 2, 3, 4);
    AT(1000000000, AWAIT_TASK, 2, 4, 2);
    AT(1000000000, AWAIT_TASK, 2, 5, 5); /* itself */
    for (uint64_t id = 1; id <= 5; id++)
        judge(maker, id, PENDING);
    expect(maker, ALL, "1|2\n2|\n3|2\n4|2\n5|");
}

static void an_unreferenced_task_is_no_victim(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    task(maker, 2);
    AT(1000000000, AWAIT_TASK, 2, 1, 2);
    judge(maker, 1, PENDING | LOST | UNSETTLED);
    judge(maker, 2, PENDING | LEASH_FACT_WAITED);
    expect(maker, ALL, "1|\n2|");
}

static void waiting_for_a_daemon_is_no_excuse(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    for (uint64_t id = 1; id <= 4; id++)
        task(maker, id);
    AT(1000000000, AWAIT_TASK, 2, 1, 2); /* 2 is a daemon that sleeps */
    AT(1000000000, AWAIT_SLEEP, 2, 2, 2);
    AT(1000000000, AWAIT_TASK, 2, 3, 4); /* 4 is a daemon that waits for 1 */
    AT(1000000000, AWAIT_TASK, 2, 4, 1);
    judge(maker, 1, PENDING);
    judge(maker, 2, PENDING | LEASH_FACT_DAEMON);
    judge(maker, 3, PENDING);
    judge(maker, 4, PENDING | LEASH_FACT_DAEMON);
    expect(maker, ALL, "1|\n3|1");
}

static void a_clean_run_has_no_findings(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    task(maker, 2);
    AT(2000000000, AWAIT_TASK, 2, 1, 2);
    AT(3000000000, DONE, 0, 2, 0);
    AT(3000000000, DONE, 0, 1, 0);
    expect(maker, "SELECT count(*) FROM leak_all", "0");
}

static void the_log_is_unrolled_in_order(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    task(maker, 2);
    AT(1000000001, AWAIT_TASK, 2, 1, 2);
    AT(1000000002, AWAIT_SLEEP, 2, 2, 1500);
    AT(1000000003, CANCEL_TASK, 2, 2, 1);
    AT(1000000003, WAKE, 0, 2, ECANCELED);
    AT(1000000003, DELIVERED, 0, 2, 0);
    STRING(FAILURE, 2, 2, LEASH_SUBJECT_TASK, "oh");
    AT(1000000004, FAILED, 0, 2, EIO);
    AT(1000000005, DONE, 0, 1, 0);
    AT(1000000006, LOOP_MAIN_ENDED, 0, 1, 0);
    AT(1000000007, LOOP_END, 0, 1, LEASH_LOOP_COMPLETE);
    expect(maker, "SELECT at_ns - 1000000000, kind, subject_id, by_task, what FROM event",
           "0|loop-begin|1||thread 1, main is task 1\n0|task-created|1||worker\n0|task-created|2||worker\n"
           "0|task-began|1|1|loop 1, thread 1\n0|task-began|2|2|loop 1, thread 1\n1|await|1|1|task 2\n"
           "2|await|2|2|sleep 0.001500s\n3|cancel|2|1|program\n3|cancel-delivered|2|2|program\n3|wake|2|2|code -125\n"
           "4|task-failed|2|2|EIO: oh\n4|wake|1|1|task 2 is over\n5|task-done|1|1|code 0\n6|main-ended|1|1|code 0\n"
           "7|loop-end|1||complete");
}

static void rules_tell_what_they_are(void **state)
{
    (void)state;
    assert_int_equal(leash_rules_count, 18);
    for (size_t i = 0; i < leash_rules_count; i++) {
        const struct leash_rule *rule = &leash_rules[i];
        assert_true(!strcmp(rule->severity, "error") || !strcmp(rule->severity, "warning"));
        assert_true(strlen(rule->title) > 10 && strlen(rule->hint) > 10);
        assert_memory_equal(rule->sql, "SELECT ", 7);
    }
    assert_int_equal(strlen(leash_rules_version), 12);
}

static void views_beside_those_of_the_trace(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    judge(maker, 1, PENDING);
    sqlite3 *db = trace_db_of(maker, "complete");
    assert_int_equal(sqlite3_exec(db, "DROP VIEW leak; PRAGMA trusted_schema = OFF", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(leash_rules_install(db, true), 0);
    assert_int_equal(leash_rules_install(db, true), 0);
    trace_db_expect(db, "SELECT class FROM leak", "pending-at-exit");
    trace_db_expect(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'leak'", "0");
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void rules_use_partial_indexes(void **state)
{
    (void)state;
    struct spool_maker *maker = new_spool();
    task(maker, 1);
    sqlite3 *db = trace_db_of(maker, "complete");
    static const char *const views[] = {
        "rule_unreferenced",          "rule_pending_at_exit",     "rule_never_retrieved",
        "rule_never_joined",          "rule_never_awaited",       "rule_lock_held",
        "rule_semaphore_short",       "rule_generator_left_open", "rule_items_left",
        "rule_cancelled_not_awaited", "rule_serial_awaits",       "rule_failure_hidden"};
    for (size_t i = 0; i < sizeof(views) / sizeof(*views); i++) {
        char sql[100];
        snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN SELECT * FROM %s", views[i]);
        char *plan = trace_db_text(db, sql);
        if (!strstr(plan, "USING INDEX task_") && !strstr(plan, "USING INDEX coro_") &&
            !strstr(plan, "USING INDEX object_"))
            fail_msg("%s:\n%s", views[i], plan);
        free(plan);
    }
    sqlite3_close(db);
    spool_maker_free(maker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_coroutine_never_awaited),
        cmocka_unit_test(a_task_pending_at_exit),
        cmocka_unit_test(a_task_unreferenced),
        cmocka_unit_test(a_task_that_scans_do_not_find),
        cmocka_unit_test(a_task_that_something_holds_is_not_unreferenced),
        cmocka_unit_test(a_failure_never_retrieved),
        cmocka_unit_test(a_failure_hidden),
        cmocka_unit_test(a_task_never_joined),
        cmocka_unit_test(a_task_cancelled_and_not_awaited),
        cmocka_unit_test(a_lock_still_held),
        cmocka_unit_test(a_semaphore_short),
        cmocka_unit_test(a_generator_left_open),
        cmocka_unit_test(a_queue_with_items),
        cmocka_unit_test(calls_that_were_refused),
        cmocka_unit_test(stacks_of_calls_and_objects),
        cmocka_unit_test(coroutines_awaited_in_turn),
        cmocka_unit_test(turns_of_inner_bodies),
        cmocka_unit_test(coroutines_that_had_to_wait_their_turn),
        cmocka_unit_test(a_loop_blocked),
        cmocka_unit_test(a_loop_that_nothing_blocked),
        cmocka_unit_test(a_chain_leads_to_the_root),
        cmocka_unit_test(a_chain_ends_where_it_closes),
        cmocka_unit_test(victims_are_folded_into_their_root),
        cmocka_unit_test(main_is_the_root_of_a_standstill),
        cmocka_unit_test(tasks_that_wait_for_each_other),
        cmocka_unit_test(a_deadlock_that_came_to_an_end),
        cmocka_unit_test(a_standstill),
        cmocka_unit_test(a_cancellation_that_was_ignored),
        cmocka_unit_test(a_circle_has_its_smallest_task_for_a_root),
        cmocka_unit_test(an_unreferenced_task_is_no_victim),
        cmocka_unit_test(waiting_for_a_daemon_is_no_excuse),
        cmocka_unit_test(a_clean_run_has_no_findings),
        cmocka_unit_test(the_log_is_unrolled_in_order),
        cmocka_unit_test(rules_tell_what_they_are),
        cmocka_unit_test(views_beside_those_of_the_trace),
        cmocka_unit_test(rules_use_partial_indexes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
