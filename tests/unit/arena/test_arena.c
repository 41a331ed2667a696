/* The list of the runtime's own pages: what is mapped is in it, what was given back is not, also with many threads. */
#include "test.h"

#include <arena.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

struct search {
    const void *base;
    size_t hits, bytes, ranges;
};

static void see(const void *low, const void *high, void *argument)
{
    struct search *search = argument;
    search->ranges++;
    if (low == search->base) {
        search->hits++;
        search->bytes = (size_t)((const char *)high - (const char *)low);
    }
}

static struct search look_for(const void *base)
{
    struct search search = {.base = base};
    leash__arena_ranges(see, &search);
    return search;
}

static void maps_whole_zeroed_pages(void **state)
{
    (void)state;
    char *base = leash__arena_map(5000);
    assert_non_null(base);
    for (size_t i = 0; i < 8192; i++)
        assert_int_equal(base[i], 0);
    memset(base, 1, 8192);
    struct search search = look_for(base);
    assert_int_equal(search.hits, 1);
    assert_int_equal(search.bytes, 8192);
    leash__arena_unmap(base, 5000);
    assert_int_equal(look_for(base).hits, 0);
}

static void refuses_nothing_and_too_much(void **state)
{
    (void)state;
    assert_null(leash__arena_map(0));
    assert_int_equal(errno, EINVAL);
    assert_null(leash__arena_map(SIZE_MAX));
    assert_int_equal(errno, ENOMEM);
    assert_null(leash__arena_map(SIZE_MAX / 2));
    assert_int_equal(errno, ENOMEM);
    leash__arena_unmap(NULL, 100);
    assert_int_equal(leash__arena_exclude(NULL, 1), -EINVAL);
    assert_int_equal(leash__arena_exclude("x", 0), -EINVAL);
    leash__arena_include("never excluded");
}

static void leaves_out_foreign_memory_until_told_otherwise(void **state)
{
    (void)state;
    static char spool[100];
    assert_int_equal(leash__arena_exclude(spool, sizeof(spool)), 0);
    assert_int_equal(look_for(spool).bytes, 100);
    leash__arena_include(spool);
    assert_int_equal(look_for(spool).hits, 0);
}

/* More ranges than one block of the list holds, given back in an order of their own, and their entries used again. */
static void holds_many_ranges(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    static void *bases[MANY];
    size_t before = look_for(NULL).ranges;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < MANY; i++)
            assert_non_null(bases[i] = leash__arena_map(1));
        assert_int_equal(look_for(NULL).ranges, before + MANY);
        for (size_t i = 0; i < MANY; i++)
            assert_int_equal(look_for(bases[i]).hits, 1);
        for (size_t i = 0; i < MANY; i++)
            leash__arena_unmap(bases[(i * 7) % MANY], 1);
        assert_int_equal(look_for(NULL).ranges, before);
    }
}

static atomic_bool threads_stop;

static void *map_and_unmap(void *argument)
{
    void *kept[40];
    (void)argument;
    for (int round = 0; round < 100; round++) {
        for (int i = 0; i < 40; i++)
            kept[i] = leash__arena_map(4096);
        for (int i = 0; i < 40; i++)
            leash__arena_unmap(kept[i], 4096);
    }
    return NULL;
}

static void check_range(const void *low, const void *high, void *argument)
{
    atomic_size_t *wrong = argument;
    if ((const char *)high <= (const char *)low)
        atomic_fetch_add(wrong, 1);
}

static void *walk(void *wrong)
{
    while (!atomic_load(&threads_stop))
        leash__arena_ranges(check_range, wrong);
    return NULL;
}

static void is_walked_while_it_changes(void **state)
{
    (void)state;
    size_t before = look_for(NULL).ranges;
    atomic_size_t wrong = 0;
    pthread_t walker, mappers[8];
    assert_int_equal(pthread_create(&walker, NULL, walk, &wrong), 0);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&mappers[i], NULL, map_and_unmap, NULL), 0);
    for (size_t i = 0; i < 8; i++)
        pthread_join(mappers[i], NULL);
    atomic_store(&threads_stop, true);
    pthread_join(walker, NULL);
    assert_int_equal(atomic_load(&wrong), 0);
    assert_int_equal(look_for(NULL).ranges, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_whole_zeroed_pages),
        cmocka_unit_test(refuses_nothing_and_too_much),
        cmocka_unit_test(leaves_out_foreign_memory_until_told_otherwise),
        cmocka_unit_test(holds_many_ranges),
        cmocka_unit_test(is_walked_while_it_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
