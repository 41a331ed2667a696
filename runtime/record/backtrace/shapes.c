#include "shapes.h"

#include <stdlib.h>

enum { BUCKETS = 1024, SHAPES_MAX = 4096 };

struct link {
    uintptr_t below; /* so far below the stack's upper end lies ... */
    uintptr_t address;
};

struct shape {
    struct shape *chain;  /* of the same bucket */
    uintptr_t pc, sp, fp; /* sp and fp counted from the upper end */
    struct leash__stack_entry *entry;
    size_t count;
    struct link links[];
};

static struct shape *buckets[BUCKETS];
static size_t shapes;

static size_t bucket_of(uintptr_t pc, uintptr_t sp)
{
    uint64_t hash = (pc ^ sp << 20) * 0x9e3779b97f4a7c15u;
    return hash >> 54;
}

/* The stack is another task's: ASan may have marks in it. */
static __attribute__((no_sanitize("address", "thread"))) bool fits(const struct shape *shape, const char *high)
{
    for (size_t i = 0; i < shape->count; i++)
        if (*(const uintptr_t *)(const void *)(high - shape->links[i].below) != shape->links[i].address)
            return false;
    return true;
}

struct leash__stack_entry *leash__shape_find(const struct leash__registers *registers, const char *high)
{
    uintptr_t end = (uintptr_t)high, sp = end - registers->sp, fp = end - registers->fp;
    const struct shape *shape = buckets[bucket_of(registers->pc, sp)];
    while (shape && (shape->pc != registers->pc || shape->sp != sp || shape->fp != fp || !fits(shape, high)))
        shape = shape->chain;
    return shape ? shape->entry : NULL;
}

void leash__shape_keep(const struct leash__registers *registers, const char *high, const uintptr_t *addresses,
                       const uintptr_t *places, size_t count, struct leash__stack_entry *entry)
{
    uintptr_t end = (uintptr_t)high;
    if (shapes == SHAPES_MAX || !count)
        return;
    for (size_t i = 1; i < count; i++)
        if (places[i] < registers->sp || places[i] >= end)
            return;
    struct shape *shape = malloc(sizeof *shape + (count - 1) * sizeof(struct link));
    if (!shape)
        return;
    uintptr_t sp = end - registers->sp;
    struct shape **bucket = &buckets[bucket_of(registers->pc, sp)];
    *shape = (struct shape){*bucket, registers->pc, sp, end - registers->fp, entry, count - 1};
    for (size_t i = 1; i < count; i++)
        shape->links[i - 1] = (struct link){end - places[i], addresses[i]};
    *bucket = shape;
    shapes++;
}

void leash__shapes_drop(void)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct shape *shape = buckets[i], *next; shape; shape = next) {
            next = shape->chain;
            free(shape);
        }
        buckets[i] = NULL;
    }
    shapes = 0;
}
