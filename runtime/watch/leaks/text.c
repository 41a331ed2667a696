#include "text.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Nobody reading is no reason to die: holds SIGPIPE back while it writes, and takes back the one that it caused. */
static void write_out(struct leash__text *text)
{
    sigset_t pipe, before, pending;
    size_t done = 0;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    while (done < text->used) {
        ssize_t wrote = write(text->file, text->buffer + done, text->used - done);
        if (wrote < 0 && errno != EINTR)
            break;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if (!sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe, NULL, &(struct timespec){0, 0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void leash__text_flush(struct leash__text *text)
{
    if (text->put)
        text->put(text->arg, text->buffer, text->used);
    else
        write_out(text);
    text->used = 0;
}

static void put(struct leash__text *text, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t part = sizeof(text->buffer) - text->used;
        if (part > size - at)
            part = size - at;
        memcpy(text->buffer + text->used, bytes + at, part);
        text->used += part;
        at += part;
        if (text->used == sizeof(text->buffer))
            leash__text_flush(text);
    }
}

void leash__text_put(struct leash__text *text, const char *string)
{
    put(text, string, strlen(string));
}

void leash__text_number(struct leash__text *text, unsigned long long number)
{
    char digits[24];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    put(text, digits + at, sizeof(digits) - at);
}

/* Marks that turn the direction of what follows, and line separators. */
static bool is_deceptive(uint32_t point)
{
    return (point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

/* Length of the character at `s` if it may be shown as it is; 0 if not. */
static size_t printable(const unsigned char *s)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (s[0] >= 0x20 && s[0] < 0x7f)
        return 1;
    size_t length = s[0] >= 0xf0 && s[0] < 0xf8   ? 4
                    : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
                    : s[0] >= 0xc0 && s[0] < 0xe0 ? 2
                                                  : 0;
    if (!length)
        return 0;
    uint32_t point = s[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (s[i] & 0x3fu);
    }
    bool valid = point >= least[length] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    return valid && point >= 0xa0 && !is_deceptive(point) ? length : 0;
}

void leash__text_quote(struct leash__text *text, const char *string)
{
    static const char hex[] = "0123456789abcdef";
    const unsigned char *s = (const unsigned char *)(string ? string : "");
    while (*s) {
        size_t length = printable(s);
        if (length) {
            put(text, (const char *)s, length);
            s += length;
            continue;
        }
        char escaped[4] = {'\\', 'x', hex[*s >> 4], hex[*s & 15]};
        put(text, escaped, sizeof(escaped));
        s++;
    }
}
