/* libleash_malloc: every block is told of while it lives, and nothing stands where one was. */
#include "test.h"

#include <blocks.h>
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_told(const void *block)
{
    const struct leash__region *region = leash_malloc_blocks()->regions[(uintptr_t)block >> LEASH_REGION_SHIFT];
    size_t bit = ((uintptr_t)block & ((UINT64_C(1) << LEASH_REGION_SHIFT) - 1)) / LEASH_BLOCK_ALIGN;
    return region && __atomic_load_n(&region->starts[bit >> 6], __ATOMIC_ACQUIRE) >> (bit & 63) & 1;
}

/* An address that the compiler does not know to be freed. */
static char *hidden(void *block)
{
    __asm__ volatile("" : "+r"(block));
    return block;
}

static void every_way_to_get_a_block_is_told(void **state)
{
    (void)state;
    void *aligned = NULL, *blocks[9];
    assert_int_equal(posix_memalign(&aligned, 4096, 100), 0);
    blocks[0] = malloc(1);
    blocks[1] = calloc(3, 100);
    blocks[2] = realloc(NULL, 70);
    blocks[3] = reallocarray(NULL, 7, 70);
    blocks[4] = aligned;
    blocks[5] = aligned_alloc(64, 640);
    blocks[6] = memalign(1024, 10);
    blocks[7] = malloc(1 << 20);
    blocks[8] = strdup("text");
    for (size_t i = 0; i < 9; i++)
        assert_true(is_told(blocks[i]));
    for (size_t i = 0; i < 9; i++) {
        char *was = hidden(blocks[i]);
        free(blocks[i]);
        assert_false(is_told(was));
    }
    void *pages[] = {valloc(10), pvalloc(10)};
    for (size_t i = 0; i < 2; i++) {
        assert_true(is_told(pages[i]));
        assert_int_equal((uintptr_t)pages[i] % (uintptr_t)sysconf(_SC_PAGESIZE), 0);
        free(pages[i]);
    }
    assert_true(*leash_malloc_blocks()->complete);
    assert_int_equal(leash_malloc_blocks()->version, LEASH_BLOCKS_VERSION);
}

static void sizes_are_glibcs(void **state)
{
    (void)state;
    void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
    assert_non_null(libc);
    size_t (*usable)(void *) = (size_t(*)(void *))(uintptr_t)dlsym(libc, "malloc_usable_size");
    assert_non_null(usable);
    for (size_t size = 0; size < 400000; size += 1 + size / 3) {
        void *block = malloc(size), *aligned = memalign(512, size);
        assert_int_equal(malloc_usable_size(block), usable(block));
        assert_int_equal(malloc_usable_size(aligned), usable(aligned));
        free(block);
        free(aligned);
    }
    assert_int_equal(malloc_usable_size(NULL), 0);
    dlclose(libc);
}

static void what_is_freed_is_wiped(void **state)
{
    (void)state;
    for (size_t size = 64; size < 100000; size *= 3) {
        char *block = malloc(size), *guard = malloc(16); /* so that it does not melt into the top */
        size_t usable = malloc_usable_size(block);
        memset(block, 0x5a, usable);
        char *was = hidden(block);
        free(block);
        size_t left = 0;
        for (size_t i = 0; i < usable; i++)
            left += was[i] == 0x5a;
        assert_in_range(left, 0, 4); /* of glibc's own links at the start */
        free(guard);
    }
}

static void what_realloc_leaves_is_wiped(void **state)
{
    (void)state;
    char *block = malloc(3000), *guard = malloc(16);
    memset(block, 0x5a, 3000);
    char *was = hidden(block);
    char *smaller = realloc(block, 1000);
    assert_true(is_told(smaller));
    for (size_t i = 1040; i < 3000; i++)
        assert_int_not_equal(was[i], 0x5a);
    was = hidden(smaller);
    char *larger = realloc(smaller, 60000);
    assert_true(is_told(larger));
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(larger[i], 0x5a);
    if (larger != was) {
        assert_false(is_told(was));
        for (size_t i = 64; i < 1000; i++)
            assert_int_not_equal(was[i], 0x5a);
    }
    was = hidden(larger);
    char *mapped = realloc(realloc(larger, 1 << 20), 8 << 20); /* a mapping that moves */
    assert_true(is_told(mapped));
    assert_int_equal(mapped[999], 0x5a);
    assert_int_equal(__atomic_load_n(leash_malloc_blocks()->moving, __ATOMIC_RELAXED), 0);
    assert_null(realloc(mapped, 0));
    assert_false(is_told(hidden(mapped)));
    free(guard);
}

