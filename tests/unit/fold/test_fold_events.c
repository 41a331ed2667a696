/* What each event does to the rows. */
#include "test.h"
#include "trace_db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct spool {
    struct spool_maker *maker;
    sqlite3 *db;
};

static int setup(void **state)
{
    struct spool *spool = calloc(1, sizeof(*spool));
    spool->maker = spool_maker_new(8, 512);
    *state = spool;
    return spool ? 0 : -1;
}

static int teardown(void **state)
{
    struct spool *spool = *state;
    sqlite3_close(spool->db);
    spool_maker_free(spool->maker);
    free(spool);
    return 0;
}

#define PUT(kind, ...)     spool_put(spool->maker, 1, LEASH_EV_##kind, __VA_ARGS__)
#define AT(now, kind, ...) spool_at(spool->maker, 1, now, LEASH_EV_##kind, __VA_ARGS__)
#define STRING(kind, ...)  spool_string(spool->maker, 1, LEASH_EV_##kind, __VA_ARGS__)
#define EXPECT(sql, text)  trace_db_expect(spool->db, sql, text)
#define FOLD()             (sqlite3_close(spool->db), spool->db = trace_db_of(spool->maker, NULL)) /* anew */

static void definitions_fill_their_tables(void **state)
{
    struct spool *spool = *state;
    const uint64_t frames[] = {1, 0x1234, 2, 0x10};
    spool_site(spool->maker, 1, 7, "src/a.c", 12, "main", "fetch");
    spool_text(spool->maker, 1, LEASH_EV_DEF_MODULE, 0, 1, 4096,
               "/bin/app\0abcdef\0"
               "7f0000001000",
               16 + 12);
    STRING(DEF_THREAD, 0, 1, 4712, "main");
    spool_text(spool->maker, 1, LEASH_EV_DEF_STACK, 0, 3, 2, frames, sizeof(frames));
    FOLD();
    EXPECT("SELECT * FROM site", "7|src/a.c|12|main|fetch");
    EXPECT("SELECT * FROM module", "1|/bin/app|abcdef|139637976731648|4096");
    EXPECT("SELECT * FROM thread", "1|4712|main");
    EXPECT("SELECT * FROM stack", "3|2");
    EXPECT("SELECT position, module_id, offset FROM stack_frame JOIN frame ON frame.id = frame_id", "0|1|4660\n1|2|16");
}

static void a_task_that_is_awaited(void **state)
{
    struct spool *spool = *state;
    AT(100, LOOP_BEGIN, 9, 1, 1);
    PUT(CORO, 5, 10, 1, 0xdead);
    PUT(TASK, 6, 2, 10, 1);
    STRING(NAME, 0, 2, LEASH_SUBJECT_TASK, "worker");
    AT(200, AWAIT_TASK, 7, 1, 2);
    PUT(START, 0, 2, 1, 0);
    AT(350, DONE, 0, 2, 4);
    FOLD();
    EXPECT("SELECT coro_id, name, site_id, coro_site_id, creator_task_id, loop_id, thread_id, argument, created_ns, "
           "began_ns, ended_ns, state, code FROM task WHERE id = 2",
           "10|worker|6|5|1|1|1|57005|100|200|350|done|4");
    EXPECT("SELECT * FROM await", "1|1||task|2||7|200|350|");
    EXPECT("SELECT count(*) FROM coro", "0");
    EXPECT("SELECT id, state, task_id, site_id FROM coroutine", "10|task|2|5");
    EXPECT("SELECT state FROM task WHERE id = 1", "pending");
    EXPECT("SELECT tasks, pending, life_ns, max_life_ns FROM site_stat WHERE site_id = 6", "1|0|250|250");
    EXPECT("SELECT awaits, wait_ns FROM site_stat WHERE site_id = 7", "1|150");
    EXPECT("SELECT coros FROM site_stat WHERE site_id = 5", "1");
    EXPECT("SELECT kind, rank, task_id, value FROM top_task ORDER BY kind", "life|1|2|250\nwait|1|1|150");
    EXPECT("SELECT value FROM total WHERE key = 'events'", "7");
}

