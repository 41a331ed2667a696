/* The parts of the scan, each by itself: the search in bytes against a naive one, ranges, mappings, pages, reading. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <handle_set.h>
#include <maps.h>
#include <pages.h>
#include <ranges.h>
#include <reader.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t random_state = 88172645463325252u;

static uint64_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* ---- handle_set ---- */

enum { WANTED = 40, DATA = 1500 };

/* Random bytes among which some wanted words stand anywhere, and near misses: right tag, wrong rest. */
static void fill(unsigned char *data, size_t size, const uint64_t *handles, size_t count)
{
    for (size_t i = 0; i < size; i++)
        data[i] = (unsigned char)random_word();
    for (int i = 0; i < 6 && size >= 8; i++) {
        uint64_t word = handles[random_word() % count];
        if (i & 1)
            word ^= UINT64_C(1) << (random_word() % 48);
        memcpy(data + random_word() % (size - 7), &word, sizeof(word));
    }
}

static bool stands_in(const unsigned char *data, size_t size, uint64_t handle)
{
    for (size_t at = 0; at + 8 <= size; at++)
        if (memcmp(data + at, &handle, 8) == 0)
            return true;
    return false;
}

static void search_equals_naive(unsigned tags)
{
    unsigned char room[DATA + 64];
    uint64_t handles[WANTED];
    for (int round = 0; round < 1500; round++) {
        size_t size = random_word() % DATA, shift = random_word() % 64;
        for (size_t i = 0; i < WANTED; i++)
            handles[i] = (uint64_t)(0xa100 + i % tags * 7) << 48 | random_word() >> 16;
        /* Exactly so large, at the end of the room: a read beyond it is the sanitizers' to see. */
        unsigned char *data = malloc(size + shift + 1);
        assert_non_null(data);
        fill(room, size, handles, WANTED);
        memcpy(data + shift, room, size);
        struct leash__handle_set set;
        assert_int_equal(leash__handle_set_new(&set, handles, WANTED), 0);
        leash__handle_set_search(&set, data + shift, size);
        size_t missing = 0;
        for (size_t i = 0; i < WANTED; i++) {
            assert_int_equal(leash__handle_set_seen(&set, handles[i]), stands_in(room, size, handles[i]));
            missing += !stands_in(room, size, handles[i]);
        }
        assert_int_equal(set.missing, missing);
        leash__handle_set_free(&set);
        free(data);
    }
}

static void search_with_one_tag_equals_naive(void **state)
{
    (void)state;
    search_equals_naive(1);
}

static void search_with_four_tags_equals_naive(void **state)
{
    (void)state;
    search_equals_naive(4);
}

static void search_with_many_tags_equals_naive(void **state)
{
    (void)state;
    search_equals_naive(WANTED);
}

static void set_takes_doubles_and_zero(void **state)
{
    (void)state;
    uint64_t handles[] = {UINT64_C(0xa1) << 48, 0, UINT64_C(0xa1) << 48, 0};
    struct leash__handle_set set;
    assert_int_equal(leash__handle_set_new(&set, handles, 4), 0);
    assert_int_equal(set.missing, 1);
    leash__handle_set_search(&set, (const unsigned char *)handles, sizeof(handles));
    assert_int_equal(set.missing, 0);
    assert_true(leash__handle_set_seen(&set, handles[2]));
    assert_false(leash__handle_set_seen(&set, 0));
    leash__handle_set_free(&set);
    leash__handle_set_free(&set);
    assert_int_equal(leash__handle_set_new(&set, NULL, 0), 0);
    leash__handle_set_search(&set, (const unsigned char *)"0123456789abcdef", 16);
    leash__handle_set_free(&set);
    assert_int_equal(leash__handle_set_new(&set, NULL, SIZE_MAX / 8), -ENOMEM);
    leash__handle_set_free(&set);
}

/* ---- ranges ---- */

enum { LINE = 4096 };