static void refusals_are_glibcs(void **state)
{
    (void)state;
    void *block = NULL;
    volatile size_t huge = SIZE_MAX / 2;
    errno = 0;
    assert_null(malloc(huge));
    assert_int_equal(errno, ENOMEM);
    assert_null(calloc(huge, 3));
    assert_null(reallocarray(NULL, huge, 3));
    assert_null(pvalloc(SIZE_MAX - 5));
    assert_int_equal(posix_memalign(&block, 3, 10), EINVAL);
    assert_int_equal(posix_memalign(&block, 64, huge), ENOMEM);
    assert_null(block);
    block = malloc(100);
    assert_null(realloc(block, huge));
    assert_true(is_told(hidden(block)));
    free(block);
}

/* ---- threads, and a fork in the middle ---- */

enum { THREADS = 4, SLOTS = 200, ROUNDS = 60000 };

static _Atomic(void *) shared[SLOTS]; /* given from thread to thread */
static atomic_uint wrong;
static atomic_bool stop;

static void *take_and_give(void *seed)
{
    uint64_t random = (uintptr_t)seed;
    for (unsigned round = 0; round < ROUNDS && !atomic_load(&stop); round++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        size_t size = 1 + (random >> 33) % (random >> 60 ? 600 : 200000);
        void *block = atomic_exchange(&shared[(random >> 40) % SLOTS], NULL);
        block = random >> 63 ? realloc(block, size) : (free(block), malloc(size));
        atomic_fetch_add(&wrong, !is_told(block));
        memset(block, 1, size);
        free(atomic_exchange(&shared[(random >> 20) % SLOTS], block));
    }
    return NULL;
}

static void begin(pthread_t *threads)
{
    atomic_store(&stop, false);
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, (void *)(i + 1)), 0);
}

static void end(const pthread_t *threads)
{
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void threads_keep_it_right(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    begin(threads);
    end(threads);
    assert_int_equal(atomic_load(&wrong), 0);
    for (size_t i = 0; i < SLOTS; i++) {
        void *block = atomic_exchange(&shared[i], NULL);
        assert_true(!block || is_told(block));
        free(block);
        assert_false(block && is_told(hidden(block)));
    }
    assert_int_equal(__atomic_load_n(leash_malloc_blocks()->moving, __ATOMIC_RELAXED), 0);
}

static int child_goes_on(void *held)
{
    int bad = !is_told(held) + __atomic_load_n(leash_malloc_blocks()->moving, __ATOMIC_RELAXED) != 0;
    for (size_t i = 0; i < 1000; i++) {
        void *block = malloc(i * 7);
        bad += !is_told(block);
        free(block);
        bad += is_told(hidden(block));
    }
    return bad ? 1 : 0;
}

static void a_fork_in_the_middle(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    void *held = malloc(123);
    int bad = 0;
    begin(threads);
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(child_goes_on(held));
        int status = -1;
        waitpid(child, &status, 0);
        bad += status != 0;
    }
    atomic_store(&stop, true);
    end(threads);
    free(held);
    assert_int_equal(bad, 0);
    assert_int_equal(atomic_load(&wrong), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_get_a_block_is_told),
        cmocka_unit_test(sizes_are_glibcs),
        cmocka_unit_test(what_is_freed_is_wiped),
        cmocka_unit_test(what_realloc_leaves_is_wiped),
        cmocka_unit_test(refusals_are_glibcs),
        cmocka_unit_test(threads_keep_it_right),
        cmocka_unit_test(a_fork_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
