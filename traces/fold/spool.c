/* The spool's header and segments, seen with distrust. */
#include "spool.h"

#include <errno.h>
#include <stdlib.h>

enum { SEGMENT_MAX = 1 << 30 };
#define TIME_MAX (INT64_MAX >> 2) /* leaves room for a segment's 48 bits, and for a bit beside */

/* How many segments the file really holds; 0 if the header makes no sense. */
static uint32_t leash_segments(const void *map, size_t size, uint32_t *segment_size)
{
    const struct leash_spool_header *header = map;
    if (leash_spool_check(map, size) < 0)
        return 0;
    *segment_size = header->segment_size;
    if (*segment_size < sizeof(struct leash_segment_header) + LEASH_SLOT_SIZE || *segment_size > SEGMENT_MAX ||
        *segment_size % sizeof(uint64_t))
        return 0;
    size_t fit = (size - LEASH_SPOOL_HEADER_SIZE) / *segment_size;
    uint32_t told = __atomic_load_n(&header->segments, __ATOMIC_ACQUIRE);
    return told < fit ? told : (uint32_t)fit;
}

int leash_spool_check(const void *map, size_t size)
{
    const struct leash_spool_header *header = map;
    if (!map || size < LEASH_SPOOL_HEADER_SIZE || header->magic != LEASH_SPOOL_MAGIC)
        return -EINVAL;
    return header->version == LEASH_SPOOL_VERSION ? 0 : -EPROTO;
}

bool leash_spool_segment(const void *map, size_t size, uint32_t number, struct leash_segment *out)
{
    uint32_t segment_size;
    if (number >= leash_segments(map, size, &segment_size))
        return false;
    const void *at = (const char *)map + LEASH_SPOOL_HEADER_SIZE + (size_t)number * segment_size;
    const struct leash_segment_header *header = at;
    uint32_t generation = __atomic_load_n(&header->generation, __ATOMIC_ACQUIRE);
    if (!generation || generation > LEASH_GENERATION_MAX || header->magic != LEASH_SEGMENT_MAGIC ||
        header->base_ns > TIME_MAX || header->first_ns > TIME_MAX || !header->sequence || header->sequence > INT64_MAX)
        return false;
    out->header = header;
    out->slots = (const uint64_t *)(const void *)(header + 1);
    out->count = (uint32_t)((segment_size - sizeof(*header)) / LEASH_SLOT_SIZE);
    return true;
}

static int leash_in_order(const void *a, const void *b)
{
    const struct leash__spool_part *x = a, *y = b;
    if (x->thread != y->thread)
        return x->thread < y->thread ? -1 : 1;
    if (x->sequence != y->sequence)
        return x->sequence < y->sequence ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool leash_is_bad(const void *map, uint32_t segment_size, uint32_t number)
{
    const struct leash_segment_header *header =
        (const void *)((const char *)map + LEASH_SPOOL_HEADER_SIZE + (size_t)number * segment_size);
    return __atomic_load_n(&header->generation, __ATOMIC_ACQUIRE) != 0;
}

int leash__spool_list(const void *map, size_t size, struct leash__spool_list *out)
{
    uint32_t segment_size = 0, count = leash_segments(map, size, &segment_size);
    *out = (struct leash__spool_list){.segments = count};
    if (!count)
        return 0;
    out->parts = malloc(count * sizeof(*out->parts));
    if (!out->parts)
        return -ENOMEM;
    for (uint32_t i = 0; i < count; i++) {
        struct leash_segment segment;
        if (leash_spool_segment(map, size, i, &segment))
            out->parts[out->count++] = (struct leash__spool_part){
                .number = i,
                .thread = segment.header->thread,
                .generation = segment.header->generation,
                .sequence = segment.header->sequence,
                .base_ns = segment.header->base_ns,
                .first_ns = segment.header->first_ns,
                .slots = segment.slots,
                .slots_count = segment.count,
            };
        else if (leash_is_bad(map, segment_size, i))
            out->bad++;
    }
    qsort(out->parts, out->count, sizeof(*out->parts), leash_in_order);
    return 0;
}

void leash__spool_list_free(struct leash__spool_list *list)
{
    free(list->parts);
    list->parts = NULL;
}
