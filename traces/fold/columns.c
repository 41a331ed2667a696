#include "columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(char *) == sizeof(uint64_t), "leash__column_is_zero reads texts as numbers");

static void leash_result_word(const struct leash__column *column, unsigned index, sqlite3_context *context)
{
    const char *word = index < column->words_count ? column->words[index] : NULL;
    if (word)
        sqlite3_result_text(context, word, (int)strlen(word), SQLITE_STATIC);
}

static void leash_result_id(uint64_t id, sqlite3_context *context)
{
    if (id)
        sqlite3_result_int64(context, (sqlite3_int64)id);
}

/* A context that gets no result is NULL. */
void leash__column_result(const struct leash__column *column, const void *row, sqlite3_context *context)
{
    const char *field = (const char *)row + column->offset;
    switch (column->type) {
    case LEASH__ID:
        leash_result_id(*(const uint64_t *)(const void *)field, context);
        break;
    case LEASH__ID32:
        leash_result_id(*(const uint32_t *)(const void *)field, context);
        break;
    case LEASH__COUNT:
        sqlite3_result_int64(context, *(const sqlite3_int64 *)(const void *)field);
        break;
    case LEASH__OPT:
        if (*(const int64_t *)(const void *)field)
            sqlite3_result_int64(context, leash__opt_value(*(const int64_t *)(const void *)field));
        break;
    case LEASH__FLAG:
        sqlite3_result_int(context, *(const uint8_t *)field);
        break;
    case LEASH__WORD:
        leash_result_word(column, *(const uint8_t *)field, context);
        break;
    case LEASH__TEXT:
        if (*(char *const *)(const void *)field)
            sqlite3_result_text(context, *(char *const *)(const void *)field, -1, SQLITE_STATIC);
        break;
    }
}

static uint8_t leash_load_word(const struct leash__column *column, const char *text)
{
    for (size_t i = 0; text && i < column->words_count; i++)
        if (column->words[i] && !strcmp(column->words[i], text))
            return (uint8_t)i;
    return 0;
}

int leash__column_load(const struct leash__column *column, void *row, sqlite3_stmt *statement, int index)
{
    char *field = (char *)row + column->offset;
    sqlite3_int64 number = sqlite3_column_int64(statement, index);
    const char *text = NULL;
    switch (column->type) {
    case LEASH__ID:
    case LEASH__COUNT:
        *(uint64_t *)(void *)field = (uint64_t)number;
        break;
    case LEASH__ID32:
        *(uint32_t *)(void *)field = (uint32_t)number;
        break;
    case LEASH__OPT:
        *(int64_t *)(void *)field = sqlite3_column_type(statement, index) == SQLITE_NULL ? 0 : leash__opt(number);
        break;
    case LEASH__FLAG:
        *(uint8_t *)field = number != 0;
        break;
    case LEASH__WORD:
        *(uint8_t *)field = leash_load_word(column, (const char *)sqlite3_column_text(statement, index));
        break;
    case LEASH__TEXT:
        text = (const char *)sqlite3_column_text(statement, index);
        *(char **)(void *)field = text ? strdup(text) : NULL;
        if (!*(char **)(void *)field && sqlite3_column_type(statement, index) != SQLITE_NULL)
            return -ENOMEM;
        break;
    }
    return 0;
}

void leash__column_merge_sql(const struct leash__column *column, sqlite3_str *sql)
{
    static const char *const merges[] = {
        [LEASH__KEEP] = "coalesce(%s, excluded.%s)",
        [LEASH__LAST] = "coalesce(excluded.%s, %s)",
        [LEASH__OR] = "%s | excluded.%s",
        [LEASH__SUM] = "coalesce(%s + excluded.%s, ",
        [LEASH__STATE] = "CASE WHEN ended_ns IS NULL THEN excluded.%s ELSE %s END",
    };
    sqlite3_str_appendf(sql, ", %s = ", column->name);
    sqlite3_str_appendf(sql, merges[column->merge], column->name, column->name);
    if (column->merge == LEASH__SUM)
        sqlite3_str_appendf(sql, "%s, excluded.%s)", column->name, column->name);
}
