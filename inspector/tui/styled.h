/* Text with roles: what views give, before anybody knows where it will stand. Texts of the trace are escaped as they
 * are added. */
#ifndef LEASH_INSPECTOR_STYLED_H
#define LEASH_INSPECTOR_STYLED_H

#include "buffer.h"
#include "model.h"
#include "screen.h"

struct styled_run {
    size_t end; /* the byte after its last one */
    enum role role;
};

/* One cell, or one line. Zeroed: empty. */
struct styled {
    struct buffer text;
    struct styled_run *runs;
    size_t runs_count, runs_capacity;
    /* Of a line of a detail: */
    int indent;           /* a line too long goes on at this column of the next; 0: it is cut */
    struct model_ref ref; /* what Enter opens on it; kind NONE: nothing */
};

void styled_add(struct styled *styled, enum role role, const char *text);
void styled_format(struct styled *styled, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void styled_glyph(struct styled *styled, enum role role, enum glyph glyph, bool ascii);
/* Blanks up to `column`, at least one unless nothing was added yet. */
void styled_to(struct styled *styled, size_t column);
/* Gives what is NORMAL another role. */
void styled_recolour(struct styled *styled, enum role role);
void styled_clear(struct styled *styled);
void styled_free(struct styled *styled);
/* Columns, one a character. */
size_t styled_length(const struct styled *styled);

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_TAIL /* left, but of a text too long its end is shown: paths */ };
/* Writes it in exactly `width` columns, beginning with its column `from`; where it is cut stands a '~'. */
void styled_draw(const struct styled *styled, struct screen *screen, int row, int col, int width, int from,
                 enum align align);

/* Lines, for details and for what replaces a list. Zeroed: none. */
struct lines {
    struct styled *items;
    size_t count, capacity;
};
/* A new last line; valid until the next one is made. */
struct styled *lines_add(struct lines *lines);
/* " created by  ": a new line with a label, that goes on below its text. */
struct styled *lines_label(struct lines *lines, const char *label);
void lines_clear(struct lines *lines);
void lines_free(struct lines *lines);
/* Draws them into a rectangle, the first `skip` rows left out; the rows that all of them would take. */
int lines_draw(const struct lines *lines, struct screen *screen, int row, int col, int rows, int cols, int skip);

#endif
