#include "rebuild.h"
#include "buffer.h"
#include "salvage/salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <fold.h>
#include <names.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>
#include <unistd.h>

/* ---- what is told ---- */

static const struct {
    const char *table, *total; /* total: the fold's count of its rows */
    const char *without;       /* ... together with the rows of another table */
} counted[] = {{"task", "tasks", NULL},     {"coro", "coros", "task"},        {"future", "futures", NULL},
               {"object", "objects", NULL}, {"await", "awaits", NULL},        {"cancel", "cancels", NULL},
               {"claim", "claims", NULL},   {"failure", "failures", NULL},    {"misuse", "misuses", NULL},
               {"step", "steps", NULL},     {"object_op", "object_ops", NULL}};
#define COUNTED (sizeof counted / sizeof *counted)

/* Ids that are given one after the other, a row each. */
static const char *const dense[] = {"thread", "loop",    "module", "frame", "stack", "site", "await",    "cancel",
                                    "claim",  "failure", "misuse", "step",  "scan",  "hold", "object_op"};
#define DENSE (sizeof dense / sizeof *dense)

static int64_t number_of(sqlite3 *db, int64_t otherwise, const char *format, ...)
{
    va_list args;
    sqlite3_stmt *row = NULL;
    va_start(args, format);
    char *sql = sqlite3_vmprintf(format, args);
    va_end(args);
    if (sql && sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
        otherwise = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_free(sql);
    return otherwise;
}

static int64_t expected_rows(sqlite3 *db, const struct table *table)
{
    int64_t expected = -1;
    for (size_t i = 0; i < COUNTED; i++) {
        if (strcmp(counted[i].table, table->name) != 0)
            continue;
        int64_t total = number_of(db, -1, "SELECT value FROM main.total WHERE key = %Q", counted[i].total);
        if (counted[i].without && total >= 0)
            total -= number_of(db, 0, "SELECT value FROM main.total WHERE key = '%qs'", counted[i].without);
        expected = total > expected ? total : expected;
    }
    for (size_t i = 0; i < DENSE; i++)
        if (strcmp(dense[i], table->name) == 0 && table->last_id > expected)
            expected = table->last_id;
    return expected >= 0 && expected < table->saved ? table->saved : expected;
}

static void tell_tables(struct repair *out, sqlite3 *db, const struct salvage *salvage)
{
    for (size_t i = 0; i < salvage->tables.count && out->tables_count < REPAIR_TABLES; i++) {
        const struct table *table = &salvage->tables.items[i];
        struct repair_table *told = &out->tables[out->tables_count];
        if (table->derived)
            continue;
        out->tables_count++;
        *told = (struct repair_table){.saved = table->saved,
                                      .expected = table->saved,
                                      .missing = table->missing,
                                      .damaged = table->damaged,
                                      .found = table->found};
        snprintf(told->name, sizeof told->name, "%s", table->name);
        if (table->missing || table->damaged || table->found)
            told->expected = expected_rows(db, table);
    }
}

static void tell_reasons(struct repair *out, const struct salvage *salvage)
{
    const struct pages *pages = &salvage->pages;
    uint64_t said = (uint64_t)pages->said * pages->page_size;
    if (said > pages->file_size && pages->frames_count == 0)
        repair_add_reason(out, "the file ends at %.0f KiB, its header says %.0f KiB", (double)pages->file_size / 1024,
                          (double)said / 1024);
    if (!salvage->schema_known)
        repair_add_reason(
            out, "its first page is damaged, so that tables were found by their place and by the shape of rows");
    if (pages->frames_bad)
        repair_add_reason(out, "%zu page%s of the -wal %s damaged", pages->frames_bad,
                          pages->frames_bad == 1 ? "" : "s", pages->frames_bad == 1 ? "is" : "are");
    if (!salvage->whole && out->reasons_count == 0)
        repair_add_reason(out, "some of its pages are damaged");
}

/* Counts that were lost, so that no report says 0. */
static int count_anew(sqlite3 *db)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < COUNTED; i++) {
        const char *without = counted[i].without ? counted[i].without : counted[i].table;
        char *sql = sqlite3_mprintf("INSERT OR IGNORE INTO main.total SELECT %Q, (SELECT count(*) FROM main.\"%w\") + "
                                    "%d * (SELECT count(*) FROM main.\"%w\")",
                                    counted[i].total, counted[i].table, counted[i].without != NULL, without);
        rc = sql ? sqlite3_exec(db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
        sqlite3_free(sql);
    }
    return rc == SQLITE_OK ? 0 : -EIO;
}

static bool is_other_database(const struct salvage *salvage)
{
    const struct table *task = tables_named(&salvage->tables, "task", 4);
    return salvage->schema_known && task && !task->rooted;
}

/* ---- the new trace ---- */

bool repair_has_spool(const struct repair_job *job)
{
    char name[PATH_MAX + 32];
    snprintf(name, sizeof name, "%s" LEASH_SPOOL_SUFFIX, job->copy);
    return access(name, F_OK) == 0;
}

