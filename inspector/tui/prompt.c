#include "prompt.h"
#include "alloc.h"
#include "key.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

static const char *sign_of(const struct prompt *prompt)
{
#define PROMPT(symbol, sign) [PROMPT_##symbol] = (sign),
    static const char *const signs[] = {PROMPTS(PROMPT)};
#undef PROMPT
    return prompt->kind == PROMPT_CONFIRM ? prompt->question : signs[prompt->kind];
}

static void set_text(struct prompt *prompt, const char *text)
{
    buffer_clear(&prompt->text);
    buffer_add(&prompt->text, text);
    prompt->at = prompt->text.length;
}

void prompt_begin(struct prompt *prompt, enum prompt_kind kind, const char *text)
{
    prompt->kind = kind;
    set_text(prompt, text ? text : "");
    prompt->past_at = prompt->past[kind].count;
    prompt->wrong[0] = '\0';
}

static void remember(struct prompt_lines *past, const char *line)
{
    if (!*line || (past->count && strcmp(past->lines[past->count - 1], line) == 0))
        return;
    if (past->count == PROMPT_HISTORY) {
        free(past->lines[0]);
        memmove(past->lines, past->lines + 1, (PROMPT_HISTORY - 1) * sizeof *past->lines);
        past->count--;
    }
    past->lines[past->count++] = xstrdup(line);
}

void prompt_end(struct prompt *prompt, bool done)
{
    if (done && prompt->kind != PROMPT_CONFIRM)
        remember(&prompt->past[prompt->kind], buffer_text(&prompt->text));
    free(prompt->typed);
    prompt->typed = NULL;
    prompt->kind = PROMPT_NONE;
    prompt->wrong[0] = '\0';
}

/* ---- editing ---- */

static size_t before(const char *text, size_t at)
{
    while (at && utf8_goes_on(text[--at]))
        continue;
    return at;
}

static size_t behind(const char *text, size_t at)
{
    at += text[at] != '\0';
    while (utf8_goes_on(text[at]))
        at++;
    return at;
}

static size_t word_before(const char *text, size_t at)
{
    while (at && text[at - 1] == ' ')
        at--;
    while (at && text[at - 1] != ' ')
        at--;
    return at;
}

static enum prompt_answer replace(struct prompt *prompt, size_t from, size_t to, const char *with)
{
    struct buffer text = {0};
    const char *old = buffer_text(&prompt->text);
    buffer_add_bytes(&text, old, from);
    buffer_add(&text, with);
    prompt->at = text.length;
    buffer_add(&text, old + to);
    buffer_free(&prompt->text);
    prompt->text = text;
    prompt->wrong[0] = '\0';
    return PROMPT_CHANGED;
}

static enum prompt_answer insert(struct prompt *prompt, int key)
{
    char bytes[KEY_NAME];
    if (key == K_SPACE)
        return replace(prompt, prompt->at, prompt->at, " ");
    return replace(prompt, prompt->at, prompt->at, key_text(key, bytes));
}

static enum prompt_answer recall(struct prompt *prompt, bool older)
{
    const struct prompt_lines *past = &prompt->past[prompt->kind];
    if (older ? prompt->past_at == 0 : prompt->past_at >= past->count)
        return PROMPT_GOES_ON;
    if (prompt->past_at == past->count) {
        free(prompt->typed);
        prompt->typed = xstrdup(buffer_text(&prompt->text));
    }
    prompt->past_at += older ? (size_t)-1 : 1;
    bool own = prompt->past_at == past->count;
    set_text(prompt, own ? prompt->typed : past->lines[prompt->past_at]);
    prompt->wrong[0] = '\0';
    return PROMPT_CHANGED;
}

static enum prompt_answer move_to(struct prompt *prompt, size_t at)
{
    prompt->at = at;
    return PROMPT_GOES_ON;
}

