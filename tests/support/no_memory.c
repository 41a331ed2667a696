#include "no_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static long countdown; /* allocations until one fails, of any thread; 0 or less: none does; atomic */
static bool for_good;  /* once it has come to its end, all fail; atomic */
static long failed;    /* atomic */

bool no_memory_now(void)
{
    if (__atomic_load_n(&countdown, __ATOMIC_RELAXED) <= 0)
        return false;
    bool stays = __atomic_load_n(&for_good, __ATOMIC_RELAXED) && __atomic_load_n(&countdown, __ATOMIC_RELAXED) == 1;
    if (!stays && __atomic_sub_fetch(&countdown, 1, __ATOMIC_RELAXED) != 0)
        return false;
    __atomic_add_fetch(&failed, 1, __ATOMIC_RELAXED);
    errno = ENOMEM;
    return true;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return no_memory_now() ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
    return no_memory_now() ? NULL : __real_calloc(n, size);
}

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    return no_memory_now() ? NULL : __real_realloc(old, size);
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return no_memory_now() ? NULL : __real_strdup(text);
}

void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return no_memory_now() ? MAP_FAILED : __real_mmap(at, size, protection, flags, fd, offset);
}

static void begin(long n, bool stays)
{
    __atomic_store_n(&for_good, stays, __ATOMIC_RELAXED);
    if (n > 0)
        __atomic_store_n(&failed, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&countdown, n, __ATOMIC_RELAXED);
}

void no_memory_at(long n)
{
    begin(n, false);
}

void no_memory_from(long n)
{
    begin(n, true);
}

long no_memory_failed(void)
{
    return __atomic_load_n(&failed, __ATOMIC_RELAXED);
}
