#include "trace_db.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(bool good, sqlite3 *db, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
    abort();
}

/* Made once and copied, which is much faster. */
static sqlite3 *first_trace(void)
{
    static sqlite3 *first;
    if (!first) {
        require(sqlite3_open(":memory:", &first) == SQLITE_OK, NULL, "sqlite3_open");
        require(leash_trace_create(first) == 0, first, "leash_trace_create");
    }
    return first;
}

sqlite3 *trace_db_new(void)
{
    sqlite3 *db;
    require(sqlite3_open(":memory:", &db) == SQLITE_OK, NULL, "sqlite3_open");
    sqlite3_backup *backup = sqlite3_backup_init(db, "main", first_trace(), "main");
    require(backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE, db, "sqlite3_backup_step");
    sqlite3_backup_finish(backup);
    return db;
}

static void fold_all(struct leash_fold *fold, sqlite3 *db, const struct spool_maker *maker, size_t max_events)
{
    int64_t taken;
    while ((taken = leash_fold_batch(fold, maker->map, maker->size, true, NULL, max_events)) > 0)
        continue;
    require(taken == 0, db, leash_fold_error(fold));
}

void trace_db_fold(sqlite3 *db, const struct spool_maker *maker, size_t max_events)
{
    struct leash_fold *fold;
    require(leash_fold_new(db, &fold) == 0, db, "leash_fold_new");
    fold_all(fold, db, maker, max_events);
    leash_fold_free(fold);
}

sqlite3 *trace_db_of(const struct spool_maker *maker, const char *end_kind)
{
    sqlite3 *db = trace_db_new();
    struct leash_fold *fold;
    require(leash_fold_new(db, &fold) == 0, db, "leash_fold_new");
    fold_all(fold, db, maker, 0);
    if (end_kind)
        require(leash_fold_finish(fold, &(struct leash_fold_ending){.end_kind = end_kind}) == 0, db,
                leash_fold_error(fold));
    leash_fold_free(fold);
    return db;
}

static sqlite3_stmt *ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    require(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, db, sql);
    return statement;
}

long long trace_db_int(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = ask(db, sql);
    long long answer = -1;
    if (sqlite3_step(statement) == SQLITE_ROW)
        answer = sqlite3_column_type(statement, 0) == SQLITE_NULL ? -2 : sqlite3_column_int64(statement, 0);
    require(sqlite3_finalize(statement) == SQLITE_OK, db, sql);
    return answer;
}

static void append_rows(FILE *out, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = ask(db, sql);
    for (int row = 0; sqlite3_step(statement) == SQLITE_ROW; row++)
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *text = (const char *)sqlite3_column_text(statement, i);
            fprintf(out, "%s%s", i ? "|" : row ? "\n" : "", text ? text : "");
        }
    require(sqlite3_finalize(statement) == SQLITE_OK, db, sql);
}

char *trace_db_text(sqlite3 *db, const char *sql)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    require(out != NULL, db, "open_memstream");
    append_rows(out, db, sql);
    fclose(out);
    return text;
}

void trace_db_expect(sqlite3 *db, const char *sql, const char *expected)
{
    char *text = trace_db_text(db, sql);
    if (strcmp(text, expected))
        fprintf(stderr, "%s\n", sql);
    assert_string_equal(text, expected);
    free(text);
}

char *trace_db_dump(sqlite3 *db)
{
    char *dump = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&dump, &size);
    require(out != NULL, db, "open_memstream");
    char *tables = trace_db_text(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    char *rest = NULL;
    for (char *name = strtok_r(tables, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest)) {
        char sql[200];
        snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\" ORDER BY 1, 2", name);
        fprintf(out, "-- %s\n", name);
        append_rows(out, db, sql);
        fprintf(out, "\n");
    }
    free(tables);
    fclose(out);
    return dump;
}
