/* The handles that a scan looks for, as a hash set with a mark each. Lives in the arena, so that a scan does not find
 * it. */
#ifndef LEASH_WATCH_HANDLE_SET_H
#define LEASH_WATCH_HANDLE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEASH_TAGS_VECTOR = 4 }; /* up to so many different tags are compared with vector instructions */

struct leash__handle_set {
    uint64_t *keys;      /* mask + 1 of them; 0: no handle here */
    unsigned char *seen; /* one a key */
    uint32_t *numbers;   /* one a key: the handle's, in the order in which they were given */
    uint32_t *queue;     /* numbers of those that were seen, in order: what they lead to is to be searched too */
    size_t queued;
    uint32_t *keepers;  /* NULL, or one a number: 1 + the number of who holds it, 0 for nobody. Then `owner` is set */
    uint32_t owner;     /* 1 + the number of the one whose memory is searched */
    uint64_t *tag_bits; /* 65,536 bits: is it the upper 16 bits of a wanted handle? */
    size_t mask;
    size_t missing; /* wanted handles not seen yet */
    size_t mapped;  /* bytes behind `keys`, the rest included */
    uint16_t tags[LEASH_TAGS_VECTOR];
    unsigned tag_count; /* LEASH_TAGS_VECTOR + 1 stands for any larger number; tags[] is then not to be used */
};

/* Zeroes among the handles are passed over. 0, -ENOMEM. */
int leash__handle_set_new(struct leash__handle_set *set, const uint64_t *handles, size_t count);
void leash__handle_set_free(struct leash__handle_set *set); /* zeroed memory is fine */
bool leash__handle_set_seen(const struct leash__handle_set *set, uint64_t handle);

/* Marks one, if it is in the set. While keepers are asked for, whose memory it stands in is noted, and one that stands
 * in its own goes on being looked for in others'. */
void leash__handle_set_mark(struct leash__handle_set *set, uint64_t handle);
/* Marks what of the set stands in data[size], at any byte offset. */
void leash__handle_set_search(struct leash__handle_set *set, const unsigned char *data, size_t size);

#endif
