#include "samples.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUT(kind, ...)     spool_put(maker, 1, LEASH_EV_##kind, __VA_ARGS__)
#define AT(now, kind, ...) spool_at(maker, 1, (now)*MS, LEASH_EV_##kind, __VA_ARGS__)
#define STRING(kind, ...)  spool_string(maker, 1, LEASH_EV_##kind, __VA_ARGS__)
#define MS                 1000000ull

/* ---- what they tell ---- */

static void begin(struct spool_maker *maker, const char *file, const char *main_function)
{
    char call[64];
    snprintf(call, sizeof(call), "leash_coro(%s, NULL)", main_function);
    STRING(DEF_THREAD, 0, 1, 4711, "main");
    spool_site(maker, 1, 1, file, 90, "main", main_function);
    spool_site(maker, 1, 2, file, 90, "main", call);
    PUT(CORO, 1, 1, 0, 0);
    PUT(TASK, 2, 1, 1, 0);
    AT(1, LOOP_BEGIN, 2, 1, 1);
    PUT(START, 0, 1, 1, 0);
}

static void end(struct spool_maker *maker, uint64_t now)
{
    AT(now, DONE, 0, 1, 0);
    AT(now, LOOP_MAIN_ENDED, 0, 1, 0);
    AT(now, LOOP_END, 0, 1, LEASH_LOOP_COMPLETE);
}

static void make_task(struct spool_maker *maker, uint64_t id, uint32_t site)
{
    PUT(CORO, site, id, 1, 0x7f0000001000 + id * 64);
    PUT(TASK, site + 1, id, id, 1);
}

static void tell_clean(struct spool_maker *maker)
{
    static const uint64_t seconds[] = {0, 0, 3, 1, 2};
    begin(maker, "src/download.c", "app");
    spool_site(maker, 1, 3, "src/download.c", 31, "app", "download");
    spool_site(maker, 1, 4, "src/download.c", 31, "app", "leash_gather");
    spool_site(maker, 1, 5, "src/download.c", 12, "download", "leash_sleep");
    PUT(FUTURE, 4, 1, 1, 0);
    PUT(OBJECT, 4, 1, LEASH_OBJECT_GATHER, 1);
    for (uint64_t id = 2; id <= 4; id++) {
        make_task(maker, id, 3);
        PUT(CHILD, 0, 1, id, LEASH_SUBJECT_TASK);
    }
    AT(1, AWAIT_OBJECT, 4, 1, 1);
    for (uint64_t id = 2; id <= 4; id++) {
        PUT(START, 0, id, 1, 0);
        AT(1, AWAIT_SLEEP, 5, id, seconds[id] * 1000000);
    }
    for (uint64_t second = 1; second <= 3; second++)
        for (uint64_t id = 2; id <= 4; id++)
            if (seconds[id] == second) {
                AT(1 + second * 1000, WAKE, 0, id, 0);
                AT(1 + second * 1000, DONE, 0, id, 0);
            }
    AT(3001, OBJECT_DONE, 0, 1, 0);
    AT(3001, FUTURE_DONE, 0, 1, 0);
    end(maker, 3001);
}

static void tell_sites_of_leaks(struct spool_maker *maker)
{
    static const char *const told[][3] = {
        {"worker", "leash_coro(worker, &jobs)", "start"},
        {"write_audit", "leash_coro(write_audit, event)", "audit"},
        {"fetch_user", "leash_coro(fetch_user, &id)", "get_user"},
        {"notify", "leash_coro(notify, NULL)", "app"},
    };
    for (uint32_t i = 0; i < 4; i++) {
        spool_site(maker, 1, 3 + i * 2, "src/shop.c", 20 + i * 10, told[i][2], told[i][0]);
        spool_site(maker, 1, 4 + i * 2, "src/shop.c", 20 + i * 10, told[i][2], told[i][1]);
    }
    spool_site(maker, 1, 20, "src/shop.c", 9, "worker", "leash_sleep");
    spool_site(maker, 1, 21, "src/shop.c", 61, "get_user", "leash_fail");
    spool_site(maker, 1, 22, "src/shop.c", 70, "app", "flush_cache");
    spool_site(maker, 1, 23, "src/shop.c", 72, "supervise", "first");
}

