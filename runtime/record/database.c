#include "database.h"

#include "run_text.h"

#include <errno.h>
#include <fcntl.h>
#include <fold.h>
#include <leash/suppress.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A program need not define it. */
#pragma weak __leash_default_suppressions

/* ---- the file ---- */

/* SQLite's header: its magic string, and the application's id, big-endian, at byte 68. */
static bool is_trace(const char *path)
{
    unsigned char header[72];
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, header, sizeof header);
    close(fd);
    if (got != sizeof header || memcmp(header, "SQLite format 3", 16) != 0)
        return false;
    uint32_t id = (uint32_t)header[68] << 24 | (uint32_t)header[69] << 16 | (uint32_t)header[70] << 8 | header[71];
    return id == LEASH_APPLICATION_ID;
}

static int check_replaceable(const char *path)
{
    struct stat status;
    if (lstat(path, &status) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (S_ISLNK(status.st_mode))
        return -ELOOP;
    return S_ISREG(status.st_mode) && (status.st_size == 0 || is_trace(path)) ? 0 : -EEXIST;
}

static int remove_with_suffix(const char *path, const char *suffix)
{
    char name[PATH_MAX]; /* no allocation: what removes the rest after a failure must not fail itself */
    if (snprintf(name, sizeof name, "%s%s", path, suffix) >= (int)sizeof name)
        return -ENAMETOOLONG;
    return unlink(name) < 0 && errno != ENOENT ? -errno : 0;
}

/* The database last: without it, what is left beside it is nobody's. */
int leash__database_remove(const char *path)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal", ""};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        int rc = remove_with_suffix(path, suffixes[i]);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int make_file(const char *path)
{
    int rc = check_replaceable(path);
    if (rc == 0)
        rc = leash__database_remove(path);
    if (rc < 0)
        return rc;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    close(fd); /* before SQLite opens it: closing it later would drop SQLite's locks */
    return 0;
}

static int error_of(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
        return 0;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_FULL:
        return -ENOSPC;
    default:
        return -EIO;
    }
}

int leash__database_create(const char *path, sqlite3 **out)
{
    int rc = make_file(path);
    if (rc < 0)
        return rc;
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
    rc = error_of(sqlite3_open_v2(path, &db, flags, NULL));
    if (rc == 0) {
        sqlite3_busy_timeout(db, LEASH_BUSY_MS);
        /* Before the first write: what survives a kill need not survive a power cut. */
        rc = error_of(sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL));
    }
    if (rc == 0)
        rc = leash_trace_create(db);
    if (rc < 0) {
        sqlite3_close(db);
        leash__database_remove(path);
        return rc;
    }
    *out = db;
    return 0;
}

void leash__database_close(sqlite3 *db)
{
    if (!db)
        return;
    sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
    sqlite3_exec(db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL); /* refused while somebody reads */
    sqlite3_close_v2(db);
}

/* ---- the row about the run ---- */

static int bind_texts(sqlite3_stmt *insert, const struct leash_options *options)
{
    char *texts[] = {leash__run_argv(), leash__run_link("cwd"), leash__run_link("exe"), leash__run_options(options)};
    int rc = SQLITE_OK;
    for (int i = 0; i < 4; i++) /* a text that is not known is bound as NULL */
        rc = rc ? rc : sqlite3_bind_text(insert, 1 + i, texts[i], -1, SQLITE_TRANSIENT);
    for (int i = 0; i < 4; i++)
        free(texts[i]);
    return rc;
}

/* What the program accepts of its own leaks; see <leash/suppress.h>. */
static int describe_suppressions(sqlite3 *db)
{
    sqlite3_stmt *insert;
    const char *text = __leash_default_suppressions ? __leash_default_suppressions() : NULL;
    if (!text || !*text)
        return SQLITE_OK;
    int rc = sqlite3_prepare_v2(db, "INSERT INTO meta(key, value) VALUES('suppressions', ?)", -1, &insert, NULL);
    if (rc)
        return rc;
    rc = sqlite3_bind_text(insert, 1, text, -1, SQLITE_TRANSIENT);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(insert);
    sqlite3_finalize(insert);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int leash__database_describe_run(sqlite3 *db, const struct leash_options *options, uint64_t began_unix_ns)
{
    static const char sql[] =
        "INSERT INTO run(id, argv, cwd, executable, options, pid, ppid, began_unix_ns, end_kind, seed, "
        "virtual_time, level) VALUES (1, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)";
    sqlite3_stmt *insert;
    int rc = sqlite3_prepare_v2(db, sql, -1, &insert, NULL);
    if (rc)
        return error_of(rc);
    rc = bind_texts(insert, options);
    if (rc == SQLITE_OK) {
        sqlite3_bind_int(insert, 5, getpid());
        sqlite3_bind_int(insert, 6, getppid());
        sqlite3_bind_int64(insert, 7, (sqlite3_int64)began_unix_ns);
        sqlite3_bind_int64(insert, 8, (sqlite3_int64)options->seed);
        sqlite3_bind_int(insert, 9, options->virtual_time == 1);
        sqlite3_bind_text(insert, 10, options->steps == 1 ? "steps" : "lifecycle", -1, SQLITE_STATIC);
        rc = sqlite3_step(insert);
    }
    sqlite3_finalize(insert);
    if (rc == SQLITE_DONE)
        rc = describe_suppressions(db);
    return error_of(rc);
}
