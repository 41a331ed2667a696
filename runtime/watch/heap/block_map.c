#include "block_map.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

static struct leash__region *regions[LEASH_REGIONS];
static uint32_t used[LEASH_REGIONS_USED], used_count;
static uint32_t moving;
static bool complete = true;

static const struct leash__blocks blocks = {LEASH_BLOCKS_VERSION, sizeof(blocks), regions,  used,
                                            &used_count,          &moving,        &complete};

__attribute__((visibility("default"))) const struct leash__blocks *leash_malloc_blocks(void)
{
    return &blocks;
}

void leash__blocks_incomplete(void)
{
    __atomic_store_n(&complete, false, __ATOMIC_RELAXED);
}

static struct leash__region **place_of(const void *block)
{
    size_t number = (uintptr_t)block >> LEASH_REGION_SHIFT;
    return number < LEASH_REGIONS ? &regions[number] : NULL;
}

/* Before the region is there: whoever sees it sees this too. */
static bool note_used(struct leash__region *const *place)
{
    uint32_t at = __atomic_fetch_add(&used_count, 1, __ATOMIC_RELAXED);
    if (at >= LEASH_REGIONS_USED)
        return false;
    __atomic_store_n(&used[at], (uint32_t)(place - regions) + 1, __ATOMIC_RELEASE);
    return true;
}

/* NULL, and no scan trusts the bits any more: there is no memory. */
__attribute__((noinline, cold)) static struct leash__region *region_new(struct leash__region **place)
{
    int saved = errno;
    struct leash__region *other = NULL;
    struct leash__region *fresh =
        place ? mmap(NULL, sizeof(*fresh), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
              : MAP_FAILED;
    if (fresh == MAP_FAILED || !note_used(place)) {
        leash__blocks_incomplete();
        fresh = NULL;
    } else if (!__atomic_compare_exchange_n(place, &other, fresh, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE)) {
        munmap(fresh, sizeof(*fresh)); /* another thread was faster */
        fresh = other;
    }
    errno = saved;
    return fresh;
}

static void set_once(uint64_t *words, size_t bit)
{
    uint64_t mask = UINT64_C(1) << (bit & 63);
    if (!(__atomic_load_n(&words[bit >> 6], __ATOMIC_RELAXED) & mask))
        __atomic_fetch_or(&words[bit >> 6], mask, __ATOMIC_RELEASE);
}

static size_t bit_of(const void *block)
{
    return ((uintptr_t)block & ((UINT64_C(1) << LEASH_REGION_SHIFT) - 1)) / LEASH_BLOCK_ALIGN;
}

void leash__block_add(void *block)
{
    struct leash__region **place = place_of(block);
    struct leash__region *region = place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : NULL;
    if (__builtin_expect(!region, 0) && !(region = region_new(place)))
        return;
    size_t bit = bit_of(block);
    set_once(region->words, bit >> 6);
    set_once(region->groups, bit >> 12); /* after what it sums up: a set bit leads to another, whenever one looks */
    __atomic_fetch_or(&region->starts[bit >> 6], UINT64_C(1) << (bit & 63), __ATOMIC_RELEASE);
}

bool leash__block_remove(void *block)
{
    struct leash__region **place = place_of(block);
    struct leash__region *region = place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : NULL;
    if (!region || (uintptr_t)block % LEASH_BLOCK_ALIGN)
        return false;
    size_t bit = bit_of(block);
    uint64_t mask = UINT64_C(1) << (bit & 63);
    return __atomic_fetch_and(&region->starts[bit >> 6], ~mask, __ATOMIC_ACQ_REL) & mask;
}

void leash__block_moves(void)
{
    __atomic_fetch_add(&moving, 1, __ATOMIC_SEQ_CST);
}

void leash__block_moved(void)
{
    __atomic_fetch_sub(&moving, 1, __ATOMIC_SEQ_CST);
}

/* Of the threads that were moving a block none is in the child, but the block is, unseen for good. */
static void forked(void)
{
    if (__atomic_exchange_n(&moving, 0, __ATOMIC_SEQ_CST))
        leash__blocks_incomplete();
}

__attribute__((constructor)) static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, forked);
}
