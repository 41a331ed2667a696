/* No memory: each allocation of a scenario fails once, ours and SQLite's. Nothing is lost, and a later call gets on. */
#include "scenario.h"
#include "test.h"
#include "trace_db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
enum { EACH_UNTIL = 50 }; /* sanitizers are slow */
#else
enum { EACH_UNTIL = 120 }; /* every allocation up to this one, then some */
#endif

/* ---- failing by countdown: 0 never, 1 the next allocation ---- */

static long countdown;

static bool refused(void)
{
    return countdown > 0 && --countdown == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
    return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return refused() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return refused() ? NULL : __real_strdup(text);
}

static sqlite3_mem_methods sqlite_memory;

static void *sqlite_malloc(int size)
{
    return refused() ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *memory, int size)
{
    return refused() ? NULL : sqlite_memory.xRealloc(memory, size);
}

/* SQLite's own allocations, beside ours: before it is initialised. */
static void wrap_sqlite(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory);
    sqlite3_mem_methods wrapped = sqlite_memory;
    wrapped.xMalloc = sqlite_malloc;
    wrapped.xRealloc = sqlite_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &wrapped);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

/* ---- the scenario ---- */

struct attempt {
    const struct spool_maker *maker;
    sqlite3 *db;
    struct leash_fold *fold;
};

static int make_fold(struct attempt *attempt)
{
    return attempt->fold ? 0 : leash_fold_new(attempt->db, &attempt->fold);
}

/* One step of the scenario that may fail: 1 done, 0 more to do, -errno. */
static int64_t advance(struct attempt *attempt)
{
    int rc = make_fold(attempt);
    if (rc < 0)
        return rc;
    int64_t taken = leash_fold_batch(attempt->fold, attempt->maker->map, attempt->maker->size, true, NULL, 60);
    if (taken != 0)
        return taken < 0 ? taken : 0;
    rc = leash_fold_finish(attempt->fold, &(struct leash_fold_ending){.end_kind = "complete"});
    return rc < 0 ? rc : 1;
}

/* Runs it to its end with allocation number `fail` refused (0: none). Whether one was. */
static bool run(const struct spool_maker *maker, long fail, char **dump)
{
    struct attempt attempt = {.maker = maker, .db = trace_db_new()};
    countdown = fail;
    bool hit = false;
    for (int64_t rc = 0; rc != 1;) {
        rc = advance(&attempt);
        if (rc >= 0)
            continue;
        hit = true;
        assert_int_equal(rc, -ENOMEM);
        assert_true(sqlite3_get_autocommit(attempt.db));
        if (attempt.fold)
            assert_true(strlen(leash_fold_error(attempt.fold)) > 5);
    }
    hit = hit || (fail && !countdown);
    countdown = 0;
    *dump = trace_db_dump(attempt.db);
    leash_fold_free(attempt.fold);
    sqlite3_close(attempt.db);
    return hit;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct spool_maker *maker = spool_maker_new(8, 600);
    scenario_all_kinds(maker);
    char *expected, *dump;
    run(maker, 0, &expected);
    long fail = 1;
    for (bool hit = true; hit; fail += 1 + (fail > EACH_UNTIL ? fail / 12 : 0)) {
        hit = run(maker, fail, &dump);
        assert_string_equal(dump, expected);
        free(dump);
    }
    assert_true(fail > 1000);
    free(expected);
    spool_maker_free(maker);
}

static void a_trace_is_made_or_not(void **state)
{
    (void)state;
    long fail = 1;
    for (int rc = -1; rc < 0; fail += 1 + fail / 16) {
        sqlite3 *db;
        assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
        countdown = fail;
        rc = leash_trace_create(db);
        countdown = 0;
        assert_true(rc == 0 || rc == -ENOMEM);
        assert_true(sqlite3_get_autocommit(db));
        if (rc < 0)
            trace_db_expect(db, "SELECT count(*) FROM sqlite_schema", "0");
        sqlite3_close(db);
    }
    assert_true(fail > 100);
}

int main(void)
{
    wrap_sqlite();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_trace_is_made_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
