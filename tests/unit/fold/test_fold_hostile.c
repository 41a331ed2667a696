/* Spools that nobody sane wrote: whatever they hold, the fold neither crashes nor loops nor breaks the database. */
#include "scenario.h"
#include "test.h"
#include "trace_db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct spool_maker *all_kinds(void)
{
    struct spool_maker *maker = spool_maker_new(4, 600);
    scenario_all_kinds(maker);
    return maker;
}

static int64_t fold_map(const void *map, size_t size)
{
    sqlite3 *db = trace_db_new();
    struct leash_fold *fold;
    assert_int_equal(leash_fold_new(db, &fold), 0);
    int64_t all = 0, taken;
    while ((taken = leash_fold_batch(fold, map, size, true, NULL, 100)) > 0)
        all += taken;
    if (taken == 0)
        assert_int_equal(leash_fold_finish(fold, &(struct leash_fold_ending){.end_kind = "crashed"}), 0);
    trace_db_expect(db, "PRAGMA integrity_check", "ok");
    leash_fold_free(fold);
    sqlite3_close(db);
    return taken < 0 ? taken : all;
}

static void what_is_no_spool_is_refused(void **state)
{
    (void)state;
    struct spool_maker *maker = all_kinds();
    struct leash_spool_header *header = (void *)maker->map;
    assert_int_equal(leash_spool_check(maker->map, maker->size), 0);
    assert_int_equal(leash_spool_check(NULL, 0), -EINVAL);
    assert_int_equal(leash_spool_check(maker->map, 4095), -EINVAL);
    header->version++;
    assert_int_equal(leash_spool_check(maker->map, maker->size), -EPROTO);
    assert_int_equal(fold_map(maker->map, maker->size), -EPROTO);
    header->magic++;
    assert_int_equal(fold_map(maker->map, maker->size), -EINVAL);
    spool_maker_free(maker);
}

static void a_truncated_spool_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(3, 4);
    for (uint64_t id = 1; id <= 12; id++)
        spool_put(maker, 1, LEASH_EV_TASK, 0, id, 0, 0);
    for (size_t size = LEASH_SPOOL_HEADER_SIZE; size <= maker->size; size += 5) {
        unsigned char *copy = malloc(size); /* of this size, so that a sanitizer sees a read beyond it */
        memcpy(copy, maker->map, size);
        assert_int_equal(fold_map(copy, size), (int64_t)((size - LEASH_SPOOL_HEADER_SIZE) / maker->segment_size * 4));
        free(copy);
    }
    spool_maker_free(maker);
}

static void bad_counts_and_sizes(void **state)
{
    (void)state;
    const uint32_t sizes[] = {0, 1, 24, 71, 72, 1u << 20, 1u << 31, UINT32_MAX, 4097};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct spool_maker *maker = all_kinds();
        struct leash_spool_header *header = (void *)maker->map;
        header->segment_size = sizes[i];
        header->segments = UINT32_MAX;
        struct leash_segment segment;
        assert_false(leash_spool_segment(maker->map, maker->size, UINT32_MAX - 1, &segment));
        assert_true(fold_map(maker->map, maker->size) >= 0);
        spool_maker_free(maker);
    }
}

