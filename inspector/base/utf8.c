#include "utf8.h"

uint32_t utf8_decode(const char *text, size_t length, size_t *size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    size_t bytes = at[0] < 0x80 ? 1 : at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : at[0] >= 0xc0 ? 2 : 0;
    *size = 0;
    if (bytes == 0 || bytes > length || at[0] > 0xf4)
        return 0;
    uint32_t code = bytes == 1 ? at[0] : at[0] & (0xffu >> (bytes + 1));
    for (size_t i = 1; i < bytes; i++) {
        if (!utf8_goes_on(text[i]))
            return 0;
        code = code << 6 | (at[i] & 0x3f);
    }
    if (code < least[bytes] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0;
    *size = bytes;
    return code;
}
