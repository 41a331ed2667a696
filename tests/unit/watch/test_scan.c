/* The scan as a whole: handles planted wherever a program can keep them are found; where nothing is live, they are not.
 */
#include "fake_loop.h"
#include "planting.h"
#include "test.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <ports.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static char *map_anonymous(size_t size, int sharing)
{
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(base, MAP_FAILED);
    return base;
}

/* ---- where handles live ---- */

static void nowhere(void **state)
{
    (void)state;
    assert_true(misses(0, NULL));
    assert_int_equal(scanned.complete, 1);
    assert_string_equal(scanned.reason, "");
    assert_int_equal(scanned.candidates, 2);
    assert_int_equal(scanned.lost, 2);
    assert_true(scanned.bytes > 1000);
    assert_true(scanned.pause_ns > 0);
}

struct __attribute__((packed)) packed {
    char before;
    uint64_t handle;
    short after;
};

static void heap_at_every_offset(void **state)
{
    (void)state;
    char *block = malloc(300);
    assert_non_null(block);
    memset(block, 0x5a, 300);
    for (unsigned offset = 0; offset < 292; offset += offset < 40 ? 1 : 19) {
        plant(block + offset, 10 + offset);
        assert_true(finds(10 + offset, NULL));
        assert_int_equal(scanned.lost, 1);
        memset(block, 0x5a, 300);
        assert_true(misses(10 + offset, NULL));
    }
    struct packed *packed = malloc(sizeof(*packed));
    assert_non_null(packed);
    plant(&packed->handle, 8);
    assert_true(finds(8, NULL));
    memset(packed, 0, sizeof(*packed));
    free(packed);
    free(block);
}

static char in_data[9] = "data";
static char in_bss[9];
static __thread char in_tls[9];

static void globals_and_thread_locals(void **state)
{
    (void)state;
    char *places[] = {in_data, in_data + 1, in_bss, in_bss + 1, in_tls, in_tls + 1};
    for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++) {
        char saved[8];
        memcpy(saved, places[i], 8);
        plant(places[i], 400 + i);
        assert_true(finds(400 + i, NULL));
        memcpy(places[i], saved, 8);
        assert_true(misses(400 + i, NULL));
    }
}

static void mappings_of_all_kinds(void **state)
{
    (void)state;
    size_t page = page_size();
    int shared_file = memfd_create("shared", MFD_CLOEXEC);
    assert_int_equal(ftruncate(shared_file, (off_t)(2 * page)), 0);
    char *places[] = {map_anonymous(2 * page, MAP_PRIVATE), map_anonymous(2 * page, MAP_SHARED),
                      mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, shared_file, 0),
                      mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, shared_file, 0)};
    for (unsigned i = 0; i < 4; i++) {
        assert_ptr_not_equal(places[i], MAP_FAILED);
        plant(places[i] + page - 3, 420 + i); /* over the edge of a page */
        assert_true(finds(420 + i, NULL));
        assert_int_equal(mprotect(places[i], 2 * page, PROT_READ), 0);
        assert_int_equal(finds(420 + i, NULL), i == 0 || i == 3); /* shared memory only while it can be written */
        munmap(places[i], 2 * page);
        assert_true(misses(420 + i, NULL));
    }
    close(shared_file);
}

static void over_the_edge_of_two_mappings(void **state)
{
    (void)state;
    size_t page = page_size();
    char *base = map_anonymous(2 * page, MAP_PRIVATE);
    assert_int_equal(madvise(base + page, page, MADV_DONTFORK), 0); /* the kernel splits it */
    plant(base + page - 5, 440);
    assert_true(finds(440, NULL));
    munmap(base, 2 * page);
}

static void at_the_very_ends_of_a_mapping(void **state)
{
    (void)state;
    size_t page = page_size();
    char *base = map_anonymous(4 * page, MAP_PRIVATE);
    mprotect(base, page, PROT_NONE);
    mprotect(base + 3 * page, page, PROT_NONE);
    plant(base + page, 445);
    assert_true(finds(445, NULL));
    memset(base + page, 0, 8);
    plant(base + 3 * page - 8, 447);
    assert_true(finds(447, NULL));
    munmap(base, 4 * page);
}

