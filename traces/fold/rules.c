/* The rules and the views over them, put into a database. */
#include "embedded.h"

#include <errno.h>
#include <string.h>

/* "rule_never_awaited" of "never-awaited". */
static void leash_append_name(sqlite3_str *sql, const char *rule)
{
    sqlite3_str_appendall(sql, "rule_");
    for (const char *c = rule; *c; c++)
        sqlite3_str_appendchar(sql, 1, *c == '-' ? '_' : *c);
}

static int leash_run_str(sqlite3 *db, sqlite3_str *sql)
{
    char *text = sqlite3_str_finish(sql);
    int rc = text ? sqlite3_exec(db, text, NULL, NULL, NULL) : SQLITE_NOMEM;
    sqlite3_free(text);
    return rc;
}

static void leash_begin_view(sqlite3_str *sql, const char *name, bool temporary)
{
    const char *schema = temporary ? "temp" : "main";
    sqlite3_str_appendf(sql, "DROP VIEW IF EXISTS %s.\"%w\"; CREATE VIEW %s.\"%w\" AS ", schema, name, schema, name);
}

static int leash_install_rule(sqlite3 *db, const struct leash_rule *rule, bool temporary)
{
    sqlite3_str *name = sqlite3_str_new(db), *sql = sqlite3_str_new(db);
    leash_append_name(name, rule->name);
    char *text = sqlite3_str_finish(name);
    leash_begin_view(sql, text ? text : "", temporary);
    sqlite3_str_appendall(sql, rule->sql);
    sqlite3_free(text);
    return leash_run_str(db, sql);
}

/* One view over several rules: their findings, with class and severity. */
static int leash_install_union(sqlite3 *db, const char *view, bool (*has)(const char *class), bool temporary)
{
    sqlite3_str *sql = sqlite3_str_new(db);
    const char *between = "";
    leash_begin_view(sql, view, temporary);
    for (size_t i = 0; i < leash_rules_count; i++) {
        if (!has(leash_rules[i].class))
            continue;
        sqlite3_str_appendf(sql,
                            "%sSELECT %d AS precedence, %Q AS class, %Q AS severity, subject_kind, subject_id, name, "
                            "site_id, stack_id, at_ns, detail, code FROM ",
                            between, (int)i, leash_rules[i].class, leash_rules[i].severity);
        leash_append_name(sql, leash_rules[i].name);
        between = " UNION ALL ";
    }
    return leash_run_str(db, sql);
}

static bool leash_is_any(const char *class)
{
    (void)class;
    return true;
}

/* Of tasks that are stuck for good: who waits for one may be its victim. */
static bool leash_is_stuck(const char *class)
{
    return strcmp(class, "deadlock") == 0 || strcmp(class, "unreferenced") == 0 ||
           strcmp(class, "pending-at-exit") == 0;
}

int leash_rules_install(sqlite3 *db, bool temporary)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < leash_rules_count; i++)
        rc = leash_install_rule(db, &leash_rules[i], temporary);
    if (rc == SQLITE_OK)
        rc = leash_install_union(db, "rule_hit", leash_is_any, temporary);
    if (rc == SQLITE_OK)
        rc = leash_install_union(db, "rule_stuck", leash_is_stuck, temporary);
    for (size_t i = 0; rc == SQLITE_OK && i < leash__views_count; i++) {
        sqlite3_str *sql = sqlite3_str_new(db);
        leash_begin_view(sql, leash__views[i].name, temporary);
        sqlite3_str_appendall(sql, leash__views[i].sql);
        rc = leash_run_str(db, sql);
    }
    return rc == SQLITE_OK ? 0 : (rc & 0xff) == SQLITE_NOMEM ? -ENOMEM : (rc & 0xff) == SQLITE_FULL ? -ENOSPC : -EIO;
}