static int clear_part(uintptr_t low, uintptr_t high, void *line)
{
    assert_true(low < high);
    memset((char *)line + low, 'x', high - low);
    return 0;
}

static int refuse(uintptr_t low, uintptr_t high, void *calls)
{
    (void)low;
    (void)high;
    ++*(int *)calls;
    return -EIO;
}

static void ranges_leave_out_what_they_hold(void **state)
{
    (void)state;
    static char expected[LINE], got[LINE];
    for (int round = 0; round < 300; round++) {
        struct leash__ranges ranges = {0};
        size_t from = random_word() % LINE, to = from + random_word() % (LINE - from), count = random_word() % 400;
        memset(expected, 0, sizeof(expected));
        memset(got, 0, sizeof(got));
        memset(expected + from, 'x', to - from);
        for (size_t i = 0; i < count; i++) {
            size_t low = random_word() % LINE, high = low + random_word() % 20;
            leash__ranges_add(&ranges, (void *)low, (void *)high);
            for (size_t at = low; at < high && at < LINE; at++)
                expected[at] = 0;
        }
        leash__ranges_sort(&ranges);
        assert_false(ranges.failed);
        assert_int_equal(leash__ranges_outside(&ranges, from, to, clear_part, got), 0);
        assert_memory_equal(got, expected, LINE);
        leash__ranges_free(&ranges);
    }
}

static void ranges_stop_when_told(void **state)
{
    (void)state;
    struct leash__ranges ranges = {0};
    int calls = 0;
    leash__ranges_add(&ranges, (void *)10, (void *)20);
    leash__ranges_add(&ranges, (void *)30, (void *)40);
    leash__ranges_sort(&ranges);
    assert_int_equal(leash__ranges_outside(&ranges, 0, 100, refuse, &calls), -EIO);
    assert_int_equal(calls, 1);
    leash__ranges_free(&ranges);
    assert_int_equal(leash__ranges_outside(&ranges, 5, 5, refuse, &calls), 0);
    assert_int_equal(calls, 1);
}

/* ---- maps ---- */

static void lines_of_maps_are_parsed(void **state)
{
    (void)state;
    struct leash__mapping mapping;
    char heap[] = "55d0a000-55d0b000 rw-p 00000000 00:00 0                          [heap]";
    assert_true(leash__maps_parse(heap, &mapping));
    assert_int_equal(mapping.low, 0x55d0a000);
    assert_int_equal(mapping.high, 0x55d0b000);
    assert_true(mapping.readable && mapping.writable && !mapping.shared);
    assert_string_equal(mapping.name, "[heap]");
    char anonymous[] = "7fff00000000-7fff00001000 ---p 00000000 00:00 0 ";
    assert_true(leash__maps_parse(anonymous, &mapping));
    assert_true(!mapping.readable && !mapping.writable);
    assert_string_equal(mapping.name, "");
    char file[] = "1-2 r--s 0001f000 fe:01 12 /tmp/a file with spaces (deleted)";
    assert_true(leash__maps_parse(file, &mapping));
    assert_true(mapping.readable && !mapping.writable && mapping.shared);
    assert_string_equal(mapping.name, "/tmp/a file with spaces (deleted)");
}

static void lines_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "-",
                                      "1-",
                                      "1-2",
                                      "1-2 ",
                                      "1-2 rw",
                                      "1-2 rw-p",
                                      "1-2 rw-p ",
                                      "1-2 rw-p 0",
                                      "x-2 rw-p 0 0 0",
                                      "1-y rw-p 0 0 0",
                                      "-2 rw-p 0 0 0",
                                      "1 2 rw-p 0 0 0",
                                      "1-2 rw-p 0 0"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct leash__mapping mapping;
        char *line = strdup(bad[i]);
        assert_non_null(line);
        assert_false(leash__maps_parse(line, &mapping));
        free(line);
    }
}

struct seen {
    const char *inside;
    int hits, calls;
    bool in_order;
    uintptr_t last;
};