/* One leak of every class, and a victim. */
static void tell_leaky(struct spool_maker *maker)
{
    const uint64_t numbers[] = {1 << 20, 150000};
    begin(maker, "src/shop.c", "app");
    tell_sites_of_leaks(maker);
    for (uint64_t id = 2; id <= 5; id++)
        make_task(maker, id, (uint32_t)(3 + (id - 2) * 2));
    STRING(NAME, 0, 2, LEASH_SUBJECT_TASK, "worker-0");
    make_task(maker, 6, 3);
    STRING(NAME, 0, 6, LEASH_SUBJECT_TASK, "supervisor");
    PUT(CORO, 22, 7, 1, 0);
    AT(2, AWAIT_SLEEP, 20, 1, 500000);
    for (uint64_t id = 2; id <= 6; id++)
        PUT(START, 0, id, 1, 0);
    AT(3, AWAIT_SLEEP, 20, 2, 3600000000);
    AT(3, AWAIT_SLEEP, 20, 3, 10000000);
    STRING(FAILURE, 21, 4, LEASH_SUBJECT_TASK, "connection reset");
    AT(4, FAILED, 0, 4, EIO);
    AT(5, DONE, 0, 5, 0);
    AT(6, AWAIT_TASK, 23, 6, 2);
    AT(502, WAKE, 0, 1, 0);
    AT(503, DONE, 0, 1, 0);
    AT(503, LOOP_MAIN_ENDED, 0, 1, 0);
    AT(503, SCAN, 0, 1, 1);
    AT(503, LOST, 0, 3, 1);
    spool_text(maker, 1, LEASH_EV_SCAN_END, 0, 1, LEASH_SCAN_COMPLETE, numbers, sizeof(numbers));
    PUT(JUDGED, 0, 2, LEASH_SUBJECT_TASK, LEASH_FACT_PENDING | LEASH_FACT_WAITED | LEASH_FACT_UNSETTLED);
    PUT(JUDGED, 0, 3, LEASH_SUBJECT_TASK, LEASH_FACT_PENDING | LEASH_FACT_UNSETTLED | LEASH_FACT_LOST);
    PUT(JUDGED, 0, 6, LEASH_SUBJECT_TASK, LEASH_FACT_PENDING | LEASH_FACT_DETACHED);
    for (uint64_t id = 2; id <= 6; id += id == 3 ? 3 : 1) {
        AT(504, CANCEL_CLEANUP, 0, id, 1);
        AT(504, WAKE, 0, id, ECANCELED);
        AT(504, DELIVERED, 0, id, 0);
        AT(504, CANCELLED, 0, id, 0);
    }
    PUT(JUDGED, 0, 4, LEASH_SUBJECT_TASK, LEASH_FACT_UNRETRIEVED | LEASH_FACT_UNSETTLED);
    PUT(JUDGED, 0, 5, LEASH_SUBJECT_TASK, LEASH_FACT_UNSETTLED);
    PUT(JUDGED, 0, 7, LEASH_SUBJECT_CORO, LEASH_FACT_NEVER_AWAITED);
    AT(505, LOOP_END, 0, 1, LEASH_LOOP_COMPLETE);
}

static void tell_crashed(struct spool_maker *maker)
{
    begin(maker, "src/pump.c", "app");
    spool_site(maker, 1, 3, "src/pump.c", 40, "app", "pump");
    spool_site(maker, 1, 4, "src/pump.c", 40, "app", "leash_coro(pump, &pipe)");
    spool_site(maker, 1, 5, "src/pump.c", 42, "app", "first");
    spool_site(maker, 1, 6, "src/pump.c", 17, "pump", "read_some");
    spool_site(maker, 1, 7, "src/pump.c", 11, "read_some", "leash_sleep");
    make_task(maker, 2, 3);
    AT(2, AWAIT_TASK, 5, 1, 2);
    PUT(START, 0, 2, 1, 0);
    PUT(CORO, 6, 3, 2, 0);
    AT(3, AWAIT_CORO, 6, 2, 3);
    AT(3, AWAIT_SLEEP, 7, 2, 250000);
}

