/* Characters of a text that may be anything. */
#ifndef LEASH_INSPECTOR_UTF8_H
#define LEASH_INSPECTOR_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character at text[0], and in *size how many bytes it takes of the `length` that there are; size 0: no UTF-8. */
uint32_t utf8_decode(const char *text, size_t length, size_t *size);

/* Whether a character has begun before this byte. */
static inline bool utf8_goes_on(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

#endif
