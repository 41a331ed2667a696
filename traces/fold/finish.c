/* The end of a trace: how the run ended, what was still open then, indexes, views, findings. */
#include "apply.h"
#include "ready.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Built at the end: kept up while rows come they would double the cost of a row. The partial ones make the rules' views
 * and the inspector's first page independent of the trace's size; one a table, since each costs a scan of it. */
static const char leash_indexes[] =
    "CREATE INDEX IF NOT EXISTS main.task_open ON task(facts) WHERE facts <> 0 OR state = 'pending';"
    "CREATE INDEX IF NOT EXISTS main.future_judged ON future(facts) WHERE facts <> 0;"
    "CREATE INDEX IF NOT EXISTS main.coro_judged ON coro(facts) WHERE facts <> 0;"
    "CREATE INDEX IF NOT EXISTS main.object_judged ON object(facts) WHERE facts <> 0;"
    "CREATE INDEX IF NOT EXISTS main.task_by_site ON task(site_id);"
    "CREATE INDEX IF NOT EXISTS main.await_by_task ON await(task_id);";

static int leash_execf(struct leash_fold *fold, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *sql = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    int rc = sql ? leash__exec(fold, sql) : SQLITE_NOMEM;
    sqlite3_free(sql);
    return rc;
}

static void leash_count_open_task(void *argument, void *row)
{
    struct leash_fold *fold = argument;
    const struct leash__task *task = row;
    leash__top_consider(&fold->totals.top[LEASH__TOP_LIFE], task->row.id, leash__since(fold, task->created_ns));
}

static void leash_count_open_await(void *argument, void *row)
{
    struct leash_fold *fold = argument;
    const struct leash__await *await = row;
    leash__top_consider(&fold->totals.top[LEASH__TOP_WAIT], await->task_id, leash__since(fold, await->began_ns));
}

static void leash_latest(void *argument, void *row)
{
    struct leash_fold *fold = argument;
    const struct leash__drain *drain = row;
    if (drain->last_ns > fold->now)
        fold->now = drain->last_ns;
}

/* What never ended has lived and waited until the end. */
static int leash_count_open(struct leash_fold *fold)
{
    leash__rowpool_each(&LEASH__TABLE(fold, task)->pool, leash_count_open_task, fold);
    leash__rowpool_each(&LEASH__TABLE(fold, await)->pool, leash_count_open_await, fold);
    return leash__totals_store(&fold->totals, fold->db);
}

static int leash_end_run(struct leash_fold *fold, const struct leash_fold_ending *ending)
{
    const bool exited = !strcmp(ending->end_kind, "exited");
    char code[16] = "NULL", unix_ns[24] = "NULL";
    if (exited)
        snprintf(code, sizeof(code), "%d", ending->exit_code);
    if (ending->ended_unix_ns)
        snprintf(unix_ns, sizeof(unix_ns), "%lld", (long long)ending->ended_unix_ns);
    int rc = leash_execf(fold,
                         "INSERT OR IGNORE INTO main.run(id, end_kind) SELECT 1, 'running' WHERE NOT EXISTS "
                         "(SELECT 1 FROM main.run);"
                         "UPDATE main.run SET end_kind = %Q, exit_code = %s, ended_ns = %lld, ended_unix_ns = %s, "
                         "dropped = %lld",
                         ending->end_kind, code, (long long)fold->now, unix_ns, (long long)ending->dropped);
    if (rc == SQLITE_OK && exited)
        rc = leash_execf(fold, "UPDATE main.loop SET end_kind = 'exited', ended_ns = %lld WHERE ended_ns IS NULL",
                         (long long)fold->now);
    return rc;
}

/* meta.complete: "complete", "exited" or "crashed at NS", with ", dropped N" behind if events are missing. */
static int leash_tell_complete(struct leash_fold *fold, const struct leash_fold_ending *ending)
{
    char at[32] = "", dropped[40] = "";
    if (!strcmp(ending->end_kind, "crashed"))
        snprintf(at, sizeof(at), " at %lld", (long long)fold->now);
    if (ending->dropped)
        snprintf(dropped, sizeof(dropped), ", dropped %llu", (unsigned long long)ending->dropped);
    int rc = leash_execf(fold, "REPLACE INTO main.meta(key, value) VALUES('complete', '%q%s%s'), ('rules_version', %Q)",
                         ending->end_kind, at, dropped, leash_rules_version);
    if (rc == SQLITE_OK && ending->dropped)
        rc = leash_execf(fold,
                         "DELETE FROM main.dropped; INSERT INTO main.dropped(events, at_ns, reason) "
                         "VALUES(%lld, %lld, 'the spool was full')",
                         (long long)ending->dropped, (long long)fold->now);
    return rc;
}

static int leash_store_findings(struct leash_fold *fold)
{
    return leash__exec(fold, "DELETE FROM main.finding; INSERT INTO main.finding(class, severity, also, subject_kind, "
                             "subject_id, site_id, stack_id, at_ns, detail) SELECT class, severity, also, "
                             "subject_kind, subject_id, site_id, stack_id, at_ns, detail FROM main.leak");
}

static int leash_end(struct leash_fold *fold, const struct leash_fold_ending *ending)
{
    int rc = leash__exec(fold, "BEGIN IMMEDIATE");
    if (rc == SQLITE_OK)
        rc = leash_end_run(fold, ending);
    if (rc == SQLITE_OK)
        rc = leash_tell_complete(fold, ending);
    if (rc == SQLITE_OK)
        rc = leash_count_open(fold);
    if (rc == SQLITE_OK)
        rc = leash__exec(fold, leash_indexes);
    if (rc == SQLITE_OK && leash_rules_install(fold->db, false) < 0)
        rc = sqlite3_errcode(fold->db);
    if (rc == SQLITE_OK)
        rc = leash_store_findings(fold);
    return rc == SQLITE_OK ? leash__exec(fold, "COMMIT") : rc;
}

int leash_fold_finish(struct leash_fold *fold, const struct leash_fold_ending *ending)
{
    int rc = leash__fold_ready(fold);
    if (rc < 0)
        return rc;
    fold->now = ending->ended_ns;
    if (!fold->now)
        leash__rowpool_each(&LEASH__TABLE(fold, drain)->pool, leash_latest, fold);
    rc = leash__failed(fold, "ending the trace", leash_end(fold, ending));
    if (rc < 0 && !sqlite3_get_autocommit(fold->db))
        leash__exec(fold, "ROLLBACK");
    if (rc == 0)
        leash__totals_saved(&fold->totals);
    return rc;
}
