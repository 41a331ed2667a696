/* Reachability: a handle in a block of malloc counts if something live leads to the block, and what a task holds if the
 * task itself is held. */
#include "fake_loop.h"
#include "marks.h"
#include "planting.h"
#include "test.h"

#include <arena.h>
#include <bins.h>
#include <blocks.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Handles, as numbers, grow from test to test: what one leaves behind is nothing to the next. */
static void *volatile global;

struct node {
    struct node *next;
    char handle[9];
    char more[50];
};

static struct node *new_node(unsigned number, struct node *next)
{
    struct node *node = calloc(1, sizeof(*node));
    assert_non_null(node);
    plant(node->handle + 1, number);
    node->next = next;
    return node;
}

/* What is done here leaves nothing on the stack of the caller, nor in registers. */
__attribute__((noinline)) static void elsewhere(void (*fn)(unsigned number), unsigned number)
{
    void (*volatile call)(unsigned number) = fn; /* nor is it made a part of this */
    call(number);
    leave_below(999);
}

static bool is_found(unsigned number)
{
    return finds(number, NULL);
}

static bool is_not_found(unsigned number)
{
    return misses(number, NULL) && scanned.complete;
}

static void keep_two(unsigned number)
{
    global = new_node(number, new_node(number + 10, NULL));
}

static void keep_interior(unsigned number)
{
    global = new_node(number, new_node(number + 10, NULL))->more + 49;
}

static void leaked_blocks_hold_nothing(void **state)
{
    (void)state;
    elsewhere(keep_two, 10);
    assert_true(is_found(10));
    assert_true(is_found(20));
    global = NULL;
    assert_true(is_not_found(10));
    assert_true(is_not_found(20));
}

static void interior_pointers_hold(void **state)
{
    (void)state;
    elsewhere(keep_interior, 40);
    assert_true(is_found(40));
    assert_true(is_found(50));
    global = (char *)global + 8; /* behind its end */
    assert_true(is_not_found(40));
    global = NULL;
}

/* As a guard stands in the middle of a mapping: what is before it leads on, too. */
static void what_stands_before_a_guard_leads_on(void **state)
{
    const size_t page = 4096, pages = 16;
    char *mapped = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)state;
    assert_ptr_not_equal(mapped, MAP_FAILED);
    memset(mapped, 0, pages * page);
    elsewhere(keep_two, 700);
    memcpy(mapped + 40, (const void *)&global, sizeof global);
    global = NULL;
    madvise(mapped + 8 * page, page, 102); /* MADV_GUARD_INSTALL: EINVAL before Linux 6.13 */
    assert_true(is_found(700));
    munmap(mapped, pages * page);
    assert_true(is_not_found(700));
}

/* Then blocks cannot be looked into one by one; nothing is said to be lost for it. */
static void a_block_that_cannot_be_read(void **state)
{
    const size_t page = 4096;
    (void)state;
    char *block = malloc(64 * page);
    assert_non_null(block);
    memset(block, 0, 64 * page);
    elsewhere(keep_two, 720);
    memcpy(block, (const void *)&global, sizeof global);
    global = block;
    char *hole = (char *)(((uintptr_t)block + 20 * page) & ~(uintptr_t)(page - 1));
    assert_int_equal(mprotect(hole, page, PROT_NONE), 0);
    assert_true(is_found(720));
    assert_int_equal(mprotect(hole, page, PROT_READ | PROT_WRITE), 0);
    assert_true(is_found(720));
    global = NULL;
    free(block);
}

static void leak_a_cycle(unsigned number)
{
    struct node *last = new_node(number, NULL);
    last->next = new_node(number + 10, last);
}

static void cycles_hold_nothing(void **state)
{
    (void)state;
    elsewhere(leak_a_cycle, 70);
    assert_true(is_not_found(70));
    assert_true(is_not_found(80));
}

static void keep_a_long_list(unsigned number)
{
    struct node *list = new_node(number, NULL);
    for (unsigned i = 0; i < 100000; i++) {
        struct node *node = malloc(sizeof(*node));
        assert_non_null(node);
        memset(node, 0, sizeof(*node));
        node->next = list;
        list = node;
    }
    global = list;
}

static void long_lists_are_followed(void **state)
{
    (void)state;
    elsewhere(keep_a_long_list, 100);
    assert_true(is_found(100));
    global = NULL;
    assert_true(is_not_found(100));
}

