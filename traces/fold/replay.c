#include "replay.h"

#include "spool_claim.h"
#include "spool_copy.h"
#include "trace_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 5000 /* how long somebody else's lock on the database is waited for */

static int __attribute__((format(printf, 3, 4))) fail(struct leash_replay *out, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->error, sizeof out->error, format, arguments);
    va_end(arguments);
    return code;
}

static char *with_suffix(const char *path, const char *suffix)
{
    char *name;
    return asprintf(&name, "%s%s", path, suffix) < 0 ? NULL : name;
}

/* ---- the database ---- */

static int error_of(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_OK:
        return 0;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return -EINVAL;
    default:
        return -EIO;
    }
}

static int number_of(sqlite3 *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *select;
    int rc = sqlite3_prepare_v2(db, sql, -1, &select, NULL);
    if (rc != SQLITE_OK)
        return error_of(rc);
    rc = sqlite3_step(select);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(select, 0);
    sqlite3_finalize(select);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : error_of(rc);
}

/* What a stranger's schema can do is little: no functions but innocuous ones, no direct writes to its tables of tables.
 */
static int open_database(const char *path, sqlite3 **out)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); /* killed before it made its database */
    if (fd >= 0)
        close(fd);
    int rc = sqlite3_open_v2(path, out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        return error_of(rc);
    sqlite3_busy_timeout(*out, BUSY_MS);
    sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return error_of(sqlite3_exec(*out,
                                 "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
                                 "PRAGMA synchronous=OFF",
                                 NULL, NULL, NULL));
}

