/* Naming frames: one after the other, keyset by id, since the namer's strings live only until its next call. */
#include "ready.h"
#include "state.h"

struct leash_naming {
    struct leash_fold *fold;
    sqlite3_stmt *next, *store;
    leash_frame_namer *name;
    void *argument;
};

/* Names the first nameless frame after *id and moves *id to it. SQLITE_ROW, SQLITE_DONE: there is none, or a failure.
 */
static int leash_name_next(struct leash_naming *naming, sqlite3_int64 *id)
{
    sqlite3_bind_int64(naming->next, 1, *id);
    int rc = sqlite3_step(naming->next);
    if (rc != SQLITE_ROW) {
        int reset = sqlite3_reset(naming->next);
        return rc == SQLITE_DONE ? rc : reset;
    }
    *id = sqlite3_column_int64(naming->next, 0);
    const char *path = (const char *)sqlite3_column_text(naming->next, 1);
    const char *build_id = (const char *)sqlite3_column_text(naming->next, 2);
    struct leash_frame_name found = {NULL, NULL, 0};
    if (naming->name(naming->argument, path ? path : "", build_id ? build_id : "",
                     (uint64_t)sqlite3_column_int64(naming->next, 3), &found)) {
        sqlite3_bind_int64(naming->store, 1, *id);
        sqlite3_bind_text(naming->store, 2, found.func, -1, SQLITE_STATIC);
        sqlite3_bind_text(naming->store, 3, found.file, -1, SQLITE_STATIC);
        sqlite3_bind_int(naming->store, 4, found.line);
        sqlite3_step(naming->store);
        rc = sqlite3_reset(naming->store);
    } else {
        rc = SQLITE_OK;
    }
    sqlite3_reset(naming->next);
    return rc == SQLITE_OK ? SQLITE_ROW : rc;
}

static int leash_name_all(struct leash_naming *naming)
{
    sqlite3 *db = naming->fold->db;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT f.id, m.path, m.build_id, f.offset FROM main.frame f LEFT JOIN main.module m "
                                "ON m.id = f.module_id WHERE f.id > ?1 AND f.func IS NULL ORDER BY f.id LIMIT 1",
                                -1, &naming->next, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "UPDATE main.frame SET func = ?2, file = ?3, line = nullif(?4, 0) WHERE id = ?1",
                                -1, &naming->store, NULL);
    if (rc == SQLITE_OK)
        rc = leash__exec(naming->fold, "BEGIN IMMEDIATE");
    sqlite3_int64 id = 0;
    for (int step = SQLITE_ROW; rc == SQLITE_OK && step == SQLITE_ROW;) {
        step = leash_name_next(naming, &id);
        if (step != SQLITE_ROW && step != SQLITE_DONE)
            rc = step;
    }
    return rc == SQLITE_OK ? leash__exec(naming->fold, "COMMIT") : rc;
}

int leash_fold_name_frames(struct leash_fold *fold, leash_frame_namer *name, void *argument)
{
    struct leash_naming naming = {.fold = fold, .name = name, .argument = argument};
    int rc = leash__fold_ready(fold);
    if (rc < 0)
        return rc;
    rc = leash__failed(fold, "storing the names of frames", leash_name_all(&naming));
    if (rc < 0 && !sqlite3_get_autocommit(fold->db))
        leash__exec(fold, "ROLLBACK");
    sqlite3_finalize(naming.next);
    sqlite3_finalize(naming.store);
    return rc;
}
