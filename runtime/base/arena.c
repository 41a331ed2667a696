#include "arena.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* One entry of the list. `low` is FREE, TAKEN (while `high` is written) or the range's start. */
struct range {
    _Atomic(uintptr_t) low, high;
};

enum { FREE = 0, TAKEN = 1, BLOCK_RANGES = 255 };

/* The list is a chain of blocks that only grows: a walker never meets memory that went away. */
struct block {
    _Atomic(struct block *) next;
    atomic_uint used; /* entries that are not FREE; a hint, may be behind */
    struct range ranges[BLOCK_RANGES];
};

static struct block first;

static size_t whole_pages(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return size > SIZE_MAX - page ? 0 : (size + page - 1) / page * page;
}

static void *map_pages(size_t size)
{
    void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base != MAP_FAILED)
        return base;
    errno = ENOMEM; /* whatever this kernel says of sizes beyond measure */
    return NULL;
}

static bool take_entry(struct block *block, uintptr_t low, uintptr_t high)
{
    for (size_t i = 0; i < BLOCK_RANGES; i++) {
        struct range *range = &block->ranges[i];
        uintptr_t expected = FREE;
        if (atomic_load_explicit(&range->low, memory_order_relaxed) != FREE ||
            !atomic_compare_exchange_strong(&range->low, &expected, TAKEN))
            continue;
        atomic_fetch_add(&block->used, 1);
        atomic_store(&range->high, high);
        atomic_store(&range->low, low);
        return true;
    }
    return false;
}

/* The block after `block`, made if there is none. NULL without memory. */
static struct block *next_block(struct block *block)
{
    struct block *next = atomic_load(&block->next);
    if (next)
        return next;
    size_t size = whole_pages(sizeof(struct block));
    struct block *fresh = map_pages(size);
    if (!fresh)
        return NULL;
    if (atomic_compare_exchange_strong(&block->next, &next, fresh))
        return fresh;
    munmap(fresh, size); /* another thread was faster */
    return next;
}

int leash__arena_exclude(const void *base, size_t size)
{
    uintptr_t low = (uintptr_t)base;
    if (low <= TAKEN || !size || size > UINTPTR_MAX - low)
        return -EINVAL;
    for (struct block *block = &first; block; block = next_block(block)) {
        if (atomic_load(&block->used) < BLOCK_RANGES && take_entry(block, low, low + size))
            return 0;
    }
    return -ENOMEM;
}

void leash__arena_include(const void *base)
{
    uintptr_t low = (uintptr_t)base;
    if (low <= TAKEN)
        return;
    for (struct block *block = &first; block; block = atomic_load(&block->next)) {
        for (size_t i = 0; i < BLOCK_RANGES; i++) {
            uintptr_t expected = low;
            if (atomic_load_explicit(&block->ranges[i].low, memory_order_relaxed) != low ||
                !atomic_compare_exchange_strong(&block->ranges[i].low, &expected, FREE))
                continue;
            atomic_fetch_sub(&block->used, 1);
            return;
        }
    }
}

/* LeakSanitizer does not look into mapped pages by itself: what only a cell points at would count as leaked. */
extern void __lsan_register_root_region(const void *low, size_t size) __attribute__((weak));
extern void __lsan_unregister_root_region(const void *low, size_t size) __attribute__((weak));

void *leash__arena_map(size_t size)
{
    size_t whole = whole_pages(size);
    if (!whole) {
        errno = size ? ENOMEM : EINVAL;
        return NULL;
    }
    void *base = map_pages(whole);
    if (!base)
        return NULL;
    if (leash__arena_exclude(base, whole) < 0) {
        munmap(base, whole);
        errno = ENOMEM;
        return NULL;
    }
    if (&__lsan_register_root_region)
        __lsan_register_root_region(base, whole);
    return base;
}

void leash__arena_unmap(void *base, size_t size)
{
    if (!base)
        return;
    int saved = errno;
    if (&__lsan_unregister_root_region)
        __lsan_unregister_root_region(base, whole_pages(size));
    leash__arena_include(base);
    munmap(base, whole_pages(size));
    errno = saved;
}

void leash__arena_ranges(leash__arena_range_fn *fn, void *argument)
{
    for (struct block *block = &first; block; block = atomic_load(&block->next)) {
        for (size_t i = 0; i < BLOCK_RANGES; i++) {
            struct range *range = &block->ranges[i];
            uintptr_t low = atomic_load(&range->low);
            uintptr_t high = atomic_load(&range->high);
            if (low > TAKEN && low == atomic_load(&range->low)) /* not reused between the two reads */
                fn((const void *)low, (const void *)high, argument);
        }
    }
}
