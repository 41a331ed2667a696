#include "reading.h"
#include "alloc.h"
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA_FIELDS 5 /* type, name, tbl_name, rootpage, sql */

/* ---- rows ---- */

static void save_row(struct salvage *salvage, struct table *table, const struct format_page *page, unsigned index)
{
    struct format_value values[FORMAT_COLUMNS];
    struct format_cell cell;
    size_t count = salvage_row(salvage, page, index, &cell, values);
    if (count == 0 || count > table->record_columns) {
        table->damaged++;
        return;
    }
    if (!table->derived && table_insert(table, cell.rowid, values, count) < 0)
        salvage->failed = -EIO;
}

static void save_rows(struct salvage *salvage, struct table *table, const struct format_page *page)
{
    for (unsigned i = 0; i < page->cells && !salvage->failed; i++)
        save_row(salvage, table, page, i);
}

/* ---- trees ---- */

struct todo {
    uint32_t *pages;
    size_t count, capacity;
};

static void push(struct todo *todo, uint32_t page)
{
    X_GROW(todo->pages, todo->count, todo->capacity);
    todo->pages[todo->count++] = page;
}

/* The last child first, so that they come off in their order. */
static void push_children(struct todo *todo, const struct format_page *page, struct table *table)
{
    struct format_cell cell;
    push(todo, page->right);
    for (unsigned i = page->cells; i-- > 0;) {
        if (format_cell(page, i, &cell))
            push(todo, cell.child);
        else if (table)
            table->missing++;
    }
}

/* What is done with a page of a tree. False: it is none of it. */
typedef bool on_page(struct salvage *salvage, struct table *table, const struct format_page *page);

static void walk(struct salvage *salvage, uint32_t root, struct table *table, on_page *visit)
{
    struct todo todo = {0};
    struct format_page page;
    push(&todo, root);
    while (todo.count && !salvage->failed) {
        uint32_t number = todo.pages[--todo.count];
        if (trace_interrupted)
            salvage->failed = -EINTR;
        if (pages_index(&salvage->pages, number) >= 0 && salvage_page(salvage, number, &page) &&
            !salvage->seen[pages_index(&salvage->pages, number)] && (!table || salvage_page_is_of(table, &page))) {
            salvage_mark(salvage, number);
            if (!format_page_is_leaf(&page))
                push_children(&todo, &page, table);
            if (visit)
                visit(salvage, table, &page);
        } else if (table) {
            table->missing++;
        }
    }
    free(todo.pages);
}

static bool visit_rows(struct salvage *salvage, struct table *table, const struct format_page *page)
{
    if (page->type != FORMAT_TABLE_INTERIOR)
        save_rows(salvage, table, page);
    return true;
}

/* ---- the schema ---- */

struct entry {
    uint32_t root;
    struct table *table; /* NULL: an index, or what we do not know */
};

struct entries {
    struct entry *items;
    size_t count, capacity;
};

static bool is_word(const struct format_value *value, const char *word)
{
    return value->type == FORMAT_TEXT && value->length == strlen(word) &&
           memcmp(value->bytes, word, value->length) == 0;
}

static void note_entry(struct salvage *salvage, struct entries *entries, const struct format_value *values)
{
    const struct format_value *name = &values[1], *root = &values[3], *sql = &values[4];
    if (root->type != FORMAT_INTEGER || root->integer <= 0 || root->integer > UINT32_MAX)
        return; /* a view */
    struct table *table = NULL;
    if (is_word(&values[0], "table") && name->type == FORMAT_TEXT)
        table = tables_named(&salvage->tables, (const char *)name->bytes, name->length);
    if (table && table->rooted)
        table = NULL;
    X_GROW(entries->items, entries->count, entries->capacity);
    entries->items[entries->count++] = (struct entry){(uint32_t)root->integer, table};
    if (!table)
        return;
    table->root = (uint32_t)root->integer;
    table->rooted = true;
    if (sql->type == FORMAT_TEXT)
        table_map(table, (const char *)sql->bytes, sql->length);
}

/* sqlite_schema begins on page 1. */
static void read_schema(struct salvage *salvage, struct entries *entries)
{
    struct todo todo = {0};
    struct format_page page;
    struct format_value values[FORMAT_COLUMNS];
    struct format_cell cell;
    push(&todo, 1);
    salvage->schema_known = true;
    while (todo.count) {
        uint32_t number = todo.pages[--todo.count];
        if (!salvage_page(salvage, number, &page) || !salvage_mark(salvage, number)) {
            salvage->schema_known = false;
            continue;
        }
        if (page.type == FORMAT_TABLE_INTERIOR)
            push_children(&todo, &page, NULL);
        for (unsigned i = 0; page.type == FORMAT_TABLE_LEAF && i < page.cells; i++)
            if (salvage_row(salvage, &page, i, &cell, values) == SCHEMA_FIELDS)
                note_entry(salvage, entries, values);
    }
    free(todo.pages);
}