static void inline_bodies_nest(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 1, 0, 0);
    PUT(CORO, 5, 10, 1, 0);
    AT(100, AWAIT_CORO, 8, 1, 10);
    PUT(CORO, 5, 11, 1, 0);
    AT(110, AWAIT_CORO, 9, 1, 11);
    AT(120, AWAIT_SLEEP, 7, 1, 50);
    AT(170, WAKE, 0, 1, 0);
    STRING(FAILURE, 3, 11, LEASH_SUBJECT_CORO, "no route");
    AT(180, RETURN, 0, 11, EIO);
    AT(185, AWAIT_SLEEP, 7, 1, 0);
    AT(190, WAKE, 0, 1, ECANCELED);
    AT(200, RETURN, 0, 10, ECANCELED);
    AT(201, AWAIT_SLEEP, 7, 1, 1);
    FOLD();
    EXPECT("SELECT id, state, awaiter_task_id, parent_coro_id, await_site_id, began_ns, ended_ns, code FROM coro",
           "10|cancelled|1||8|100|200|-125\n11|failed|1|10|9|110|180|-5");
    EXPECT("SELECT coro_id, target_kind, target_id, sleep_us, began_ns, ended_ns, code FROM await",
           "11|sleep||50|120|170|0\n10|sleep||0|185|190|-125\n|sleep||1|201||");
    EXPECT("SELECT subject_kind, subject_id, code, message, site_id, at_ns FROM failure", "coro|11|-5|no route|3|170");
}

static void the_end_of_a_task_ends_what_it_did(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 1, 0, 0);
    PUT(CORO, 5, 10, 1, 0);
    AT(100, AWAIT_CORO, 8, 1, 10);
    AT(120, AWAIT_SLEEP, 7, 1, 50);
    AT(130, RESUME, 0, 1, 0);
    AT(140, CANCELLED, 0, 1, 0);
    AT(150, SUSPEND, 0, 1, 0);
    FOLD();
    EXPECT("SELECT state, ended_ns, code, steps, run_ns FROM task", "cancelled|140|-125|1|10");
    EXPECT("SELECT state, ended_ns, code FROM coro", "cancelled|140|");
    EXPECT("SELECT ended_ns, code FROM await", "140|");
    EXPECT("SELECT task_id, began_ns, ended_ns FROM step", "1|130|140");
    EXPECT("SELECT key FROM total WHERE value = 1 AND key LIKE 'tasks%'", "tasks\ntasks_cancelled");
}

static void waiters_wake_when_what_they_wait_for_ends(void **state)
{
    struct spool *spool = *state;
    for (uint64_t id = 1; id <= 3; id++)
        PUT(TASK, 6, id, 0, 0);
    PUT(FUTURE, 4, 20, 1, 0);
    PUT(OBJECT, 4, 30, LEASH_OBJECT_GATHER, 1);
    PUT(CHILD, 0, 30, 3, LEASH_SUBJECT_TASK);
    PUT(CHILD, 0, 30, 20, LEASH_SUBJECT_FUTURE);
    AT(10, AWAIT_FUTURE, 7, 1, 20);
    AT(11, AWAIT_FUTURE, 7, 2, 20);
    AT(12, AWAIT_OBJECT, 7, 3, 30);
    AT(20, FUTURE_DONE, 0, 20, 0);
    AT(21, OBJECT_DONE, 0, 30, EIO);
    AT(30, AWAIT_FUTURE, 7, 1, 20); /* it is over already */
    FOLD();
    EXPECT("SELECT task_id, target_kind, target_id, began_ns, ended_ns, code FROM await",
           "1|future|20|10|20|\n2|future|20|11|20|\n3|object|30|12|21|\n1|future|20|30|30|");
    EXPECT("SELECT id, site_id, creator_task_id, thread_id, ended_ns, state, code FROM future", "20|4|1|1|20|done|0");
    EXPECT("SELECT id, kind, site_id, creator_task_id, ended_ns, code FROM object", "30|gather|4|1|21|-5");
    EXPECT("SELECT * FROM child", "30|0|task|3\n30|1|future|20");
}

