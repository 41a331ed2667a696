#include "inbuf.h"

#include <stdlib.h>
#include <string.h>

static char *new_memory(struct leash__spare *spare, size_t size)
{
    char *memory = spare->memory;
    if (size != LEASH__SPARE_SIZE || !memory)
        return malloc(size);
    spare->memory = NULL;
    return memory;
}

static void let_go(struct leash__inbuf *in, struct leash__spare *spare)
{
    if (in->capacity == LEASH__SPARE_SIZE && !spare->memory)
        spare->memory = in->memory;
    else
        free(in->memory);
    in->memory = NULL;
}

static void move_to_front(struct leash__inbuf *in)
{
    size_t size = leash__inbuf_size(in);
    memmove(in->memory, in->memory + in->begin, size);
    in->begin = 0;
    in->end = size;
}

/* To memory of twice the size, or more; what is lent stays where it is. */
static bool move_away(struct leash__inbuf *in, struct leash__spare *spare, size_t least)
{
    size_t size = leash__inbuf_size(in), capacity = in->capacity ? in->capacity * 2 : LEASH__SPARE_SIZE;
    while (capacity - size < least)
        capacity *= 2;
    char *memory = new_memory(spare, capacity);
    if (!memory)
        return false;
    if (size)
        memcpy(memory, in->memory + in->begin, size);
    if (in->is_lent)
        in->lent = in->memory;
    else if (in->memory)
        let_go(in, spare);
    in->is_lent = false;
    in->memory = memory;
    in->capacity = capacity;
    in->begin = 0;
    in->end = size;
    return true;
}

char *leash__inbuf_room(struct leash__inbuf *in, struct leash__spare *spare, size_t least, size_t *room)
{
    if (in->capacity - in->end < least || !in->memory) {
        if (!in->is_lent && in->memory && in->capacity - leash__inbuf_size(in) >= least)
            move_to_front(in);
        else if (!move_away(in, spare, least))
            return NULL;
    }
    *room = in->capacity - in->end;
    return in->memory + in->end;
}

void leash__inbuf_consume(struct leash__inbuf *in, size_t n)
{
    in->begin += n;
    if (in->begin == in->end && !in->is_lent)
        in->begin = in->end = 0;
}

const char *leash__inbuf_lend(struct leash__inbuf *in, size_t n)
{
    const char *data = in->memory + in->begin;
    in->is_lent = true;
    in->begin += n;
    return data;
}

void leash__inbuf_take_back(struct leash__inbuf *in)
{
    free(in->lent);
    in->lent = NULL;
    in->is_lent = false;
    if (in->begin == in->end)
        in->begin = in->end = 0;
}

void leash__inbuf_rest(struct leash__inbuf *in, struct leash__spare *spare)
{
    if (!in->memory || in->is_lent || in->begin != in->end)
        return;
    let_go(in, spare);
    in->begin = in->end = in->capacity = 0;
}

void leash__inbuf_free(struct leash__inbuf *in)
{
    free(in->lent);
    free(in->memory);
    *in = (struct leash__inbuf){0};
}
