#include "seek.h"
#include "alloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_AT_ONCE 20000

void seek_set(struct seek *seek, const char *text)
{
    char *copy = text && *text ? xstrdup(text) : NULL;
    free(seek->text);
    seek->text = copy;
}

static bool minds_case(const char *text)
{
    for (; *text; text++)
        if (isupper((unsigned char)*text))
            return true;
    return false;
}

static uint32_t folded(uint32_t code, bool minds)
{
    return minds || code > 0x7f ? code : (uint32_t)tolower((int)code);
}

bool seek_matches(const struct seek *seek, const char *text)
{
    return seek->text && (minds_case(seek->text) ? strstr(text, seek->text) : strcasestr(text, seek->text));
}

/* Columns that the search takes at this cell; 0: it is not there. */
static int columns_at(const struct seek *seek, const struct screen *screen, int row, int col, int end)
{
    bool minds = minds_case(seek->text);
    const char *at = seek->text;
    int from = col, width;
    while (*at) {
        uint32_t wanted = screen_decode(screen, &at, &width);
        if (col >= end || folded(screen->cells[row * screen->cols + col].code, minds) != folded(wanted, minds))
            return 0;
        col += width;
    }
    return col - from;
}

void seek_mark(const struct seek *seek, struct screen *screen, int row, int col, int cols)
{
    int end = col + cols < screen->cols ? col + cols : screen->cols;
    if (!seek->text || row < 0 || row >= screen->rows)
        return;
    while (col < end) {
        int width = columns_at(seek, screen, row, col, end);
        if (width > 0)
            screen_overlay(screen, row, col, width, OVERLAY_MATCH);
        col += width > 0 ? width : 1;
    }
}

static bool row_matches(const struct seek *seek, struct view *view, size_t row)
{
    struct styled cell = {0};
    bool matches = false;
    for (size_t i = 0; i < view->table.columns_count && !matches; i++) {
        if (view->table.hidden & (1u << i))
            continue;
        styled_clear(&cell);
        view->ops->cell(view, row, i, view->table.slots[i].width, &cell);
        matches = seek_matches(seek, buffer_text(&cell.text));
    }
    styled_free(&cell);
    return matches;
}

size_t seek_find(const struct seek *seek, struct view *view, size_t row, bool forward, bool *more)
{
    size_t rows = view->table.rows;
    *more = false;
    for (size_t i = 0; i < rows; i++) {
        if (i == ROWS_AT_ONCE) {
            *more = true;
            return row;
        }
        if (row >= rows)
            row = forward ? 0 : rows - 1;
        if (row_matches(seek, view, row))
            return row;
        row = forward ? row + 1 : row - 1; /* before the first: SIZE_MAX, which is beyond the last */
    }
    return rows;
}