static int look_at(const struct leash__mapping *mapping, void *argument)
{
    struct seen *seen = argument;
    seen->calls++;
    seen->in_order &= mapping->low >= seen->last && mapping->high > mapping->low;
    seen->last = mapping->high;
    seen->hits += (uintptr_t)seen->inside >= mapping->low && (uintptr_t)seen->inside < mapping->high;
    return 0;
}

static int stop_at_third(const struct leash__mapping *mapping, void *argument)
{
    struct seen *seen = argument;
    (void)mapping;
    return ++seen->calls == 3 ? -ECANCELED : 0;
}

/* So many mappings that the list takes several reads. */
static void every_mapping_is_seen_once(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), count = 4000;
    char *base = mmap(NULL, count * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(base, MAP_FAILED);
    for (size_t i = 0; i < count; i += 2)
        assert_int_equal(mprotect(base + i * page, page, PROT_NONE), 0);
    for (size_t i = 0; i < count; i += 501) {
        struct seen seen = {.inside = base + i * page + 7, .in_order = true};
        assert_int_equal(leash__maps_each(look_at, &seen), 0);
        assert_int_equal(seen.hits, 1);
        assert_true(seen.in_order);
        assert_true(seen.calls > 4000);
    }
    munmap(base, count * page);
    struct seen seen = {0};
    assert_int_equal(leash__maps_each(stop_at_third, &seen), -ECANCELED);
    assert_int_equal(seen.calls, 3);
}

/* ---- pages ---- */

enum { PAGES = 600 };

static int note_pages(uintptr_t low, uintptr_t high, void *argument)
{
    unsigned char *seen = argument;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), base;
    memcpy(&base, seen, sizeof(base));
    for (uintptr_t at = low / page * page; at < high; at += page)
        seen[sizeof(base) + (at - base) / page]++;
    return 0;
}

static void check_pages(enum leash__pages_way way, bool shared)
{
    unsigned char seen[sizeof(uintptr_t) + PAGES] = {0}, *written = calloc(PAGES, 1);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *base =
        mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(base, MAP_FAILED);
    assert_non_null(written);
    madvise(base, PAGES * page, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < PAGES; i += 1 + random_word() % 5) {
        base[i * page + random_word() % page] = 1;
        written[i] = 1;
    }
    struct leash__pages pages;
    assert_int_equal(leash__pages_new(&pages), 0);
    if (way > pages.way)
        pages.way = way;
    uintptr_t address = (uintptr_t)base;
    memcpy(seen, &address, sizeof(address));
    assert_int_equal(leash__pages_each(&pages, address, address + PAGES * page, shared, note_pages, seen), 0);
    for (size_t i = 0; i < PAGES; i++)
        assert_int_equal(seen[sizeof(address) + i], pages.way == LEASH_PAGES_ALL ? 1 : written[i]);
    leash__pages_free(&pages);
    munmap(base, PAGES * page);
    free(written);
}

static void every_way_tells_the_written_pages(void **state)
{
    (void)state;
    for (enum leash__pages_way way = LEASH_PAGES_SCAN; way <= LEASH_PAGES_ALL; way++)
        for (int round = 0; round < 4; round++)
            check_pages(way, round & 1);
}

static int note_part(uintptr_t low, uintptr_t high, void *argument)
{
    uintptr_t *part = argument;
    part[0] = low;
    part[1] = high;
    part[2]++;
    return 0;
}

static void parts_of_pages_stay_within_what_was_asked_for(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *base = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(base, MAP_FAILED);
    memset(base, 1, 4 * page);
    for (enum leash__pages_way way = LEASH_PAGES_SCAN; way <= LEASH_PAGES_ALL; way++) {
        struct leash__pages pages;
        uintptr_t part[3] = {0}, low = (uintptr_t)base + page + 100, high = low + 2 * page;
        assert_int_equal(leash__pages_new(&pages), 0);
        pages.way = way;
        assert_int_equal(leash__pages_each(&pages, low, high, false, note_part, part), 0);
        assert_int_equal(part[0], low);
        assert_int_equal(part[1], high);
        assert_int_equal(part[2], 1);
        leash__pages_free(&pages);
    }
    munmap(base, 4 * page);
}

