#include "palette.h"

#define OWN (-1)

/* A form a number of colours: of 8 and 16 colours the numbers are those of the terminal, 8 to 15 the bright ones. */
struct forms {
    short mine256, mine16, mine8;
    unsigned with, without; /* attributes with colours, and without any */
};

static const struct forms roles[ROLE_COUNT] = {
    [ROLE_NORMAL] = {OWN, OWN, OWN, 0, 0},
    [ROLE_STRONG] = {OWN, OWN, OWN, LOOK_BOLD, LOOK_BOLD},
    [ROLE_ERROR] = {203, 9, 1, LOOK_BOLD, LOOK_BOLD},
    [ROLE_WARN] = {221, 11, 3, 0, LOOK_BOLD},
    [ROLE_OK] = {114, 10, 2, 0, 0},
    [ROLE_RUN] = {114, 10, 2, LOOK_BOLD, LOOK_BOLD},
    [ROLE_READY] = {80, 14, 6, 0, 0},
    [ROLE_WAIT] = {179, 3, 3, 0, 0},
    [ROLE_DIM] = {245, 8, OWN, 0, LOOK_DIM},
    [ROLE_ACCENT] = {75, 12, 4, 0, LOOK_UNDERLINE},
    [ROLE_BAR] = {OWN, OWN, OWN, LOOK_REVERSE, LOOK_REVERSE},
};

static short colour_of(const struct forms *forms, enum colours colours)
{
    return colours == COLOURS_256  ? forms->mine256
           : colours == COLOURS_16 ? forms->mine16
           : colours == COLOURS_8  ? forms->mine8
                                   : OWN;
}

struct look palette_look(enum role role, enum overlay overlay, enum colours colours)
{
    const struct forms *forms = &roles[role];
    struct look look = {colour_of(forms, colours), OWN, colours ? forms->with : forms->without};
    if (overlay == OVERLAY_SEL && colours == COLOURS_256) {
        look.background = 238;
        look.attributes &= ~(unsigned)LOOK_REVERSE;
    } else if (overlay == OVERLAY_SEL) {
        look.attributes = (look.attributes | LOOK_REVERSE) & ~(unsigned)LOOK_DIM;
    } else if (overlay == OVERLAY_MATCH && colours) {
        look = (struct look){0, colours == COLOURS_256 ? 221 : 3, 0};
    } else if (overlay == OVERLAY_MATCH) {
        look.attributes |= LOOK_UNDERLINE | LOOK_BOLD;
    }
    return look;
}

static char role_letter(enum role role)
{
#define ROLE(symbol, letter) [ROLE_##symbol] = (letter),
    static const char letters[] = {ROLES(ROLE)};
#undef ROLE
    return letters[role];
}

char palette_letter(enum role role, enum overlay overlay, enum colours colours)
{
    if (colours != COLOURS_NONE)
        return overlay == OVERLAY_SEL ? 'S' : overlay == OVERLAY_MATCH ? 'M' : role_letter(role);
    static const char plain[] = ".bdduUuU", reverse[] = "rRrRsSsS";
    unsigned attributes = palette_look(role, overlay, colours).attributes;
    unsigned without_reverse = attributes & (LOOK_BOLD | LOOK_DIM | LOOK_UNDERLINE);
    return attributes & LOOK_REVERSE ? reverse[without_reverse] : plain[without_reverse];
}

const char *palette_glyph(enum glyph glyph, bool ascii)
{
#define GLYPH(symbol, utf8, plain) [GLYPH_##symbol] = {(utf8), (plain)},
    static const char *const glyphs[][2] = {GLYPHS(GLYPH)};
#undef GLYPH
    return glyphs[glyph][ascii];
}
