#include "state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void leash__state_init(struct leash_fold *fold, sqlite3 *db)
{
    *fold = (struct leash_fold){.db = db};
    leash__idmap_init(&fold->frames);
    for (int i = 0; i < LEASH__T_COUNT; i++)
        leash__table_init(&fold->tables[i], &leash__table_kinds[i]);
}

void leash__state_clear(struct leash_fold *fold)
{
    for (int i = 0; i < LEASH__T_COUNT; i++)
        leash__table_clear(&fold->tables[i]);
    leash__idmap_free(&fold->frames);
    free(fold->gone);
    fold->gone = NULL;
    fold->gone_count = fold->gone_capacity = 0;
    memset(fold->recent, 0, sizeof(fold->recent));
    memset(fold->stats, 0, sizeof(fold->stats));
    fold->recent_next = 0;
    fold->thread = NULL;
    fold->loaded = fold->unsaved = false;
}

void leash__state_free(struct leash_fold *fold)
{
    leash__state_clear(fold);
    for (int i = 0; i < LEASH__T_COUNT; i++)
        leash__table_free(&fold->tables[i]);
}

int leash__exec(struct leash_fold *fold, const char *sql)
{
    return sqlite3_exec(fold->db, sql, NULL, NULL, NULL);
}

int leash__failed(struct leash_fold *fold, const char *doing, int code)
{
    if (code == SQLITE_OK)
        return 0;
    const bool known = (sqlite3_errcode(fold->db) & 0xff) == (code & 0xff);
    snprintf(fold->error, sizeof(fold->error), "%s: %s (SQLite code %d)", doing,
             known ? sqlite3_errmsg(fold->db) : sqlite3_errstr(code), code);
    switch (code & 0xff) {
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    default:
        return code == SQLITE_IOERR_NOMEM ? -ENOMEM : -EIO;
    }
}

struct leash__frame *leash__frame_of(struct leash_fold *fold, uint64_t module, uint64_t offset)
{
    if (module >> 24 || offset >> 40) {
        errno = EBADMSG;
        return NULL;
    }
    const uint64_t key = module << 40 | offset;
    struct leash__frame *frame = leash__idmap_get(&fold->frames, key);
    if (frame)
        return frame;
    frame = LEASH__ADD(fold, frame, 0);
    if (!frame || leash__idmap_put(&fold->frames, key, frame) < 0) {
        errno = ENOMEM;
        return NULL;
    }
    frame->module_id = module;
    frame->offset = offset;
    return frame;
}

int leash__state_flush(struct leash_fold *fold)
{
    int rc = SQLITE_OK;
    if (fold->gone_count) {
        sqlite3_stmt *statement;
        rc = sqlite3_prepare_v2(fold->db, "DELETE FROM main.coro WHERE id = ?1", -1, &statement, NULL);
        for (size_t i = 0; rc == SQLITE_OK && i < fold->gone_count; i++) {
            sqlite3_bind_int64(statement, 1, (sqlite3_int64)fold->gone[i]);
            sqlite3_step(statement);
            rc = sqlite3_reset(statement);
        }
        sqlite3_finalize(statement);
    }
    for (int i = 0; rc == SQLITE_OK && i < LEASH__T_COUNT; i++)
        rc = leash__table_flush(&fold->tables[i], fold->db, &fold->source);
    return rc == SQLITE_OK ? leash__totals_store(&fold->totals, fold->db) : rc;
}

void leash__state_saved(struct leash_fold *fold)
{
    for (int i = 0; i < LEASH__T_COUNT; i++)
        leash__table_saved(&fold->tables[i]);
    leash__totals_saved(&fold->totals);
    fold->gone_count = 0;
    fold->unsaved = false;
}
