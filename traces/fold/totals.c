#include "totals.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *key;
    size_t offset;
} total_keys[] = {
#define X(name) {#name, offsetof(struct leash__total_counts, name)},
    LEASH__TOTALS(X)
#undef X
};
enum { TOTAL_KEYS = sizeof(total_keys) / sizeof(total_keys[0]) };

static const char *const top_words[LEASH__TOP_KINDS] = {[LEASH__TOP_WAIT] = "wait", [LEASH__TOP_LIFE] = "life"};

static bool leash_better(const struct leash__top *a, const struct leash__top *b)
{
    return a->value != b->value ? a->value > b->value : a->task_id < b->task_id;
}

static void leash_remove(struct leash__top_list *list, unsigned at)
{
    memmove(&list->best[at], &list->best[at + 1], (list->count - at - 1) * sizeof(list->best[0]));
    list->count--;
}

void leash__top_consider(struct leash__top_list *list, uint64_t task_id, uint64_t value)
{
    const struct leash__top candidate = {task_id, value};
    if (!value || (list->count == LEASH__TOP && !leash_better(&candidate, &list->best[LEASH__TOP - 1])))
        return;
    for (unsigned i = 0; i < list->count; i++)
        if (list->best[i].task_id == task_id) {
            if (list->best[i].value >= value)
                return;
            leash_remove(list, i);
        }
    if (list->count == LEASH__TOP)
        list->count--;
    unsigned at = list->count++;
    for (; at > 0 && leash_better(&candidate, &list->best[at - 1]); at--)
        list->best[at] = list->best[at - 1];
    list->best[at] = candidate;
    list->changed = true;
}

static int leash_store_counts(const struct leash__total_counts *counts, sqlite3 *db)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db, "REPLACE INTO main.total(key, value) VALUES(?1, ?2)", -1, &statement, NULL);
    for (size_t i = 0; rc == SQLITE_OK && i < TOTAL_KEYS; i++) {
        uint64_t value;
        memcpy(&value, (const char *)counts + total_keys[i].offset, sizeof(value));
        sqlite3_bind_text(statement, 1, total_keys[i].key, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 2, (sqlite3_int64)value);
        sqlite3_step(statement);
        rc = sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return rc;
}

static int leash_store_top(const struct leash__top_list *list, const char *kind, sqlite3 *db)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db, "REPLACE INTO main.top_task(kind, rank, task_id, value) VALUES(?1, ?2, ?3, ?4)", -1,
                                &statement, NULL);
    for (unsigned i = 0; rc == SQLITE_OK && i < list->count; i++) {
        sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
        sqlite3_bind_int(statement, 2, (int)i + 1);
        sqlite3_bind_int64(statement, 3, (sqlite3_int64)list->best[i].task_id);
        sqlite3_bind_int64(statement, 4, (sqlite3_int64)list->best[i].value);
        sqlite3_step(statement);
        rc = sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return rc;
}

int leash__totals_store(const struct leash__totals *totals, sqlite3 *db)
{
    int rc = leash_store_counts(&totals->counts, db);
    for (int kind = 0; rc == SQLITE_OK && kind < LEASH__TOP_KINDS; kind++)
        if (totals->top[kind].changed)
            rc = leash_store_top(&totals->top[kind], top_words[kind], db);
    return rc;
}

void leash__totals_saved(struct leash__totals *totals)
{
    for (int kind = 0; kind < LEASH__TOP_KINDS; kind++)
        totals->top[kind].changed = false;
}

static void leash_load_count(struct leash__totals *totals, const char *key, uint64_t value)
{
    for (size_t i = 0; key && i < TOTAL_KEYS; i++)
        if (!strcmp(total_keys[i].key, key))
            memcpy((char *)&totals->counts + total_keys[i].offset, &value, sizeof(value));
}

static void leash_load_top(struct leash__totals *totals, const char *kind, uint64_t task_id, uint64_t value)
{
    for (int i = 0; kind && i < LEASH__TOP_KINDS; i++)
        if (!strcmp(top_words[i], kind))
            leash__top_consider(&totals->top[i], task_id, value);
}

int leash__totals_load(struct leash__totals *totals, sqlite3 *db)
{
    *totals = (struct leash__totals){.top[0].count = 0};
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT key, value, 0 FROM main.total UNION ALL SELECT kind, task_id, value FROM "
                                "(SELECT kind, task_id, value FROM main.top_task ORDER BY kind, rank)",
                                -1, &statement, NULL);
    if (rc != SQLITE_OK)
        return rc;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(statement, 0);
        leash_load_count(totals, key, (uint64_t)sqlite3_column_int64(statement, 1));
        leash_load_top(totals, key, (uint64_t)sqlite3_column_int64(statement, 1),
                       (uint64_t)sqlite3_column_int64(statement, 2));
    }
    rc = sqlite3_finalize(statement);
    leash__totals_saved(totals);
    return rc;
}
