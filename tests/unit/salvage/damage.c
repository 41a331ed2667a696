#include "damage.h"
#include "fixture.h"
#include "test.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes bytes_read(const char *path)
{
    struct bytes bytes = {.size = fixture_size(path)};
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    bytes.data = malloc(bytes.size + 1);
    assert_non_null(bytes.data);
    assert_int_equal(fread(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
    return bytes;
}

void bytes_write(const char *path, const struct bytes *bytes, size_t size)
{
    fixture_write(path, bytes->data, size);
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
}

static int64_t ask_sql(const char *path, const char *other, const char *format, va_list args)
{
    sqlite3 *db;
    sqlite3_stmt *row = NULL;
    char *sql = sqlite3_vmprintf(format, args), *attach = sqlite3_mprintf("ATTACH %Q AS other", other ? other : "");
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (other)
        assert_int_equal(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK || sqlite3_step(row) != SQLITE_ROW)
        fail_msg("%s: %s in: %s", path, sqlite3_errmsg(db), sql);
    int64_t value = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(db);
    sqlite3_free(sql);
    sqlite3_free(attach);
    return value;
}

int64_t ask(const char *path, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int64_t value = ask_sql(path, NULL, format, args);
    va_end(args);
    return value;
}

int64_t ask_both(const char *path, const char *other, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int64_t value = ask_sql(path, other, format, args);
    va_end(args);
    return value;
}

void expect_sound(const char *path)
{
    assert_int_equal(ask(path, "SELECT count(*) = 1 AND min(integrity_check) = 'ok' FROM pragma_integrity_check"), 1);
}

void expect_subset(const char *part, const char *whole)
{
    /* All but what tells of the repair itself (meta, run), and what is made anew (finding, total, top_task), and the
     * names of error codes. */
    static const char *const tables[] = {"thread", "loop",  "site",   "coro",  "task",    "future",     "object",
                                         "child",  "await", "cancel", "claim", "failure", "scan",       "misuse",
                                         "step",   "stack", "frame",  "drain", "module",  "stack_frame"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        int64_t strange = ask_both(part, whole,
                                   "SELECT count(*) FROM (SELECT * FROM main.\"%w\" EXCEPT SELECT * FROM "
                                   "other.\"%w\")",
                                   tables[i], tables[i]);
        if (strange)
            fail_msg("%s: %lld rows of %s are not the old trace's", part, (long long)strange, tables[i]);
    }
}