const struct sample samples[] = {
    {"clean", "complete", tell_clean},
    {"leaky", "complete", tell_leaky},
    {"crashed", "crashed", tell_crashed},
};
const size_t samples_count = sizeof(samples) / sizeof(samples[0]);

/* ---- how they are made ---- */

sqlite3 *sample_trace(const struct sample *sample)
{
    struct spool_maker *maker = spool_maker_new(1, 1000);
    sample->tell(maker);
    sqlite3 *db = trace_db_new();
    struct leash_fold *fold;
    char *sql =
        sqlite3_mprintf("INSERT INTO run(id, pid, ppid, argv, cwd, executable, began_unix_ns, end_kind, options, "
                        "seed, virtual_time, level) VALUES(1, 4711, 4710, './%q', '/home/you', './%q', "
                        "1767225600000000000, 'running', '', 0, 0, 'lifecycle')",
                        sample->name, sample->name);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK || leash_fold_new(db, &fold) < 0 ||
        leash_fold_batch(fold, maker->map, maker->size, true, NULL, 0) <= 0 ||
        leash_fold_finish(fold, &(struct leash_fold_ending){.end_kind = sample->end_kind}) < 0)
        abort();
    sqlite3_free(sql);
    leash_fold_free(fold);
    spool_maker_free(maker);
    return db;
}

/* The rows of a table as one INSERT. Of the error codes only those that occur: the list is the system's. */
static void write_rows(FILE *out, sqlite3 *db, const char *table)
{
    char *sql = sqlite3_mprintf("SELECT group_concat('quote(\"' || name || '\")', ' || '', '' || ') FROM "
                                "pragma_table_info(%Q)",
                                table);
    char *columns = trace_db_text(db, sql);
    sqlite3_free(sql);
    sql = sqlite3_mprintf(
        "SELECT group_concat('(' || %s || ')', ',' || char(10) || '  ') FROM \"%w\"%s", columns, table,
        strcmp(table, "errno") ? "" : " WHERE code IN (SELECT code FROM task UNION SELECT code FROM future)");
    char *rows = trace_db_text(db, sql);
    if (*rows)
        fprintf(out, "INSERT INTO %s VALUES\n  %s;\n", table, rows);
    free(rows);
    free(columns);
    sqlite3_free(sql);
}

static void write_schema(FILE *out, sqlite3 *db, const char *condition)
{
    char *sql = sqlite3_mprintf("SELECT sql || ';' FROM sqlite_schema WHERE %s ORDER BY rowid", condition);
    char *text = trace_db_text(db, sql);
    fprintf(out, "%s\n", text);
    free(text);
    sqlite3_free(sql);
}

char *sample_text(sqlite3 *db)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    fprintf(out,
            "-- Made by make_samples. Load: sqlite3 sample.db < this; look: sqlite3 sample.db 'SELECT * FROM leak'\n"
            "PRAGMA application_id = %d;\nPRAGMA user_version = %d;\nBEGIN;\n",
            LEASH_APPLICATION_ID, LEASH_SCHEMA_VERSION);
    write_schema(out, db, "type = 'table'");
    char *tables = trace_db_text(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid");
    char *rest = NULL;
    for (char *table = strtok_r(tables, "\n", &rest); table; table = strtok_r(NULL, "\n", &rest))
        write_rows(out, db, table);
    free(tables);
    write_schema(out, db, "type = 'index' AND sql IS NOT NULL");
    write_schema(out, db, "type = 'view'");
    fprintf(out, "COMMIT;\n");
    fclose(out);
    return text;
}
