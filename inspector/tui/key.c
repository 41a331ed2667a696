#include "key.h"
#include "utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Characters that have a name of their own. */
static const struct {
    int key;
    const char *name;
} named[] = {{K_BACKSPACE, "Backspace"},
             {K_TAB, "Tab"},
             {K_ENTER, "Enter"},
             {K_ESCAPE, "Esc"},
             {K_SPACE, "Space"},
#define KEY(symbol, name) {K_##symbol, name},
             KEYS(KEY)
#undef KEY
};
#define NAMED (sizeof named / sizeof *named)

static int encode(int code, char *text)
{
    if (code < 0x80)
        return snprintf(text, KEY_NAME, "%c", code);
    if (code < 0x800)
        return snprintf(text, KEY_NAME, "%c%c", 0xc0 | code >> 6, 0x80 | (code & 0x3f));
    if (code < 0x10000)
        return snprintf(text, KEY_NAME, "%c%c%c", 0xe0 | code >> 12, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    return snprintf(text, KEY_NAME, "%c%c%c%c", 0xf0 | code >> 18, 0x80 | ((code >> 12) & 0x3f),
                    0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}

const char *key_text(int key, char *text)
{
    for (size_t i = 0; i < NAMED; i++) {
        if (named[i].key == key) {
            snprintf(text, KEY_NAME, "%s", named[i].name);
            return text;
        }
    }
    if (key < 0x20)
        snprintf(text, KEY_NAME, "Ctrl-%c", key + '@');
    else
        encode(key, text);
    return text;
}

/* The character at text[0] and its bytes; what is no UTF-8 is taken byte by byte. */
static int decode(const char *text, size_t *length)
{
    uint32_t code = utf8_decode(text, strnlen(text, 4), length);
    if (*length && code < K_BEYOND_CHARACTERS)
        return (int)code;
    *length = 1;
    return (unsigned char)*text;
}

int key_parse(const char **at)
{
    const char *text = *at;
    size_t length = strcspn(text, " ");
    int key = K_NONE;
    for (size_t i = 0; i < NAMED && key == K_NONE; i++)
        if (length == strlen(named[i].name) && strncmp(text, named[i].name, length) == 0)
            key = named[i].key;
    if (key == K_NONE && length == 6 && strncmp(text, "Ctrl-", 5) == 0)
        key = K_CTRL(toupper((unsigned char)text[5]));
    if (key == K_NONE && *text)
        key = decode(text, &length);
    *at = text + length;
    *at += **at == ' ';
    return key;
}
