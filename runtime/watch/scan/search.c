#include "search.h"

#include "handle_set.h"
#include "maps.h"
#include "pages.h"
#include "reach.h"
#include "reader.h"

#include <arena.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

enum { LARGE_BLOCK = 256 * 1024 };

struct search {
    const struct leash__scan_request *request;
    const char *sp;
    struct leash__handle_set set;
    struct leash__reader reader;
    struct leash__pages pages;
    struct leash__reach reach;    /* valid if reaches */
    struct leash__ranges outside; /* what is passed over */
    struct leash__own_stack own;
    struct leash__range part; /* read last */
    size_t followed;          /* how many of the set's queue */
    uint64_t direct_bytes;
    bool reaches; /* blocks of malloc count only if something leads to them */
    bool shared;  /* the mapping at hand */
    bool moves;   /* likewise, in a snapshot: what is in it may be elsewhere by now */
    bool of_file; /* what the reader has queued */
};

/* ---- what was found leads on ---- */

/* At an address of the program's, or a copy of what stands there. */
static void search_bytes(const unsigned char *data, size_t size, uintptr_t from, void *argument)
{
    struct search *search = argument;
    leash__handle_set_search(&search->set, data, size);
    if (!search->reaches)
        return;
    if (search->of_file)
        leash__reach_data(&search->reach, data, size, from);
    else
        leash__reach_words(&search->reach, data, size, from);
}

static void search_stack(const unsigned char *data, size_t size, uintptr_t from, void *argument)
{
    struct search *search = argument;
    search->direct_bytes += size;
    search_bytes(data, size, from, search);
}

static void search_registers(const unsigned char *data, size_t size, void *argument)
{
    search_stack(data, size, (uintptr_t)data, argument);
}

/* The runtime's own memory: it keeps pointers for the program, and no handles. */
static void search_kept(const void *low, const void *high, void *argument)
{
    struct search *search = argument;
    if (search->reaches)
        leash__reach_words(&search->reach, low, (size_t)((const char *)high - (const char *)low), (uintptr_t)low);
}

static int search_part_of_block(uintptr_t low, uintptr_t high, void *argument)
{
    search_bytes((const unsigned char *)low, high - low, low, argument);
    return 0;
}

static void search_block(struct search *search, const struct leash__range *block)
{
    if (block->high - block->low >= LARGE_BLOCK) /* may have pages that nobody touched */
        leash__pages_each(&search->pages, block->low, block->high, false, search_part_of_block, search);
    else
        search_part_of_block(block->low, block->high, search);
}

static void search_task(struct search *search, void *task)
{
    const void *low, *high;
    leash__roots_of_task(task, search_stack, search);
    leash__task_kept(task, &low, &high);
    search_kept(low, high, search);
    leash__handle_set_mark(&search->set, leash__task_awaited(task));
}

/* The next block to look into. */
static bool follow_block(struct search *search)
{
    struct leash__range block;
    if (!search->reaches || !leash__reach_next(&search->reach, &block))
        return false;
    search_block(search, &block);
    return true;
}

static bool follow_task(struct search *search)
{
    if (!search->request->tasks || search->followed == search->set.queued)
        return false;
    search_task(search, search->request->tasks[search->set.queue[search->followed++]]);
    return true;
}

static void follow(struct search *search)
{
    while (search->set.missing && (follow_block(search) || follow_task(search)))
        ;
}

/* Who holds those that no live reference was found of: only what else is lost. */
static void find_keepers(struct search *search, const struct leash__answer *answer)
{
    search->set.keepers = answer->keepers;
    for (size_t i = 0; answer->keepers && i < search->request->count; i++) {
        if (answer->found[i])
            continue;
        search->set.owner = (uint32_t)i + 1;
        search_task(search, search->request->tasks[i]);
        while (follow_block(search))
            ;
    }
}

/* ---- one mapping, part by part ---- */

static int read_part(uintptr_t low, uintptr_t high, void *argument)
{
    struct search *search = argument;
    uintptr_t from = low;
    if (low == search->part.high) /* a word may stand across the edge of two mappings */
        from = low - search->part.low < 7 ? search->part.low : low - 7;
    search->part = (struct leash__range){low, high};
    return leash__reader_add(&search->reader, from, high);
}

static int search_pages(uintptr_t low, uintptr_t high, void *argument)
{
    struct search *search = argument;
    if (search->moves)
        return -EXDEV;
    return leash__pages_each(&search->pages, low, high, search->shared, read_part, search);
}

static int search_part(uintptr_t low, uintptr_t high, void *argument)
{
    struct search *search = argument;
    if (search->reaches)
        return leash__blocks_outside(&search->reach.view, low, high, search_pages, search);
    return search_pages(low, high, search);
}

static bool begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

/* Device memory, which to read may do something: but for what only has its name there. */
static bool is_device(const struct leash__mapping *mapping)
{
    const char *name = mapping->name;
    return mapping->shared && begins(name, "/dev/") && !begins(name, "/dev/shm/") && !begins(name, "/dev/zero") &&
           !begins(name, "/dev/hugepages");
}

/* What the program can have stored a handle in, be it read-only by now: of private mappings only the pages that were
 * written are looked at. Nor is it in the kernel's own pages. */
