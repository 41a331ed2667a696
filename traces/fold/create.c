/* A new trace: the tables, the names of error codes, the views. */
#include "embedded.h"

#include <errno.h>
#include <string.h>

#ifndef LEASH_VERSION
#define LEASH_VERSION "unknown"
#endif

static int leash_to_errno(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
        return 0;
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    default:
        return -EIO;
    }
}

static int leash_name_errors(sqlite3 *db)
{
    sqlite3_stmt *statement;
    int rc =
        sqlite3_prepare_v2(db, "INSERT INTO main.errno(code, name, text) VALUES(?1, ?2, ?3)", -1, &statement, NULL);
    for (int code = 1; rc == SQLITE_OK && code < 200; code++) {
        const char *name = strerrorname_np(code);
        if (!name)
            continue;
        sqlite3_bind_int(statement, 1, -code);
        sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, strerrordesc_np(code), -1, SQLITE_STATIC);
        sqlite3_step(statement);
        rc = sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return rc;
}

static int leash_tell_versions(sqlite3 *db)
{
    char *sql = sqlite3_mprintf("INSERT INTO main.meta(key, value) VALUES('format', %d), ('leash', %Q), "
                                "('rules_version', %Q), ('complete', 'running')",
                                LEASH_SCHEMA_VERSION, LEASH_VERSION, leash_rules_version);
    int rc = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
    sqlite3_free(sql);
    return rc;
}

int leash_trace_create(sqlite3 *db)
{
    int rc = sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, leash__schema, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = leash_name_errors(db);
    if (rc == SQLITE_OK)
        rc = leash_tell_versions(db);
    int failed = rc == SQLITE_OK ? leash_rules_install(db, false) : leash_to_errno(rc);
    if (failed == 0)
        failed = leash_to_errno(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
    if (failed < 0 && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return failed;
}