static enum prompt_answer confirm_key(int key)
{
    return key == 'y' || key == 'Y' ? PROMPT_DONE : PROMPT_CANCELLED;
}

enum prompt_answer prompt_key(struct prompt *prompt, int key)
{
    const char *text = buffer_text(&prompt->text);
    size_t length = prompt->text.length, at = prompt->at;
    if (prompt->kind == PROMPT_CONFIRM)
        return confirm_key(key);
    switch (key) {
    case K_ENTER:
        return PROMPT_DONE;
    case K_ESCAPE:
    case K_CTRL('C'):
        return PROMPT_CANCELLED;
    case K_BACKSPACE:
        return length == 0 ? PROMPT_CANCELLED : replace(prompt, before(text, at), at, "");
    case K_DELETE:
    case K_CTRL('D'):
        return replace(prompt, at, behind(text, at), "");
    case K_CTRL('W'):
        return replace(prompt, word_before(text, at), at, "");
    case K_CTRL('U'):
        return replace(prompt, 0, at, "");
    case K_CTRL('K'):
        return replace(prompt, at, length, "");
    case K_LEFT:
        return move_to(prompt, before(text, at));
    case K_RIGHT:
        return move_to(prompt, behind(text, at));
    case K_HOME:
    case K_CTRL('A'):
        return move_to(prompt, 0);
    case K_END:
    case K_CTRL('E'):
        return move_to(prompt, length);
    case K_UP:
    case K_CTRL('P'):
        return recall(prompt, true);
    case K_DOWN:
    case K_CTRL('N'):
        return recall(prompt, false);
    default:
        return key >= K_SPACE && key < K_BEYOND_CHARACTERS ? insert(prompt, key) : PROMPT_GOES_ON;
    }
}

/* ---- drawing ---- */

/* Columns of the first `bytes` of a text. */
static int width_to(const struct screen *screen, const char *text, size_t bytes)
{
    const char *at = text;
    int all = 0, width;
    while (*at && (size_t)(at - text) < bytes) {
        screen_decode(screen, &at, &width);
        all += width;
    }
    return all;
}

void prompt_draw(const struct prompt *prompt, struct screen *screen, int row)
{
    const char *sign = sign_of(prompt), *text = buffer_text(&prompt->text), *shown = text;
    int left = screen_width(screen, sign) + 1, room = screen->cols - left - 1;
    int cursor = width_to(screen, text, prompt->at), skipped = 0, width;
    while (cursor - skipped > room && *shown) { /* a line too long shows what is around the cursor */
        screen_decode(screen, &shown, &width);
        skipped += width;
    }
    screen_blank(screen, row, 0, 1, screen->cols);
    screen_text(screen, row, 1, screen->cols - 1, sign, ROLE_STRONG);
    screen_text(screen, row, left, screen->cols - left, shown, ROLE_NORMAL);
    screen->cursor_row = row;
    screen->cursor_col = left + cursor - skipped;
    if (!*prompt->wrong || row < 1)
        return;
    screen_blank(screen, row - 1, 0, 1, screen->cols);
    int caret = left + width_to(screen, text, prompt->wrong_at) - skipped;
    int words = screen_width(screen, prompt->wrong), at = caret + 2;
    if (at + words > screen->cols)
        at = caret > words + 2 ? caret - words - 1 : 1;
    screen_text(screen, row - 1, at, screen->cols - at, prompt->wrong, ROLE_ERROR);
    if (caret >= 0 && (at > caret || at + words < caret))
        screen_text(screen, row - 1, caret, 1, "v", ROLE_ERROR);
}

void prompt_free(struct prompt *prompt)
{
    for (size_t i = 0; i < PROMPT_COUNT; i++)
        for (size_t j = 0; j < prompt->past[i].count; j++)
            free(prompt->past[i].lines[j]);
    buffer_free(&prompt->text);
    free(prompt->typed);
    *prompt = (struct prompt){0};
}