/* ---- reader ---- */

struct got {
    size_t bytes, calls;
    uint64_t sum; /* of all bytes, each by its value */
    const char *needle;
    int needles, misplaced;
};

static void take(const unsigned char *data, size_t size, uintptr_t from, void *argument)
{
    struct got *got = argument;
    got->bytes += size;
    got->calls++;
    for (size_t i = 0; i < size; i++)
        got->sum += data[i];
    got->misplaced += memcmp(data, (const void *)from, size) != 0;
    if (got->needle && memmem(data, size, got->needle, 8))
        got->needles++;
}

static void check_reader(bool by_memory_file)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 1000 * page;
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(base, MAP_FAILED);
    struct got got = {.needle = "\1\2\3\4\5\6\7\10"};
    struct leash__reader reader;
    assert_int_equal(leash__reader_new(&reader, false, take, &got), 0);
    if (by_memory_file)
        reader.memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    /* Over every edge of the buffer, and near the ends. */
    for (size_t at = 0; at + 8 <= size; at += at % 3 ? 4999 : 65533) {
        memcpy(base + at, got.needle, 8);
        got.needles = 0;
        assert_int_equal(leash__reader_add(&reader, (uintptr_t)base, (uintptr_t)base + size), 0);
        assert_int_equal(leash__reader_flush(&reader), 0);
        assert_int_equal(got.needles, 1);
        memset(base + at, 0, 8);
    }
    memset(base, 1, size);
    /* Holes: at the start, in the middle, two together, at the end. */
    static const size_t holes[] = {0, 17, 400, 401, 700, 999};
    for (size_t i = 0; i < sizeof(holes) / sizeof(*holes); i++)
        munmap(base + holes[i] * page, page);
    got = (struct got){0};
    assert_int_equal(leash__reader_add(&reader, (uintptr_t)base, (uintptr_t)base + size), 0);
    for (size_t i = 0; i < 600; i++) /* many small ones, some of them gone */
        assert_int_equal(leash__reader_add(&reader, (uintptr_t)base + i * page + 5, (uintptr_t)base + i * page + 25),
                         0);
    assert_int_equal(leash__reader_flush(&reader), 0);
    size_t cuts = (size - 7) / (256 * 1024 - 7); /* seven bytes are read twice at each */
    assert_in_range(got.sum, (1000 - 6) * page + (600 - 4) * 20, (1000 - 6) * page + (600 - 4) * 20 + cuts * 7);
    assert_int_equal(got.sum, got.bytes);
    assert_int_equal(got.misplaced, 0);
    assert_int_equal(reader.count, 0);
    leash__reader_free(&reader);
    leash__reader_free(&reader);
    munmap(base, size);
}

static void reader_passes_over_holes(void **state)
{
    (void)state;
    check_reader(false);
}

static void reader_does_the_same_through_the_memory_file(void **state)
{
    (void)state;
    check_reader(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_with_one_tag_equals_naive),
        cmocka_unit_test(search_with_four_tags_equals_naive),
        cmocka_unit_test(search_with_many_tags_equals_naive),
        cmocka_unit_test(set_takes_doubles_and_zero),
        cmocka_unit_test(ranges_leave_out_what_they_hold),
        cmocka_unit_test(ranges_stop_when_told),
        cmocka_unit_test(lines_of_maps_are_parsed),
        cmocka_unit_test(lines_that_are_none_are_refused),
        cmocka_unit_test(every_mapping_is_seen_once),
        cmocka_unit_test(every_way_tells_the_written_pages),
        cmocka_unit_test(parts_of_pages_stay_within_what_was_asked_for),
        cmocka_unit_test(reader_passes_over_holes),
        cmocka_unit_test(reader_does_the_same_through_the_memory_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
