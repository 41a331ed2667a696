#include "maps.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024 };

/* Reads a hexadecimal number up to `end`, which must follow it. NULL if there is none. */
static const char *hex(const char *at, char end, uintptr_t *out)
{
    const char *from = at;
    uintptr_t value = 0;
    for (; *at && *at != end; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= '0' && c <= '9')
            value = value << 4 | (uintptr_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uintptr_t)(c - 'a' + 10);
        else
            return NULL;
    }
    *out = value;
    return at > from && *at == end ? at + 1 : NULL;
}

/* 7f00-7f10 rw-p 00000000 08:01 1234    /path */
bool leash__maps_parse(char *line, struct leash__mapping *out)
{
    const char *at = hex(line, '-', &out->low);
    if (!at || !(at = hex(at, ' ', &out->high)) || strnlen(at, 5) < 5 || at[4] != ' ')
        return false;
    out->readable = at[0] == 'r';
    out->writable = at[1] == 'w';
    out->shared = at[3] == 's';
    at += 5;
    for (int field = 0; field < 2; field++) { /* offset and device */
        at = strchr(at, ' ');
        if (!at)
            return false;
        at++;
    }
    at += strcspn(at, " "); /* the inode */
    out->name = at + strspn(at, " ");
    return true;
}

/* Hands out the whole lines of text[0..size) and returns how many bytes they were. */
static size_t lines(char *text, size_t size, leash__mapping_fn *fn, void *argument, int *rc)
{
    size_t at = 0;
    char *end;
    while (*rc >= 0 && (end = memchr(text + at, '\n', size - at))) {
        struct leash__mapping mapping;
        *end = '\0';
        if (leash__maps_parse(text + at, &mapping))
            *rc = fn(&mapping, argument);
        at = (size_t)(end - text) + 1;
    }
    return at;
}

int leash__maps_each(leash__mapping_fn *fn, void *argument)
{
    /* /proc/self has no memory any more once the main thread has ended. */
    int file = open("/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -ENODATA;
    int rc = -ENOMEM;
    size_t held = 0; /* of a line that is not whole yet */
    char *text = leash__arena_map(BUFFER);
    if (!text)
        goto close;
    for (rc = 0; rc >= 0;) {
        ssize_t got = read(file, text + held, BUFFER - held);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            rc = got < 0 ? -ENODATA : 0;
            break;
        }
        held += (size_t)got;
        size_t used = lines(text, held, fn, argument, &rc);
        memmove(text, text + used, held - used);
        held -= used;
        if (held == BUFFER) /* no line is that long: a path has 4096 bytes at most */
            held = 0;
    }
    leash__arena_unmap(text, BUFFER);
close:
    close(file);
    return rc;
}
