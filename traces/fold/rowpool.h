/* Memory for the rows of one table: chunks that never move, and a list of free rows. */
#ifndef LEASH_FOLD_ROWPOOL_H
#define LEASH_FOLD_ROWPOOL_H

#include <stddef.h>
#include <stdint.h>

/* What every row begins with. */
struct leash__row {
    uint64_t id;
    uint8_t used;   /* it is in use (not on the list of free rows) */
    uint8_t stored; /* the database has it, as it was at the last commit */
    uint8_t dirty;  /* it is on its table's list of rows to write */
    uint8_t closed; /* nothing more will happen to it: it leaves memory after the commit */
    uint8_t
        patch; /* it came by a late fact about what left memory before: merged, and leaves memory after the commit */
    uint8_t known;   /* while it is written: the database has one of its id */
    uint8_t discard; /* it shall not be written, and leaves memory after the commit */
};

enum { LEASH__ROWPOOL_CHUNK = 256 };

struct leash__rowpool {
    size_t size; /* of a row */
    char **chunks;
    size_t chunks_count;
    void *free; /* the list goes through the rows' id */
};

void leash__rowpool_init(struct leash__rowpool *pool, size_t size);
/* A row of zeroes but for `used`. NULL: no memory. */
void *leash__rowpool_take(struct leash__rowpool *pool);
void leash__rowpool_give(struct leash__rowpool *pool, void *row);
/* Row `index` of those that memory was taken for, below chunks_count * LEASH__ROWPOOL_CHUNK; it may be free. */
void *leash__rowpool_at(const struct leash__rowpool *pool, size_t index);
/* Calls visit for each row in use. */
void leash__rowpool_each(const struct leash__rowpool *pool, void (*visit)(void *argument, void *row), void *argument);
void leash__rowpool_free(struct leash__rowpool *pool);

#endif