static void what_ended_in_an_earlier_batch_is_over(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 1, 0, 0);
    PUT(TASK, 6, 2, 0, 0);
    AT(10, DONE, 0, 2, 0);
    AT(20, AWAIT_TASK, 7, 1, 2);
    AT(30, AWAIT_TASK, 7, 1, 3); /* made by a thread that was not read yet */
    spool->db = trace_db_new();
    trace_db_fold(spool->db, spool->maker, 1);
    EXPECT("SELECT target_id, began_ns, ended_ns FROM await", "2|20|20\n3|30|");
    EXPECT("SELECT id, state, created_ns FROM task WHERE id > 1", "2|done|0\n3|pending|");
}

static void futures_fail_and_are_cancelled(void **state)
{
    struct spool *spool = *state;
    PUT(FUTURE, 4, 1, 0, 0);
    PUT(FUTURE, 4, 2, 0, 0);
    STRING(NAME, 0, 2, LEASH_SUBJECT_FUTURE, "answer");
    STRING(FAILURE, 3, 1, LEASH_SUBJECT_FUTURE, "");
    AT(10, FUTURE_FAILED, 0, 1, ENOENT);
    AT(20, CANCEL_FUTURE, 8, 2, 5);
    STRING(CANCEL_MESSAGE, 0, 2, LEASH_SUBJECT_FUTURE, "enough");
    AT(20, FUTURE_CANCELLED, 0, 2, 0);
    FOLD();
    EXPECT("SELECT id, name, state, code, failure_id FROM future", "1||failed|-2|1\n2|answer|cancelled|-125|");
    EXPECT("SELECT subject_kind, subject_id, by_task_id, origin, site_id, message, at_ns FROM cancel",
           "future|2|5|program|8|enough|20");
    EXPECT("SELECT subject_kind, subject_id, code, message FROM failure", "future|1|-2|");
}

static void cancellations_are_delivered_and_taken_back(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 1, 0, 0);
    AT(10, CANCEL_TASK, 8, 1, 9);
    STRING(CANCEL_MESSAGE, 0, 1, LEASH_SUBJECT_TASK, "stop");
    AT(11, CANCEL_TIMEOUT, 0, 1, 33);
    AT(12, DELIVERED, 0, 1, 0);
    AT(13, UNCANCEL, 0, 1, 1);
    AT(20, CANCEL_CLEANUP, 0, 1, 1);
    AT(30, CANCELLED, 0, 1, 0);
    FOLD();
    EXPECT("SELECT origin, by_task_id, object_id, site_id, message, at_ns, delivered_ns, uncancelled_ns FROM cancel",
           "program|9||8|stop|10|12|\ntimeout||33|||11|12|13\ncleanup|||||20||");
}

/* Holds are found by task, and by age where one gives up for another; the object's end ends all. */
static void objects_are_held(void **state)
{
    struct spool *spool = *state;
    PUT(OBJECT, 4, 1, LEASH_OBJECT_SEMAPHORE, 0);
    PUT(LIMIT, 0, 1, 3, 0);
    STRING(NAME, 0, 1, LEASH_SUBJECT_OBJECT, "slots");
    AT(100, ACQUIRED, 5, 7, 1);
    AT(110, ACQUIRED, 6, 8, 1);
    AT(120, RELEASED, 0, 8, 1);
    AT(130, ACQUIRED, 6, 8, 1);
    AT(140, RELEASED, 0, 0, 1); /* a callback, for 7 */
    AT(150, RELEASED, 0, 8, 1);
    AT(160, RELEASED, 0, 8, 1); /* one more than was taken */
    AT(170, ACQUIRED, 5, 7, 1);
    PUT(OBJECT, 4, 2, LEASH_OBJECT_LOCK, 0);
    AT(180, ACQUIRED, 5, 7, 2);
    AT(190, OBJECT_DONE, 0, 1, 0);
    AT(200, ACQUIRED, 5, 7, 1); /* it is over: makes no sense */
    FOLD();
    EXPECT("SELECT kind, name, capacity FROM object WHERE id = 1", "semaphore|slots|3");
    EXPECT("SELECT object_id, task_id, site_id, began_ns, ended_ns FROM hold",
           "1|7|5|100|140\n1|8|6|110|120\n1|8|6|130|150\n1|7|5|170|190\n2|7|5|180|");
    EXPECT("SELECT kind, by_task FROM event WHERE at_ns = 140", "released|7");
    EXPECT("SELECT value FROM total WHERE key = 'bad_events'", "1");
}

