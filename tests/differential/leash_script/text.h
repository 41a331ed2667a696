/* A growing piece of text. */
#ifndef LEASH_SCRIPT_TEXT_H
#define LEASH_SCRIPT_TEXT_H

#include <stddef.h>

struct text {
    char *bytes; /* ends with a zero; NULL until something is added */
    size_t length, room;
};

void text_clear(struct text *text);
void text_add(struct text *text, const char *more);
void text_free(struct text *text);

#endif
