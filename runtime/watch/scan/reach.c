#include "reach.h"

#include "bins.h"

#include <string.h>

enum { STACK = 1 << 20, STEP = 4 };

int leash__reach_new(struct leash__reach *reach, const struct leash__blocks *blocks)
{
    reach->bytes = 0;
    int rc = leash__blocks_view_new(&reach->view, blocks);
    if (rc < 0 || (rc = leash__marks_new(&reach->marks, &reach->view, STACK)) < 0)
        return rc;
    const struct leash__blocks_view *view = &reach->view;
    if (!view->count)
        return 0;
    size_t last = view->count - 1;
    reach->low = (uintptr_t)view->numbers[0] << LEASH_REGION_SHIFT;
    reach->high = ((uintptr_t)view->numbers[last] + 1) << LEASH_REGION_SHIFT;
    if (view->over[last].high > reach->high)
        reach->high = view->over[last].high;
    return 0;
}

void leash__reach_free(struct leash__reach *reach)
{
    leash__marks_free(&reach->marks);
    leash__blocks_view_free(&reach->view);
}

void leash__reach_pass_over(struct leash__reach *reach, const void *address)
{
    struct leash__block block;
    if (leash__block_at(&reach->view, (uintptr_t)address, &block) && leash__marks_add(&reach->marks, &block))
        leash__marks_take(&reach->marks, &reach->view);
}

static void follow(struct leash__reach *reach, uintptr_t pointer)
{
    struct leash__block block;
    if (leash__block_at(&reach->view, pointer, &block))
        leash__marks_add(&reach->marks, &block);
}

void leash__reach_words(struct leash__reach *reach, const unsigned char *data, size_t size, uintptr_t from)
{
    const uintptr_t low = reach->low, span = reach->high - low;
    for (size_t at = -from & (STEP - 1); at + sizeof(uintptr_t) <= size; at += STEP) {
        uintptr_t word;
        memcpy(&word, data + at, sizeof(word));
        if (__builtin_expect(word - low < span, 0))
            follow(reach, word);
    }
}

void leash__reach_data(struct leash__reach *reach, const unsigned char *data, size_t size, uintptr_t from)
{
    struct leash__range bins = leash__bins_in(data, size, from);
    if (bins.high == 0) {
        leash__reach_words(reach, data, size, from);
        return;
    }
    leash__reach_words(reach, data, bins.low - from, from);
    leash__reach_words(reach, data + (bins.high - from), size - (bins.high - from), bins.high);
}

bool leash__reach_next(struct leash__reach *reach, struct leash__range *out)
{
    uintptr_t start = leash__marks_take(&reach->marks, &reach->view);
    if (!start)
        return false;
    *out = (struct leash__range){start, start + leash__chunk_usable(start)};
    reach->bytes += out->high - out->low;
    return true;
}