static void objects_are_asked(void **state)
{
    struct spool *spool = *state;
    PUT(OBJECT, 4, 1, LEASH_OBJECT_EVENT, 0);
    AT(10, SET, 5, 1, 7);
    AT(20, CLEARED, 5, 1, 0);
    AT(30, NOTIFIED, 6, 2, 7);
    AT(40, PUT, 6, 3, 7);
    AT(50, GOT, 6, 3, 8);
    AT(60, SHUT, 6, 3, 8);
    PUT(JUDGED, 0, 3, LEASH_SUBJECT_OBJECT, LEASH_FACT_ITEMS_LEFT);
    FOLD();
    EXPECT("SELECT object_id, op, task_id, site_id, at_ns FROM object_op",
           "1|set|7|5|10\n1|cleared||5|20\n2|notified|7|6|30\n3|put|7|6|40\n3|got|8|6|50\n3|shut|8|6|60");
    EXPECT("SELECT facts FROM object WHERE id = 3", "8192");
    EXPECT("SELECT value FROM total WHERE key = 'object_ops'", "6");
    EXPECT("SELECT kind FROM event WHERE at_ns = 60", "shut");
}

static void tests_have_members(void **state)
{
    struct spool *spool = *state;
    AT(10, LOOP_BEGIN, 9, 1, 1);
    STRING(TEST_BEGIN, 5, 1, 0, "group");
    STRING(TEST_BEGIN, 6, 2, 1, "parses a header");
    PUT(TASK, 6, 7, 0, 0);
    PUT(TEST_MEMBER, 0, 7, 2, LEASH_SUBJECT_TASK);
    PUT(TEST_MEMBER, 0, 7, 2, LEASH_SUBJECT_CORO);
    PUT(TEST_MEMBER, 0, 7, 1, LEASH_SUBJECT_CORO); /* the first one counts */
    PUT(TEST_MEMBER, 0, 8, 2, LEASH_SUBJECT_OBJECT + 1);
    PUT(TEST_MEMBER, 0, 8, 0, LEASH_SUBJECT_TASK);
    AT(20, TEST_END, 0, 2, 3);
    AT(30, TEST_END, 0, 9, 1); /* its beginning was dropped */
    FOLD();
    EXPECT("SELECT * FROM test_scope", "1|group||1|5|10||\n2|parses a header|1|1|6|10|20|3\n9||||||30|1");
    EXPECT("SELECT * FROM test_member", "coro|7|2\ntask|7|2");
    EXPECT("SELECT value FROM total WHERE key = 'bad_events'", "2");
    EXPECT("SELECT kind, what FROM event WHERE subject_kind = 'test' AND subject_id = 2",
           "test-begin|parses a header\ntest-end|3 findings");
}

static void claims_set_flags(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 1, 0, 0);
    PUT(TASK, 6, 2, 0, 0);
    PUT(FUTURE, 6, 3, 0, 0);
    PUT(CORO, 5, 4, 1, 0);
    AT(5, WAKE, 0, 1, 0);
    PUT(CLAIM, 7, 1, LEASH_CLAIM_DETACH, LEASH_SUBJECT_TASK);
    PUT(CLAIM, 7, 2, LEASH_CLAIM_DAEMON, LEASH_SUBJECT_TASK);
    PUT(CLAIM, 7, 3, LEASH_CLAIM_DETACH, LEASH_SUBJECT_FUTURE);
    PUT(CLAIM, 7, 4, LEASH_CLAIM_CLOSED, LEASH_SUBJECT_CORO);
    PUT(CLAIM, 7, 1, LEASH_CLAIM_REF, LEASH_SUBJECT_TASK);
    FOLD();
    EXPECT("SELECT id, daemon, detached FROM task", "1|0|1\n2|1|1");
    EXPECT("SELECT detached FROM future", "1");
    EXPECT("SELECT state, ended_ns FROM coro", "closed|5");
    EXPECT("SELECT subject_kind, subject_id, op, site_id, at_ns FROM claim",
           "task|1|detach|7|5\ntask|2|daemon|7|5\nfuture|3|detach|7|5\ncoro|4|closed|7|5\ntask|1|ref|7|5");
}