static void own_stack_of_a_live_frame(void **state)
{
    (void)state;
    volatile char local[9];
    plant((char *)local + 1, 450);
    assert_true(finds(450, NULL));
    memset((char *)local, 0, sizeof(local));
    assert_true(misses(450, NULL));
}

static void scan_with_register(unsigned which)
{
    const struct leash__scan_request *request = prepare(460, 2, NULL);
    int rc = call_with_register((call_fn *)leash__scan_memory, (void *)(uintptr_t)request, &scanned, 460, which);
    assert_int_equal(rc, 0);
}

static void callee_saved_registers(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 6; which++) {
        scan_with_register(which);
        assert_int_equal(answer(), 1);
    }
    scan_with_register(6); /* in none of them */
    assert_int_equal(answer(), 0);
}

static __attribute__((noinline)) void keep_in_cell(unsigned number)
{
    char nothing[8];
    fake_cells_word = handle_of(number) ^ FAKE_CELLS_MASK;
    plant(nothing, 9999);
}

static void words_of_cells(void **state)
{
    (void)state;
    keep_in_cell(470);
    assert_true(finds(470, NULL));
    fake_cells_word = 0;
    assert_true(misses(470, NULL));
}

/* ---- where they are dead ---- */

static void frames_that_returned_hold_nothing(void **state)
{
    (void)state;
    leave_below(480);
    assert_true(misses(480, NULL));
}

static void *on_another_thread(void *result)
{
    leave_below(482);
    *(bool *)result = misses(482, NULL);
    volatile char local[8];
    plant((char *)local, 484);
    *(bool *)result &= finds(484, NULL);
    memset((char *)local, 0, sizeof(local));
    *(bool *)result &= misses(484, NULL);
    plant(in_tls, 486);
    *(bool *)result &= finds(486, NULL);
    return NULL;
}

static void the_same_on_a_thread_of_its_own(void **state)
{
    (void)state;
    pthread_t thread;
    bool good = false;
    assert_int_equal(pthread_create(&thread, NULL, on_another_thread, &good), 0);
    pthread_join(thread, NULL);
    assert_true(good);
}

static void the_runtimes_own_memory_is_no_reference(void **state)
{
    (void)state;
    char *cell = leash__arena_map(10000), *spool = map_anonymous(page_size(), MAP_PRIVATE);
    plant(cell + 77, 490);
    assert_true(misses(490, NULL));
    plant(spool + 9, 491);
    assert_int_equal(leash__arena_exclude(spool, page_size()), 0);
    assert_true(misses(491, NULL));
    leash__arena_include(spool);
    assert_true(finds(491, NULL));
    munmap(spool, page_size());
    leash__arena_unmap(cell, 10000);
}

/* Arrays of the request on the heap: what they hold is what is looked for, no reference. */
static void the_request_itself_is_no_reference(void **state)
{
    (void)state;
    uint64_t *handles = malloc(3 * sizeof(*handles));
    unsigned char *found = malloc(3);
    assert_non_null(handles);
    assert_non_null(found);
    memset(found, 9, 3);
    for (unsigned i = 0; i < 3; i++)
        plant(&handles[i], 500 + i % 2); /* the first one twice */
    plant(in_bss, 501);
    struct leash__scan_request request = {.handles = handles, .count = 3, .found = found};
    assert_int_equal(leash__scan_memory(&request, &scanned), 0);
    assert_int_equal(found[0], 0);
    assert_int_equal(found[1], 1);
    assert_int_equal(found[2], 0);
    assert_int_equal(scanned.lost, 2);
    memset(in_bss, 0, sizeof(in_bss));
    memset(handles, 0, 3 * sizeof(*handles));
    free(handles);
    free(found);
}

