/* A trace's database in memory, and questions to it. All of these abort on a failure that the test did not ask for. */
#ifndef LEASH_TEST_TRACE_DB_H
#define LEASH_TEST_TRACE_DB_H

#include "spool_maker.h"
#include <fold.h>

/* An empty trace, in memory. */
sqlite3 *trace_db_new(void);
/* Folds all that the spool holds, in batches of at most max_events slots (0: the default). */
void trace_db_fold(sqlite3 *db, const struct spool_maker *maker, size_t max_events);
/* trace_db_new, trace_db_fold, and the end of the run if end_kind is not NULL. */
sqlite3 *trace_db_of(const struct spool_maker *maker, const char *end_kind);

/* The first column of the first row; -1, or "(none)", without a row; NULL is -2, or "(null)". */
long long trace_db_int(sqlite3 *db, const char *sql);
/* All rows, columns separated by '|', rows by '\n' (none behind the last). To be freed. */
char *trace_db_text(sqlite3 *db, const char *sql);
/* trace_db_text must be `expected`; says what it was if not. */
void trace_db_expect(sqlite3 *db, const char *sql, const char *expected);
/* All rows of all tables. To be freed. */
char *trace_db_dump(sqlite3 *db);

#endif