static void verdicts_are_facts(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 1, 0, 0);
    PUT(FUTURE, 6, 3, 0, 0);
    PUT(CORO, 5, 4, 1, 0);
    AT(5, AWAIT_SLEEP, 7, 1, 99);
    PUT(JUDGED, 0, 1, LEASH_SUBJECT_TASK, LEASH_FACT_PENDING);
    AT(6, CANCELLED, 0, 1, 0);
    PUT(JUDGED, 0, 1, LEASH_SUBJECT_TASK, LEASH_FACT_UNSETTLED);
    PUT(JUDGED, 0, 3, LEASH_SUBJECT_FUTURE, LEASH_FACT_UNRETRIEVED);
    PUT(JUDGED, 0, 4, LEASH_SUBJECT_CORO, LEASH_FACT_NEVER_AWAITED);
    spool->db = trace_db_new();
    trace_db_fold(spool->db, spool->maker, 1);
    EXPECT("SELECT facts, exit_await_id, state, ended_ns FROM task", "65|1|cancelled|6");
    EXPECT("SELECT facts, state FROM future", "128|pending");
    EXPECT("SELECT facts, state FROM coro", "512|created");
}

static void loops_begin_and_end(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 1, 0, 0);
    AT(10, LOOP_BEGIN, 9, 1, 1);
    PUT(TASK, 6, 2, 0, 1);
    AT(20, LOOP_MAIN_ENDED, 0, 1, EIO);
    AT(30, LOOP_END, 0, 1, LEASH_LOOP_DEADLOCK);
    PUT(TASK, 6, 3, 0, 0);
    FOLD();
    EXPECT("SELECT * FROM loop", "1|1|9|1|10|20|-5|30|deadlock");
    EXPECT("SELECT id, loop_id FROM task", "1|1\n2|1\n3|");
}

static void scans_and_what_they_found(void **state)
{
    struct spool *spool = *state;
    const uint64_t numbers[] = {1000, 50};
    PUT(TASK, 6, 1, 0, 0);
    PUT(TASK, 6, 2, 0, 0);
    AT(10, SCAN, 0, 1, 2);
    AT(11, LOST, 0, 1, 1);
    AT(11, HELD, 0, 2, 1);
    spool_text(spool->maker, 1, LEASH_EV_SCAN_END, 0, 1, LEASH_SCAN_COMPLETE, numbers, sizeof(numbers));
    AT(20, SCAN, 0, 2, 2);
    AT(21, LOST, 0, 1, 2);
    PUT(KEPT, 0, 1, 2, 0);
    AT(22, HELD, 0, 2, 2);
    spool_text(spool->maker, 1, LEASH_EV_SCAN_END, 0, 2, LEASH_SCAN_THREADS, numbers, sizeof(numbers));
    FOLD();
    EXPECT("SELECT lost_ns, held_ns, keeper_task_id FROM task", "11||2\n|22|");
    AT(30, HELD, 0, 1, 3);
    AT(31, HELD, 0, 2, 3);
    FOLD();
    EXPECT("SELECT lost_ns, held_ns FROM task", "11|30\n|31");
    AT(40, LOST, 0, 1, 4); /* lost since then */
    AT(50, LOST, 0, 1, 5);
    FOLD();
    EXPECT("SELECT lost_ns, held_ns FROM task WHERE id = 1", "40|30");
    EXPECT("SELECT * FROM scan WHERE id < 3", "1|1|10|2|1|complete|1000|50|1\n2|1|20|2|0|threads|1000|50|1");
}

