#include "text/text_lines.h"
#include "escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const colours[] = {
    [TEXT_PLAIN] = "",      [TEXT_ERROR] = "\033[1;31m", [TEXT_WARN] = "\033[1;33m", [TEXT_OK] = "\033[1;32m",
    [TEXT_DIM] = "\033[2m", [TEXT_ACCENT] = "\033[36m",  [TEXT_STRONG] = "\033[1m"};

void text_add(struct text *text, enum text_role role, const char *words)
{
    bool colour = text->options->colour && role != TEXT_PLAIN;
    if (colour)
        buffer_add(&text->line, colours[role]);
    escape_text(&text->line, words, text->options->ascii);
    if (colour)
        buffer_add(&text->line, "\033[0m");
}

void text_format(struct text *text, enum text_role role, const char *format, ...)
{
    va_list args;
    char *words = NULL;
    va_start(args, format);
    if (vasprintf(&words, format, args) < 0)
        words = NULL;
    va_end(args);
    text_add(text, role, words ? words : "");
    free(words);
}

void text_end(struct text *text)
{
    size_t length = text->line.length;
    while (length && text->line.text[length - 1] == ' ')
        length--;
    fprintf(text->options->out, "%.*s\n", (int)length, buffer_text(&text->line));
    buffer_clear(&text->line);
}

void text_label(struct text *text, const char *label)
{
    text_add(text, TEXT_PLAIN, "  ");
    text_add(text, TEXT_DIM, label);
    size_t width = strlen(label);
    buffer_pad(&text->line, width < 11 ? 12 - width : 1, ' ');
}

void text_site(struct text *text, const struct model_site *site)
{
    struct buffer place = {0};
    words_site(&place, &text->options->source, site);
    text_add(text, TEXT_PLAIN, buffer_text(&place));
    buffer_free(&place);
}

/* ---- words ---- */

struct words text_words(const struct text *text)
{
    return (struct words){.source = &text->options->source, .all = text->options->verbosity > 0};
}

void text_words_end(struct text *text, struct words *words)
{
    static const enum text_role roles[] = {
        [WORDS_PLAIN] = TEXT_PLAIN, [WORDS_CAUSE] = TEXT_STRONG, [WORDS_HINT] = TEXT_OK, [WORDS_FAINT] = TEXT_DIM};
    for (size_t i = 0; i < words->count; i++) {
        const struct words_line *line = &words->lines[i];
        text_label(text, line->label);
        text_add(text, roles[line->mark], buffer_text(&line->text));
        text_end(text);
    }
    words_free(words);
}
