/* What things look like: roles instead of colours, and glyphs instead of characters, so that one place knows how they
 * are shown with 256, 16, 8 or no colours, and in UTF-8 or ASCII. */
#ifndef LEASH_INSPECTOR_PALETTE_H
#define LEASH_INSPECTOR_PALETTE_H

#include <stdbool.h>

/* ROLE(symbol, letter): the letter stands for it in saved attribute maps. */
#define ROLES(ROLE)                                                                                                    \
    ROLE(NORMAL, '.')                                                                                                  \
    ROLE(STRONG, 'b') /* headings, the current tab */                                                                  \
    ROLE(ERROR, 'E')                                                                                                   \
    ROLE(WARN, 'W')                                                                                                    \
    ROLE(OK, 'O')                                                                                                      \
    ROLE(RUN, 'r')                                                                                                     \
    ROLE(READY, 'y')                                                                                                   \
    ROLE(WAIT, 'w')                                                                                                    \
    ROLE(DIM, 'd')                                                                                                     \
    ROLE(ACCENT, 'a')                                                                                                  \
    ROLE(BAR, '=') /* tabs, hints */

#define ROLE(symbol, letter) ROLE_##symbol,
enum role { ROLES(ROLE) ROLE_COUNT };
#undef ROLE

/* Laid over a cell's role. */
enum overlay { OVERLAY_NONE, OVERLAY_MATCH, OVERLAY_SEL, OVERLAY_COUNT };

enum colours { COLOURS_NONE, COLOURS_8, COLOURS_16, COLOURS_256 };

enum { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4, LOOK_REVERSE = 8 };

/* How a cell is to be shown; a colour of -1 is the terminal's own. */
struct look {
    short foreground, background;
    unsigned attributes; /* LOOK_ */
};
struct look palette_look(enum role role, enum overlay overlay, enum colours colours);
/* One letter that stands for it in saved maps. With colours: the role's, S for a selected cell, M for a match. Without:
 * b(old) u(nderlined) U both, d(im), r(everse) R with bold, s S the same underlined. */
char palette_letter(enum role role, enum overlay overlay, enum colours colours);

/* GLYPH(symbol, utf8, ascii): each one column wide. */
#define GLYPHS(GLYPH)                                                                                                  \
    GLYPH(RULE, "─", "-")                                                                                              \
    GLYPH(WALL, "│", "|")                                                                                              \
    GLYPH(CORNER_NW, "┌", "+")                                                                                         \
    GLYPH(CORNER_NE, "┐", "+")                                                                                         \
    GLYPH(CORNER_SW, "└", "+")                                                                                         \
    GLYPH(CORNER_SE, "┘", "+")                                                                                         \
    GLYPH(CURSOR, ">", ">")                                                                                            \
    GLYPH(CUT, "~", "~")                                                                                               \
    GLYPH(FOLDED, "▸", ">")                                                                                            \
    GLYPH(UNFOLDED, "▾", "v")                                                                                          \
    GLYPH(SORT_DOWN, "v", "v")                                                                                         \
    GLYPH(SORT_UP, "^", "^")                                                                                           \
    GLYPH(BAR_1, "▁", ".")                                                                                             \
    GLYPH(BAR_2, "▂", ".")                                                                                             \
    GLYPH(BAR_3, "▃", ":")                                                                                             \
    GLYPH(BAR_4, "▄", ":")                                                                                             \
    GLYPH(BAR_5, "▅", "|")                                                                                             \
    GLYPH(BAR_6, "▆", "|")                                                                                             \
    GLYPH(BAR_7, "▇", "#")                                                                                             \
    GLYPH(BAR_8, "█", "#")

#define GLYPH(symbol, utf8, ascii) GLYPH_##symbol,
enum glyph { GLYPHS(GLYPH) GLYPH_COUNT };
#undef GLYPH

const char *palette_glyph(enum glyph glyph, bool ascii);

#endif
