#include "stacks.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "saved.h"
#include "guard.h"
#include "sanitizer.h"

enum {
    STACK_MIN = 16 * 1024, /* guard included */
    SLAB_FIRST = 16,       /* stacks of a pool's first slab; each slab doubles the pool */
    SLAB_MAX_BYTES = 256 * 1024 * 1024,
    CARVE = 16,           /* stacks that are guarded at once */
    TRIM_STEP = 8 * 1024, /* stacks that one call gives back at most: about a millisecond or two */
};

/* A mapping. Stacks from `carved` on have no guard yet and were never used. */
struct slab {
    char *low, *carved, *high;
    size_t mprotected; /* stacks of it whose guard is a mapping of its own */
};

/* An entry of the free list: where the stack begins, and in the lowest bit whether its guard is a canary. */
typedef uintptr_t entry_t;
#define ENTRY_CANARY ((entry_t)1)

struct leash__stacks {
    size_t stack_size, guard_size;
    uint64_t float_control;
    bool valgrind;
    /* A stack of stacks: the hottest is the last. There is room for every stack that was ever carved, so that giving
     * one back cannot fail. The first `trimmed` hold no memory. */
    entry_t *free;
    size_t free_count, free_room, trimmed;
    size_t carved_count;
    /* The last one is the one that is being carved. */
    struct slab *slabs;
    size_t slab_count, slab_room;
};

int leash__stacks_new(struct leash__stacks **out, size_t stack_size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (stack_size > SIZE_MAX / 4)
        return -ENOMEM;
    if (stack_size < STACK_MIN)
        stack_size = STACK_MIN;
    if (stack_size < 2 * page)
        stack_size = 2 * page;
    struct leash__stacks *stacks = calloc(1, sizeof(*stacks));
    if (!stacks)
        return -ENOMEM;
    stacks->stack_size = (stack_size + page - 1) & ~(page - 1);
    stacks->guard_size = page;
    stacks->float_control = leash__float_control();
    stacks->valgrind = leash__valgrind_runs();
    *out = stacks;
    return 0;
}

static void slab_free(struct slab *slab)
{
    size_t size = (size_t)(slab->high - slab->low);
    leash__sanitizer_slab_end(slab->low, size);
    for (; slab->mprotected; slab->mprotected--)
        leash__guard_forget(LEASH__GUARD_MPROTECT);
    (void)munmap(slab->low, size);
}

void leash__stacks_free(struct leash__stacks *stacks)
{
    if (!stacks)
        return;
    for (size_t i = 0; i < stacks->slab_count; i++)
        slab_free(&stacks->slabs[i]);
    free(stacks->slabs);
    free(stacks->free);
    free(stacks);
}

/* Grows an array of elements of `size` bytes to hold at least `count`. Its new place, or NULL and all is as it was. */
static void *reserve(void *array, size_t *room, size_t count, size_t size)
{
    if (count <= *room)
        return array;
    size_t wanted = *room * 2 > count ? *room * 2 : count;
    void *grown = reallocarray(array, wanted, size);
    if (grown)
        *room = wanted;
    return grown;
}

/* Memory for as many stacks as the pool has already, or as many fewer as the system lets us have. */
static int slab_map(struct slab *slab, const struct leash__stacks *stacks)
{
    size_t count = stacks->carved_count > SLAB_FIRST ? stacks->carved_count : SLAB_FIRST;
    if (count > SLAB_MAX_BYTES / stacks->stack_size)
        count = SLAB_MAX_BYTES / stacks->stack_size;
    for (count = count ? count : 1; count; count /= 2) {
        size_t size = count * stacks->stack_size;
        int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
        char *low = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
        if (low == MAP_FAILED)
            continue;
        (void)madvise(low, size, MADV_NOHUGEPAGE); /* a huge page would make 32 stacks of one touched byte resident */
        leash__sanitizer_slab(low, size);
        *slab = (struct slab){.low = low, .carved = low, .high = low + size};
        return 0;
    }
    return -ENOMEM;
}

static struct slab *slab_to_carve(struct leash__stacks *stacks)
{
    if (stacks->slab_count) {
        struct slab *last = &stacks->slabs[stacks->slab_count - 1];
        if (last->carved < last->high)
            return last;
    }
    struct slab *slabs = reserve(stacks->slabs, &stacks->slab_room, stacks->slab_count + 1, sizeof(*slabs));
    if (!slabs)
        return NULL;
    stacks->slabs = slabs;
    struct slab *slab = &stacks->slabs[stacks->slab_count];
    if (slab_map(slab, stacks) < 0)
        return NULL;
    stacks->slab_count++;
    return slab;
}

static entry_t slab_carve(struct slab *slab, const struct leash__stacks *stacks)
{
    char *low = slab->carved;
    slab->carved += stacks->stack_size;
    enum leash__guard guard = leash__guard_set(low, stacks->guard_size);
    slab->mprotected += guard == LEASH__GUARD_MPROTECT;
    return (entry_t)(uintptr_t)low | (guard == LEASH__GUARD_CANARY ? ENTRY_CANARY : 0);
}

