/* Text for stderr, or another place: put together in a small buffer, without malloc, and safe for a terminal. */
#ifndef LEASH_WATCH_TEXT_H
#define LEASH_WATCH_TEXT_H

#include <stddef.h>

struct leash__text {
    int file;                                               /* a descriptor; valid if `put` is NULL */
    void (*put)(void *arg, const char *bytes, size_t size); /* gets it instead; NULL: nobody does */
    void *arg;
    size_t used;
    char buffer[2048];
};

/* As it is. */
void leash__text_put(struct leash__text *text, const char *string);
/* Bytes that a terminal might obey, and what is no UTF-8, as \xNN. NULL counts as "". */
void leash__text_quote(struct leash__text *text, const char *string);
void leash__text_number(struct leash__text *text, unsigned long long number);
/* Writes what is in the buffer. Failures are passed over: there is nowhere to tell of them. */
void leash__text_flush(struct leash__text *text);

#endif
