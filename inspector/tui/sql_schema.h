/* The names that a statement may use: tables, views and their columns. */
#ifndef LEASH_INSPECTOR_SQL_SCHEMA_H
#define LEASH_INSPECTOR_SQL_SCHEMA_H

#include "arena.h"
#include "completion.h"
#include "styled.h"
#include "tui.h"

struct sql_table {
    const char *name;
    const char *const *columns; /* NULL after the last */
};

struct sql_schema {
    struct arena memory;
    struct sql_table *tables; /* by name */
    size_t count, capacity;
};

void sql_schema_load(struct tui *tui, struct sql_schema *out);
void sql_schema_free(struct sql_schema *schema);

/* Offers what may follow byte `from` of a statement: after FROM only tables; columns of tables that the statement
 * names, or of all if it names none. */
void sql_complete(const struct sql_schema *schema, const char *statement, size_t from, struct completion *completion);
/* A line a table; those that the statement names come first. */
void sql_schema_lines(const struct sql_schema *schema, const char *statement, struct lines *out);

#endif