/* ---- other threads ---- */

static sem_t planted, leave;

static void *hold_on_stack(void *where)
{
    volatile char local[64];
    plant((char *)local + 3, 510);
    if (where)
        plant(in_tls, 512);
    sem_post(&planted);
    while (sem_wait(&leave) < 0)
        ;
    memset((char *)local, 0, sizeof(local));
    return NULL;
}

static void stacks_and_locals_of_other_threads(void **state)
{
    (void)state;
    pthread_t thread;
    sem_init(&planted, 0, 0);
    sem_init(&leave, 0, 0);
    assert_int_equal(pthread_create(&thread, NULL, hold_on_stack, in_bss), 0);
    while (sem_wait(&planted) < 0)
        ;
    assert_true(finds(510, NULL));
    assert_true(finds(512, NULL));
    sem_post(&leave);
    pthread_join(thread, NULL);
}

static atomic_bool stop;

/* Mappings and heap blocks come and go under the scan. */
static void *churn(void *argument)
{
    size_t page = page_size();
    (void)argument;
    for (unsigned round = 0; !atomic_load(&stop); round++) {
        size_t size = (1 + round % 50) * page;
        char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        void *block = malloc(200000 + round % 1000);
        if (base != MAP_FAILED) {
            mprotect(base, page, PROT_NONE);
            munmap(base, size);
        }
        free(block);
    }
    return NULL;
}

static void mappings_that_vanish_meanwhile(void **state)
{
    (void)state;
    pthread_t threads[2];
    char *held = map_anonymous(page_size(), MAP_PRIVATE);
    bool good = true;
    atomic_store(&stop, false);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn, NULL), 0);
    plant(held + 1234, 520);
    for (int round = 0; round < 150; round++)
        good &= finds(520, NULL) && scanned.complete;
    atomic_store(&stop, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    munmap(held, page_size());
    assert_true(good);
}

/* ---- pages that cannot, or should not, be read ---- */

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

static void pages_that_fault_are_passed_over(void **state)
{
    (void)state;
    size_t page = page_size();
    char *base = map_anonymous(64 * page, MAP_PRIVATE);
    memset(base, 1, 64 * page);
    for (size_t i = 0; i < 64; i += 7)
        madvise(base + i * page, page, MADV_GUARD_INSTALL); /* EINVAL before Linux 6.13: then there is no such page */
    int file = memfd_create("truncated", MFD_CLOEXEC);
    assert_int_equal(ftruncate(file, (off_t)(8 * page)), 0);
    char *cut = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_ptr_not_equal(cut, MAP_FAILED);
    memset(cut, 1, 8 * page);
    assert_int_equal(ftruncate(file, (off_t)page), 0); /* SIGBUS behind it */
    plant(base + 63 * page - 9, 530);
    assert_true(finds(530, NULL));
    assert_int_equal(scanned.complete, 1);
    munmap(base, 64 * page);
    plant(cut + page - 8, 531);
    assert_true(finds(531, NULL));
    munmap(cut, 8 * page);
    close(file);
}

/* kB of a line of /proc/self/status. */
static long status_of(const char *key)
{
    char line[200];
    long value = -1;
    FILE *status = fopen("/proc/self/status", "r");
    assert_non_null(status);
    while (fgets(line, sizeof(line), status))
        if (strncmp(line, key, strlen(key)) == 0)
            value = strtol(line + strlen(key), NULL, 10);
    fclose(status);
    assert_true(value >= 0);
    return value;
}

static void untouched_memory_stays_untouched(void **state)
{
    (void)state;
    size_t size = (size_t)4 << 30;
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_ptr_not_equal(base, MAP_FAILED);
    madvise(base, size, MADV_NOHUGEPAGE);
    plant(base + size / 2 + 5, 540);
    assert_true(finds(540, NULL));
    long resident = status_of("VmRSS:"), tables = status_of("VmPTE:");
    assert_true(finds(540, NULL));
    assert_true(scanned.bytes < 100 * 1000 * 1000);
    assert_in_range(status_of("VmRSS:"), 0, resident + 2000);
    assert_in_range(status_of("VmPTE:"), 0, tables + 100);
    munmap(base, size);
}