static void misuse_is_told(void **state)
{
    struct spool *spool = *state;
    STRING(MISUSE, 5, 0, LEASH_MISUSE_NO_LOOP, "no running event loop");
    STRING(MISUSE, 5, 3, 999, "?");
    spool_text(spool->maker, 1, LEASH_EV_MISUSE, 0, 0, LEASH_MISUSE_WRONG_THREAD,
               "not here\0"
               "1f",
               12);
    spool_text(spool->maker, 1, LEASH_EV_MISUSE, 0, 0, LEASH_MISUSE_STALE, "cut short\0", 10);
    FOLD();
    EXPECT("SELECT kind, thread_id, task_id, site_id, message, at_ns, stack_id FROM misuse",
           "no-loop|1||5|no running event loop|0|\nunknown|1|3|5|?|0|\nwrong-thread|1|||not here|0|31\n"
           "stale|1|||cut short|0|");
}

static void functions_and_stacks_of_subjects(void **state)
{
    struct spool *spool = *state;
    PUT(CORO, 5, 1, 0, 0);
    PUT(CORO_FN, 0, 1, 2, 0x40);
    PUT(STACK, 0, 1, 8, LEASH_SUBJECT_CORO);
    PUT(CORO, 5, 2, 0, 0);
    PUT(CORO_FN, 0, 2, 2, 0x40);
    PUT(STACK, 0, 2, 9, LEASH_SUBJECT_CORO);
    PUT(TASK, 6, 7, 2, 0);
    PUT(STACK, 0, 7, 10, LEASH_SUBJECT_TASK);
    PUT(FUTURE, 6, 7, 0, 0);
    PUT(STACK, 0, 7, 11, LEASH_SUBJECT_FUTURE);
    PUT(OBJECT, 6, 1, LEASH_OBJECT_GROUP, 0);
    PUT(STACK, 0, 1, 12, LEASH_SUBJECT_OBJECT);
    PUT(OBJECT, 6, 2, LEASH_OBJECT_LOCK, 0);
    PUT(FIRST_USE, 0, 2, 13, 0);
    FOLD();
    EXPECT("SELECT function_frame_id, stack_id FROM coro", "1|8");
    EXPECT("SELECT function_frame_id, stack_id FROM task", "1|10");
    EXPECT("SELECT stack_id FROM future", "11");
    EXPECT("SELECT kind, stack_id, first_use_stack_id FROM object", "group|12|\nlock||13");
    EXPECT("SELECT id, module_id, offset FROM frame", "1|2|64");
}

static void a_coroutine_made_by_a_thread_that_is_read_later(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 1, 10, 0);
    PUT(TASK, 6, 2, 0, 0);
    AT(50, AWAIT_CORO, 8, 2, 11);
    AT(60, RETURN, 0, 11, 0);
    AT(70, DONE, 0, 1, 0);
    spool_put(spool->maker, 2, LEASH_EV_CORO, 5, 10, 0, 0xbeef);
    spool_put(spool->maker, 2, LEASH_EV_CORO, 5, 11, 0, 0xcafe);
    for (size_t batch = 0; batch <= 1; batch++) {
        spool->db = trace_db_new();
        trace_db_fold(spool->db, spool->maker, batch);
        EXPECT("SELECT coro_id, coro_site_id, argument, state, ended_ns FROM task WHERE id = 1", "10|5|48879|done|70");
        EXPECT("SELECT id, site_id, argument, state, began_ns, ended_ns FROM coro", "11|5|51966|done|50|60");
        sqlite3_close(spool->db);
        spool->db = NULL;
    }
}

static void where_tasks_stood(void **state)
{
    struct spool *spool = *state;
    PUT(TASK, 6, 7, 2, 0);
    PUT(JUDGED, 0, 7, LEASH_SUBJECT_TASK, LEASH_FACT_PENDING);
    PUT(STOOD, 0, 7, 3, 0);
    FOLD();
    EXPECT("SELECT id, exit_stack_id, stack_id FROM task", "7|3|");
}

