#include "handle_set.h"

#include <arena.h>
#include <errno.h>
#include <string.h>

enum { TAG_SHIFT = 48, TAG_WORDS = 65536 / 64, SMALLEST = 16 };

/* Where a handle is, or where it would go. */
static size_t place_of(const struct leash__handle_set *set, uint64_t handle)
{
    size_t at = (size_t)(handle * 0x9e3779b97f4a7c15u >> 20) & set->mask;
    while (set->keys[at] && set->keys[at] != handle)
        at = (at + 1) & set->mask;
    return at;
}

static void add_tag(struct leash__handle_set *set, uint16_t tag)
{
    uint64_t bit = UINT64_C(1) << (tag & 63);
    if (set->tag_bits[tag >> 6] & bit)
        return;
    set->tag_bits[tag >> 6] |= bit;
    if (set->tag_count < LEASH_TAGS_VECTOR)
        set->tags[set->tag_count] = tag;
    if (set->tag_count <= LEASH_TAGS_VECTOR)
        set->tag_count++;
}

int leash__handle_set_new(struct leash__handle_set *set, const uint64_t *handles, size_t count)
{
    *set = (struct leash__handle_set){0};
    size_t places = SMALLEST;
    while (places / 2 < count) {
        if (places > SIZE_MAX / 32)
            return -ENOMEM;
        places *= 2;
    }
    set->mapped = (places + TAG_WORDS) * sizeof(uint64_t) + (places + count) * sizeof(uint32_t) + places;
    set->keys = leash__arena_map(set->mapped);
    if (!set->keys)
        return -ENOMEM;
    set->tag_bits = set->keys + places;
    set->numbers = (uint32_t *)(set->tag_bits + TAG_WORDS);
    set->queue = set->numbers + places;
    set->seen = (unsigned char *)(set->queue + count);
    set->mask = places - 1;
    for (size_t i = 0; i < count; i++) {
        size_t at = place_of(set, handles[i]);
        if (!handles[i] || set->keys[at])
            continue;
        set->keys[at] = handles[i];
        set->numbers[at] = (uint32_t)i;
        set->missing++;
        add_tag(set, (uint16_t)(handles[i] >> TAG_SHIFT));
    }
    return 0;
}

void leash__handle_set_free(struct leash__handle_set *set)
{
    leash__arena_unmap(set->keys, set->mapped);
    *set = (struct leash__handle_set){0};
}

bool leash__handle_set_seen(const struct leash__handle_set *set, uint64_t handle)
{
    return set->seen[place_of(set, handle)];
}

/* False: it holds itself. */
static bool note_keeper(const struct leash__handle_set *set, uint32_t number)
{
    uint32_t *keeper = &set->keepers[number];
    const bool itself = number + 1 == set->owner;
    if (!itself || !*keeper)
        *keeper = set->owner;
    return !itself;
}

void leash__handle_set_mark(struct leash__handle_set *set, uint64_t handle)
{
    size_t at = place_of(set, handle);
    if (!set->keys[at] || set->seen[at])
        return;
    if (set->keepers && !note_keeper(set, set->numbers[at]))
        return;
    set->seen[at] = 1;
    set->missing--;
    set->queue[set->queued++] = set->numbers[at];
}

/* ---- the search: a vector filter for the tag, then the whole word ---- */

enum {
    TAG_AT = 6, /* the tag is the last two bytes of a word: little-endian */
    BLOCK = 128
};

/* Offset of the first whole block of data in which a tag begins, or of the first that is not whole. Reads one byte
 * beyond what it answers for, so a block counts as whole with BLOCK + 1 bytes. */
typedef size_t skip_fn(const unsigned char *data, size_t size, const uint16_t *tags, unsigned tag_count);

typedef unsigned char vector16 __attribute__((vector_size(16)));
typedef uint64_t words16 __attribute__((vector_size(16)));
typedef struct {
    vector16 bytes;
} __attribute__((packed, may_alias)) unaligned16;

static vector16 load16(const unsigned char *data)
{
    return ((const unaligned16 *)data)->bytes;
}

/* SSE2 or NEON: whatever the compiler has by default. */
static size_t skip_16(const unsigned char *data, size_t size, const uint16_t *tags, unsigned tag_count)
{
    size_t at = 0;
    for (; at + BLOCK + 1 <= size; at += BLOCK) {
        vector16 hits = {0};
        for (unsigned tag = 0; tag < tag_count; tag++) {
            vector16 low = (vector16){0} + (unsigned char)tags[tag];
            vector16 high = (vector16){0} + (unsigned char)(tags[tag] >> 8);
            for (size_t i = 0; i < BLOCK; i += sizeof(vector16))
                hits |= (vector16)(load16(data + at + i) == low) & (vector16)(load16(data + at + i + 1) == high);
        }
        words16 words = (words16)hits;
        if (words[0] | words[1])
            break;
    }
    return at;
}

#ifdef __x86_64__
typedef unsigned char vector32 __attribute__((vector_size(32)));
typedef uint64_t words32 __attribute__((vector_size(32)));
typedef struct {
    vector32 bytes;
} __attribute__((packed, may_alias)) unaligned32;

__attribute__((target("avx2"))) static size_t skip_32(const unsigned char *data, size_t size, const uint16_t *tags,
                                                      unsigned tag_count)
{
    size_t at = 0;
    for (; at + BLOCK + 1 <= size; at += BLOCK) {
        vector32 hits = {0};
        for (unsigned tag = 0; tag < tag_count; tag++) {
            vector32 low = (vector32){0} + (unsigned char)tags[tag];
            vector32 high = (vector32){0} + (unsigned char)(tags[tag] >> 8);
            for (size_t i = 0; i < BLOCK; i += sizeof(vector32)) {
                vector32 first = ((const unaligned32 *)(data + at + i))->bytes;
                vector32 second = ((const unaligned32 *)(data + at + i + 1))->bytes;
                hits |= (vector32)(first == low) & (vector32)(second == high);
            }
        }
        words32 words = (words32)hits;
        if (words[0] | words[1] | words[2] | words[3])
            break;
    }
    return at;
}
#endif

static skip_fn *best_skip(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2"))
        return skip_32;
#endif
    return skip_16;
}

/* Every place from `at` to `end` where a tag may begin, one by one. The word begins TAG_AT bytes before. */
static void search_places(struct leash__handle_set *set, const unsigned char *data, size_t at, size_t end)
{
    for (; at < end; at++) {
        uint16_t tag;
        memcpy(&tag, data + at, sizeof(tag));
        if (!(set->tag_bits[tag >> 6] >> (tag & 63) & 1))
            continue;
        uint64_t word;
        memcpy(&word, data + at - TAG_AT, sizeof(word));
        leash__handle_set_mark(set, word);
    }
}

void leash__handle_set_search(struct leash__handle_set *set, const unsigned char *data, size_t size)
{
    if (size < sizeof(uint64_t))
        return;
    size_t at = TAG_AT, end = size - 1;
    skip_fn *skip = best_skip();
    while (set->tag_count <= LEASH_TAGS_VECTOR && at + BLOCK + 1 <= size) {
        at += skip(data + at, size - at, set->tags, set->tag_count);
        if (at + BLOCK + 1 > size)
            break;
        search_places(set, data, at, at + BLOCK);
        at += BLOCK;
    }
    search_places(set, data, at, end);
}
