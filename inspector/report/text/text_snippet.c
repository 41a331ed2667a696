/* The line of code at a site, and a mark under the expression. */
#include "escape.h"
#include "text/text_lines.h"
#include "utf8.h"

#include <string.h>

#define CODE_WIDTH 120 /* of a longer line only the part around the expression is shown */
#define CODE_LEAD  24  /* how much of what stands before the expression then */

/* One line of code, as it is shown: `code` without tabs, of that the bytes from `from` to `to`. */
struct snippet {
    struct buffer code;
    size_t from, to;
    size_t begin, end; /* the expression; equal: it was not found */
};

/* Blanks for tabs, so that marks stand where they belong. */
static void expand_tabs(const char *line, struct buffer *out)
{
    for (; *line; line++) {
        if (*line == '\t')
            buffer_pad(out, 4 - out->length % 4, ' ');
        else if (*line != '\r')
            buffer_add_bytes(out, line, 1);
    }
}

/* The beginning of the character that the byte at `at` belongs to. */
static size_t character_at(const char *text, size_t at)
{
    while (at && utf8_goes_on(text[at]))
        at--;
    return at;
}

static void clip(struct snippet *snippet)
{
    const char *code = buffer_text(&snippet->code);
    snippet->to = snippet->code.length;
    if (snippet->to <= CODE_WIDTH)
        return;
    if (snippet->end > CODE_WIDTH)
        snippet->from = character_at(code, snippet->begin > CODE_LEAD ? snippet->begin - CODE_LEAD : 0);
    if (snippet->to - snippet->from > CODE_WIDTH)
        snippet->to = character_at(code, snippet->from + CODE_WIDTH);
}

static void snippet_make(struct snippet *snippet, const char *line, const char *expression)
{
    *snippet = (struct snippet){0};
    expand_tabs(line, &snippet->code);
    const char *code = buffer_text(&snippet->code), *at = expression ? source_find(code, expression) : NULL;
    if (at) {
        snippet->begin = (size_t)(at - code);
        snippet->end = snippet->begin + strlen(expression);
    }
    clip(snippet);
}

static void code_line(struct text *text, bool here, int number, const struct snippet *snippet)
{
    const char *code = buffer_text(&snippet->code);
    text_format(text, here ? TEXT_STRONG : TEXT_DIM, "%s%5d |", here ? ">" : " ", number);
    if (snippet->to > snippet->from)
        text_format(text, TEXT_PLAIN, " %s%.*s%s", snippet->from ? "..." : "", (int)(snippet->to - snippet->from),
                    code + snippet->from, snippet->to < snippet->code.length ? "..." : "");
    text_end(text);
}

static size_t shown_width(const struct text *text, const char *bytes, size_t length)
{
    struct buffer shown = {0};
    escape_add(&shown, bytes, length, text->options->ascii);
    size_t width = escape_width(buffer_text(&shown));
    buffer_free(&shown);
    return width;
}

static void mark_line(struct text *text, const struct snippet *snippet, const char *remark)
{
    const char *code = buffer_text(&snippet->code);
    size_t end = snippet->end < snippet->to ? snippet->end : snippet->to;
    if (snippet->begin >= end)
        return;
    size_t before = shown_width(text, code + snippet->from, snippet->begin - snippet->from);
    struct buffer carets = {0};
    buffer_pad(&carets, shown_width(text, code + snippet->begin, end - snippet->begin), '^');
    text_add(text, TEXT_DIM, "       |");
    buffer_pad(&text->line, before + (snippet->from ? 4 : 1), ' ');
    text_add(text, TEXT_ACCENT, buffer_text(&carets));
    buffer_free(&carets);
    if (remark)
        text_format(text, TEXT_ACCENT, " %s", remark);
    text_end(text);
}

static bool is_blank(const struct snippet *snippet)
{
    const char *code = buffer_text(&snippet->code);
    return code[strspn(code, " ")] == '\0';
}

static void code_lines(struct text *text, const struct model_site *site, const struct source_lines *source,
                       const char *remark)
{
    struct snippet snippet;
    snippet_make(&snippet, source->before, NULL);
    if (!is_blank(&snippet))
        code_line(text, false, site->line - 1, &snippet);
    buffer_free(&snippet.code);
    snippet_make(&snippet, source->line, site->expr);
    code_line(text, true, site->line, &snippet);
    mark_line(text, &snippet, remark);
    buffer_free(&snippet.code);
}

void text_snippet(struct text *text, const struct model_site *site, int64_t began_unix_ns, const char *remark)
{
    struct source_lines source;
    if (!site->file)
        return;
    source_read(&text->options->source, site->file, site->line, began_unix_ns, &source);
    if (source.found) {
        code_lines(text, site, &source, remark);
    } else {
        text_label(text, "source");
        text_add(text, TEXT_PLAIN, "not found (--source DIR)");
        text_end(text);
    }
    if (source.newer) {
        text_label(text, "note");
        text_format(text, TEXT_WARN, "%s is newer than the trace: lines may be off", site->file);
        text_end(text);
    }
}
