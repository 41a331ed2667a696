/* The first tier of the reachability scan: a linear search of the program's live memory for the values of handles. */
#include "handle_set.h"
#include "maps.h"
#include "pages.h"
#include "ranges.h"
#include "reader.h"
#include "roots.h"
#include "stopper.h"

#include <errno.h>
#include <leash/scan.h>
#include <ports.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

struct scan {
    const struct leash__scan_request *request;
    struct leash__handle_set set;
    struct leash__reader reader;
    struct leash__pages pages;
    struct leash__ranges outside; /* what is passed over */
    struct leash__own_stack own;
    struct leash__range part; /* read last */
    bool shared;              /* the mapping at hand */
    uint64_t stack_bytes;
};

int leash__scan_from(const struct leash__scan_request *request, struct leash_scan_result *out, const char *sp);

/* Of the sanitizers' run-time libraries, which may be in the program though this library was built without. */
extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));
extern void __msan_init(void) __attribute__((weak));

static uint64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Why no scan can run in this process; NULL if one can. */
static const char *off_reason(void)
{
    if (__asan_init || __tsan_init || __msan_init)
        return "a sanitizer is at work, whose own memory would count as references";
    if (RUNNING_ON_VALGRIND)
        return "Valgrind is at work, whose own memory would count as references";
    return NULL;
}

static const char *failure_reason(int rc)
{
    switch (rc) {
    case -ENOMEM:
        return "no memory to scan with";
    case -EACCES:
        return "the kernel lets this process read its memory neither with process_vm_readv nor in /proc/self/mem";
    case -EPERM:
        return "other threads run, and the kernel lets nobody stop them: a debugger traces them, or ptrace is "
               "forbidden";
    case -EAGAIN:
        return "other threads run, and no process can be started that stops them";
    case -ETIMEDOUT:
        return "another thread did not stop in time";
    case -ECANCELED:
        return "other threads went on in the middle, as the process that stopped them was killed";
    default:
        return "/proc/self/maps or /proc/self/task cannot be read";
    }
}

/* ---- one mapping, part by part ---- */

static void search_bytes(const unsigned char *data, size_t size, void *argument)
{
    leash__handle_set_search(&((struct scan *)argument)->set, data, size);
}

static int read_part(uintptr_t low, uintptr_t high, void *argument)
{
    struct scan *scan = argument;
    uintptr_t from = low;
    if (low == scan->part.high) /* a word may stand across the edge of two mappings */
        from = low - scan->part.low < 7 ? scan->part.low : low - 7;
    scan->part = (struct leash__range){low, high};
    return leash__reader_add(&scan->reader, from, high);
}

static int search_part(uintptr_t low, uintptr_t high, void *argument)
{
    struct scan *scan = argument;
    return leash__pages_each(&scan->pages, low, high, scan->shared, read_part, scan);
}

/* What the program can have stored a handle in, be it read-only by now: of private mappings only the pages that were
 * written are looked at. The kernel's own pages and device memory cannot be read and drop out. */
static bool may_hold_handles(const struct leash__mapping *mapping)
{
    if (!mapping->readable || strncmp(mapping->name, "[v", 2) == 0)
        return false;
    return mapping->writable || !mapping->shared;
}

static int search_mapping(const struct leash__mapping *mapping, void *argument)
{
    struct scan *scan = argument;
    uintptr_t low = mapping->low, sp = (uintptr_t)scan->own.sp;
    if (!scan->set.missing || !may_hold_handles(mapping))
        return 0;
    if (strcmp(mapping->name, "[stack]") == 0 && sp >= low && sp < mapping->high)
        low = sp;
    scan->shared = mapping->shared;
    return leash__ranges_outside(&scan->outside, low, mapping->high, search_part, scan);
}

static int search_mappings(struct scan *scan)
{
    int rc = leash__maps_each(search_mapping, scan);
    return rc < 0 ? rc : leash__reader_flush(&scan->reader);
}

/* ---- the scan ---- */

static int search_memory(struct scan *scan, const struct leash__stopper *stopper, const char *sp)
{
    leash__threads_registers(stopper, search_bytes, scan);
    leash__roots_exclude(scan->request, &scan->own, &scan->outside);
    if (scan->outside.failed)
        return -ENOMEM;
    scan->stack_bytes = leash__roots_search(scan->request, sp, &scan->set);
    return search_mappings(scan);
}

static int search_all(struct scan *scan, const char *sp)
{
    const struct leash__scan_request *request = scan->request;
    struct leash__stopper *stopper;
    int rc = leash__handle_set_new(&scan->set, request->handles, request->count);
    if (rc < 0 || (rc = leash__reader_new(&scan->reader, search_bytes, scan)) < 0 ||
        (rc = leash__pages_new(&scan->pages)) < 0)
        return rc;
    leash__roots_own_stack(request, sp, &scan->own);
    if ((rc = leash__threads_stop(&stopper)) < 0)
        return rc;
    rc = search_memory(scan, stopper, sp);
    return leash__threads_resume(stopper) ? rc : -ECANCELED;
}

static unsigned answer(const struct scan *scan, bool complete)
{
    const struct leash__scan_request *request = scan->request;
    unsigned lost = 0;
    for (size_t i = 0; i < request->count; i++) {
        request->found[i] = !complete || leash__handle_set_seen(&scan->set, request->handles[i]);
        lost += !request->found[i];
    }
    return lost;
}

/* leash__scan_memory calls this, in entry.S. */
int leash__scan_from(const struct leash__scan_request *request, struct leash_scan_result *out, const char *sp)
{
    uint64_t began = clock_ns();
    struct scan scan = {.request = request, .reader.memory = -1, .pages.file = -1};
    const char *reason = off_reason();
    int rc = 0;
    if (!reason && request->count) {
        rc = search_all(&scan, sp);
        reason = rc < 0 ? failure_reason(rc) : NULL;
    }
    *out = (struct leash_scan_result){.complete = !reason, .reason = reason ? reason : ""};
    out->candidates = (unsigned)request->count;
    out->lost = answer(&scan, !reason);
    out->bytes = scan.stack_bytes + scan.reader.bytes;
    leash__pages_free(&scan.pages);
    leash__reader_free(&scan.reader);
    leash__ranges_free(&scan.outside);
    leash__handle_set_free(&scan.set);
    out->pause_ns = clock_ns() - began;
    return rc == -ENOMEM ? -ENOMEM : 0;
}
