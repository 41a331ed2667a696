#include "pages.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BUFFER = 32 * 1024 };

/* linux/fs.h has these since 6.7. */
struct region {
    uint64_t low, high, categories;
};
struct scan_request {
    uint64_t size, flags, low, high, walked_to, regions, regions_count, max_pages;
    uint64_t inverted, all_of, any_of, answer_with;
};
#define SCAN_IOCTL   _IOWR('f', 16, struct scan_request)
#define SCAN_FILE    (UINT64_C(1) << 2)
#define SCAN_PRESENT (UINT64_C(1) << 3)
#define SCAN_SWAPPED (UINT64_C(1) << 4)
#define SCAN_ZERO    (UINT64_C(1) << 5)

#define TABLE_FILE    (UINT64_C(1) << 61)
#define TABLE_SWAPPED (UINT64_C(1) << 62)
#define TABLE_PRESENT (UINT64_C(1) << 63)

enum { NO_SUCH_WAY = 1 };

/* A run of pages that may still grow, cut to what was asked for. */
struct run {
    uintptr_t low, high;
    uintptr_t from, to; /* what was asked for, maybe in the middle of a page */
    leash__part_fn *fn;
    void *argument;
};

static int run_end(struct run *run)
{
    uintptr_t low = run->low > run->from ? run->low : run->from;
    uintptr_t high = run->high < run->to ? run->high : run->to;
    return low < high ? run->fn(low, high, run->argument) : 0;
}

static int run_add(struct run *run, uintptr_t low, uintptr_t high)
{
    int rc = 0;
    if (low == run->high) {
        run->high = high;
        return 0;
    }
    rc = run_end(run);
    run->low = low;
    run->high = high;
    return rc;
}

int leash__pages_new(struct leash__pages *pages)
{
    pages->way = LEASH_PAGES_SCAN;
    pages->forked = false;
    pages->file = -1;
    pages->buffer = leash__arena_map(BUFFER);
    if (!pages->buffer)
        return -ENOMEM;
    pages->file = open("/proc/thread-self/pagemap", O_RDONLY | O_CLOEXEC);
    if (pages->file < 0)
        pages->way = LEASH_PAGES_ALL;
    return 0;
}

void leash__pages_free(struct leash__pages *pages)
{
    leash__arena_unmap(pages->buffer, BUFFER);
    pages->buffer = NULL;
    if (pages->file >= 0)
        close(pages->file);
    pages->file = -1;
}

/* *at is moved behind what was handed out. NO_SUCH_WAY: this kernel cannot. */
static int each_by_scan(struct leash__pages *pages, uintptr_t *at, uintptr_t high, bool shared, struct run *run)
{
    struct region *regions = pages->buffer;
    struct scan_request request = {
        .size = sizeof(request),
        .high = high,
        .regions = (uintptr_t)regions,
        .regions_count = BUFFER / sizeof(*regions),
        .inverted = SCAN_ZERO | (shared ? 0 : SCAN_FILE),
        .all_of = SCAN_ZERO | (shared ? 0 : SCAN_FILE),
        .any_of = SCAN_PRESENT | SCAN_SWAPPED,
        .answer_with = SCAN_PRESENT,
    };
    while (*at < high) {
        request.low = *at;
        int count = ioctl(pages->file, SCAN_IOCTL, &request);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 || request.walked_to <= *at)
            return NO_SUCH_WAY;
        int rc = 0;
        for (int i = 0; i < count && rc >= 0; i++)
            rc = run_add(run, regions[i].low, regions[i].high);
        if (rc < 0)
            return rc;
        *at = request.walked_to;
    }
    return 0;
}

static int each_by_table(struct leash__pages *pages, uintptr_t *at, uintptr_t high, bool shared, struct run *run)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uint64_t *table = pages->buffer;
    while (*at < high) {
        size_t want = (high - *at + page - 1) / page * sizeof(*table);
        ssize_t got =
            pread(pages->file, pages->buffer, want < BUFFER ? want : BUFFER, (off_t)(*at / page * sizeof(*table)));
        if (got < (ssize_t)sizeof(*table))
            return NO_SUCH_WAY;
        for (ssize_t i = 0; i < got / (ssize_t)sizeof(*table) && *at < high; i++, *at += page) {
            if (!(table[i] & (TABLE_PRESENT | TABLE_SWAPPED)) || (!shared && table[i] & TABLE_FILE))
                continue;
            int rc = run_add(run, *at, *at + page);
            if (rc < 0)
                return rc;
        }
    }
    return 0;
}

/* Of shared mappings: what is in the page cache. */
static int each_resident(struct leash__pages *pages, uintptr_t *at, uintptr_t high, struct run *run)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const unsigned char *resident = pages->buffer;
    while (*at < high) {
        size_t size = high - *at < BUFFER * page ? high - *at : BUFFER * page;
        if (mincore((void *)*at, size, pages->buffer) < 0)
            return NO_SUCH_WAY;
        for (size_t i = 0; i < size / page; i++, *at += page) {
            int rc = resident[i] & 1 ? run_add(run, *at, *at + page) : 0;
            if (rc < 0)
                return rc;
        }
    }
    return 0;
}

int leash__pages_each(struct leash__pages *pages, uintptr_t low, uintptr_t high, bool shared, leash__part_fn *fn,
                      void *argument)
{
    struct run run = {.from = low, .to = high, .fn = fn, .argument = argument};
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t at = low / page * page, end = (high + page - 1) / page * page;
    int rc = NO_SUCH_WAY;
    if (shared && pages->forked) {
        rc = each_resident(pages, &at, end, &run);
        rc = rc == NO_SUCH_WAY ? run_add(&run, at, end) : rc;
        return rc < 0 ? rc : run_end(&run);
    }
    if (pages->way == LEASH_PAGES_SCAN && (rc = each_by_scan(pages, &at, end, shared, &run)) == NO_SUCH_WAY)
        pages->way = LEASH_PAGES_TABLE;
    if (pages->way == LEASH_PAGES_TABLE && (rc = each_by_table(pages, &at, end, shared, &run)) == NO_SUCH_WAY)
        pages->way = LEASH_PAGES_ALL;
    if (pages->way == LEASH_PAGES_ALL)
        rc = run_add(&run, at, end);
    return rc < 0 ? rc : run_end(&run);
}
