/* The end of a trace, and the names of frames. */
#include "scenario.h"
#include "test.h"
#include "trace_db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trace {
    struct spool_maker *maker;
    sqlite3 *db;
    struct leash_fold *fold;
};

static int setup(void **state)
{
    struct trace *trace = calloc(1, sizeof(*trace));
    trace->maker = spool_maker_new(8, 600);
    scenario_all_kinds(trace->maker);
    trace->db = trace_db_new();
    *state = trace;
    return leash_fold_new(trace->db, &trace->fold) == 0 &&
                   leash_fold_batch(trace->fold, trace->maker->map, trace->maker->size, true, NULL, 0) > 0
               ? 0
               : -1;
}

static int teardown(void **state)
{
    struct trace *trace = *state;
    leash_fold_free(trace->fold);
    sqlite3_close(trace->db);
    spool_maker_free(trace->maker);
    free(trace);
    return 0;
}

static void finish(struct trace *trace, const struct leash_fold_ending *ending)
{
    assert_int_equal(leash_fold_finish(trace->fold, ending), 0);
}

#define COMPLETE "SELECT value FROM meta WHERE key = 'complete'"

static void a_trace_begins_as_running(void **state)
{
    struct trace *trace = *state;
    trace_db_expect(trace->db, COMPLETE, "running");
    trace_db_expect(trace->db, "SELECT value FROM meta WHERE key = 'format'", "2");
    trace_db_expect(trace->db, "SELECT name FROM errno WHERE code = -5", "EIO");
    trace_db_expect(trace->db, "SELECT class FROM leak WHERE subject_kind = 'coro'", "never-awaited"); /* live */
}

static void a_complete_run(void **state)
{
    struct trace *trace = *state;
    finish(trace, &(struct leash_fold_ending){.end_kind = "complete", .ended_unix_ns = 77});
    trace_db_expect(trace->db, COMPLETE, "complete");
    trace_db_expect(trace->db, "SELECT end_kind, exit_code, ended_ns, ended_unix_ns, dropped FROM run",
                    "complete||310|77|0");
    trace_db_expect(trace->db, "SELECT count(*) = (SELECT count(*) FROM leak) FROM finding", "1");
    trace_db_expect(
        trace->db, "SELECT class, subject_id FROM finding ORDER BY 1",
        "blocked-loop|1\nblocked-loop|1\ndeadlock|7\nitems-left|3\nnever-awaited|5\nnever-joined|2\nnever-retrieved|"
        "3\nunreferenced|5");
    trace_db_expect(trace->db, "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL", "6");
}

static void an_exited_run_ends_its_loops(void **state)
{
    struct trace *trace = *state;
    spool_at(trace->maker, 1, 400, LEASH_EV_LOOP_BEGIN, 1, 2, 9);
    assert_true(leash_fold_batch(trace->fold, trace->maker->map, trace->maker->size, true, NULL, 0) > 0);
    finish(trace, &(struct leash_fold_ending){.end_kind = "exited", .exit_code = 3, .ended_ns = 500, .dropped = 12});
    trace_db_expect(trace->db, COMPLETE, "exited, dropped 12");
    trace_db_expect(trace->db, "SELECT end_kind, exit_code, ended_ns, dropped FROM run", "exited|3|500|12");
    trace_db_expect(trace->db, "SELECT id, end_kind, ended_ns FROM loop", "1|complete|310\n2|exited|500");
    trace_db_expect(trace->db, "SELECT events, at_ns FROM dropped", "12|500");
}

static void a_crash_leaves_open_rows_open(void **state)
{
    struct trace *trace = *state;
    spool_put(trace->maker, 1, LEASH_EV_TASK, 1, 70, 0, 0);
    spool_at(trace->maker, 1, 400, LEASH_EV_AWAIT_SLEEP, 1, 70, 5);
    assert_true(leash_fold_batch(trace->fold, trace->maker->map, trace->maker->size, true, NULL, 0) > 0);
    for (int twice = 0; twice < 2; twice++) {
        finish(trace, &(struct leash_fold_ending){.end_kind = "crashed", .ended_ns = 5000});
        trace_db_expect(trace->db, COMPLETE, "crashed at 5000");
        trace_db_expect(trace->db, "SELECT state, ended_ns, facts FROM task WHERE id = 70", "pending||0");
        trace_db_expect(trace->db, "SELECT count(*) FROM await WHERE ended_ns IS NULL", "1");
        trace_db_expect(trace->db, "SELECT task_id, value FROM top_task WHERE rank = 1 ORDER BY kind DESC",
                        "70|4600\n6|4750");
        trace_db_expect(trace->db, "SELECT count(*) FROM finding", "8");
    }
}

static void a_full_disk_at_the_end(void **state)
{
    struct trace *trace = *state;
    long long pages = trace_db_int(trace->db, "PRAGMA page_count");
    int refused = 0, rc = -1;
    for (; rc < 0; pages++) {
        char sql[64];
        snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld", pages);
        trace_db_int(trace->db, sql);
        rc = leash_fold_finish(trace->fold, &(struct leash_fold_ending){.end_kind = "complete"});
        assert_true(rc == 0 || rc == -ENOSPC);
        refused += rc < 0;
        trace_db_expect(trace->db, COMPLETE, rc < 0 ? "running" : "complete");
    }
    assert_true(refused > 0);
}

static bool name(void *argument, const char *module, const char *build_id, uint64_t offset,
                 struct leash_frame_name *out)
{
    ++*(int *)argument;
    assert_string_equal(module, "/bin/app");
    assert_string_equal(build_id, "abcdef");
    *out = (struct leash_frame_name){"worker", "src/app.c", 5};
    return offset != 0x10;
}

static void frames_are_named_once(void **state)
{
    struct trace *trace = *state;
    int calls = 0;
    assert_int_equal(leash_fold_name_frames(trace->fold, name, &calls), 0);
    assert_int_equal(calls, 3);
    trace_db_expect(trace->db, "SELECT offset, func, file, line FROM frame ORDER BY 1",
                    "16|||\n64|worker|src/app.c|5\n4660|worker|src/app.c|5");
    assert_int_equal(leash_fold_name_frames(trace->fold, name, &calls), 0);
    assert_int_equal(calls, 4); /* the one without a name is tried again */
    trace_db_expect(trace->db, "SELECT name FROM coroutine WHERE id = 2", "worker");
    /* Batches after it leave the names alone. */
    spool_put(trace->maker, 1, LEASH_EV_CORO, 1, 90, 0, 0);
    spool_put(trace->maker, 1, LEASH_EV_CORO_FN, 1, 90, 1, 0x40);
    assert_true(leash_fold_batch(trace->fold, trace->maker->map, trace->maker->size, true, NULL, 0) > 0);
    trace_db_expect(trace->db, "SELECT name FROM coroutine WHERE id = 90", "worker");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_trace_begins_as_running, setup, teardown),
        cmocka_unit_test_setup_teardown(a_complete_run, setup, teardown),
        cmocka_unit_test_setup_teardown(an_exited_run_ends_its_loops, setup, teardown),
        cmocka_unit_test_setup_teardown(a_crash_leaves_open_rows_open, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_at_the_end, setup, teardown),
        cmocka_unit_test_setup_teardown(frames_are_named_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
