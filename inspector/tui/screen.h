/* The picture: cells that are written by row and column, before any terminal sees them. Tests and scripts read it here;
 * terminal.c shows it. */
#ifndef LEASH_INSPECTOR_SCREEN_H
#define LEASH_INSPECTOR_SCREEN_H

#include "palette.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct screen_cell {
    uint32_t code;   /* 0: the second half of a wide character */
    uint32_t mark;   /* a combining mark on it, or 0 */
    uint8_t role;    /* enum role */
    uint8_t overlay; /* enum overlay */
};

struct screen {
    int rows, cols;
    bool ascii; /* own ASCII glyphs; what is beyond ASCII is shown as '?' */
    enum colours colours;
    struct screen_cell *cells;  /* rows * cols */
    int cursor_row, cursor_col; /* where the terminal's cursor is shown; row -1: nowhere */
};

void screen_open(struct screen *screen, int rows, int cols, bool ascii, enum colours colours);
void screen_resize(struct screen *screen, int rows, int cols);
void screen_close(struct screen *screen);

/* Blanks everywhere. */
void screen_clear(struct screen *screen);
/* Blanks in a rectangle, clipped. */
void screen_blank(struct screen *screen, int row, int col, int rows, int cols);
/* Writes text in at most `width` columns and inside the screen; what does not fit is cut. The text is expected to be
 * escaped (styled.h does it); control bytes are shown as '?' here, too. The columns written. */
int screen_text(struct screen *screen, int row, int col, int width, const char *text, enum role role);
int screen_glyph(struct screen *screen, int row, int col, enum glyph glyph, enum role role);
/* Glyphs from col on, `width` of them. */
void screen_rule(struct screen *screen, int row, int col, int width, enum glyph glyph, enum role role);
/* Lays an overlay over cells that were written. */
void screen_overlay(struct screen *screen, int row, int col, int width, enum overlay overlay);

/* Columns that a text takes on a screen. */
int screen_width(const struct screen *screen, const char *text);
/* Decodes one character of UTF-8 as it is shown on this screen, and its width in columns: 0, 1 or 2. Moves *text on. */
uint32_t screen_decode(const struct screen *screen, const char **text, int *width);

/* The picture as lines of text without trailing blanks, and as lines of letters, one a cell: what it looks like. */
void screen_save_text(const struct screen *screen, FILE *out);
void screen_save_map(const struct screen *screen, FILE *out);

#endif