/* ---- many ---- */

static void a_million_handles(void **state)
{
    (void)state;
    enum { MANY = 1000 * 1000 };
    uint64_t *handles = leash__arena_map(MANY * sizeof(*handles));
    unsigned char *found = leash__arena_map(MANY);
    char *held = malloc(MANY / 2 * 9);
    assert_non_null(handles);
    assert_non_null(found);
    assert_non_null(held);
    for (unsigned i = 0; i < MANY; i++) {
        plant(&handles[i], 1000 + i);
        if (i % 2)
            memcpy(held + i / 2 * 9, &handles[i], 8);
    }
    struct leash__scan_request request = {.handles = handles, .count = MANY, .found = found};
    assert_int_equal(leash__scan_memory(&request, &scanned), 0);
    assert_int_equal(scanned.candidates, MANY);
    assert_int_equal(scanned.lost, MANY / 2);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(found[i], i % 2);
    memset(held, 0, MANY / 2 * 9);
    free(held);
    leash__arena_unmap(handles, MANY * sizeof(*handles));
    leash__arena_unmap(found, MANY);
}

static void none_at_all(void **state)
{
    (void)state;
    struct leash__scan_request request = {.count = 0};
    assert_int_equal(leash__scan_memory(&request, &scanned), 0);
    assert_int_equal(scanned.complete, 1);
    assert_int_equal(scanned.lost, 0);
    assert_int_equal(scanned.bytes, 0);
}

static void it_gives_back_what_it_took(void **state)
{
    (void)state;
    scan_for(600, 2, NULL);
    long before = status_of("VmSize:");
    int file = dup(0);
    close(file);
    for (int round = 0; round < 20; round++)
        scan_for(600, 2, NULL);
    assert_int_equal(status_of("VmSize:"), before);
    int again = dup(0);
    close(again);
    assert_int_equal(again, file);
}

/* Under a sanitizer or Valgrind nothing is concluded. */
static void off_says_why(void **state)
{
    (void)state;
    assert_int_equal(scan_for(0, 3, NULL), 7);
    assert_int_equal(scanned.complete, 0);
    assert_true(strlen(scanned.reason) > 10);
    assert_int_equal(scanned.lost, 0);
    assert_int_equal(scanned.candidates, 3);
}

int main(void)
{
    const struct CMUnitTest off[] = {cmocka_unit_test(off_says_why)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nowhere),
        cmocka_unit_test(heap_at_every_offset),
        cmocka_unit_test(globals_and_thread_locals),
        cmocka_unit_test(mappings_of_all_kinds),
        cmocka_unit_test(over_the_edge_of_two_mappings),
        cmocka_unit_test(at_the_very_ends_of_a_mapping),
        cmocka_unit_test(own_stack_of_a_live_frame),
        cmocka_unit_test(callee_saved_registers),
        cmocka_unit_test(words_of_cells),
        cmocka_unit_test(frames_that_returned_hold_nothing),
        cmocka_unit_test(the_same_on_a_thread_of_its_own),
        cmocka_unit_test(the_runtimes_own_memory_is_no_reference),
        cmocka_unit_test(the_request_itself_is_no_reference),
        cmocka_unit_test(stacks_and_locals_of_other_threads),
        cmocka_unit_test(mappings_that_vanish_meanwhile),
        cmocka_unit_test(pages_that_fault_are_passed_over),
        cmocka_unit_test(untouched_memory_stays_untouched),
        cmocka_unit_test(a_million_handles),
        cmocka_unit_test(none_at_all),
        cmocka_unit_test(it_gives_back_what_it_took),
    };
    if (scan_is_off())
        return cmocka_run_group_tests(off, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