static void keep_large(unsigned number)
{
    char *block = calloc(1, 50 << 20); /* a mapping of its own, most of it never touched */
    assert_non_null(block);
    plant(block + (30 << 20) + 5, number);
    global = block + (49 << 20);
}

static void large_blocks_are_blocks_too(void **state)
{
    (void)state;
    elsewhere(keep_large, 130);
    assert_true(is_found(130));
    global = NULL;
    assert_true(is_not_found(130));
}

/* Longer than a region: its middle is in one where no block starts. */
static void keep_huge(unsigned number)
{
    char *block = malloc((size_t)5 << 29);
    global = block ? block + ((size_t)9 << 28) : NULL;
    if (block)
        plant(block + ((size_t)7 << 28), number);
}

static void blocks_over_several_regions(void **state)
{
    (void)state;
    elsewhere(keep_huge, 145);
    if (!global)
        skip();
    assert_true(is_found(145));
    global = (char *)global - ((size_t)9 << 28);
    free(global);
    global = NULL;
    assert_true(is_not_found(145));
}

static char packed[16];

/* A compiler that sees nobody read it would not write it. */
static void show_packed(void)
{
    __asm__ volatile("" ::"r"(packed) : "memory");
}

static void keep_packed(unsigned number)
{
    struct node *node = new_node(number, NULL);
    memcpy(packed + 4, &node, sizeof(node));
    show_packed();
}

static void pointers_of_packed_structs(void **state)
{
    (void)state;
    elsewhere(keep_packed, 160);
    assert_true(is_found(160));
    memset(packed, 0, sizeof(packed));
    show_packed();
    assert_true(is_not_found(160));
}

static void give_to_runtime(unsigned number)
{
    void **cell = leash__arena_map(4096);
    assert_non_null(cell);
    cell[3] = new_node(number, NULL);
    fake_kept = (struct fake_kept){cell, cell + 8};
}

static void what_the_runtime_keeps_for_the_program(void **state)
{
    (void)state;
    elsewhere(give_to_runtime, 180);
    assert_true(is_found(180));
    memset(fake_kept.low, 0, 64);
    assert_true(is_not_found(180));
    leash__arena_unmap(fake_kept.low, 4096);
    fake_kept = (struct fake_kept){NULL, NULL};
}

/* malloc's lists of what is free lead to the last word of the block before each. */
static void leak_before_a_hole(unsigned number)
{
    struct node *node = new_node(number, NULL);
    char *hole = malloc(5000), *after = malloc(40);
    assert_non_null(after);
    free(hole);
    (void)node;
    global = after;
}

static void mallocs_lists_hold_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 10; i++)
        elsewhere(leak_before_a_hole, 200 + 2 * i);
    for (unsigned i = 0; i < 10; i++)
        assert_true(is_not_found(200 + 2 * i));
    free(global);
    global = NULL;
}

/* ---- while other threads run ---- */

static pthread_barrier_t barrier;

static void *stand_by(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

static void in_a_snapshot(void **state)
{
    (void)state;
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, stand_by, NULL), 0);
    pthread_barrier_wait(&barrier);
    elsewhere(keep_two, 230);
    bool found = is_found(230) && is_found(240);
    global = NULL;
    bool lost = is_not_found(230) && is_not_found(240);
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    assert_true(found);
    assert_true(lost);
}

/* ---- tasks ---- */

enum { TASKS = 5 };
static struct tasks {
    uint64_t handles[TASKS];
    void *tasks[TASKS];
    unsigned char found[TASKS];
    uint32_t keepers[TASKS];
    struct fake_task task[TASKS];
} * all; /* in the arena */

static void keep_for_task(unsigned number)
{
    all->task[1].kept[1] = new_node(number, NULL);
}

/* 0 keeps nobody; 1 keeps 2 in what its argument leads to; 3 waits for 4; 2 keeps itself. */
static void make_tasks(unsigned first)
{
    for (unsigned i = 0; i < TASKS; i++) {
        plant(&all->handles[i], first + i);
        all->tasks[i] = &all->task[i];
        all->task[i] = (struct fake_task){0};
        all->keepers[i] = 9;
    }
    elsewhere(keep_for_task, first + 2);
    plant(&all->task[3].awaited, first + 4);
}

static void scan_tasks(struct leash__loop *loop)
{
    struct leash__scan_request request = {all->handles, TASKS, all->found, loop, all->tasks, all->keepers, NULL, 0};
    assert_int_equal(leash__scan_memory(&request, &scanned), 0);
    assert_true(scanned.complete);
}

