/* What was received and not read yet. Bytes that a reader was shown (lent) keep their place until they are taken back,
 * whatever comes in meanwhile. */
#ifndef LEASH_IO_INBUF_H
#define LEASH_IO_INBUF_H

#include <stdbool.h>
#include <stddef.h>

struct leash__inbuf {
    char *memory; /* NULL: none is needed now */
    size_t begin, end, capacity;
    bool is_lent; /* bytes before `begin` are looked at */
    char *lent;   /* earlier memory that is looked at; NULL: none */
};

/* One piece of memory for all streams of a loop: who waits with nothing in its buffer needs none. */
struct leash__spare {
    char *memory; /* LEASH__SPARE_SIZE bytes; NULL: it is in use */
};
enum { LEASH__SPARE_SIZE = 16384 };

static inline size_t leash__inbuf_size(const struct leash__inbuf *in)
{
    return in->end - in->begin;
}
/* Room for at least so many bytes at the end; *room is how many there are. NULL: no memory. */
char *leash__inbuf_room(struct leash__inbuf *in, struct leash__spare *spare, size_t least, size_t *room);
/* Takes bytes from the front. */
void leash__inbuf_consume(struct leash__inbuf *in, size_t n);
/* The same, but shows them. */
const char *leash__inbuf_lend(struct leash__inbuf *in, size_t n);
void leash__inbuf_take_back(struct leash__inbuf *in);
/* Gives memory back if nothing is in it. */
void leash__inbuf_rest(struct leash__inbuf *in, struct leash__spare *spare);
/* Throws everything away. */
void leash__inbuf_free(struct leash__inbuf *in);

#endif
