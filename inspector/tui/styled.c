#include "styled.h"
#include "alloc.h"
#include "escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_COLUMN 13

static void end_run(struct styled *styled, enum role role)
{
    if (styled->runs_count && styled->runs[styled->runs_count - 1].role == role) {
        styled->runs[styled->runs_count - 1].end = styled->text.length;
        return;
    }
    X_GROW(styled->runs, styled->runs_count, styled->runs_capacity);
    styled->runs[styled->runs_count++] = (struct styled_run){styled->text.length, role};
}

void styled_add(struct styled *styled, enum role role, const char *text)
{
    escape_text(&styled->text, text, false);
    end_run(styled, role);
}

void styled_format(struct styled *styled, enum role role, const char *format, ...)
{
    va_list args;
    char *words = NULL;
    va_start(args, format);
    if (vasprintf(&words, format, args) < 0)
        words = NULL;
    va_end(args);
    styled_add(styled, role, words ? words : "");
    free(words);
}

void styled_glyph(struct styled *styled, enum role role, enum glyph glyph, bool ascii)
{
    styled_add(styled, role, palette_glyph(glyph, ascii));
}

size_t styled_length(const struct styled *styled)
{
    return escape_width(buffer_text(&styled->text));
}

void styled_to(struct styled *styled, size_t column)
{
    size_t length = styled_length(styled);
    buffer_pad(&styled->text, length < column ? column - length : length > 0, ' ');
    end_run(styled, ROLE_NORMAL);
}

void styled_recolour(struct styled *styled, enum role role)
{
    for (size_t i = 0; i < styled->runs_count; i++)
        if (styled->runs[i].role == ROLE_NORMAL)
            styled->runs[i].role = role;
}

void styled_clear(struct styled *styled)
{
    buffer_clear(&styled->text);
    styled->runs_count = 0;
    styled->indent = 0;
    styled->ref = (struct model_ref){0};
}

void styled_free(struct styled *styled)
{
    buffer_free(&styled->text);
    free(styled->runs);
    *styled = (struct styled){0};
}

/* ---- drawing ---- */

static enum role role_at(const struct styled *styled, size_t at)
{
    size_t run = 0;
    while (run < styled->runs_count && styled->runs[run].end <= at)
        run++;
    return run < styled->runs_count ? styled->runs[run].role : ROLE_NORMAL;
}

/* The character at `text`, with a combining mark that follows: its bytes, and in *width its columns. */
static size_t character_at(const struct screen *screen, const char *text, int *width)
{
    const char *next = text, *mark;
    int more;
    screen_decode(screen, &next, width);
    mark = next;
    if (*mark) {
        screen_decode(screen, &mark, &more);
        if (more == 0)
            next = mark;
    }
    return (size_t)(next - text);
}

/* Draws the characters from byte `at` on while they fit; the byte that it came to. */
static size_t draw_from(const struct styled *styled, struct screen *screen, int row, int col, int width, size_t at)
{
    const char *text = buffer_text(&styled->text);
    char one[16];
    int wide;
    while (text[at]) {
        size_t length = character_at(screen, text + at, &wide);
        if (wide > width)
            break;
        memcpy(one, text + at, length);
        one[length] = '\0';
        screen_text(screen, row, col, wide, one, role_at(styled, at));
        col += wide;
        width -= wide;
        at += length;
    }
    return at;
}

static size_t byte_of_column(const struct styled *styled, const struct screen *screen, int column)
{
    const char *text = buffer_text(&styled->text), *at = text;
    for (int width; *at && column > 0; column -= width)
        screen_decode(screen, &at, &width);
    return (size_t)(at - text);
}

/* The end of a path, from a whole directory on if it has room for one: "~/wrong_and_right.c:21". */
static void draw_end(const struct styled *styled, struct screen *screen, int row, int col, int width)
{
    const char *text = buffer_text(&styled->text);
    size_t at = byte_of_column(styled, screen, screen_width(screen, text) - width + 1);
    const char *slash = strchr(text + at, '/');
    if (slash)
        at = (size_t)(slash - text);
    screen_glyph(screen, row, col, GLYPH_CUT, role_at(styled, at));
    draw_from(styled, screen, row, col + 1, width - 1, at);
}