static int fill(struct repair_job *job, sqlite3 *db, bool *marks)
{
    struct salvage salvage = {.pages = {.file = -1, .wal = -1}};
    int rc = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ? 0 : -EIO;
    rc = rc ? rc : salvage_read(&salvage, job->copy, db);
    if (rc == 0 && (is_other_database(&salvage) || salvage.rows == 0))
        rc = trace_fail(job->error, -EBADMSG, job->path, "nothing of a trace could be found in it%s",
                        repair_has_spool(job) ? "" : ": if there are a -wal and a -spool of it, copy them beside it");
    else if (rc < 0)
        trace_fail(job->error, rc, job->path, "cannot be repaired: %s",
                   rc == -EINTR ? "interrupted"
                   : rc == -EIO ? sqlite3_errmsg(db)
                                : strerror(-rc));
    if (rc == 0) {
        job->out->whole = salvage.whole;
        const struct table *drain = tables_named(&salvage.tables, "drain", 5);
        *marks = drain && !drain->missing && !drain->damaged; /* all of them; none: nothing was folded yet */
        tell_reasons(job->out, &salvage);
        tell_tables(job->out, db, &salvage);
        if (salvage.pages.frames_open && !repair_has_spool(job)) {
            job->out->whole = false;
            repair_add_reason(job->out, "the -wal ends within a transaction");
        }
        rc = count_anew(db);
    }
    salvage_free(&salvage);
    if (rc == 0)
        rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK ? 0 : -EIO;
    return rc;
}

/* How the old trace's run ended, as far as its row was saved. */
static void load_ending(sqlite3 *db, char *kind, size_t room, struct leash_fold_ending *out)
{
    sqlite3_stmt *row = NULL;
    snprintf(kind, room, "running");
    *out = (struct leash_fold_ending){.end_kind = kind};
    if (sqlite3_prepare_v2(db, "SELECT end_kind, exit_code, ended_ns, ended_unix_ns, dropped FROM main.run LIMIT 1", -1,
                           &row, NULL) == SQLITE_OK &&
        sqlite3_step(row) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(row, 0);
        snprintf(kind, room, "%s", text ? text : "");
        out->exit_code = sqlite3_column_int(row, 1);
        out->ended_ns = (uint64_t)sqlite3_column_int64(row, 2);
        out->ended_unix_ns = (uint64_t)sqlite3_column_int64(row, 3);
        out->dropped = (uint64_t)sqlite3_column_int64(row, 4);
    }
    sqlite3_finalize(row);
}

/* The indexes, the views and the findings, as at the end of a run. */
static int finish(struct repair_job *job, sqlite3 *db)
{
    struct leash_fold *fold = NULL;
    struct leash_fold_ending ending;
    char kind[32];
    load_ending(db, kind, sizeof kind, &ending);
    int rc = leash_fold_new(db, &fold);
    rc = rc ? rc : leash_fold_finish(fold, &ending);
    if (rc < 0)
        trace_fail(job->error, rc, job->path, "cannot be repaired: %s", fold ? leash_fold_error(fold) : strerror(-rc));
    leash_fold_free(fold);
    return rc;
}

/* Folds in what the spool still holds. Without the marks of what was folded already some of it would come twice. */
static void replay(struct repair_job *job, bool marks)
{
    struct leash_replay replay = {0};
    struct leash_names *names = NULL;
    char from[PATH_MAX + 32], to[PATH_MAX + 32];
    snprintf(from, sizeof from, "%s" LEASH_SPOOL_SUFFIX, job->copy);
    snprintf(to, sizeof to, "%s" LEASH_SPOOL_SUFFIX, job->made);
    int rc = marks && rename(from, to) == 0 ? 0 : -EINVAL;
    leash_frame_namer *namer = leash_names_new(&names) == 0 ? leash_names_frame : NULL;
    if (rc == 0)
        rc = leash_replay(job->made, namer, names, &replay);
    if (rc < 0) {
        job->out->whole = false;
        repair_add_reason(job->out, "its spool could not be folded in: %s",
                          marks ? replay.error : "what was folded already is not known");
        unlink(to);
    }
    leash_replay_release(&replay);
    leash_names_free(names);
}

/* Says in the trace itself that something is missing. */
static int mark_partial(struct repair_job *job, sqlite3 *db)
{
    struct buffer words = {0};
    buffer_add(&words, "repaired, with losses");
    for (size_t i = 0; i < job->out->reasons_count; i++)
        buffer_format(&words, "%s%s", i ? "; " : ": ", job->out->reasons[i]);
    char *sql = sqlite3_mprintf("UPDATE main.run SET end_kind = 'partial';"
                                "REPLACE INTO main.meta(key, value) VALUES('complete', 'partial'), ('repaired', %Q)",
                                buffer_text(&words));
    int rc = sql && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : -EIO;
    sqlite3_free(sql);
    buffer_free(&words);
    return rc;
}

/* All that is in its schema is ours: it needs no guard. It is as private as a trace. */
static int open_made(const struct repair_job *job, sqlite3 **db)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, fd = open(job->made, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    close(fd);
    return sqlite3_open_v2(job->made, db, flags, NULL) == SQLITE_OK ? 0 : -EIO;
}

int repair_rebuild(struct repair_job *job)
{
    sqlite3 *db = NULL;
    bool marks = false;
    *job->error->text = '\0';
    int rc = open_made(job, &db);
    rc = rc ? rc : leash_trace_create(db);
    rc = rc ? rc : fill(job, db, &marks);
    rc = rc ? rc : finish(job, db);
    if (rc == 0 && repair_has_spool(job)) {
        sqlite3_close(db);
        db = NULL;
        replay(job, marks);
        rc = open_made(job, &db);
    }
    if (rc == 0 && !job->out->whole)
        rc = mark_partial(job, db);
    rc = rc ? rc : repair_settle(db);
    if (rc < 0 && !*job->error->text)
        trace_fail(job->error, rc, job->into, "cannot be written: %s", db ? sqlite3_errmsg(db) : strerror(-rc));
    sqlite3_close(db);
    return rc;
}
