/* `leash tree`: a forest, a line each row, columns as wide as they need. */
#include "escape.h"
#include "picture.h"
#include "text/text_lines.h"
#include "words/tree_cells.h"

#define NAME_WIDTH_MAX   70
#define REASON_WIDTH_MAX 50
#define CAUSES_TOLD      5

struct tree_grid {
    struct text text;
    const struct model_forest *forest;
    size_t width[TREE_COLUMNS];
    struct buffer cell, escaped;
};

/* The escaped words of a cell, valid until the next call. */
static const char *cell(struct tree_grid *grid, size_t row, enum tree_column column)
{
    const struct report_options *options = grid->text.options;
    buffer_clear(&grid->cell);
    buffer_clear(&grid->escaped);
    tree_cell(&grid->cell, &options->source, grid->forest->rows, row, false, column);
    escape_text(&grid->escaped, buffer_text(&grid->cell), options->ascii);
    return buffer_text(&grid->escaped);
}

static void measure(struct tree_grid *grid)
{
    static const size_t most[TREE_COLUMNS] = {NAME_WIDTH_MAX, 9, REASON_WIDTH_MAX, 0};
    for (enum tree_column column = 0; column < TREE_COLUMNS; column++) {
        grid->width[column] = escape_width(tree_heading(grid->forest->by, column));
        for (size_t i = 0; i < grid->forest->count; i++) {
            size_t width = escape_width(cell(grid, i, column));
            if (width > grid->width[column] && width <= most[column])
                grid->width[column] = width;
        }
    }
}

static void add_cell(struct tree_grid *grid, enum tree_column column, enum text_role role, const char *escaped)
{
    size_t width = escape_width(escaped), blanks = width < grid->width[column] ? grid->width[column] - width : 0;
    if (column)
        text_add(&grid->text, TEXT_PLAIN, "  ");
    if (column == TREE_FOR)
        buffer_pad(&grid->text.line, blanks, ' ');
    text_add(&grid->text, role, escaped);
    if (column != TREE_FOR && column + 1 < TREE_COLUMNS)
        buffer_pad(&grid->text.line, blanks, ' ');
}

static void print_heading(struct tree_grid *grid)
{
    text_add(&grid->text, TEXT_PLAIN, "  ");
    for (enum tree_column column = 0; column < TREE_COLUMNS; column++)
        add_cell(grid, column, TEXT_STRONG, tree_heading(grid->forest->by, column));
    text_end(&grid->text);
}

static enum text_role role_of(const struct model_row *row, enum tree_column column)
{
    if (row->kind == MODEL_ROW_CYCLE || (column == TREE_REASON && row->note && row->stuck))
        return TEXT_ERROR;
    if (row->kind != MODEL_ROW_NODE)
        return TEXT_DIM;
    return column == TREE_REASON && row->note ? TEXT_STRONG : TEXT_PLAIN;
}

static void print_row(struct tree_grid *grid, size_t index)
{
    const struct model_row *row = &grid->forest->rows[index];
    text_add(&grid->text, TEXT_ERROR, row->stuck ? "!" : "");
    text_add(&grid->text, TEXT_PLAIN, row->stuck ? " " : "  ");
    for (enum tree_column column = 0; column < TREE_COLUMNS; column++)
        add_cell(grid, column, role_of(row, column), cell(grid, index, column));
    text_end(&grid->text);
}

static void print_title(struct tree_grid *grid)
{
    struct buffer words = {0};
    text_add(&grid->text, TEXT_STRONG, tree_title(grid->forest->by));
    if (grid->forest->by != MODEL_BY_SPAWN) {
        tree_instant(&words, grid->forest);
        text_format(&grid->text, TEXT_PLAIN, "  %s", buffer_text(&words));
        buffer_clear(&words);
    }
    tree_counts(&words, grid->forest);
    text_format(&grid->text, TEXT_PLAIN, "   %s", buffer_text(&words));
    text_end(&grid->text);
    buffer_free(&words);
}

static void print_causes(struct tree_grid *grid)
{
    const struct model_forest *forest = grid->forest;
    struct buffer words = {0};
    for (size_t i = 0; i < forest->causes_count && i < CAUSES_TOLD; i++) {
        buffer_clear(&words);
        tree_cause(&words, &forest->causes[i]);
        text_label(&grid->text, i ? "" : "root causes");
        text_add(&grid->text, TEXT_PLAIN, buffer_text(&words));
        text_end(&grid->text);
    }
    buffer_free(&words);
}

void text_tree(const struct report_options *options, const struct model_forest *forest)
{
    struct tree_grid grid = {.text.options = options, .forest = forest};
    if (options->verbosity >= 0)
        print_title(&grid);
    if (forest->count) {
        measure(&grid);
        print_heading(&grid);
    } else {
        text_add(&grid.text, TEXT_PLAIN, forest->by == MODEL_BY_SPAWN ? "  no tasks" : "  nobody waits");
        if (forest->by != MODEL_BY_SPAWN)
            text_add(&grid.text, TEXT_DIM, "   (--at TIME: at another time, --by spawn: who created whom)");
        text_end(&grid.text);
    }
    for (size_t i = 0; i < forest->count; i++)
        print_row(&grid, i);
    if (options->verbosity >= 0 && forest->roots > 1)
        print_causes(&grid);
    if (forest->cut) {
        text_label(&grid.text, "note");
        text_add(&grid.text, TEXT_PLAIN, "not all of it is shown (--limit N shows more rows, an ID what is below it)");
        text_end(&grid.text);
    }
    buffer_free(&grid.text.line);
    buffer_free(&grid.cell);
    buffer_free(&grid.escaped);
}
