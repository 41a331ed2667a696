/* The scan for handles that nobody keeps. Its first tier searches all live memory; where libleash_malloc tells of the
 * blocks of malloc, the second counts a block only if something leads to it. */
#include "blocks_view.h"
#include "refused.h"
#include "search.h"
#include "snapshot.h"
#include "stopper.h"

#include <errno.h>
#include <leash/scan.h>
#include <own_threads.h>
#include <string.h>
#include <time.h>
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

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

/* ---- the first tier ---- */

static int search_all_memory(struct leash__order *order, struct leash__answer *answer)
{
    int rc = leash__threads_stop(&order->stopper, order->request->stop_signal, &order->late);
    if (rc < 0)
        return rc;
    leash__search(order, answer);
    return leash__threads_resume(order->stopper) ? answer->rc : -ECANCELED;
}

/* ---- the second ---- */

/* What a snapshot's child leaves behind: the answer and its arrays in one piece. */
static size_t answer_size(const struct leash__scan_request *request)
{
    return sizeof(struct leash__answer) + request->count * (sizeof(uint32_t) + 1);
}

static bool search_snapshot(void *shared, void *argument)
{
    const struct leash__order *order = argument;
    struct leash__answer *answer = shared;
    uint32_t *keepers = (uint32_t *)(answer + 1);
    if (__atomic_load_n(order->blocks->moving, __ATOMIC_RELAXED))
        return false;
    answer->found = (unsigned char *)(keepers + order->request->count);
    answer->keepers = order->request->tasks ? keepers : NULL;
    leash__search(order, answer);
    return true;
}

static void take_answer(struct leash__answer *answer, const struct leash__answer *seen, size_t count)
{
    memcpy(answer->found, seen->found, count);
    if (answer->keepers)
        memcpy(answer->keepers, seen->keepers, count * sizeof(*answer->keepers));
    answer->bytes += seen->bytes;
}

/* 0; -EBUSY: there was nothing to be seen, another look may do; another errno. */
static int look(struct leash__order *order, struct leash__answer *answer)
{
    struct leash__snapshot snapshot = {0};
    int rc = leash__threads_stop(&order->stopper, order->request->stop_signal, &order->late);
    if (rc < 0)
        return rc;
    rc = leash__snapshot_begin(&snapshot, answer_size(order->request), search_snapshot, order);
    bool stood_still = leash__threads_resume(order->stopper);
    if (rc == 0)
        rc = leash__snapshot_wait(&snapshot);
    if (rc == 0)
        rc = stood_still ? ((struct leash__answer *)snapshot.shared)->rc : -ECANCELED;
    if (rc == 0)
        take_answer(answer, snapshot.shared, order->request->count);
    leash__snapshot_free(&snapshot);
    return rc;
}

/* While there are other threads, in a snapshot: one that is stopped may be in the middle of malloc, and one is never
 * stopped. False: it could not be done. */
static bool search_reached(struct leash__order *order, struct leash__answer *answer)
{
    enum { TRIES = 6 };
    int rc = -EBUSY;
    if (!order->blocks)
        return false;
    if (leash__process_threads() == 1) {
        leash__search(order, answer);
        return answer->rc == 0;
    }
    order->forked = true;
    for (int tries = 0; rc == -EBUSY && tries < TRIES; tries++)
        rc = look(order, answer);
    return rc == 0;
}

static int search_program(struct leash__order *order, struct leash__answer *answer)
{
    if (search_reached(order, answer))
        return 0;
    order->blocks = NULL;
    order->forked = false;
    memset(answer->found, 0, order->request->count);
    return search_all_memory(order, answer);
}

/* leash__scan_memory calls this, in entry.S. */
int leash__scan_from(const struct leash__scan_request *request, struct leash_scan_result *out, const char *sp)
{
    uint64_t began = clock_ns();
    struct leash__order order = {.request = request, .sp = sp};
    struct leash__answer answer = {.found = request->found, .keepers = request->tasks ? request->keepers : NULL};
    const char *reason = off_reason();
    int rc = 0;
    if (request->count)
        memset(request->found, 0, request->count);
    if (!reason && request->count) {
        order.own = leash__roots_own_stack(request, sp);
        order.blocks = leash__blocks_told();
        rc = search_program(&order, &answer);
        reason = rc < 0 ? leash__scan_refused(rc, request->stop_signal, order.late) : NULL;
    }
    *out = (struct leash_scan_result){.complete = !reason, .reason = reason ? reason : "", .bytes = answer.bytes};
    out->candidates = (unsigned)request->count;
    for (size_t i = 0; i < request->count; i++) {
        request->found[i] |= reason != NULL;
        out->lost += !request->found[i];
    }
    out->pause_ns = clock_ns() - began;
    return rc == -ENOMEM ? -ENOMEM : 0;
}
