/* Batches: wherever they are cut, whatever fails between them, the same trace comes out. */
#include "scenario.h"
#include "test.h"
#include "trace_db.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct spool_maker *all_kinds(void)
{
    struct spool_maker *maker = spool_maker_new(8, 600);
    scenario_all_kinds(maker);
    return maker;
}

static void assert_dump(sqlite3 *db, const char *expected)
{
    char *dump = trace_db_dump(db);
    assert_string_equal(dump, expected);
    free(dump);
}

static char *dump_in_one_batch(const struct spool_maker *maker)
{
    sqlite3 *db = trace_db_new();
    trace_db_fold(db, maker, 0);
    char *dump = trace_db_dump(db);
    sqlite3_close(db);
    return dump;
}

static void every_kind_occurs_in_the_scenario(void **state)
{
    (void)state;
    struct spool_maker *maker = all_kinds();
    bool seen[LEASH_EV_COUNT] = {[LEASH_EV_NONE] = true, [LEASH_EV_PAD] = true};
    for (uint32_t slot = 0; slot < spool_slots_count(maker); slot++)
        seen[spool_slots(maker, 0)[slot * 3] >> 32 & 0xff] = true;
    for (unsigned kind = 0; kind < LEASH_EV_COUNT; kind++)
        if (!seen[kind])
            fail_msg("no event of kind %u", kind);
    sqlite3 *db = trace_db_new();
    trace_db_fold(db, maker, 0);
    trace_db_expect(db, "SELECT key, value FROM total WHERE key LIKE 'bad%'",
                    "bad_events|0\nbad_segments|0\nbad_slots|0");
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void batches_of_any_size(void **state)
{
    (void)state;
    struct spool_maker *maker = all_kinds();
    char *expected = dump_in_one_batch(maker);
    for (size_t size = 1; size < 40; size++) {
        sqlite3 *db = trace_db_new();
        trace_db_fold(db, maker, size);
        assert_dump(db, expected);
        sqlite3_close(db);
    }
    free(expected);
    spool_maker_free(maker);
}

static int64_t batch(struct leash_fold *fold, const struct spool_maker *maker, bool final, size_t max)
{
    return leash_fold_batch(fold, maker->map, maker->size, final, NULL, max);
}

/* Sets the generation of all slots from `slot` on in segment 0: 0 hides what is not written yet. */
static void stamp_from(const struct spool_maker *maker, uint32_t slot, uint64_t generation)
{
    uint64_t *slots = spool_slots(maker, 0);
    for (; slot < spool_slots_count(maker); slot++)
        if (slots[slot * 3] >> 32 & 0xff)
            slots[slot * 3] = (slots[slot * 3] & 0xffffffffffull) | generation << 40;
}

/* The producer had got as far as some slot when the first batch was read. `reload`: by another fold. */
static void cut_everywhere(bool reload)
{
    struct spool_maker *maker = all_kinds();
    char *expected = dump_in_one_batch(maker);
    const uint32_t slots = (uint32_t)(maker->threads[1].at - spool_slots(maker, 0)) / 3;
    for (uint32_t cut = 0; cut <= slots; cut++) {
        sqlite3 *db = trace_db_new();
        struct leash_fold *fold;
        assert_int_equal(leash_fold_new(db, &fold), 0);
        stamp_from(maker, cut, 0);
        assert_true(batch(fold, maker, false, 0) >= 0);
        stamp_from(maker, cut, 1);
        if (reload) {
            leash_fold_free(fold);
            assert_int_equal(leash_fold_new(db, &fold), 0);
        }
        assert_true(batch(fold, maker, true, 0) >= 0);
        assert_int_equal(batch(fold, maker, true, 0), 0);
        leash_fold_free(fold);
        assert_dump(db, expected);
        sqlite3_close(db);
    }
    free(expected);
    spool_maker_free(maker);
}

static void cut_at_every_slot(void **state)
{
    (void)state;
    cut_everywhere(false);
}

static void cut_at_every_slot_and_reloaded(void **state)
{
    (void)state;
    cut_everywhere(true);
}

static void reloaded_after_every_event(void **state)
{
    (void)state;
    struct spool_maker *maker = all_kinds();
    scenario_many(maker, 1, 100, 60);
    char *expected = dump_in_one_batch(maker);
    sqlite3 *db = trace_db_new();
    for (int64_t taken = 1; taken > 0;) {
        struct leash_fold *fold;
        assert_int_equal(leash_fold_new(db, &fold), 0);
        taken = batch(fold, maker, true, 1);
        assert_true(taken >= 0);
        leash_fold_free(fold);
    }
    assert_dump(db, expected);
    sqlite3_close(db);
    free(expected);
    spool_maker_free(maker);
}

/* Ids of awaits and the like depend on which thread is read first; all else must not. */
static char *dump_without_numbers(sqlite3 *db)
{
    return trace_db_text(db, "SELECT 'task', id, site_id, began_ns, ended_ns, state FROM task UNION ALL "
                             "SELECT 'await', task_id, site_id, began_ns, ended_ns, target_id FROM await UNION ALL "
                             "SELECT 'stat', site_id, tasks, wait_ns, life_ns, pending FROM site_stat UNION ALL "
                             "SELECT 'drain', thread_id, sequence, slot, last_ns, 0 FROM drain ORDER BY 1, 2, 3, 4, 5");
}

static void threads_in_any_order(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(40, 40);
    for (uint32_t thread = 1; thread <= 3; thread++)
        scenario_many(maker, thread, thread * 1000, 60);
    sqlite3 *one = trace_db_new();
    trace_db_fold(one, maker, 0);
    char *expected = dump_without_numbers(one);
    for (size_t size = 1; size < 100; size += 13) {
        sqlite3 *db = trace_db_new();
        trace_db_fold(db, maker, size);
        char *dump = dump_without_numbers(db);
        assert_string_equal(dump, expected);
        free(dump);
        sqlite3_close(db);
    }
    free(expected);
    sqlite3_close(one);
    spool_maker_free(maker);
}

static void a_full_batch_lets_the_next_thread_go_first(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(4, 100);
    scenario_many(maker, 1, 1, 10);
    scenario_many(maker, 2, 100, 10);
    sqlite3 *db = trace_db_new();
    struct leash_fold *fold;
    assert_int_equal(leash_fold_new(db, &fold), 0);
    assert_int_equal(batch(fold, maker, false, 5), 5);
    assert_int_equal(batch(fold, maker, false, 5), 5);
    trace_db_expect(db, "SELECT thread_id, slot FROM drain", "1|5\n2|5");
    leash_fold_free(fold);
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void segments_are_done_when_nothing_more_can_come(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(6, 4);
    unsigned char done[6] = {9, 9, 9, 9, 9, 9};
    sqlite3 *db = trace_db_new();
    struct leash_fold *fold;
    assert_int_equal(leash_fold_new(db, &fold), 0);
    spool_put(maker, 1, LEASH_EV_TASK, 0, 1, 0, 0); /* segment 0: still written to */
    spool_put(maker, 2, LEASH_EV_TASK, 0, 2, 0, 0);
    spool_close(maker, 2); /* segment 1: closed by a PAD */
    for (uint64_t id = 3; id < 7; id++)
        spool_put(maker, 3, LEASH_EV_TASK, 0, id, 0, 0); /* segment 2: full */
    spool_put(maker, 4, LEASH_EV_TASK, 0, 7, 0, 0);
    maker->threads[4].segment = NULL;
    spool_put(maker, 4, LEASH_EV_TASK, 0, 8, 0, 0); /* segment 3: its thread has a later one, 4 */
    assert_int_equal(leash_fold_batch(fold, maker->map, maker->size, false, done, 0), 8);
    assert_memory_equal(done, "\0\1\1\1\0\0", 6);
    assert_int_equal(leash_fold_batch(fold, maker->map, maker->size, true, done, 0), 0);
    assert_memory_equal(done, "\1\1\1\1\1\0", 6);
    leash_fold_free(fold);
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void a_gap_waits_for_what_is_missing(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(3, 4);
    for (uint64_t id = 1; id <= 12; id++)
        spool_put(maker, 1, LEASH_EV_TASK, 0, id, 0, 0);
    sqlite3 *db = trace_db_new();
    struct leash_fold *fold;
    assert_int_equal(leash_fold_new(db, &fold), 0);
    spool_segment(maker, 1)->generation = 0; /* not seen yet, though the one after it is */
    assert_int_equal(batch(fold, maker, false, 0), 4);
    assert_int_equal(batch(fold, maker, false, 0), 0);
    spool_segment(maker, 1)->generation = 2;
    assert_int_equal(batch(fold, maker, false, 0), 8);
    assert_int_equal(trace_db_int(db, "SELECT count(*) FROM task"), 12);
    leash_fold_free(fold);
    sqlite3_close(db);
    spool_maker_free(maker);
}

/* The database may grow by a page at a time: every write that a batch does fails once, or more often. */
static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    struct spool_maker *maker = all_kinds();
    scenario_many(maker, 1, 100, 100);
    char *expected = dump_in_one_batch(maker);
    for (int reload = 0; reload < 2; reload++) {
        sqlite3 *db = trace_db_new();
        struct leash_fold *fold;
        assert_int_equal(leash_fold_new(db, &fold), 0);
        long long pages = trace_db_int(db, "PRAGMA page_count");
        int refused = 0;
        for (int64_t taken = 1; taken != 0;) {
            char sql[64];
            snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld", pages);
            trace_db_int(db, sql);
            taken = batch(fold, maker, true, 200);
            if (taken >= 0)
                continue;
            assert_int_equal(taken, -ENOSPC);
            assert_non_null(strstr(leash_fold_error(fold), "full"));
            assert_true(sqlite3_get_autocommit(db));
            pages++;
            refused++;
            if (reload) {
                leash_fold_free(fold);
                assert_int_equal(leash_fold_new(db, &fold), 0);
            }
        }
        assert_true(refused > 3);
        leash_fold_free(fold);
        assert_dump(db, expected);
        sqlite3_close(db);
    }
    free(expected);
    spool_maker_free(maker);
}

/* Everything that can happen to a task, which then ends. */
static void whole_life(struct spool_maker *maker, uint64_t id)
{
    spool_put(maker, 1, LEASH_EV_CORO, 1, id, 0, 0);
    spool_put(maker, 1, LEASH_EV_TASK, 2, id, id * 2, 0);
    spool_string(maker, 1, LEASH_EV_NAME, 0, id, LEASH_SUBJECT_TASK, "a name");
    spool_put(maker, 1, LEASH_EV_FUTURE, 2, id, 0, 0);
    spool_put(maker, 1, LEASH_EV_OBJECT, 2, id, LEASH_OBJECT_SHIELD, 0);
    spool_put(maker, 1, LEASH_EV_CHILD, 0, id, id, LEASH_SUBJECT_FUTURE);
    spool_at(maker, 1, id, LEASH_EV_RESUME, 0, id, 0);
    spool_at(maker, 1, id, LEASH_EV_AWAIT_CORO, 3, id, id);
    spool_at(maker, 1, id, LEASH_EV_AWAIT_FUTURE, 3, id, id);
    spool_at(maker, 1, id, LEASH_EV_CANCEL_TASK, 3, id, 0);
    spool_at(maker, 1, id, LEASH_EV_CANCEL_TIMEOUT, 3, id, 0);
    spool_string(maker, 1, LEASH_EV_CANCEL_MESSAGE, 0, id, LEASH_SUBJECT_TASK, "stop");
    spool_at(maker, 1, id, LEASH_EV_DELIVERED, 3, id, 0);
    spool_string(maker, 1, LEASH_EV_FAILURE, 0, id, LEASH_SUBJECT_TASK, "a message");
    spool_at(maker, 1, id, LEASH_EV_OBJECT_DONE, 0, id, 0);
    spool_at(maker, 1, id, LEASH_EV_FUTURE_DONE, 0, id, 0);
    spool_at(maker, 1, id, LEASH_EV_FAILED, 0, id, EIO);
    spool_put(maker, 1, LEASH_EV_JUDGED, 0, id, LEASH_SUBJECT_TASK, LEASH_FACT_UNRETRIEVED);
    spool_put(maker, 1, LEASH_EV_CLAIM, 0, id, LEASH_CLAIM_REF, LEASH_SUBJECT_TASK);
    spool_put(maker, 1, LEASH_EV_CORO, 1, id * 2, 0, 0); /* that the task took, made by a thread that was read late */
}

/* Runs of rows with and without rare columns, of every table that has any; dense ids and others. */
static void rows_with_and_without_rare_columns(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(20, 2000);
    for (uint64_t i = 1; i <= 400; i++) {
        const uint64_t id = i > 300 ? i * 3 : i;
        const bool rare = i % 100 > 40 && i % 3 == 0;
        spool_put(maker, 1, LEASH_EV_FUTURE, 2, id, 0, 0);
        spool_put(maker, 1, LEASH_EV_OBJECT, 2, id, LEASH_OBJECT_LOCK, 0);
        spool_put(maker, 1, LEASH_EV_TASK, 2, id, 0, 0);
        spool_put(maker, 1, LEASH_EV_CORO, 2, id, 0, 0);
        spool_at(maker, 1, i, rare ? LEASH_EV_AWAIT_SLEEP : LEASH_EV_AWAIT_OBJECT, 2, id, id);
        for (unsigned kind = LEASH_SUBJECT_TASK; rare && kind <= LEASH_SUBJECT_OBJECT; kind++) {
            spool_string(maker, 1, LEASH_EV_NAME, 0, id, kind, "a name");
            spool_put(maker, 1, LEASH_EV_STACK, 0, id, 7, kind);
            spool_put(maker, 1, LEASH_EV_JUDGED, 0, id, kind, LEASH_FACT_UNSETTLED);
        }
    }
    for (uint64_t i = 1; i <= 400; i += 2) /* and changed later */
        spool_at(maker, 1, 1000, LEASH_EV_DONE, 0, i > 300 ? i * 3 : i, 0);
    char *expected = NULL;
    for (size_t size = 0; size <= 1024; size = size ? size * 8 : 16) {
        sqlite3 *db = trace_db_new();
        trace_db_fold(db, maker, size ? size : 5000);
        char *dump = trace_db_dump(db);
        if (expected)
            assert_string_equal(dump, expected);
        trace_db_expect(db,
                        "SELECT count(*), count(name), count(stack_id), sum(facts) FROM task UNION ALL "
                        "SELECT count(*), count(name), count(stack_id), sum(facts) FROM future UNION ALL "
                        "SELECT count(*), count(*), count(stack_id), sum(facts) FROM coro UNION ALL "
                        "SELECT count(*), count(name), 0, 0 FROM object UNION ALL "
                        "SELECT count(*), count(sleep_us), count(ended_ns), 0 FROM await",
                        "400|79|79|5056\n400|79|79|5056\n400|400|79|5056\n400|79|0|0\n400|79|200|0");
        free(expected);
        expected = dump;
        sqlite3_close(db);
    }
    free(expected);
    spool_maker_free(maker);
}

/* 0 under a sanitizer, which counts nothing. */
static size_t memory_in_use(sqlite3 *db)
{
    const size_t pages = (size_t)trace_db_int(db, "PRAGMA page_count") * 4096, all = mallinfo2().uordblks;
    return all > pages ? all - pages : 0;
}

static void what_is_over_leaves_memory(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(40, 2000);
    for (uint64_t id = 1001; id <= 2800; id++) /* so that no coroutine's id comes twice */
        whole_life(maker, id);
    sqlite3 *db = trace_db_new();
    sqlite3_exec(db, "DELETE FROM total; PRAGMA cache_size = 10", NULL, NULL, NULL);
    struct leash_fold *fold;
    assert_int_equal(leash_fold_new(db, &fold), 0);
    size_t after_some = 0, after_all;
    int64_t taken = 1;
    for (int i = 0; taken > 0; i++) {
        taken = batch(fold, maker, true, 1000);
        if (i == 5)
            after_some = memory_in_use(db);
    }
    if (taken < 0)
        fail_msg("%s", leash_fold_error(fold));
    after_all = memory_in_use(db);
    assert_int_equal(trace_db_int(db, "SELECT count(*) FROM task WHERE state = 'failed'"), 1800);
    leash_fold_free(fold);
    sqlite3_close(db);
    spool_maker_free(maker);
    if (after_all > after_some + 100000)
        fail_msg("memory grew from %zu to %zu", after_some, after_all);
}

static void another_writer_is_waited_for(void **state)
{
    (void)state;
    char path[] = "/tmp/leash-fold-XXXXXX", wal[64], shm[64];
    close(mkstemp(path));
    struct spool_maker *maker = all_kinds();
    sqlite3 *db, *other;
    struct leash_fold *fold;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(leash_trace_create(db), 0);
    assert_int_equal(leash_fold_new(db, &fold), 0);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(batch(fold, maker, true, 0), -EBUSY);
    assert_int_equal(batch(fold, maker, true, 0), -EBUSY);
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_true(batch(fold, maker, true, 0) > 0);
    assert_int_equal(batch(fold, maker, true, 0), 0);
    trace_db_expect(other, "SELECT count(*) FROM task", "8");
    leash_fold_free(fold);
    sqlite3_close(db);
    sqlite3_close(other);
    snprintf(wal, sizeof(wal), "%s-wal", path);
    snprintf(shm, sizeof(shm), "%s-shm", path);
    unlink(path), unlink(wal), unlink(shm);
    spool_maker_free(maker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_occurs_in_the_scenario),
        cmocka_unit_test(batches_of_any_size),
        cmocka_unit_test(cut_at_every_slot),
        cmocka_unit_test(cut_at_every_slot_and_reloaded),
        cmocka_unit_test(reloaded_after_every_event),
        cmocka_unit_test(threads_in_any_order),
        cmocka_unit_test(a_full_batch_lets_the_next_thread_go_first),
        cmocka_unit_test(segments_are_done_when_nothing_more_can_come),
        cmocka_unit_test(a_gap_waits_for_what_is_missing),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(rows_with_and_without_rare_columns),
        cmocka_unit_test(what_is_over_leaves_memory),
        cmocka_unit_test(another_writer_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