/* Fills the empty free list with new stacks. */
static int carve(struct leash__stacks *stacks)
{
    entry_t *entries = reserve(stacks->free, &stacks->free_room, stacks->carved_count + CARVE, sizeof(*entries));
    if (!entries)
        return -ENOMEM;
    stacks->free = entries;
    struct slab *slab = slab_to_carve(stacks);
    if (!slab)
        return -ENOMEM;
    size_t count = (size_t)(slab->high - slab->carved) / stacks->stack_size;
    if (count > CARVE)
        count = CARVE;
    for (size_t i = count; i--;) /* the lowest is taken first */
        stacks->free[i] = slab_carve(slab, stacks);
    stacks->free_count = stacks->trimmed = count;
    stacks->carved_count += count;
    return 0;
}

/* Of many stacks none is in the cache: fetches the upper end of the one that will be taken after the next. Not of a
 * cold one: a page that is not there costs a walk of the page tables each time. */
static void prefetch_free(const struct leash__stacks *stacks)
{
    enum { AHEAD = 2, LINES = 6, LINE = 64 };
    if (stacks->free_count < stacks->trimmed + AHEAD)
        return;
    const char *high = (const char *)(stacks->free[stacks->free_count - AHEAD] & ~ENTRY_CANARY) + stacks->stack_size;
    for (int line = 1; line <= LINES; line++)
        __builtin_prefetch(high - line * LINE, 1);
    __asm__ volatile(""); /* gcc drops calls of a function that does nothing but prefetch */
}

struct leash__stack *leash__stack_take(struct leash__stacks *stacks)
{
    if (!stacks->free_count && carve(stacks) < 0)
        return NULL;
    entry_t entry = stacks->free[--stacks->free_count];
    if (stacks->trimmed > stacks->free_count)
        stacks->trimmed = stacks->free_count;
    prefetch_free(stacks);
    char *low = (char *)(uintptr_t)(entry & ~ENTRY_CANARY);
    char *high = low + stacks->stack_size;
    unsigned valgrind_id = 0;
    if (__builtin_expect(stacks->valgrind, 0))
        valgrind_id = leash__valgrind_stack(low + stacks->guard_size, high);
    struct leash__stack *stack = (struct leash__stack *)(void *)high - 1;
    *stack = (struct leash__stack){.low = low,
                                   .high = high,
                                   .guard_size = (uint32_t)stacks->guard_size,
                                   .canary = entry & ENTRY_CANARY,
                                   .valgrind_id = valgrind_id};
    return stack;
}

void leash__stack_give(struct leash__stacks *stacks, struct leash__stack *stack)
{
    entry_t entry = (entry_t)(uintptr_t)stack->low | (stack->canary ? ENTRY_CANARY : 0);
    if (__builtin_expect(stacks->valgrind, 0))
        leash__valgrind_stack_end(stack->valgrind_id, stack->low + stack->guard_size, stack->high);
    stacks->free[stacks->free_count++] = entry;
}

const void *leash__stack_canary(const struct leash__stack *stack)
{
    /* At the end of what would be the guard's page: what overflows by less than a page hits it, and no neighbour. */
    return stack->canary ? stack->low + stack->guard_size - LEASH__CANARY_WORDS * sizeof(uint64_t) : NULL;
}

static int compare_entries(const void *a, const void *b)
{
    entry_t left = *(const entry_t *)a, right = *(const entry_t *)b;
    return (left > right) - (left < right);
}

size_t leash__stacks_trim(struct leash__stacks *stacks, size_t keep)
{
    size_t end = stacks->free_count > keep ? stacks->free_count - keep : 0;
    if (end <= stacks->trimmed)
        return 0;
    size_t cold = end - stacks->trimmed, count = cold < TRIM_STEP ? cold : TRIM_STEP;
    entry_t *entries = stacks->free + stacks->trimmed;
    qsort(entries, count, sizeof(*entries), compare_entries);
    for (size_t i = 0, next; i < count; i = next) {
        uintptr_t low = entries[i] & ~ENTRY_CANARY, high = low + stacks->stack_size;
        for (next = i + 1; next < count && (entries[next] & ~ENTRY_CANARY) == high; next++)
            high += stacks->stack_size;
        (void)madvise((void *)low, high - low, MADV_DONTNEED); /* guards stay, a canary is zero as before */
    }
    stacks->trimmed += count;
    return cold - count;
}

size_t leash__stacks_usable(const struct leash__stacks *stacks)
{
    size_t top = sizeof(struct leash__stack) + sizeof(struct leash__saved);
    return stacks->stack_size - stacks->guard_size - top;
}

void leash__stacks_ranges(const struct leash__stacks *stacks, leash__range_fn *fn, void *argument)
{
    for (size_t i = 0; i < stacks->slab_count; i++)
        fn(stacks->slabs[i].low, stacks->slabs[i].high, argument);
}

uint64_t leash__stacks_float_control(const struct leash__stacks *stacks)
{
    return stacks->float_control;
}
