/* Folds what may be a spool, in small batches and with reloads between some, ends the trace, and looks whether the
 * database is whole. Anything but a clean refusal or a whole database aborts. */
#include "fuzz_fold.h"

#include <fold.h>
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

static sqlite3 *new_trace(void)
{
    static sqlite3 *first;
    sqlite3 *db;
    if (!first) {
        require(sqlite3_open(":memory:", &first) == SQLITE_OK, first, "open");
        require(leash_trace_create(first) == 0, first, "create");
    }
    require(sqlite3_open(":memory:", &db) == SQLITE_OK, db, "open");
    sqlite3_backup *backup = sqlite3_backup_init(db, "main", first, "main");
    require(backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE, db, "copy");
    sqlite3_backup_finish(backup);
    return db;
}

static int on_integrity(void *argument, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    *(bool *)argument = !strcmp(values[0], "ok");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Aligned, and of this very size, so that a sanitizer sees a read beyond it. */
    void *map = malloc(size ? size : 1);
    memcpy(map, data, size);
    sqlite3 *db = new_trace();
    struct leash_fold *fold;
    require(leash_fold_new(db, &fold) == 0, db, "leash_fold_new");
    int64_t taken = 1;
    for (unsigned round = 0; taken > 0; round++) {
        taken = leash_fold_batch(fold, map, size, true, NULL, 1 + round * 7 % 100);
        if (round % 5 == 4) {
            leash_fold_free(fold);
            require(leash_fold_new(db, &fold) == 0, db, "leash_fold_new");
        }
    }
    if (taken == 0) {
        bool whole = false;
        require(leash_fold_finish(fold, &(struct leash_fold_ending){.end_kind = "crashed"}) == 0, db, "finish");
        require(sqlite3_exec(db, "PRAGMA integrity_check", on_integrity, &whole, NULL) == SQLITE_OK && whole, db,
                "integrity");
        require(sqlite3_exec(db, "SELECT * FROM event; SELECT * FROM coroutine", NULL, NULL, NULL) == SQLITE_OK, db,
                "views");
    } else {
        require(taken == -22 || taken == -71, db, leash_fold_error(fold)); /* -EINVAL, -EPROTO: no spool */
    }
    leash_fold_free(fold);
    sqlite3_close(db);
    free(map);
    return 0;
}