static bool may_hold_handles(const struct leash__mapping *mapping)
{
    if (!mapping->readable || begins(mapping->name, "[v") || begins(mapping->name, "anon_inode:") || is_device(mapping))
        return false;
    return mapping->writable || !mapping->shared;
}

/* SQLite's index of a write-ahead log, which a program that is traced has: numbers of pages, by a file of its own. */
static bool is_wal_index(const struct leash__mapping *mapping)
{
    static const char suffix[] = "-shm", log[] = "-wal";
    char path[PATH_MAX];
    size_t length = strlen(mapping->name), end = sizeof suffix - 1;
    if (length <= end || length >= sizeof path || strcmp(mapping->name + length - end, suffix) != 0)
        return false;
    memcpy(path, mapping->name, length + 1);
    memcpy(path + length - end, log, end);
    return access(path, F_OK) == 0;
}

/* A snapshot does not hold it, and the program goes on writing to it. */
static bool may_move(const struct leash__mapping *mapping)
{
    return mapping->shared && mapping->writable && !is_wal_index(mapping);
}

/* Where the program's own of a mapping ends: of malloc's main arena what is no block is free, but what lies before it
 * was there first. */
static uintptr_t end_of(const struct search *search, const struct leash__mapping *mapping)
{
    uintptr_t first = UINTPTR_MAX;
    if (search->reaches && strcmp(mapping->name, "[heap]") == 0)
        first = leash__block_next(&search->reach.view, mapping->low);
    return first < mapping->high ? first - LEASH_CHUNK_HEADER : mapping->high;
}

static int search_mapping(const struct leash__mapping *mapping, void *argument)
{
    struct search *search = argument;
    uintptr_t low = mapping->low, sp = (uintptr_t)search->own.sp;
    const bool of_file = mapping->name[0] == '/';
    int rc = 0;
    if (!search->set.missing || !may_hold_handles(mapping))
        return 0;
    if (strcmp(mapping->name, "[stack]") == 0 && sp >= low && sp < mapping->high)
        low = sp;
    if (search->reaches && of_file != search->of_file)
        rc = leash__reader_flush(&search->reader);
    search->of_file = of_file;
    search->shared = mapping->shared;
    search->moves = search->pages.forked && may_move(mapping);
    return rc < 0 ? rc : leash__ranges_outside(&search->outside, low, end_of(search, mapping), search_part, search);
}

static int search_mappings(struct search *search)
{
    int rc = leash__maps_each(search_mapping, search);
    rc = rc < 0 ? rc : leash__reader_flush(&search->reader);
    search->of_file = false;
    follow(search);
    return rc;
}

/* ---- one search ---- */

static int prepare(struct search *search, const struct leash__order *order)
{
    const struct leash__blocks *blocks = order->blocks;
    const struct leash__scan_request *request = search->request;
    int rc = leash__handle_set_new(&search->set, request->handles, request->count);
    if (rc < 0 || (rc = leash__reader_new(&search->reader, order->directly, search_bytes, search)) < 0 ||
        (rc = leash__pages_new(&search->pages)) < 0)
        return rc;
    search->reaches = blocks != NULL;
    if (blocks) {
        if ((rc = leash__reach_new(&search->reach, blocks)) < 0)
            return rc;
        leash__reach_pass_over(&search->reach, request->handles);
        leash__blocks_arenas(&search->reach.view, &search->outside);
        leash__ranges_add(&search->outside, blocks->regions, blocks->regions + LEASH_REGIONS);
    }
    leash__roots_exclude(request, &search->own, &search->outside);
    return search->outside.failed ? -ENOMEM : 0;
}

static int search_all(struct search *search, const struct leash__stopper *stopper)
{
    leash__threads_registers(stopper, search_registers, search);
    leash__roots_each(search->request, search->sp, search_stack, search);
    if (search->reaches)
        leash__kept(search->request->tasks ? search->request->loop : NULL, search_kept, search);
    return search_mappings(search);
}

static void release(struct search *search)
{
    leash__reach_free(&search->reach);
    leash__pages_free(&search->pages);
    leash__reader_free(&search->reader);
    leash__ranges_free(&search->outside);
    leash__handle_set_free(&search->set);
    leash__arena_unmap(search, sizeof(*search));
}

void leash__search(const struct leash__order *order, struct leash__answer *answer)
{
    const struct leash__scan_request *request = order->request;
    struct search *search = leash__arena_map(sizeof(*search)); /* zeroed; a task's stack has no room for it */
    answer->rc = -ENOMEM;
    if (!search)
        return;
    if (answer->keepers)
        memset(answer->keepers, 0, request->count * sizeof(*answer->keepers));
    search->request = request;
    search->sp = order->sp;
    search->own = order->own;
    search->reader.memory = -1;
    search->pages.file = -1;
    answer->rc = prepare(search, order);
    search->pages.forked = order->forked;
    if (answer->rc == 0)
        answer->rc = search_all(search, order->stopper);
    for (size_t i = 0; answer->rc == 0 && i < request->count; i++)
        answer->found[i] |= leash__handle_set_seen(&search->set, request->handles[i]);
    if (answer->rc == 0)
        find_keepers(search, answer);
    answer->bytes = search->direct_bytes + search->reader.bytes + search->reach.bytes;
    release(search);
}
