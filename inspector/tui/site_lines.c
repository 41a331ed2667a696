#include "site_lines.h"
#include "alloc.h"
#include "filter/filter.h"
#include "listing.h"
#include "query.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

#define COUNTS_COLUMN 66 /* with the counts they fit into 80 */
#define STACKS_SHOWN  8
#define TASKS_MAX     "20000" /* of the site that are looked at */

struct site_count {
    int64_t line, made, leaks;
};

struct site_counts {
    char *file;
    struct site_count *items;
    size_t count, capacity;
};

/* ---- what was made at each line ---- */

static int64_t number(struct model_table *table, size_t column)
{
    struct model_cell cell = model_table_cell(table, column);
    return cell.kind == MODEL_CELL_INTEGER ? cell.integer : 0;
}

static void read_counts(struct site_counts *counts, struct model_table *table)
{
    while (model_table_next(table) > 0) {
        struct site_count one = {number(table, 0), number(table, 1), number(table, 2)};
        bool again = counts->count && counts->items[counts->count - 1].line == one.line;
        if (again) { /* several sites in one line */
            struct site_count *last = &counts->items[counts->count - 1];
            last->made += one.made;
            last->leaks += one.leaks;
            continue;
        }
        X_GROW(counts->items, counts->count, counts->capacity);
        counts->items[counts->count++] = one;
    }
}

struct site_counts *site_counts_of(struct tui *tui, const char *file)
{
    struct filter_error error;
    struct model_table *table;
    char why[300], *where = filter_of_cell("sites", "file", file, false);
    struct filter *filter = where ? filter_parse(where, "sites", &error) : NULL;
    struct site_counts *counts = xcalloc(1, sizeof *counts);
    const struct model_list_options options = {
        .columns = "line,made,leak", .sort = "line", .limit = -1, .filter = filter};
    counts->file = xstrdup(file);
    if (filter && model_list_open(tui->trace, "sites", &options, &table, why, sizeof why) == 0) {
        read_counts(counts, table);
        model_table_close(table);
    }
    filter_free(filter);
    free(where);
    return counts;
}

void site_counts_free(struct site_counts *counts)
{
    if (!counts)
        return;
    free(counts->file);
    free(counts->items);
    free(counts);
}

const char *site_counts_file(const struct site_counts *counts)
{
    return counts->file;
}

/* ---- the source ---- */

static void add_counts(const struct site_counts *counts, int line, struct styled *out)
{
    for (size_t i = 0; counts && i < counts->count; i++) {
        const struct site_count *one = &counts->items[i];
        if (one->line != line || (one->made == 0 && one->leaks == 0))
            continue;
        styled_to(out, COUNTS_COLUMN);
        styled_format(out, ROLE_NORMAL, "%6lld ", (long long)one->made);
        styled_format(out, one->leaks ? ROLE_ERROR : ROLE_DIM, "%5lld", (long long)one->leaks);
    }
}

/* What is left of a line of code beside the counts. */
static void add_code(struct styled *line, enum role role, const char *code)
{
    struct buffer shown = {0};
    for (; *code && shown.length < COUNTS_COLUMN - 10; code++) {
        if (*code == '\t')
            buffer_pad(&shown, 4 - shown.length % 4, ' ');
        else if (*code != '\r')
            buffer_add_bytes(&shown, code, 1);
    }
    styled_add(line, role, buffer_text(&shown));
    buffer_free(&shown);
}

void site_source(struct tui *tui, const struct model_site *site, const struct site_counts *counts, int around,
                 struct lines *out)
{
    char code[SOURCE_LINE_MAX], text[TUI_SITE_TEXT];
    FILE *in = source_open(tui->source, site->file);
    if (!in) {
        styled_format(lines_label(out, "source"), ROLE_DIM, "%s not found (--source DIR)",
                      tui_site_text(tui, site, text));
        return;
    }
    struct styled *line = lines_add(out);
    styled_to(line, COUNTS_COLUMN);
    styled_add(line, ROLE_DIM, "  made  leak");
    for (int at = 1; at <= site->line + around && source_next(in, code); at++) {
        bool here = at == site->line;
        if (at < site->line - around)
            continue;
        line = lines_add(out);
        styled_format(line, here ? ROLE_STRONG : ROLE_DIM, " %c%4d | ", here ? '>' : ' ', at);
        add_code(line, here ? ROLE_STRONG : ROLE_NORMAL, code);
        add_counts(counts, at, line);
    }
    fclose(in);
}

/* ---- stacks ---- */

static const char stacks_sql[] =
    "SELECT count(*), (SELECT group_concat(func, ' < ') FROM (SELECT f.func AS func FROM stack_frame x JOIN frame f"
    " ON f.id = x.frame_id WHERE x.stack_id = t.stack_id AND f.func IS NOT NULL AND f.func NOT LIKE 'leash\\_%' ESCAPE"
    " '\\' ORDER BY x.position LIMIT 12)) FROM (SELECT stack_id FROM task WHERE site_id = ?1 LIMIT " TASKS_MAX ") t"
    " WHERE t.stack_id IS NOT NULL GROUP BY t.stack_id ORDER BY count(*) DESC, t.stack_id LIMIT ?2";

void site_stacks(struct tui *tui, int64_t site, struct lines *out)
{
    struct trace_query *query = trace_prepare(tui->trace, stacks_sql);
    if (!query)
        return;
    trace_bind(query, 1, site);
    trace_bind(query, 2, STACKS_SHOWN);
    for (bool first = true; trace_step(query) > 0; first = false) {
        const char *stack = trace_text(query, 1);
        struct styled *line = lines_label(out, first ? "stacks" : "");
        styled_format(line, ROLE_NORMAL, "%lldx %s", (long long)trace_int(query, 0), stack ? stack : "?");
    }
    trace_finish(query);
}
