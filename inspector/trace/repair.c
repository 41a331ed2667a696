#include "rebuild.h"
#include "salvage/pages.h"
#include "trace_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <trace_format.h>
#include <unistd.h>

#define NO_LIMIT 1e8 /* seconds */

static const char *const suffixes[] = {"", "-wal", LEASH_SPOOL_SUFFIX};
#define SUFFIXES (sizeof suffixes / sizeof *suffixes)

void repair_add_reason(struct repair *out, const char *format, ...)
{
    va_list args;
    if (out->reasons_count == REPAIR_REASONS)
        return;
    va_start(args, format);
    vsnprintf(out->reasons[out->reasons_count++], sizeof out->reasons[0], format, args);
    va_end(args);
}

/* ---- files ---- */

/* Nothing may stand where the new trace goes, nor beside it what would be taken for a part of it. */
static int check_target(struct repair_job *job)
{
    char name[PATH_MAX];
    struct stat st;
    for (size_t i = 0; i < SUFFIXES; i++) {
        if ((size_t)snprintf(name, sizeof name, "%s%s", job->into, suffixes[i]) >= sizeof name)
            return trace_fail(job->error, -ENAMETOOLONG, job->into, "the name is too long");
        bool nothing = lstat(name, &st) < 0 || (i == 0 && S_ISREG(st.st_mode) && st.st_size == 0);
        if (!nothing)
            return trace_fail(job->error, -EEXIST, name, "is there already; not overwritten: name another file");
    }
    return 0;
}

static int make_dir(struct repair_job *job)
{
    const char *slash = strrchr(job->into, '/');
    int length = snprintf(job->dir, sizeof job->dir, "%.*s/.leash-XXXXXX", !slash ? 1 : (int)(slash - job->into),
                          slash ? job->into : ".");
    if (length < 0 || (size_t)length >= sizeof job->dir || !mkdtemp(job->dir)) {
        int code = -errno;
        job->dir[0] = '\0';
        return trace_fail(job->error, code, job->into, "cannot be written: %s", strerror(-code));
    }
    snprintf(job->copy, sizeof job->copy, "%s/old.db", job->dir);
    snprintf(job->made, sizeof job->made, "%s/new.db", job->dir);
    return 0;
}

static void remove_dir(const struct repair_job *job)
{
    DIR *dir = *job->dir ? opendir(job->dir) : NULL;
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    if (*job->dir)
        rmdir(job->dir);
}

static int copy_all(struct repair_job *job)
{
    char from[PATH_MAX + 16], to[PATH_MAX + 32];
    for (size_t i = 0; i < SUFFIXES; i++) {
        snprintf(from, sizeof from, "%s%s", job->path, suffixes[i]);
        snprintf(to, sizeof to, "%s%s", job->copy, suffixes[i]);
        int rc = trace_copy_file(from, to);
        if (rc < 0)
            return trace_fail(job->error, rc, from, "cannot be copied to %s: %s", job->dir, strerror(-rc));
    }
    return 0;
}

static int put_in_place(struct repair_job *job, const char *made)
{
    struct stat st;
    bool empty = lstat(job->into, &st) == 0;
    int rc = empty ? rename(made, job->into) : renameat2(AT_FDCWD, made, AT_FDCWD, job->into, RENAME_NOREPLACE);
    if (rc < 0)
        return trace_fail(job->error, -errno, job->into, "cannot be written: %s", strerror(errno));
    return 0;
}

/* ---- a trace that SQLite reads ---- */

static int connect_copy(const char *path, sqlite3 **db, struct trace *guard)
{
    *guard = (struct trace){.deadline_ns = INT64_MAX};
    if (sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return -EIO;
    return trace_guard_connection(guard, *db);
}

static bool is_sound(sqlite3 *db)
{
    sqlite3_stmt *row = NULL;
    bool sound = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &row, NULL) == SQLITE_OK &&
                 sqlite3_step(row) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(row, 0), "ok") == 0;
    sqlite3_finalize(row);
    return sound;
}

int repair_settle(sqlite3 *db)
{
    return sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE", NULL, NULL, NULL) ==
                   SQLITE_OK
               ? 0
               : -EIO;
}

/* SQLite takes a -wal up to the first damage, silently. */
static bool wal_is_whole(const struct repair_job *job)
{
    struct pages pages;
    if (pages_open(&pages, job->copy) < 0)
        return true;
    bool whole = pages.frames_bad == 0 && (pages.frames_open == 0 || repair_has_spool(job));
    pages_close(&pages);
    return whole;
}

/* A spool that is replayed leaves a mark of the end, after a crash, too. */
static bool has_end(sqlite3 *db)
{
    sqlite3_stmt *row = NULL;
    const char *sql = "SELECT end_kind <> 'running' FROM run ORDER BY id DESC LIMIT 1";
    bool ended = sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW &&
                 sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return ended;
}

static bool is_older(const struct repair_job *job)
{
    struct trace_probe probe;
    struct trace_error error;
    return trace_probe(job->copy, &probe, &error) == 0 && probe.user_version > 0 &&
           probe.user_version < LEASH_SCHEMA_VERSION;
}

/* Opening replays the spool and folds in the -wal. 0: the copy is whole now; 1: it must be read page by page. */
static int try_whole(struct repair_job *job)
{
    struct trace *trace = NULL;
    struct trace_error error = {""};
    struct trace guard;
    sqlite3 *db = NULL;
    if (!wal_is_whole(job) || is_older(job))
        return 1;
    int rc = trace_open(job->copy, &(struct trace_options){.query_seconds = NO_LIMIT}, &trace, &error);
    if (rc == -EPROTO) /* the message is about the copy */
        return trace_fail(job->error, rc, job->path, "%s", error.text + strlen(job->copy) + 2);
    if (rc < 0)
        return 1;
    if (trace_note(trace))
        repair_add_reason(job->out, "its spool could not be read, with what was recorded last");
    trace_close(trace);
    rc = connect_copy(job->copy, &db, &guard);
    if (rc == 0)
        rc = is_sound(db) ? repair_settle(db) : 1;
    if (rc == 0 && job->out->reasons_count == 0 && !has_end(db))
        repair_add_reason(job->out, "it has no end and no spool beside it, where what was recorded last would be");
    sqlite3_close(db);
    job->out->whole = rc == 0 && job->out->reasons_count == 0;
    return rc < 0 ? trace_fail(job->error, rc, job->into, "cannot be written") : rc;
}

/* ---- all together ---- */

static int repair(struct repair_job *job)
{
    const char *made = job->copy;
    int rc = copy_all(job);
    rc = rc ? rc : try_whole(job);
    if (rc == 1) {
        *job->out = (struct repair){.rebuilt = true};
        made = job->made;
        rc = copy_all(job); /* anew: opening it may have changed the first copy */
        rc = rc ? rc : repair_rebuild(job);
    }
    return rc ? rc : put_in_place(job, made);
}

int trace_repair(const char *path, const char *into, struct repair *out, struct trace_error *error)
{
    struct repair_job job = {.path = path, .into = into, .out = out, .error = error};
    struct trace_probe probe;
    *out = (struct repair){0};
    int rc = trace_probe(path, &probe, error);
    if (rc < 0 && !probe.exists)
        return rc; /* there is none, or what is there is no file; any other failure is what repair is for */
    if (trace_spool_state(path) == TRACE_SPOOL_HELD)
        return trace_fail(error, -EBUSY, path, "a program is recording to it: wait for its end");
    rc = check_target(&job);
    rc = rc ? rc : make_dir(&job);
    rc = rc ? rc : repair(&job);
    remove_dir(&job);
    return rc;
}
