#include "blocks_view.h"

#include <arena.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

__attribute__((weak)) const struct leash__blocks *leash_malloc_blocks(void);

/* The bits of one word up to and including `bit`, and from it on. */
static uint64_t up_to(size_t bit)
{
    return ~UINT64_C(0) >> (63 - (bit & 63));
}

static uint64_t from_on(size_t bit)
{
    return ~UINT64_C(0) << (bit & 63);
}

static size_t highest(uint64_t word)
{
    return 63 - (size_t)__builtin_clzll(word);
}

static uint64_t load(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/* ---- the nearest bit in a region; SIZE_MAX: none ---- */

/* The last word before `at` that was ever written. */
static size_t word_before(const struct leash__region *region, size_t at)
{
    size_t group = at >> 6;
    uint64_t bits = at & 63 ? load(&region->words[group]) & up_to(at - 1) : 0;
    for (size_t i = group >> 6; !bits; i--) {
        uint64_t groups = load(&region->groups[i]);
        if (i == group >> 6)
            groups &= group & 63 ? up_to(group - 1) : 0;
        if (groups) {
            group = i << 6 | highest(groups);
            bits = load(&region->words[group]);
        } else if (i == 0) {
            return SIZE_MAX;
        }
    }
    return group << 6 | highest(bits);
}

static size_t word_behind(const struct leash__region *region, size_t at)
{
    const size_t groups_words = sizeof(region->groups) / sizeof(*region->groups);
    size_t group = at >> 6;
    uint64_t bits = (at & 63) < 63 ? load(&region->words[group]) & from_on(at + 1) : 0;
    for (size_t i = group >> 6; !bits; i++) {
        if (i == groups_words)
            return SIZE_MAX;
        uint64_t groups = load(&region->groups[i]);
        if (i == group >> 6)
            groups &= (group & 63) < 63 ? from_on(group + 1) : 0;
        if (groups) {
            group = i << 6 | (size_t)__builtin_ctzll(groups);
            bits = load(&region->words[group]);
        }
    }
    return group << 6 | (size_t)__builtin_ctzll(bits);
}

static size_t start_up_to(const struct leash__region *region, size_t bit)
{
    size_t at = bit >> 6;
    uint64_t bits = load(&region->starts[at]) & up_to(bit);
    while (!bits) {
        at = word_before(region, at);
        if (at == SIZE_MAX)
            return SIZE_MAX;
        bits = load(&region->starts[at]);
    }
    return at << 6 | highest(bits);
}

static size_t start_from(const struct leash__region *region, size_t bit)
{
    size_t at = bit >> 6;
    uint64_t bits = load(&region->starts[at]) & from_on(bit);
    while (!bits) {
        at = word_behind(region, at);
        if (at == SIZE_MAX)
            return SIZE_MAX;
        bits = load(&region->starts[at]);
    }
    return at << 6 | (size_t)__builtin_ctzll(bits);
}

/* ---- addresses ---- */

enum { GAP_STEP = 1 << 22 }; /* addresses this far apart have gaps of their own to be remembered */

static const size_t region_bits = (size_t)LEASH_REGION_WORDS * 64;

static uintptr_t address_of(const struct leash__blocks_view *view, size_t slot, size_t bit)
{
    return ((uintptr_t)view->numbers[slot] << LEASH_REGION_SHIFT) + bit * LEASH_BLOCK_ALIGN;
}

static size_t bit_of(uintptr_t address)
{
    return (address & (((uintptr_t)1 << LEASH_REGION_SHIFT) - 1)) / LEASH_BLOCK_ALIGN;
}

static uintptr_t end_of(uintptr_t start)
{
    return start + leash__chunk_usable(start);
}

const struct leash__blocks *leash__blocks_told(void)
{
    const struct leash__blocks *blocks = leash_malloc_blocks ? leash_malloc_blocks() : NULL;
    if (!blocks || blocks->version != LEASH_BLOCKS_VERSION || !__atomic_load_n(blocks->complete, __ATOMIC_RELAXED))
        return NULL;
    return blocks;
}

static void note_over(struct leash__blocks_view *view, size_t slot)
{
    size_t bit = start_up_to(view->regions[slot], region_bits - 1);
    if (bit == SIZE_MAX)
        return;
    uintptr_t low = address_of(view, slot, bit), high = end_of(low);
    if ((high - 1) >> LEASH_REGION_SHIFT == view->numbers[slot])
        return;
    view->over[slot] = (struct leash__range){low, high};
    view->any_over = true;
}

/* In its place; false: there is no room. */
static bool insert(struct leash__blocks_view *view, uint32_t number)
{
    size_t at = view->count;
    while (at && view->numbers[at - 1] > number)
        at--;
    if (at && view->numbers[at - 1] == number)
        return true;
    if (view->count == LEASH_VIEW_REGIONS)
        return false;
    for (size_t i = view->count++; i > at; i--)
        view->numbers[i] = view->numbers[i - 1];
    view->numbers[at] = number;
    return true;
}

int leash__blocks_view_new(struct leash__blocks_view *view, const struct leash__blocks *blocks)
{
    memset(view, 0, sizeof(*view));
    view->slots = leash__arena_map(LEASH_REGIONS * sizeof(*view->slots));
    if (!view->slots)
        return -ENOMEM;
    for (size_t i = 0; i < LEASH_REGIONS_USED && i < __atomic_load_n(blocks->used_count, __ATOMIC_RELAXED); i++) {
        uint32_t number = __atomic_load_n(&blocks->used[i], __ATOMIC_ACQUIRE);
        if (number && __atomic_load_n(&blocks->regions[number - 1], __ATOMIC_ACQUIRE) && !insert(view, number - 1))
            return -E2BIG;
    }
    for (size_t slot = 0; slot < view->count; slot++) {
        uint32_t number = view->numbers[slot];
        view->regions[slot] = __atomic_load_n(&blocks->regions[number], __ATOMIC_ACQUIRE);
        view->slots[number] = (uint16_t)(slot + 1);
        note_over(view, slot);
    }
    return 0;
}

void leash__blocks_view_free(struct leash__blocks_view *view)
{
    leash__arena_unmap(view->slots, LEASH_REGIONS * sizeof(*view->slots));
    memset(view, 0, sizeof(*view));
}

static bool fill(const struct leash__blocks_view *view, uintptr_t low, uintptr_t high, struct leash__block *out)
{
    *out = (struct leash__block){low, high, view->slots[low >> LEASH_REGION_SHIFT] - 1u, bit_of(low)};
    return true;
}

static bool find_over(const struct leash__blocks_view *view, uintptr_t address, struct leash__block *out)
{
    for (size_t i = 0; view->any_over && i < view->count; i++) {
        if (address >= view->over[i].low && address < view->over[i].high)
            return fill(view, view->over[i].low, view->over[i].high, out);
    }
    return false;
}

bool leash__block_at(struct leash__blocks_view *view, uintptr_t address, struct leash__block *out)
{
    size_t number = address >> LEASH_REGION_SHIFT;
    if (address >= view->found.low && address < view->found.high)
        return fill(view, view->found.low, view->found.high, out);
    struct leash__range *gap = &view->gaps[address / GAP_STEP % LEASH_VIEW_GAPS];
    if (number >= LEASH_REGIONS || (address >= gap->low && address < gap->high))
        return false;
    if (!view->slots[number])
        return find_over(view, address, out);
    size_t slot = view->slots[number] - 1u, bit = start_up_to(view->regions[slot], bit_of(address));
    if (bit == SIZE_MAX) {
        if (!view->any_over)
            *gap = (struct leash__range){number << LEASH_REGION_SHIFT, leash__block_next(view, address)};
        return find_over(view, address, out);
    }
    uintptr_t low = address_of(view, slot, bit), high = end_of(low);
    if (address >= high) {
        *gap = (struct leash__range){high, leash__block_next(view, address)};
        return false;
    }
    view->found = (struct leash__range){low, high};
    return fill(view, low, high, out);
}

uintptr_t leash__block_next(const struct leash__blocks_view *view, uintptr_t from)
{
    for (size_t slot = 0; slot < view->count; slot++) {
        size_t number = from >> LEASH_REGION_SHIFT;
        if (view->numbers[slot] < number)
            continue;
        uintptr_t up = from + LEASH_BLOCK_ALIGN - 1;
        if (view->numbers[slot] == number && up >> LEASH_REGION_SHIFT != number)
            continue; /* in the last bytes of the region */
        size_t bit = start_from(view->regions[slot], view->numbers[slot] > number ? 0 : bit_of(up));
        if (bit != SIZE_MAX)
            return address_of(view, slot, bit);
    }
    return UINTPTR_MAX;
}

int leash__blocks_outside(struct leash__blocks_view *view, uintptr_t low, uintptr_t high, leash__part_fn *fn,
                          void *argument)
{
    struct leash__block block;
    int rc = 0;
    while (rc >= 0 && low < high) {
        if (leash__block_at(view, low, &block)) {
            low = block.high;
            continue;
        }
        uintptr_t next = leash__block_next(view, low);
        if (next > high)
            next = high;
        rc = fn(low, next, argument);
        low = next;
    }
    return rc;
}

/* ---- arenas ---- */

/* What malloc keeps at the start of each arena but the main one; so since glibc 2.1. */
struct heap_info {
    void *arena;
    struct heap_info *before;
    size_t size; /* that is in use; the rest of the address space is reserved */
};
#define ARENA_SPACE (UINT64_C(64) << 20)

/* An arena's address space is all its own: what its first block is all are. */
static void add_arena(const struct leash__blocks_view *view, size_t slot, uintptr_t base, struct leash__ranges *out)
{
    size_t bit = start_from(view->regions[slot], bit_of(base));
    uintptr_t first = bit == SIZE_MAX ? 0 : address_of(view, slot, bit);
    if (first < base || first >= base + ARENA_SPACE)
        return;
    size_t word = leash__chunk_word(first);
    if (!(word & LEASH_CHUNK_OTHER_ARENA) || word & LEASH_CHUNK_MAPPED)
        return;
    const struct heap_info *info = (const void *)base;
    if (!info->arena || info->size > ARENA_SPACE || info->size % (size_t)sysconf(_SC_PAGESIZE) ||
        base + info->size <= first)
        return; /* another glibc's: what is free counts as the program's */
    leash__ranges_add(out, (const void *)base, (const void *)(base + info->size));
}

void leash__blocks_arenas(const struct leash__blocks_view *view, struct leash__ranges *out)
{
    for (size_t slot = 0; slot < view->count; slot++) {
        uintptr_t base = (uintptr_t)view->numbers[slot] << LEASH_REGION_SHIFT;
        uintptr_t end = base + ((uintptr_t)1 << LEASH_REGION_SHIFT);
        leash__ranges_add(out, view->regions[slot], view->regions[slot] + 1);
        for (; base < end; base += ARENA_SPACE)
            add_arena(view, slot, base, out);
    }
}
