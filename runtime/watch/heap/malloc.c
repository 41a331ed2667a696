/* malloc and its like, before glibc's: they tell of every block, and wipe what is given back.
 *
 * The allocator is glibc's, called by the names that it keeps for this (__libc_malloc, ...): no look-up that could call
 * malloc in its turn, so that the first call of a process works like any other. With LEASH_MALLOC_WRAP the functions
 * have the names that the linker's --wrap calls, for programs that are linked statically. */
#include "block_map.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#ifdef LEASH_MALLOC_WRAP
#define NAMED(name) __wrap_##name
#else
#define NAMED(name) name
#endif
#define PUBLIC __attribute__((visibility("default")))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

PUBLIC void *NAMED(malloc)(size_t size);
PUBLIC void *NAMED(calloc)(size_t count, size_t size);
PUBLIC void *NAMED(realloc)(void *block, size_t size);
PUBLIC void *NAMED(reallocarray)(void *block, size_t count, size_t size);
PUBLIC void NAMED(free)(void *block);
PUBLIC int NAMED(posix_memalign)(void **out, size_t alignment, size_t size);
PUBLIC void *NAMED(aligned_alloc)(size_t alignment, size_t size);
PUBLIC void *NAMED(memalign)(size_t alignment, size_t size);
PUBLIC void *NAMED(valloc)(size_t size);
PUBLIC void *NAMED(pvalloc)(size_t size);
PUBLIC size_t NAMED(malloc_usable_size)(void *block);

static void *told(void *block)
{
    if (__builtin_expect(block != NULL, 1))
        leash__block_add(block);
    return block;
}

/* Where the block was free, glibc had its lists there: four links, which lead to the last words of other blocks. */
static void *told_fresh(void *block)
{
    uintptr_t *links = block;
    if (__builtin_expect(block == NULL, 0))
        return NULL;
    links[0] = links[1] = links[2] = 0;
    if (leash__chunk_usable((uintptr_t)block) > 3 * sizeof(*links))
        links[3] = 0;
    return told(block);
}

static bool is_mapping(const void *block)
{
    return leash__chunk_word((uintptr_t)block) & LEASH_CHUNK_MAPPED;
}

/* The compiler must not think that nobody reads what is about to be given back. */
static void wipe(void *from, size_t size)
{
    memset(from, 0, size);
    __asm__ volatile("" ::"r"(from) : "memory");
}

static void give_back(void *block)
{
    bool ours = leash__block_remove(block); /* else glibc has a word to say about it */
    if (ours && !is_mapping(block))         /* a mapping goes with all that is in it */
        wipe(block, leash__chunk_usable((uintptr_t)block));
    __libc_free(block);
}

/* By glibc, which may move the block: between two addresses it is nowhere. */
static void *move(void *block, size_t size)
{
    leash__block_moves();
    bool ours = leash__block_remove(block);
    void *moved = __libc_realloc(block, size);
    if (ours)
        leash__block_add(moved ? moved : block);
    leash__block_moved();
    return moved;
}

PUBLIC void *NAMED(malloc)(size_t size)
{
    return told_fresh(__libc_malloc(size));
}

PUBLIC void *NAMED(calloc)(size_t count, size_t size)
{
    return told(__libc_calloc(count, size));
}

PUBLIC void NAMED(free)(void *block)
{
    if (block)
        give_back(block);
}

/* glibc leaves behind what it copied from; a mapping takes its pages along, and what shrinks stays where it is. */
PUBLIC void *NAMED(realloc)(void *block, size_t size)
{
    if (!block)
        return told_fresh(__libc_malloc(size));
    if (!size) {
        give_back(block);
        return NULL;
    }
    size_t before = leash__chunk_usable((uintptr_t)block);
    if (is_mapping(block))
        return move(block, size);
    if (size <= before) {
        wipe((char *)block + size, before - size);
        return move(block, size);
    }
    void *larger = __libc_malloc(size);
    if (!larger)
        return NULL;
    memcpy(larger, block, before);
    told(larger);
    give_back(block);
    return larger;
}

PUBLIC void *NAMED(reallocarray)(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return NAMED(realloc)(block, bytes);
}

PUBLIC int NAMED(posix_memalign)(void **out, size_t alignment, size_t size)
{
    int saved = errno;
    if (alignment % sizeof(void *) || !alignment || alignment & (alignment - 1))
        return EINVAL;
    void *block = told_fresh(__libc_memalign(alignment, size));
    errno = saved;
    if (!block)
        return ENOMEM;
    *out = block;
    return 0;
}

PUBLIC void *NAMED(memalign)(size_t alignment, size_t size)
{
    return told_fresh(__libc_memalign(alignment, size));
}

PUBLIC void *NAMED(aligned_alloc)(size_t alignment, size_t size)
{
    return told_fresh(__libc_memalign(alignment, size));
}

static size_t page(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

PUBLIC void *NAMED(valloc)(size_t size)
{
    return told_fresh(__libc_memalign(page(), size));
}

PUBLIC void *NAMED(pvalloc)(size_t size)
{
    size_t rounded;
    if (__builtin_add_overflow(size, page() - 1, &rounded)) {
        errno = ENOMEM;
        return NULL;
    }
    return told_fresh(__libc_memalign(page(), rounded & ~(page() - 1)));
}

PUBLIC size_t NAMED(malloc_usable_size)(void *block)
{
    return block ? leash__chunk_usable((uintptr_t)block) : 0;
}

#ifdef LEASH_MALLOC_WRAP
/* What is wrapped is what was linked together: a shared library's calls are not. */
__attribute__((constructor)) static void look_who_is_wrapped(void)
{
    if (getauxval(AT_BASE))
        leash__blocks_incomplete();
}
#else
/* Loaded late, or behind another allocator: then blocks exist that were never told of. */
__attribute__((constructor)) static void look_who_is_first(void)
{
    Dl_info first, own;
    if (!dladdr(dlsym(RTLD_DEFAULT, "malloc"), &first) || !dladdr((void *)look_who_is_first, &own) ||
        first.dli_fbase != own.dli_fbase)
        leash__blocks_incomplete();
}
#endif
