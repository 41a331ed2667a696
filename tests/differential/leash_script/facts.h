/* What the runtime judged, by handle: one word of LEASH_FACT_ bits for each coroutine, task and future of the script.
 */
#ifndef LEASH_SCRIPT_FACTS_H
#define LEASH_SCRIPT_FACTS_H

#include <stddef.h>

struct facts_entry {
    const void *handle; /* NULL: free */
    unsigned *facts;
};

/* A hash table; all zeroes is an empty one. */
struct facts {
    struct facts_entry *entries;
    size_t count, room; /* room is a power of two, and never full */
};

/* What is judged of `handle` goes to *word. */
void facts_watch(struct facts *facts, const void *handle, unsigned *word);
/* The word of a handle; NULL: nobody watches it. */
unsigned *facts_find(const struct facts *facts, const void *handle);
void facts_free(struct facts *facts);

#endif
