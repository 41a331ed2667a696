#include "screen.h"
#include "alloc.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void screen_open(struct screen *screen, int rows, int cols, bool ascii, enum colours colours)
{
    *screen = (struct screen){.ascii = ascii, .colours = colours, .cursor_row = -1};
    screen_resize(screen, rows, cols);
}

void screen_resize(struct screen *screen, int rows, int cols)
{
    screen->rows = rows > 0 ? rows : 1;
    screen->cols = cols > 0 ? cols : 1;
    free(screen->cells);
    screen->cells = xcalloc((size_t)screen->rows * (size_t)screen->cols, sizeof *screen->cells);
    screen_clear(screen);
}

void screen_close(struct screen *screen)
{
    free(screen->cells);
    *screen = (struct screen){0};
}

/* NULL: outside. */
static struct screen_cell *cell_at(const struct screen *screen, int row, int col)
{
    if (row < 0 || row >= screen->rows || col < 0 || col >= screen->cols)
        return NULL;
    return &screen->cells[(size_t)row * (size_t)screen->cols + (size_t)col];
}

void screen_clear(struct screen *screen)
{
    screen_blank(screen, 0, 0, screen->rows, screen->cols);
    screen->cursor_row = -1;
}

void screen_blank(struct screen *screen, int row, int col, int rows, int cols)
{
    for (int y = row; y < row + rows && y < screen->rows; y++) {
        for (int x = col; x < col + cols && x < screen->cols; x++) {
            struct screen_cell *cell = cell_at(screen, y, x);
            if (cell)
                *cell = (struct screen_cell){.code = ' '};
        }
    }
}

/* ---- characters ---- */

uint32_t screen_decode(const struct screen *screen, const char **text, int *width)
{
    size_t size;
    uint32_t code = utf8_decode(*text, strnlen(*text, 4), &size);
    *text += size ? size : 1;
    *width = 1;
    if (size == 0 || code < 0x20 || code == 0x7f || (screen->ascii && code > 0x7e))
        return '?';
    if (code < 0x7f)
        return code;
    *width = wcwidth((wchar_t)code);
    if (*width >= 0 && *width <= 2)
        return code;
    *width = 1;
    return '?';
}

int screen_width(const struct screen *screen, const char *text)
{
    int all = 0, width;
    while (*text) {
        screen_decode(screen, &text, &width);
        all += width;
    }
    return all;
}

/* ---- writing ---- */

/* What half of a wide character would be left of, if only the other half were written over. */
static void free_cell(struct screen *screen, int row, int col)
{
    struct screen_cell *cell = cell_at(screen, row, col), *before = cell_at(screen, row, col - 1),
                       *behind = cell_at(screen, row, col + 1);
    if (cell && cell->code == 0 && before)
        before->code = ' ';
    if (behind && behind->code == 0)
        behind->code = ' ';
}

static void put(struct screen *screen, int row, int col, uint32_t code, int width, enum role role)
{
    for (int i = 0; i < width; i++)
        free_cell(screen, row, col + i);
    for (int i = 0; i < width; i++) {
        struct screen_cell *cell = cell_at(screen, row, col + i);
        if (cell)
            *cell = (struct screen_cell){.code = i ? 0 : code, .role = (uint8_t)role};
    }
}

int screen_text(struct screen *screen, int row, int col, int width, const char *text, enum role role)
{
    int used = 0, wide;
    if (width > screen->cols - col)
        width = screen->cols - col;
    while (*text) {
        uint32_t code = screen_decode(screen, &text, &wide);
        if (used + wide > width)
            break;
        struct screen_cell *before = cell_at(screen, row, col + used - 1);
        if (wide == 0 && used && before)
            before->mark = code;
        else if (wide)
            put(screen, row, col + used, code, wide, role);
        used += wide;
    }
    return used;
}

int screen_glyph(struct screen *screen, int row, int col, enum glyph glyph, enum role role)
{
    return screen_text(screen, row, col, 1, palette_glyph(glyph, screen->ascii), role);
}

void screen_rule(struct screen *screen, int row, int col, int width, enum glyph glyph, enum role role)
{
    for (int i = 0; i < width; i++)
        screen_glyph(screen, row, col + i, glyph, role);
}

void screen_overlay(struct screen *screen, int row, int col, int width, enum overlay overlay)
{
    for (int i = 0; i < width; i++) {
        struct screen_cell *cell = cell_at(screen, row, col + i);
        if (cell)
            cell->overlay = (uint8_t)overlay;
    }
}

/* ---- saving ---- */

static int encode(uint32_t code, char *bytes)
{
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    int count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (int i = count - 1; i > 0; i--, code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3f));
    bytes[0] = (char)((0xf00u >> count) | code);
    return count;
}

static void save_cell(const struct screen_cell *cell, FILE *out)
{
    char bytes[8];
    int length = encode(cell->code, bytes);
    if (cell->mark)
        length += encode(cell->mark, bytes + length);
    fwrite(bytes, 1, (size_t)length, out);
}

void screen_save_text(const struct screen *screen, FILE *out)
{
    for (int row = 0; row < screen->rows; row++) {
        int end = screen->cols;
        while (end > 0 && cell_at(screen, row, end - 1)->code == ' ')
            end--;
        for (int col = 0; col < end; col++)
            if (cell_at(screen, row, col)->code)
                save_cell(cell_at(screen, row, col), out);
        putc('\n', out);
    }
}

void screen_save_map(const struct screen *screen, FILE *out)
{
    for (int row = 0; row < screen->rows; row++) {
        for (int col = 0; col < screen->cols; col++) {
            const struct screen_cell *cell = cell_at(screen, row, col);
            putc(palette_letter(cell->role, cell->overlay, screen->colours), out);
        }
        putc('\n', out);
    }
}