/* A process that was killed while it made its database left none, or one without its run. */
static int complete_schema(sqlite3 *db, const struct leash_spool_header *header)
{
    int64_t tables = 0, application = 0, version = 0;
    int rc = number_of(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (rc == 0 && tables == 0)
        rc = leash_trace_create(db);
    rc = rc ? rc : number_of(db, "PRAGMA application_id", &application);
    rc = rc ? rc : number_of(db, "PRAGMA user_version", &version);
    if (rc == 0 && application != LEASH_APPLICATION_ID)
        rc = -EINVAL;
    if (rc == 0 && version != LEASH_SCHEMA_VERSION)
        rc = -EPROTO;
    if (rc < 0)
        return rc;
    char *sql = sqlite3_mprintf("INSERT OR IGNORE INTO run(id, pid, began_unix_ns, end_kind) "
                                "VALUES (1, nullif(%d, 0), nullif(%lld, 0), 'running')",
                                header->pid, (long long)header->began_unix_ns);
    rc = sql ? error_of(sqlite3_exec(db, sql, NULL, NULL, NULL)) : -ENOMEM;
    sqlite3_free(sql);
    return rc;
}

/* ---- the replay ---- */

struct job {
    sqlite3 *db;
    struct leash_fold *fold;
    const struct leash__spool_copy *spool;
    leash_frame_namer *name;
    void *argument;
    struct leash_replay *out;
};

static int fold_all(struct job *job)
{
    unsigned char *done = malloc(job->spool->header.segments + 1);
    if (!done)
        return -ENOMEM;
    int64_t events;
    while ((events = leash_fold_batch(job->fold, job->spool->map, job->spool->size, true, done, 0)) > 0)
        job->out->events += events;
    free(done);
    return (int)events;
}

static int finish(struct job *job)
{
    const struct leash_spool_header *header = &job->spool->header;
    struct leash_fold_ending ending = {
        .end_kind = header->end == LEASH_SPOOL_COMPLETE ? "complete"
                    : header->end == LEASH_SPOOL_EXITED ? "exited"
                                                        : "crashed",
        .exit_code = header->exit_code,
        .dropped = header->dropped,
    };
    job->out->crashed = header->end != LEASH_SPOOL_COMPLETE && header->end != LEASH_SPOOL_EXITED;
    return leash_fold_finish(job->fold, &ending);
}

/* A kill between the end of an earlier replay (or of the process's own end) and the deletion of the spool: nothing is
 * left to do. */
static int is_finished(struct job *job, bool *finished)
{
    int64_t running = 0;
    int rc = number_of(job->db, "SELECT end_kind = 'running' FROM run WHERE id = 1", &running);
    *finished = !running;
    if (rc == 0 && *finished) {
        int64_t crashed = 0;
        rc = number_of(job->db, "SELECT end_kind = 'crashed' FROM run WHERE id = 1", &crashed);
        job->out->crashed = crashed;
    }
    return rc;
}

static int replay_spool(struct job *job)
{
    bool finished = false;
    int rc = complete_schema(job->db, &job->spool->header);
    rc = rc ? rc : is_finished(job, &finished);
    if (rc < 0 || finished)
        return rc;
    rc = leash_fold_new(job->db, &job->fold);
    if (rc == 0 && job->spool->map)
        rc = fold_all(job);
    rc = rc ? rc : finish(job);
    if (rc < 0)
        return fail(job->out, rc, "%s: %s", job->out->path, job->fold ? leash_fold_error(job->fold) : strerror(-rc));
    if (job->name)
        leash_fold_name_frames(job->fold, job->name, job->argument); /* names are a help: without them it is complete */
    return 0;
}

static int replay_into(const char *path, const struct leash__spool_copy *spool, leash_frame_namer *name, void *argument,
                       struct leash_replay *out)
{
    struct job job = {.spool = spool, .name = name, .argument = argument, .out = out};
    int rc = open_database(path, &job.db);
    if (rc == 0)
        rc = replay_spool(&job);
    if (rc < 0 && !*out->error)
        fail(out, rc, "%s: %s", path,
             rc == -EPROTO   ? "a trace of another version of leash"
             : rc == -EINVAL ? "is no trace of leash, or a damaged one"
             : job.db        ? sqlite3_errmsg(job.db)
                             : strerror(-rc));
    leash_fold_free(job.fold);
    if (rc == 0) {
        sqlite3_exec(job.db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
        sqlite3_exec(job.db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL); /* refused while somebody reads */
    }
    sqlite3_close_v2(job.db);
    return rc;
}

/* ---- all together ---- */

/* Whether the replay may be done in place: SQLite makes files beside the database. */
static bool may_write(const char *path)
{
    char *folder = strdup(path);
    if (!folder)
        return false;
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    bool writable = access(slash ? folder : ".", W_OK) == 0 && (access(path, W_OK) == 0 || errno == ENOENT);
    free(folder);
    return writable;
}

static int replay_copy(const struct leash__spool_copy *spool, leash_frame_namer *name, void *argument,
                       struct leash_replay *out)
{
    char *copy;
    int rc = leash__trace_copy(out->path, &copy);
    if (rc < 0)
        return fail(out, rc, "%s: cannot be copied to a temporary folder (TMPDIR): %s", out->path, strerror(-rc));
    rc = replay_into(copy, spool, name, argument, out);
    if (rc < 0) {
        leash__trace_copy_remove(copy);
        free(copy);
        return rc;
    }
    free(out->path);
    out->path = copy;
    out->what = LEASH_REPLAY_COPY;
    return 0;
}

void leash_replay_release(struct leash_replay *replay)
{
    if (replay->path && replay->what == LEASH_REPLAY_COPY)
        leash__trace_copy_remove(replay->path);
    free(replay->path);
    replay->path = NULL;
}

static int replay_locked(const char *spool_path, const struct leash__spool_claim *claim, leash_frame_namer *name,
                         void *argument, struct leash_replay *out)
{
    struct leash__spool_copy spool;
    int rc = leash__spool_copy_load(claim->fd, &spool);
    if (rc < 0)
        return fail(out, rc, "%s: %s", spool_path,
                    rc == -EPROTO   ? "a spool of another version of leash"
                    : rc == -EINVAL ? "is no spool, or a damaged one"
                                    : strerror(-rc));
    bool nothing_began = !spool.map && access(out->path, F_OK) < 0;
    if (claim->writable && nothing_began) {
        unlink(spool_path);
    } else if (claim->writable && may_write(out->path)) {
        rc = replay_into(out->path, &spool, name, argument, out);
        if (rc == 0 && unlink(spool_path) < 0)
            rc = fail(out, -errno, "%s: cannot be deleted: %s", spool_path, strerror(errno));
        if (rc == 0)
            out->what = LEASH_REPLAY_DONE;
    } else {
        rc = replay_copy(&spool, name, argument, out);
    }
    leash__spool_copy_free(&spool);
    return rc;
}

int leash_replay(const char *trace_path, leash_frame_namer *name, void *argument, struct leash_replay *out)
{
    *out = (struct leash_replay){0};
    out->path = realpath(trace_path, NULL); /* SQLite, too, puts -wal beside the file that a link names */
    if (!out->path)
        out->path = strdup(trace_path);
    char *spool_path = out->path ? with_suffix(out->path, LEASH_SPOOL_SUFFIX) : NULL;
    if (!spool_path)
        return fail(out, -ENOMEM, "%s: no memory to look for its spool", trace_path);
    struct leash__spool_claim claim;
    int rc = leash__spool_claim_dead(spool_path, &claim, &out->pid);
    if (rc == 0) {
        rc = replay_locked(spool_path, &claim, name, argument, out);
        close(claim.fd);
    } else if (rc == -ENOENT || rc == -ENOTDIR) {
        rc = 0;
    } else if (rc == -EBUSY) {
        out->what = LEASH_REPLAY_LIVE;
        rc = 0;
    } else {
        fail(out, rc, "%s: %s", spool_path, rc == -EINVAL ? "is no file" : strerror(-rc));
    }
    free(spool_path);
    return rc;
}
