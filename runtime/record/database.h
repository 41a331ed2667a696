/* The trace's database as the recorder makes it: a fresh file in place of a finished trace, and its row about the run.
 */
#ifndef LEASH_RECORD_DATABASE_H
#define LEASH_RECORD_DATABASE_H

#include <leash/loop.h>
#include <sqlite3.h>

/* How long a batch, and the end of the trace, wait for somebody else's lock on the database. Not long while threads may
 * wait for the batch: what is not written stays in the spool, and is tried again. */
#define LEASH_BUSY_MS     100
#define LEASH_BUSY_END_MS 2000

/* Makes an empty trace at `path`, mode 0600. What stands there already is replaced if it is an empty file or a trace.
 * 0; -EEXIST: it is something else, and stays; -errno. The caller holds the spool's lock. */
int leash__database_create(const char *path, sqlite3 **out);

/* Removes the file, -wal and -shm. 0, -errno; that there is none is fine. */
int leash__database_remove(const char *path);

/* Says who runs: argv, pid, options, ... 0 or -errno. */
int leash__database_describe_run(sqlite3 *db, const struct leash_options *options, uint64_t began_unix_ns);

/* Leaves one file, without -wal and -shm (they stay while somebody else reads). NULL is fine. */
void leash__database_close(sqlite3 *db);

#endif