/* The watchdog's thread, 2, and the loop's: whichever is read first, and in however many batches. */
static void a_loop_that_was_blocked(void **state)
{
    (void)state;
    for (unsigned watchdog = 1; watchdog <= 2; watchdog++) {
        for (size_t batch = 0; batch <= 1; batch++) {
            struct spool_maker *maker = spool_maker_new(4, 600);
            spool_at(maker, watchdog, 100, LEASH_EV_BLOCK, 0, 1, 4);
            spool_put(maker, watchdog, LEASH_EV_BLOCK_OF, 0, 1, 7, 9);
            spool_put(maker, watchdog, LEASH_EV_BLOCK_FOR, 0, 1, 110, LEASH_BLOCK_ITERATION | LEASH_BLOCK_RUNNING);
            spool_put(maker, 3 - watchdog, LEASH_EV_BLOCK_LATE, 0, 1, 5, 1);
            spool_put(maker, 3 - watchdog, LEASH_EV_BLOCK_LATE, 0, 1, 6, 2);
            spool_put(maker, 3 - watchdog, LEASH_EV_BLOCK_LATE, 0, 1, 0, 12);
            spool_at(maker, 3 - watchdog, 300, LEASH_EV_BLOCK_END, 0, 1, 500);
            sqlite3 *db = trace_db_new();
            trace_db_fold(db, maker, batch);
            trace_db_expect(db, "SELECT * FROM block", "1|4|7|iteration|running|9|100|300|500|12");
            trace_db_expect(db, "SELECT * FROM late", "1|5\n1|6");
            sqlite3_close(db);
            spool_maker_free(maker);
        }
    }
}

static void a_loop_that_is_blocked_for_good(void **state)
{
    struct spool *spool = *state;
    AT(100, BLOCK, 0, 1, 4);
    PUT(BLOCK_OF, 0, 1, 0, 0);
    PUT(BLOCK_FOR, 0, 1, 110, 0);
    FOLD();
    EXPECT("SELECT * FROM block", "1|4||step|waiting||100||110|0");
}

static void times_without_a_clock_are_the_threads_last(void **state)
{
    struct spool *spool = *state;
    AT(1000, LOOP_BEGIN, 0, 1, 1);
    PUT(TASK, 6, 1, 0, 0);
    AT(500, DONE, 0, 1, 0); /* time never goes back */
    AT(1500, WAKE, 0, 1, 0);
    spool_close(spool->maker, 1);
    PUT(TASK, 6, 2, 0, 0); /* first_ns of the new segment */
    spool_put(spool->maker, 2, LEASH_EV_TASK, 6, 3, 0, 0);
    FOLD();
    EXPECT("SELECT id, created_ns, ended_ns FROM task", "1|1000|1000\n2|1500|\n3|0|");
    EXPECT("SELECT * FROM drain", "1|2|1|1500\n2|1|1|0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(definitions_fill_their_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(a_task_that_is_awaited, setup, teardown),
        cmocka_unit_test_setup_teardown(inline_bodies_nest, setup, teardown),
        cmocka_unit_test_setup_teardown(the_end_of_a_task_ends_what_it_did, setup, teardown),
        cmocka_unit_test_setup_teardown(waiters_wake_when_what_they_wait_for_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(what_ended_in_an_earlier_batch_is_over, setup, teardown),
        cmocka_unit_test_setup_teardown(futures_fail_and_are_cancelled, setup, teardown),
        cmocka_unit_test_setup_teardown(cancellations_are_delivered_and_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(tests_have_members, setup, teardown),
        cmocka_unit_test_setup_teardown(claims_set_flags, setup, teardown),
        cmocka_unit_test_setup_teardown(objects_are_held, setup, teardown),
        cmocka_unit_test_setup_teardown(objects_are_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(verdicts_are_facts, setup, teardown),
        cmocka_unit_test_setup_teardown(loops_begin_and_end, setup, teardown),
        cmocka_unit_test_setup_teardown(scans_and_what_they_found, setup, teardown),
        cmocka_unit_test_setup_teardown(misuse_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(functions_and_stacks_of_subjects, setup, teardown),
        cmocka_unit_test_setup_teardown(a_coroutine_made_by_a_thread_that_is_read_later, setup, teardown),
        cmocka_unit_test_setup_teardown(where_tasks_stood, setup, teardown),
        cmocka_unit_test_setup_teardown(a_loop_that_was_blocked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_loop_that_is_blocked_for_good, setup, teardown),
        cmocka_unit_test_setup_teardown(times_without_a_clock_are_the_threads_last, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