static bool all_rooted(const struct salvage *salvage)
{
    for (size_t i = 0; i < salvage->tables.count; i++)
        if (!salvage->tables.items[i].rooted)
            return false;
    return true;
}

/* Pages that are in no use hold old rows. */
static void mark_free_pages(struct salvage *salvage)
{
    if (!pages_read(&salvage->pages, 1, salvage->page) || memcmp(salvage->page, "SQLite format 3", 16) != 0)
        return;
    for (uint32_t trunk = format_big32(salvage->page + 32); salvage_mark(salvage, trunk);
         trunk = format_big32(salvage->page)) {
        if (!pages_read(&salvage->pages, trunk, salvage->page))
            return;
        uint32_t leaves = format_big32(salvage->page + 4);
        for (uint32_t i = 0; i < leaves && 8 + 4 * (size_t)i + 4 <= salvage->pages.usable; i++)
            salvage_mark(salvage, format_big32(salvage->page + 8 + 4 * (size_t)i));
    }
}

/* ---- all together ---- */

/* A tree is broken, or may be: where is what it had? */
static bool is_broken(const struct salvage *salvage)
{
    for (size_t i = 0; i < salvage->tables.count; i++) {
        const struct table *table = &salvage->tables.items[i];
        if (!table->derived && (table->missing || table->damaged))
            return true;
    }
    return false;
}

static void save_trees(struct salvage *salvage, const struct entries *entries)
{
    mark_free_pages(salvage);
    for (size_t i = 0; i < entries->count; i++)
        if (!entries->items[i].table)
            walk(salvage, entries->items[i].root, NULL, NULL);
    for (size_t i = 0; i < salvage->tables.count; i++) {
        struct table *table = &salvage->tables.items[i];
        if (table->rooted || entries->count == 0)
            walk(salvage, table->root, table, visit_rows);
        else if (!salvage->schema_known)
            table->missing++; /* else an older version's, which has no such table */
    }
}

static void save_strays(struct salvage *salvage)
{
    struct format_page page;
    for (size_t i = 0; i < pages_count(&salvage->pages) && !salvage->failed; i++) {
        uint32_t number = pages_number(&salvage->pages, i);
        int64_t index = pages_index(&salvage->pages, number);
        if (trace_interrupted)
            salvage->failed = -EINTR;
        if (salvage->seen[index] || !salvage_page(salvage, number, &page) || !format_page_is_leaf(&page))
            continue;
        struct table *table = salvage_table_of(salvage, &page);
        if (!table)
            continue;
        salvage_mark(salvage, number);
        table->found++;
        save_rows(salvage, table, &page);
    }
}

int salvage_read(struct salvage *salvage, const char *path, sqlite3 *db)
{
    struct entries entries = {0};
    *salvage = (struct salvage){.db = db, .pages.file = -1, .pages.wal = -1};
    int rc = tables_learn(&salvage->tables, db);
    rc = rc ? rc : pages_open(&salvage->pages, path);
    if (rc < 0)
        return rc;
    salvage->seen = xcalloc(pages_count(&salvage->pages) + 1, 1);
    salvage->page = xcalloc(1, salvage->pages.page_size);
    salvage->overflow = xcalloc(1, salvage->pages.page_size);
    read_schema(salvage, &entries);
    salvage->schema_known = (salvage->schema_known && entries.count > 0) || all_rooted(salvage);
    save_trees(salvage, &entries);
    salvage->whole = salvage->schema_known && !is_broken(salvage) && salvage->pages.frames_bad == 0;
    if (!salvage->whole)
        save_strays(salvage);
    for (size_t i = 0; i < salvage->tables.count; i++)
        salvage->rows += salvage->tables.items[i].given ? 0 : salvage->tables.items[i].saved;
    free(entries.items);
    return salvage->failed;
}

void salvage_free(struct salvage *salvage)
{
    tables_free(&salvage->tables);
    pages_close(&salvage->pages);
    free(salvage->seen);
    free(salvage->page);
    free(salvage->overflow);
    free(salvage->payload);
}
