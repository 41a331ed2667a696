#include "text.h"
#include "memory.h"
#include <string.h>

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->bytes)
        text->bytes[0] = 0;
}

void text_add(struct text *text, const char *more)
{
    size_t length = strlen(more), room = text->room;
    while (room < text->length + length + 1)
        room = room ? 2 * room : 64;
    if (room != text->room)
        text->bytes = must_grow(text->bytes, room);
    text->room = room;
    memcpy(text->bytes + text->length, more, length + 1);
    text->length += length;
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}
