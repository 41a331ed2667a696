#include "sql_schema.h"
#include "alloc.h"
#include "listing.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MAX 64

/* ---- loading ---- */

static bool is_word(const char *text)
{
    if (!*text || isdigit((unsigned char)*text))
        return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '_')
            return false;
    return true;
}

/* The texts of one column of a statement's rows, in the arena; how many. */
static size_t texts(struct tui *tui, const char *statement, const char *heading, struct arena *memory, const char **out,
                    size_t most)
{
    struct model_table *table;
    char why[200];
    size_t count = 0;
    if (model_sql_open(tui->trace, statement, &table, why, sizeof why) < 0)
        return 0;
    size_t column = 0;
    while (column < model_table_columns(table) && strcmp(model_table_heading(table, column), heading) != 0)
        column++;
    while (column < model_table_columns(table) && count < most && model_table_next(table) > 0) {
        const struct model_cell cell = model_table_cell(table, column);
        if (cell.kind == MODEL_CELL_TEXT && is_word(cell.text) && strncmp(cell.text, "sqlite_", 7) != 0)
            out[count++] = arena_text(memory, cell.text);
    }
    model_table_close(table);
    return count;
}

static int by_name(const void *left, const void *right)
{
    const struct sql_table *a = left, *b = right;
    return strcmp(a->name, b->name);
}

/* A view of ours may have the name of one that the trace has: a statement sees only the former, and both were asked for
 * their columns by name. */
static void forget_shadowed(struct sql_schema *schema)
{
    size_t kept = 0;
    for (size_t i = 0; i < schema->count; i++)
        if (kept == 0 || strcmp(schema->tables[kept - 1].name, schema->tables[i].name) != 0)
            schema->tables[kept++] = schema->tables[i];
    schema->count = kept;
}

void sql_schema_load(struct tui *tui, struct sql_schema *out)
{
    const char *names[200];
    char statement[200];
    *out = (struct sql_schema){0};
    size_t count = texts(tui, "PRAGMA table_list", "name", &out->memory, names, sizeof names / sizeof *names);
    for (size_t i = 0; i < count; i++) {
        const char **columns = arena_alloc(&out->memory, COLUMNS_MAX + 1, sizeof *columns);
        if (strlen(names[i]) > 100)
            continue;
        snprintf(statement, sizeof statement, "PRAGMA table_info(%s)", names[i]);
        if (texts(tui, statement, "name", &out->memory, columns, COLUMNS_MAX) == 0)
            continue;
        X_GROW(out->tables, out->count, out->capacity);
        out->tables[out->count++] = (struct sql_table){names[i], columns};
    }
    if (out->count)
        qsort(out->tables, out->count, sizeof *out->tables, by_name);
    forget_shadowed(out);
}

void sql_schema_free(struct sql_schema *schema)
{
    arena_free(&schema->memory);
    free(schema->tables);
    *schema = (struct sql_schema){0};
}

/* ---- completing ---- */

static bool is_letter(char letter)
{
    return isalnum((unsigned char)letter) || letter == '_';
}

/* Does the statement name the table, as a word of its own? */
static bool names_table(const char *statement, const char *table)
{
    size_t length = strlen(table);
    for (const char *at = strcasestr(statement, table); at; at = strcasestr(at + 1, table))
        if ((at == statement || !is_letter(at[-1])) && !is_letter(at[length]))
            return true;
    return false;
}

/* Does the text before the word end with FROM or JOIN, so that only a table can follow? */
static bool wants_table(const char *statement, size_t end)
{
    while (end && isspace((unsigned char)statement[end - 1]))
        end--;
    return end >= 4 &&
           (strncasecmp(statement + end - 4, "from", 4) == 0 || strncasecmp(statement + end - 4, "join", 4) == 0);
}

void sql_complete(const struct sql_schema *schema, const char *statement, size_t from, struct completion *completion)
{
    static const char *const keywords[] = {"SELECT",   "FROM", "WHERE",    "GROUP BY", "ORDER BY",  "LIMIT",
                                           "COUNT(*)", "AVG(", "DISTINCT", "HAVING",   "LEFT JOIN", "WITH"};
    bool any = false;
    for (size_t i = 0; i < schema->count; i++) {
        completion_offer(completion, schema->tables[i].name);
        any = any || names_table(statement, schema->tables[i].name);
    }
    if (wants_table(statement, from))
        return;
    for (size_t i = 0; i < schema->count; i++)
        if (!any || names_table(statement, schema->tables[i].name))
            for (const char *const *column = schema->tables[i].columns; *column; column++)
                completion_offer(completion, *column);
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        completion_offer(completion, keywords[i]);
}

/* ---- showing ---- */

static void add_table(const struct sql_table *table, enum role role, struct lines *out)
{
    struct styled *line = lines_add(out);
    styled_format(line, role, " %s", table->name);
    styled_to(line, 15);
    for (const char *const *column = table->columns; *column; column++)
        styled_format(line, ROLE_NORMAL, "%s%s", column == table->columns ? "" : " ", *column);
    line->indent = 15;
}

void sql_schema_lines(const struct sql_schema *schema, const char *statement, struct lines *out)
{
    for (int named = 1; named >= 0; named--)
        for (size_t i = 0; i < schema->count; i++)
            if (names_table(statement, schema->tables[i].name) == named)
                add_table(&schema->tables[i], named ? ROLE_ACCENT : ROLE_DIM, out);
}
