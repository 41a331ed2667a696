#include "guard.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

#include "sanitizer.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

/* Half of vm.max_map_count's default: the rest is the program's. */
enum { MPROTECT_LIMIT = 15000 };

static atomic_int best = LEASH__GUARD_INSTALL; /* what was found not to work is not tried again */
static atomic_bool install_works;
static atomic_size_t mprotect_limit = MPROTECT_LIMIT;
static atomic_size_t mprotect_count;

/* Emulators answer 0 to advice that they do not know. A true guard cannot be populated. */
static bool is_true_guard(void *page, size_t size)
{
    return madvise(page, size, MADV_POPULATE_READ) < 0 && errno == EFAULT;
}

static bool guard_by_install(void *page, size_t size)
{
    /* LeakSanitizer reads whole mappings, and would fault at a guard that is none. */
    if (atomic_load_explicit(&best, memory_order_relaxed) > LEASH__GUARD_INSTALL || leash__sanitizer_reads_stacks())
        return false;
    if (madvise(page, size, MADV_GUARD_INSTALL) == 0) {
        if (atomic_load_explicit(&install_works, memory_order_relaxed))
            return true;
        if (is_true_guard(page, size)) {
            atomic_store_explicit(&install_works, true, memory_order_relaxed);
            return true;
        }
    }
    int expected = LEASH__GUARD_INSTALL;
    atomic_compare_exchange_strong(&best, &expected, LEASH__GUARD_MPROTECT);
    return false;
}

static bool guard_by_mprotect(void *page, size_t size)
{
    if (atomic_load_explicit(&best, memory_order_relaxed) > LEASH__GUARD_MPROTECT)
        return false;
    if (atomic_fetch_add(&mprotect_count, 1) < atomic_load(&mprotect_limit) && mprotect(page, size, PROT_NONE) == 0)
        return true;
    atomic_fetch_sub(&mprotect_count, 1);
    return false;
}

enum leash__guard leash__guard_set(void *page, size_t size)
{
    if (guard_by_install(page, size))
        return LEASH__GUARD_INSTALL;
    if (guard_by_mprotect(page, size))
        return LEASH__GUARD_MPROTECT;
    return LEASH__GUARD_CANARY;
}

void leash__guard_forget(enum leash__guard guard)
{
    if (guard == LEASH__GUARD_MPROTECT)
        atomic_fetch_sub(&mprotect_count, 1);
}

__attribute__((no_sanitize("address", "thread"))) bool leash__guard_canary_hit(const void *canary)
{
    const uint64_t *words = canary;
    uint64_t seen = 0;
    for (int i = 0; i < LEASH__CANARY_WORDS; i++)
        seen |= words[i];
    return seen != 0;
}

void leash__guard_force(enum leash__guard forced, size_t limit)
{
    atomic_store(&best, (int)forced);
    atomic_store(&mprotect_limit, limit);
}

void leash__guard_force_end(void)
{
    leash__guard_force(LEASH__GUARD_INSTALL, MPROTECT_LIMIT);
}
