#include "escape.h"
#include "utf8.h"

#include <stdint.h>
#include <string.h>

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* Marks that turn the direction of writing, have no width, or end a line; and what is no character (U+FFFE, U+FFFF). */
static bool is_steering(uint32_t code)
{
    return (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0x061c || code == 0xfeff ||
           (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe007f) || (code & 0xfffe) == 0xfffe;
}

void escape_add(struct buffer *out, const char *text, size_t length, bool ascii)
{
    for (size_t at = 0; at < length;) {
        size_t size;
        uint32_t code = utf8_decode(text + at, length - at, &size);
        if (size == 0)
            buffer_format(out, "\\x%02x", (unsigned char)text[at]);
        else if (is_control(code))
            buffer_format(out, "\\x%02x", (unsigned)code);
        else if (is_steering(code) || (ascii && code > 0x7e))
            buffer_format(out, code > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)code);
        else
            buffer_add_bytes(out, text + at, size);
        at += size ? size : 1;
    }
}

void escape_text(struct buffer *out, const char *text, bool ascii)
{
    if (text)
        escape_add(out, text, strlen(text), ascii);
}

size_t escape_width(const char *text)
{
    size_t width = 0;
    for (const char *at = text; *at; at++)
        width += !utf8_goes_on(*at);
    return width;
}
