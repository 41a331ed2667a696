#include "marks.h"

#include <arena.h>
#include <errno.h>

struct leash__marks_region {
    uint64_t reached[LEASH_REGION_WORDS];
    uint64_t waiting[LEASH_REGION_WORDS]; /* reached, and found no room on the stack */
};

int leash__marks_new(struct leash__marks *marks, const struct leash__blocks_view *view, size_t room)
{
    *marks = (struct leash__marks){.count = view->count, .room = room};
    if (view->count && !(marks->regions = leash__arena_map(view->count * sizeof(*marks->regions))))
        return -ENOMEM;
    marks->stack = leash__arena_map(room * sizeof(*marks->stack));
    return marks->stack ? 0 : -ENOMEM;
}

void leash__marks_free(struct leash__marks *marks)
{
    leash__arena_unmap(marks->regions, marks->count * sizeof(*marks->regions));
    leash__arena_unmap(marks->stack, marks->room * sizeof(*marks->stack));
    *marks = (struct leash__marks){0};
}

bool leash__marks_add(struct leash__marks *marks, const struct leash__block *block)
{
    struct leash__marks_region *region = &marks->regions[block->region];
    uint64_t bit = UINT64_C(1) << (block->bit & 63);
    if (region->reached[block->bit >> 6] & bit)
        return false;
    region->reached[block->bit >> 6] |= bit;
    if (marks->depth < marks->room) {
        marks->stack[marks->depth++] = block->low;
    } else {
        region->waiting[block->bit >> 6] |= bit;
        marks->waiting++;
    }
    return true;
}

/* Moves what waits in one region to the stack, as far as there is room. */
static void sweep(struct leash__marks *marks, const struct leash__blocks_view *view, size_t number)
{
    struct leash__marks_region *region = &marks->regions[number];
    uintptr_t base = (uintptr_t)view->numbers[number] << LEASH_REGION_SHIFT;
    for (size_t at = 0; at < LEASH_REGION_WORDS && marks->waiting; at++) {
        for (uint64_t *bits = &region->waiting[at]; *bits; *bits &= *bits - 1) {
            if (marks->depth == marks->room)
                return;
            size_t bit = at << 6 | (size_t)__builtin_ctzll(*bits);
            marks->stack[marks->depth++] = base + bit * LEASH_BLOCK_ALIGN;
            marks->waiting--;
        }
    }
}

uintptr_t leash__marks_take(struct leash__marks *marks, const struct leash__blocks_view *view)
{
    for (size_t i = 0; !marks->depth && marks->waiting && i < marks->count; i++)
        sweep(marks, view, i);
    return marks->depth ? marks->stack[--marks->depth] : 0;
}