static void bad_segments_are_skipped_and_counted(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(8, 4);
    for (uint32_t thread = 1; thread <= 7; thread++)
        spool_put(maker, thread, LEASH_EV_TASK, 0, thread, 0, 0);
    spool_segment(maker, 0)->magic++;
    spool_segment(maker, 1)->sequence = 0;
    spool_segment(maker, 2)->sequence = UINT64_MAX;
    spool_segment(maker, 3)->base_ns = UINT64_MAX;
    spool_segment(maker, 4)->generation = UINT32_MAX;
    spool_segment(maker, 6)->thread = 6; /* the same thread and sequence as segment 5 */
    sqlite3 *db = trace_db_of(maker, "crashed");
    trace_db_expect(db, "SELECT id FROM task", "6");
    trace_db_expect(db, "SELECT value FROM total WHERE key = 'bad_segments'", "5");
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void bad_slots_are_skipped_and_counted(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(2, 40);
    spool_put(maker, 1, 200, 0, 1, 0, 0);                /* an unknown kind */
    spool_put(maker, 1, LEASH_EV_TEXT, 0, 1, 0, 0);      /* text without a record */
    spool_put(maker, 1, LEASH_EV_NAME, 0, 1, 1, 100000); /* longer than allowed */
    spool_put(maker, 1, LEASH_EV_NAME, 0, 1, 1, 8000);   /* longer than the segment */
    spool_put(maker, 1, LEASH_EV_NAME, 0, 1, 1, 20);     /* followed by no text */
    spool_put(maker, 1, LEASH_EV_TASK, 0, 1, 0, 0);
    spool_put(maker, 1, LEASH_EV_TASK, 0, 1, 0, 0); /* again */
    spool_put(maker, 1, LEASH_EV_TASK, 0, 0, 0, 0); /* without an id */
    sqlite3 *db = trace_db_of(maker, "crashed");
    trace_db_expect(db, "SELECT key, value FROM total WHERE key IN ('bad_slots', 'bad_events', 'events', 'tasks')",
                    "bad_events|2\nbad_slots|5\nevents|3\ntasks|1");
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void an_id_seen_twice_keeps_what_is_known(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(2, 40);
    spool_put(maker, 1, LEASH_EV_TASK, 5, 1, 0, 0);
    spool_at(maker, 1, 10, LEASH_EV_DONE, 0, 1, 3);
    spool_put(maker, 1, LEASH_EV_TASK, 6, 1, 0, 0);
    spool_at(maker, 1, 20, LEASH_EV_FAILED, 0, 1, 3);
    sqlite3 *db = trace_db_new();
    trace_db_fold(db, maker, 1);
    trace_db_expect(db, "SELECT id, site_id, state, code, ended_ns FROM task", "1|5|done|3|10");
    sqlite3_close(db);
    spool_maker_free(maker);
}

static void texts_of_any_length_end_where_they_say(void **state)
{
    (void)state;
    static char text[LEASH_TEXT_MAX];
    memset(text, 'x', sizeof(text));
    struct spool_maker *maker = spool_maker_new(40, 600);
    for (uint64_t id = 1; id <= 34; id++) {
        spool_put(maker, 1, LEASH_EV_TASK, 0, id, 0, 0);
        spool_text(maker, 1, LEASH_EV_NAME, 0, id, LEASH_SUBJECT_TASK, text, id - 1);
    }
    spool_put(maker, 1, LEASH_EV_TASK, 0, 35, 0, 0);
    spool_text(maker, 1, LEASH_EV_NAME, 0, 35, LEASH_SUBJECT_TASK, text, sizeof(text));
    sqlite3 *db = trace_db_of(maker, NULL);
    trace_db_expect(db, "SELECT count(*) FROM task WHERE length(name) = id - 1 AND id < 35", "34");
    trace_db_expect(db, "SELECT length(name) FROM task WHERE id = 35", "8192");
    sqlite3_close(db);
    spool_maker_free(maker);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
    return *seed >> 33;
}

static void random_bytes(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (int round = 0; round < 36; round++) {
        struct spool_maker *maker = all_kinds();
        unsigned char *slots = (unsigned char *)spool_slots(maker, 0);
        const size_t bytes = (size_t)spool_slots_count(maker) * LEASH_SLOT_SIZE;
        for (int i = 0; i < 1 << (round % 12); i++)
            slots[next_random(&seed) % bytes] = (unsigned char)next_random(&seed);
        assert_true(fold_map(maker->map, maker->size) >= 0);
        spool_maker_free(maker);
    }
}

/* Valid slots of random kinds about few ids: every event meets every state. */
static void random_events(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 12; round++) {
        struct spool_maker *maker = spool_maker_new(16, 600);
        for (int i = 0; i < 2000; i++) {
            const unsigned kind = 1 + (unsigned)(next_random(&seed) % (LEASH_EV_COUNT - 1));
            const uint32_t thread = 1 + (uint32_t)(next_random(&seed) % 3);
            const uint64_t a = next_random(&seed) % 6, b = next_random(&seed) % 8, c = next_random(&seed) % 6;
            if (kind > LEASH_EV_TEXT)
                spool_put(maker, thread, kind, (uint32_t)c, a, b, c);
            if (next_random(&seed) % 8 == 0)
                spool_string(maker, thread, kind, 1, a, b, "some text of a record");
        }
        char *dumps[2];
        for (int i = 0; i < 2; i++) {
            sqlite3 *db = trace_db_new();
            trace_db_fold(db, maker, 0);
            trace_db_expect(db, "PRAGMA integrity_check", "ok");
            dumps[i] = trace_db_dump(db);
            sqlite3_close(db);
        }
        assert_string_equal(dumps[0], dumps[1]);
        free(dumps[0]), free(dumps[1]);
        assert_true(fold_map(maker->map, maker->size) > 0);
        spool_maker_free(maker);
    }
}

static void a_database_that_is_no_trace(void **state)
{
    (void)state;
    sqlite3 *db;
    struct leash_fold *fold = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(leash_fold_new(db, &fold), -EINVAL);
    assert_int_equal(sqlite3_exec(db, "PRAGMA application_id = 1279607123; PRAGMA user_version = 2", NULL, NULL, NULL),
                     0);
    assert_int_equal(leash_fold_new(db, &fold), -EIO); /* no tables */
    assert_null(fold);
    sqlite3_close(db);
    db = trace_db_new();
    assert_true(leash_trace_create(db) < 0); /* a second time */
    assert_true(sqlite3_get_autocommit(db));
    sqlite3_close(db);
}

static void a_database_whose_open_rows_make_no_sense(void **state)
{
    (void)state;
    struct spool_maker *maker = all_kinds();
    sqlite3 *db = trace_db_new();
    assert_int_equal(
        sqlite3_exec(
            db,
            "INSERT INTO coro(id, state, awaiter_task_id, parent_coro_id) VALUES(1, 'running', 1, 2), "
            "(2, 'running', 1, 1), (3, 'running', 1, 2), (4, 'running', 99, NULL), (5, 'nonsense', 1, 5);"
            "INSERT INTO task(id, state) VALUES(1, 'pending'), (2, 'done'), (-3, 'pending');"
            "INSERT INTO await(task_id, target_kind, target_id) VALUES(1, 'task', 1), (1, 'task', 2), (7, 'task', 1),"
            "(1, 'moon', 3), (2, 'object', NULL);"
            "INSERT INTO cancel(subject_kind, subject_id, origin) VALUES('task', 1, 'x'), ('future', 1, 'y');"
            "INSERT INTO failure(subject_kind, subject_id) VALUES('task', 1), ('task', 1), ('coro', 2);"
            "INSERT INTO step(task_id) VALUES(1), (1);"
            "INSERT INTO frame(module_id, offset) VALUES(1, 1), (1, 1), (-1, -1);"
            "INSERT INTO drain VALUES(1, 1, 4000000000, 5), (-2, -1, -1, -1), (3, 'x', 1.5, 2);"
            "INSERT INTO total VALUES('events', -5), ('x', 1); INSERT INTO top_task VALUES('wait', 'x', -1, -1);",
            NULL, NULL, NULL),
        SQLITE_OK);
    trace_db_fold(db, maker, 10);
    trace_db_expect(db, "PRAGMA integrity_check", "ok");
    sqlite3_close(db);
    spool_maker_free(maker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_spool_is_refused),
        cmocka_unit_test(a_truncated_spool_is_read_as_far_as_it_goes),
        cmocka_unit_test(bad_counts_and_sizes),
        cmocka_unit_test(bad_segments_are_skipped_and_counted),
        cmocka_unit_test(bad_slots_are_skipped_and_counted),
        cmocka_unit_test(an_id_seen_twice_keeps_what_is_known),
        cmocka_unit_test(texts_of_any_length_end_where_they_say),
        cmocka_unit_test(random_bytes),
        cmocka_unit_test(random_events),
        cmocka_unit_test(a_database_that_is_no_trace),
        cmocka_unit_test(a_database_whose_open_rows_make_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
