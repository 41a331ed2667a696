/* What keeps a hostile trace from doing anything but being read. */
#include "trace_private.h"
#include "clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <trace_format.h>

#define LENGTH_MAX     (16 * 1024 * 1024)
#define SQL_MAX        1000000
#define PROGRESS_STEPS 2000

/* Must be ordinary tables; the inspector reads them by these names. */
static const char *const expected[] = {
    "meta",     "run",     "thread", "loop",    "module",  "frame",      "stack",      "stack_frame",
    "site",     "coro",    "task",   "future",  "object",  "child",      "await",      "cancel",
    "claim",    "failure", "scan",   "misuse",  "step",    "hold",       "object_op",  "site_stat",
    "top_task", "total",   "drain",  "dropped", "finding", "test_scope", "test_member"};
#define EXPECTED (sizeof expected / sizeof *expected)

atomic_bool trace_interrupted;

void trace_interrupt(struct trace *trace)
{
    atomic_store(&trace->interrupted, true);
}

void trace_resume(struct trace *trace)
{
    atomic_store(&trace->interrupted, false);
}

bool trace_is_interrupted(const struct trace *trace)
{
    return trace_interrupted || atomic_load(&trace->interrupted);
}

static int on_progress(void *argument)
{
    const struct trace *trace = argument;
    return trace_is_interrupted(trace) || clock_now_ns() > trace->deadline_ns;
}

/* Before the first statement: nothing of the file's schema may run. */
int trace_guard_connection(struct trace *trace, sqlite3 *db)
{
    static const struct {
        int option, value;
    } configs[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1},
                   {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                   {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                   {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                   {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                   {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
                   {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0}};
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++)
        if (sqlite3_db_config(db, configs[i].option, configs[i].value, NULL) != SQLITE_OK)
            return -EIO;
    if (trace_add_functions(db) < 0)
        return -EIO;
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, SQL_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_busy_timeout(db, 1000);
    sqlite3_progress_handler(db, PROGRESS_STEPS, on_progress, trace);
    const char *pragmas = trace->options.spills
                              ? "PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; PRAGMA temp_store=FILE;"
                              : "PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;";
    return sqlite3_exec(db, pragmas, NULL, NULL, NULL) == SQLITE_OK ? 0 : -EIO;
}

static int expected_index(const char *name)
{
    for (size_t i = 0; i < EXPECTED; i++)
        if (strcasecmp(name, expected[i]) == 0)
            return (int)i;
    return -1;
}

/* Notes one row of sqlite_schema; -EINVAL if an expected name is no table. */
static int check_entry(struct trace *trace, sqlite3_stmt *row, bool *seen, struct trace_error *error)
{
    const char *type = (const char *)sqlite3_column_text(row, 0);
    const char *name = (const char *)sqlite3_column_text(row, 1);
    int index = name ? expected_index(name) : -1;
    if (type && strcmp(type, "trigger") == 0)
        return trace_fail(error, -EINVAL, trace->path, "not a trace that leash wrote: it has a trigger");
    if (index < 0 || !type)
        return 0;
    bool is_virtual = sqlite3_column_int64(row, 2) == 0;
    if (strcmp(type, "table") != 0 || is_virtual)
        return trace_fail(error, -EINVAL, trace->path,
                          "not a trace that leash wrote: \"%s\" is a %s%.20s, where a table belongs", expected[index],
                          strcmp(type, "table") == 0 ? "virtual " : "", type);
    seen[index] = true;
    return 0;
}

int trace_guard_schema(struct trace *trace, bool whole, struct trace_error *error)
{
    sqlite3_stmt *row = NULL;
    bool seen[EXPECTED] = {false};
    int rc = 0;
    if (sqlite3_prepare_v2(trace->db, "SELECT type, name, coalesce(rootpage, 0) FROM sqlite_schema", -1, &row, NULL) !=
        SQLITE_OK)
        return trace_fail(error, -EBADMSG, trace->path, "damaged: %s; `leash repair` may save part",
                          sqlite3_errmsg(trace->db));
    int step = SQLITE_DONE;
    while (rc == 0 && (step = sqlite3_step(row)) == SQLITE_ROW)
        rc = check_entry(trace, row, seen, error);
    sqlite3_finalize(row);
    if (rc == 0 && step != SQLITE_DONE)
        return trace_fail(error, -EBADMSG, trace->path, "damaged: %s; `leash repair` may save part",
                          sqlite3_errmsg(trace->db));
    for (size_t i = 0; rc == 0 && whole && i < EXPECTED; i++)
        if (!seen[i])
            rc = trace_fail(error, -EINVAL, trace->path, "not a whole trace: table \"%s\" is missing", expected[i]);
    return rc;
}

static bool pragma_reads(const char *name)
{
    static const char *const allowed[] = {"table_info", "table_xinfo", "table_list",
                                          "index_list", "index_info",  "data_version"};
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (strcasecmp(name, allowed[i]) == 0)
            return true;
    return false;
}

static int on_authorize(void *argument, int action, const char *first, const char *second, const char *database,
                        const char *inside)
{
    const struct trace *trace = argument;
    (void)database, (void)inside;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_TRANSACTION: /* not the user's: it would hold up the program that records */
        return trace->transaction ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return second && strcasecmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
        return first && pragma_reads(first) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

/* From here on statements only read. */
void trace_guard_queries(struct trace *trace)
{
    sqlite3_exec(trace->db, "PRAGMA cache_size=-65536", NULL, NULL, NULL); /* KiB; the default is 2 MB */
    sqlite3_set_authorizer(trace->db, on_authorize, trace);
}