static void expect(const char *found, const char *keepers)
{
    char seen[TASKS + 1] = "", who[TASKS + 1] = "";
    for (unsigned i = 0; i < TASKS; i++) {
        seen[i] = (char)('0' + all->found[i]);
        who[i] = (char)('0' + (all->found[i] ? 0 : all->keepers[i]));
    }
    assert_string_equal(seen, found);
    assert_string_equal(who, keepers);
}

static void what_a_lost_task_keeps_is_lost(void **state)
{
    (void)state;
    static struct leash__loop loop;
    static char slot[8];
    assert_int_equal(leash__stacks_new(&loop.stacks, 65536), 0);
    all = leash__arena_map(sizeof(*all));
    assert_non_null(all);
    make_tasks(300);
    scan_tasks(&loop);
    expect("00000", "00204");
    plant(slot, 301);
    scan_tasks(&loop);
    expect("01100", "00004");
    plant(slot, 303);
    scan_tasks(&loop);
    expect("00011", "00200");
    memset(slot, 0, sizeof(slot));
    leash__stacks_free(loop.stacks);
    leash__arena_unmap(all, sizeof(*all));
}

/* ---- the parts ---- */

static void marks_need_no_room(void **state)
{
    (void)state;
    enum { BLOCKS = 1000 };
    static void *blocks[BLOCKS];
    static struct leash__blocks_view view;
    struct leash__marks marks;
    for (size_t i = 0; i < BLOCKS; i++)
        blocks[i] = malloc(i % 90);
    assert_non_null(leash__blocks_told());
    assert_int_equal(leash__blocks_view_new(&view, leash__blocks_told()), 0);
    assert_int_equal(leash__marks_new(&marks, &view, 4), 0);
    size_t taken = 0, marked = 0;
    for (size_t i = 0; i < BLOCKS; i++) {
        struct leash__block block;
        assert_true(leash__block_at(&view, (uintptr_t)blocks[i] + i % 24, &block));
        assert_int_equal(block.low, (uintptr_t)blocks[i]);
        marked += leash__marks_add(&marks, &block);
        assert_false(leash__marks_add(&marks, &block));
    }
    assert_int_equal(marked, BLOCKS);
    while (leash__marks_take(&marks, &view))
        taken++;
    assert_int_equal(taken, BLOCKS);
    leash__marks_free(&marks);
    leash__blocks_view_free(&view);
    for (size_t i = 0; i < BLOCKS; i++)
        free(blocks[i]);
}

static void bins_are_known_by_their_looks(void **state)
{
    (void)state;
    static uintptr_t data[1000];
    const uintptr_t from = 0x7f0000001000;
    for (size_t bin = 0; bin < 127; bin++) {
        uintptr_t at = from + (300 + 2 * bin) * sizeof(*data);
        data[300 + 2 * bin] = data[301 + 2 * bin] = bin % 3 ? at - 16 : 0x5500000000;
    }
    struct leash__range bins = leash__bins_in((const unsigned char *)data, sizeof(data), from);
    assert_in_range(bins.low, from + 290 * 8, from + 300 * 8);
    assert_in_range(bins.high, from + 550 * 8, from + 554 * 8);
    data[330] = 0;
    for (size_t i = 0; i < 1000; i += 2)
        data[i] = from + i * 8; /* lists that are empty, as programs have them */
    assert_int_equal(leash__bins_in((const unsigned char *)data, sizeof(data), from).high, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaked_blocks_hold_nothing),
        cmocka_unit_test(interior_pointers_hold),
        cmocka_unit_test(what_stands_before_a_guard_leads_on),
        cmocka_unit_test(a_block_that_cannot_be_read),
        cmocka_unit_test(cycles_hold_nothing),
        cmocka_unit_test(long_lists_are_followed),
        cmocka_unit_test(large_blocks_are_blocks_too),
        cmocka_unit_test(blocks_over_several_regions),
        cmocka_unit_test(pointers_of_packed_structs),
        cmocka_unit_test(what_the_runtime_keeps_for_the_program),
        cmocka_unit_test(mallocs_lists_hold_nothing),
        cmocka_unit_test(in_a_snapshot),
        cmocka_unit_test(what_a_lost_task_keeps_is_lost),
        cmocka_unit_test(marks_need_no_room),
        cmocka_unit_test(bins_are_known_by_their_looks),
    };
    if (scan_is_off())
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
