#include "glob.h"
#include "utf8.h"

#include <string.h>

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The one byte that an element which is no wildcard stands for; how long the element is. */
static size_t literal(const char *glob, char *byte)
{
    *byte = *glob;
    if (*glob != '\\' || !glob[1])
        return 1;
    int high = glob[1] == 'x' ? hex_digit(glob[2]) : -1, low = high >= 0 ? hex_digit(glob[3]) : -1;
    *byte = low >= 0 ? (char)(high * 16 + low) : glob[1];
    return low >= 0 ? 4 : 2;
}

/* Of one character of UTF-8, or of a byte that begins none. */
static size_t character(const char *text)
{
    size_t length = 1;
    while (length < 4 && ((unsigned char)*text & 0xc0) == 0xc0 && utf8_goes_on(text[length]))
        length++;
    return length;
}

/* Where to go on if what follows a wildcard does not match: with one character more for the wildcard. */
struct retry {
    const char *glob, *text; /* glob NULL: there was no such wildcard yet */
};

/* Of all wildcards only the last one of each kind need be tried again: an earlier one that took more would leave less
 * for the same rest, and '/' can only be where it is. A '*' that came to a '/' stays there until it is met again. */
static bool retry(struct retry *star, struct retry *stars, const char **glob, const char **text)
{
    if (star->glob && *star->text && *star->text != '/') {
        *glob = star->glob;
        *text = ++star->text;
        return true;
    }
    if (!stars->glob || !*stars->text)
        return false;
    *glob = stars->glob;
    *text = ++stars->text;
    return true;
}

bool glob_match(const char *glob, const char *text)
{
    struct retry star = {NULL, NULL}, stars = {NULL, NULL};
    for (;;) {
        char byte;
        if (*glob == '*') {
            bool across = glob[1] == '*';
            glob += strspn(glob, "*");
            star = across ? (struct retry){NULL, NULL} : (struct retry){glob, text};
            if (across)
                stars = (struct retry){glob, text};
        } else if (*glob == '?' && *text && *text != '/') {
            text += character(text);
            glob++;
        } else if (*glob && *glob != '?' && *text) {
            size_t length = literal(glob, &byte);
            if (byte == *text) {
                glob += length;
                text++;
            } else if (!retry(&star, &stars, &glob, &text)) {
                return false;
            }
        } else if (!*glob && !*text) {
            return true;
        } else if (!retry(&star, &stars, &glob, &text)) {
            return false;
        }
    }
}

void glob_quote(struct buffer *out, const char *text, const char *special)
{
    for (const char *at = text; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        bool edge = byte == ' ' && (at == text || !at[1]); /* where blanks are dropped */
        if (byte < 0x20 || byte >= 0x7f || edge)
            buffer_format(out, "\\x%02x", byte);
        else if (strchr("*?\\", byte) || strchr(special, byte))
            buffer_format(out, "\\%c", byte);
        else
            buffer_add_bytes(out, at, 1);
    }
}
