/* Traces for tests, made of SQL text over traces/schema.sql. */
#ifndef LEASH_FIXTURE_H
#define LEASH_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

/* A folder for one test, and in it whatever the test makes; removed by fixture_end. Failures assert. */
struct fixture {
    char dir[64];
    char path[128]; /* dir/t.db */
};
int fixture_begin(void **state);
int fixture_end(void **state);

/* dir/name, valid until the next call but seven. */
const char *fixture_name(const struct fixture *fixture, const char *name);
/* Makes a trace: the schema, then `sql` (may be NULL). */
void fixture_make(const char *path, const char *sql);
/* Runs SQL on a database as it is. */
void fixture_sql(const char *path, const char *sql);
/* The text of a file below tests/unit/inspector; to be freed. */
char *fixture_text(const char *name);
/* A trace as kill -9 leaves it: rows in the -wal, nothing of them in the .db. */
void fixture_make_killed(const char *path, const char *sql);
/* Runs SQL on a database and leaves the -wal that it makes, of a transaction a statement, in `wal`. */
void fixture_keep_wal(const char *path, const char *sql, const char *wal);
void fixture_write(const char *path, const void *bytes, size_t length);
void fixture_copy(const char *from, const char *to);
size_t fixture_size(const char *path);

/* What is in `text` must be what golden/`name` holds; with UPDATE_GOLDEN=1 it is written there. */
void fixture_golden(const char *name, const char *text);

/* A run that ended well, for tests that add what they are about. */
#define FIXTURE_RUN                                                                                                    \
    "INSERT INTO run(id, pid, argv, began_unix_ns, ended_ns, end_kind, level) VALUES"                                  \
    "(1, 4711, './shop', 1700000000000000000, 4812000000, 'complete', 'lifecycle');"                                   \
    "INSERT INTO loop VALUES(1, 1, 1, 1, 0, 4811000000, 0, 4812000000, 'complete');"                                   \
    "INSERT INTO site VALUES(1, 'src/main.c', 22, 'main', 'app');"                                                     \
    "INSERT INTO task(id, name, site_id, coro_site_id, loop_id, created_ns, began_ns, ended_ns, state) VALUES"         \
    "(1, 'Task-1', 1, 1, 1, 0, 0, 4811000000, 'done');"

#endif