void styled_draw(const struct styled *styled, struct screen *screen, int row, int col, int width, int from,
                 enum align align)
{
    const char *text = buffer_text(&styled->text);
    if (width <= 0)
        return;
    int length = screen_width(screen, text) - from;
    if (length <= width) {
        draw_from(styled, screen, row, align == ALIGN_RIGHT && length > 0 ? col + width - length : col, width,
                  byte_of_column(styled, screen, from));
        return;
    }
    if (align == ALIGN_TAIL) {
        draw_end(styled, screen, row, col, width);
        return;
    }
    size_t end = draw_from(styled, screen, row, col, width - 1, byte_of_column(styled, screen, from));
    screen_glyph(screen, row, col + width - 1, GLYPH_CUT, role_at(styled, end));
}

/* ---- lines ---- */

struct styled *lines_add(struct lines *lines)
{
    if (lines->count == lines->capacity) {
        size_t before = lines->capacity;
        X_GROW(lines->items, lines->count, lines->capacity);
        memset(lines->items + before, 0, (lines->capacity - before) * sizeof *lines->items);
    }
    struct styled *line = &lines->items[lines->count++];
    styled_clear(line);
    return line;
}

struct styled *lines_label(struct lines *lines, const char *label)
{
    struct styled *line = lines_add(lines);
    styled_add(line, ROLE_NORMAL, " ");
    styled_add(line, ROLE_DIM, label);
    styled_to(line, LABEL_COLUMN);
    line->indent = LABEL_COLUMN;
    return line;
}

void lines_clear(struct lines *lines)
{
    lines->count = 0;
}

void lines_free(struct lines *lines)
{
    for (size_t i = 0; i < lines->capacity; i++)
        styled_free(&lines->items[i]);
    free(lines->items);
    *lines = (struct lines){0};
}

/* Where the row that begins at byte `at` ends: behind the last blank that fits, else where the columns end. */
static size_t row_end(const struct styled *styled, const struct screen *screen, size_t at, int width)
{
    const char *text = buffer_text(&styled->text), *next = text + at;
    size_t blank = 0;
    int used = 0, wide;
    while (*next) {
        const char *here = next;
        screen_decode(screen, &next, &wide);
        if (used + wide > width)
            return *here == ' ' || blank == 0 ? (size_t)(here - text) : blank;
        used += wide;
        if (*here == ' ')
            blank = (size_t)(next - text);
    }
    return (size_t)(next - text);
}

static int draw_wrapped(const struct styled *line, struct screen *screen, int row, int end, int col, int cols, int skip)
{
    const char *text = buffer_text(&line->text);
    int drawn = 0, indent = 0;
    size_t at = 0;
    do {
        size_t stop = row_end(line, screen, at, cols - indent);
        if (stop == at)
            stop = at + strlen(text + at); /* not one character fits */
        struct styled part = *line;
        char kept = text[stop];
        line->text.text[stop] = '\0';
        if (drawn >= skip && row + drawn - skip < end)
            draw_from(&part, screen, row + drawn - skip, col + indent, cols - indent, at);
        line->text.text[stop] = kept;
        at = stop + strspn(text + stop, " ");
        indent = line->indent < cols / 2 ? line->indent : 1;
        drawn++;
    } while (text[at]);
    return drawn;
}

int lines_draw(const struct lines *lines, struct screen *screen, int row, int col, int rows, int cols, int skip)
{
    int all = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const struct styled *line = &lines->items[i];
        int at = row + all - skip, end = row + rows;
        if (line->indent && line->text.length && cols > 4) {
            all += draw_wrapped(line, screen, at < row ? row : at, end, col, cols, skip > all ? skip - all : 0);
        } else {
            if (at >= row && at < end)
                styled_draw(line, screen, at, col, cols, 0, ALIGN_LEFT);
            all++;
        }
    }
    return all;
}
