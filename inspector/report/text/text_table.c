/* Tables of `list` and `sql`: columns as wide as the first rows need; the rest streams through. */
#include "alloc.h"
#include "escape.h"
#include "text/text_lines.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MEASURED 200
#define WIDTH_MAX     60
#define BLOB_SHOWN    32

struct grid {
    const struct report_options *options;
    struct model_table *table;
    size_t columns;
    size_t *width;
    bool *right;         /* numbers stand at the right */
    struct buffer *rows; /* the rows measured, a cell each */
    size_t count;
};

static void add_blob(struct buffer *out, const struct model_cell *cell)
{
    buffer_add(out, "x'");
    for (size_t i = 0; i < cell->length && i < BLOB_SHOWN; i++)
        buffer_format(out, "%02x", (unsigned char)cell->text[i]);
    buffer_add(out, cell->length > BLOB_SHOWN ? "...'" : "'");
}

static void add_cell(const struct grid *grid, size_t column, struct buffer *out)
{
    char text[MODEL_TIME_TEXT];
    struct model_cell cell = model_table_cell(grid->table, column);
    enum model_unit unit = model_table_unit(grid->table, column);
    switch (cell.kind) {
    case MODEL_CELL_INTEGER:
        if (unit == MODEL_PLAIN)
            buffer_format(out, "%" PRId64, cell.integer);
        else
            buffer_add(out, unit == MODEL_TIME ? model_time_text(cell.integer, text)
                                               : model_duration_text(cell.integer, text));
        break;
    case MODEL_CELL_REAL:
        buffer_format(out, "%.15g", cell.real);
        break;
    case MODEL_CELL_TEXT:
        escape_add(out, cell.text, cell.length, grid->options->ascii);
        break;
    case MODEL_CELL_BLOB:
        add_blob(out, &cell);
        break;
    default:
        buffer_add(out, "-");
        break;
    }
}

static void print_cell(struct buffer *line, const struct grid *grid, size_t column, const char *text)
{
    size_t width = escape_width(text);
    size_t blanks = width < grid->width[column] ? grid->width[column] - width : 0;
    if (column)
        buffer_add(line, "  ");
    if (grid->right[column])
        buffer_pad(line, blanks, ' ');
    buffer_add(line, text);
    if (!grid->right[column] && column + 1 < grid->columns)
        buffer_pad(line, blanks, ' ');
}

static void print_line(const struct grid *grid, struct buffer *line, bool strong)
{
    bool colour = strong && grid->options->colour;
    fprintf(grid->options->out, "%s%s%s\n", colour ? "\033[1m" : "", buffer_text(line), colour ? "\033[0m" : "");
    buffer_clear(line);
}

static void print_heading(const struct grid *grid, struct buffer *line)
{
    struct buffer heading = {0};
    for (size_t i = 0; i < grid->columns; i++) {
        buffer_clear(&heading);
        escape_text(&heading, model_table_heading(grid->table, i), grid->options->ascii);
        for (char *at = heading.text; at && *at; at++)
            *at = (char)toupper((unsigned char)*at);
        print_cell(line, grid, i, buffer_text(&heading));
    }
    buffer_free(&heading);
    print_line(grid, line, true);
}

static void measure(struct grid *grid, size_t column, const char *text)
{
    size_t width = escape_width(text);
    if (width > WIDTH_MAX)
        width = WIDTH_MAX;
    if (width > grid->width[column])
        grid->width[column] = width;
}

static bool is_number(struct grid *grid, size_t column)
{
    enum model_cell_kind kind = model_table_cell(grid->table, column).kind;
    return kind == MODEL_CELL_INTEGER || kind == MODEL_CELL_REAL || kind == MODEL_CELL_NULL;
}

/* Takes the first rows; the answer of the last step. */
static int measure_rows(struct grid *grid)
{
    int rc = 1;
    for (size_t i = 0; i < grid->columns; i++) {
        measure(grid, i, model_table_heading(grid->table, i));
        grid->right[i] = true;
    }
    while (grid->count < ROWS_MEASURED && (rc = model_table_next(grid->table)) > 0) {
        struct buffer *row = &grid->rows[grid->count++ * grid->columns];
        for (size_t i = 0; i < grid->columns; i++) {
            add_cell(grid, i, &row[i]);
            measure(grid, i, buffer_text(&row[i]));
            grid->right[i] = grid->right[i] && is_number(grid, i);
        }
    }
    return rc;
}

static int print_rest(struct grid *grid, struct buffer *line)
{
    struct buffer cell = {0};
    int rc = 0;
    while (!ferror(grid->options->out) && (rc = model_table_next(grid->table)) > 0) {
        for (size_t i = 0; i < grid->columns; i++) {
            buffer_clear(&cell);
            add_cell(grid, i, &cell);
            print_cell(line, grid, i, buffer_text(&cell));
        }
        print_line(grid, line, false);
    }
    buffer_free(&cell);
    return rc < 0 ? rc : 0;
}

int text_table(const struct report_options *options, struct model_table *table)
{
    struct grid grid = {.options = options, .table = table, .columns = model_table_columns(table)};
    struct buffer line = {0};
    grid.width = xcalloc(grid.columns, sizeof *grid.width);
    grid.right = xcalloc(grid.columns, sizeof *grid.right);
    grid.rows = xcalloc(grid.columns * ROWS_MEASURED, sizeof *grid.rows);
    int rc = measure_rows(&grid);
    print_heading(&grid, &line);
    for (size_t row = 0; row < grid.count; row++) {
        for (size_t i = 0; i < grid.columns; i++)
            print_cell(&line, &grid, i, buffer_text(&grid.rows[row * grid.columns + i]));
        print_line(&grid, &line, false);
    }
    if (rc > 0)
        rc = print_rest(&grid, &line);
    for (size_t i = 0; i < grid.count * grid.columns; i++)
        buffer_free(&grid.rows[i]);
    buffer_free(&line);
    free(grid.rows);
    free(grid.right);
    free(grid.width);
    return rc;
}
