/* The scan for handles that nobody keeps. Its first tier searches all live memory; where libleash_malloc tells of the
 * blocks of malloc, the second counts a block only if something leads to it. */
#include "away.h"
#include "blocks_view.h"
#include "refused.h"
#include "stopper.h"

#include <clock.h>
#include <errno.h>
#include <leash/scan.h>
#include <own_threads.h>
#include <pause.h>
#include <pthread.h>
#include <string.h>
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

/* Why no scan can run in this process; NULL if one can. */
static const char *off_reason(void)
{
    if (__asan_init || __tsan_init || __msan_init)
        return "a sanitizer is at work, whose own memory would count as references";
    if (RUNNING_ON_VALGRIND)
        return "Valgrind is at work, whose own memory would count as references";
    return NULL;
}

/* Nobody else runs that changes what counts. Where no other process can do it this one does; but not block by block: in
 * a block there may be pages that cannot be read. */
static int search_here(struct leash__order *order, struct leash__answer *answer)
{
    int rc = leash__search_beside(order, answer);
    if (rc == 0 || order->blocks)
        return rc;
    leash__search(order, answer);
    return answer->rc;
}

static int search_all_memory(struct leash__order *order, struct leash__answer *answer)
{
    int rc = leash__threads_stop(&order->stopper, order->request->stop_signal, &order->late);
    if (rc < 0)
        return rc;
    rc = search_here(order, answer);
    return leash__threads_resume(order->stopper) ? rc : -ECANCELED;
}

/* While there are other threads, in a snapshot: one that is stopped may be in the middle of malloc, and one is never
 * stopped. False: it could not be done. */
static bool search_reached(struct leash__order *order, struct leash__answer *answer)
{
    enum { TRIES = 6 };
    int rc = -EBUSY;
    if (!order->blocks)
        return false;
    if (leash__process_threads() == 1)
        return search_here(order, answer) == 0;
    for (int tries = 0; rc == -EBUSY && tries < TRIES; tries++)
        rc = leash__search_snapshot(order, answer);
    return rc == 0;
}

static int search_program(struct leash__order *order, struct leash__answer *answer)
{
    if (search_reached(order, answer))
        return 0;
    order->blocks = NULL;
    memset(answer->found, 0, order->request->count);
    return search_all_memory(order, answer);
}

static void conclude(const struct leash__scan_request *request, const char *reason, struct leash_scan_result *out)
{
    out->complete = !reason;
    out->reason = reason ? reason : "";
    out->candidates = (unsigned)request->count;
    for (size_t i = 0; i < request->count; i++) {
        request->found[i] |= reason != NULL;
        out->lost += !request->found[i];
    }
}

static bool answers_later(struct leash__order *order)
{
    const struct leash__scan_request *request = order->request;
    return request->later && leash__search_later_pays(request) && leash__search_later(order, request->later) == 0;
}

static struct leash__answer answer_to(const struct leash__scan_request *request)
{
    return (struct leash__answer){.found = request->found, .keepers = request->tasks ? request->keepers : NULL};
}

static int scan(const struct leash__scan_request *request, struct leash_scan_result *out, const char *sp)
{
    struct leash__order order = {.request = request, .sp = sp};
    struct leash__answer answer = answer_to(request);
    const char *reason = off_reason();
    int rc = 0;
    if (request->count)
        memset(request->found, 0, request->count);
    if (!reason && request->count) {
        order.own = leash__roots_own_stack(request, sp);
        order.blocks = leash__blocks_told();
        if (answers_later(&order))
            return 0;
        rc = search_program(&order, &answer);
        reason = rc < 0 ? leash__scan_refused(rc, request->stop_signal, order.late) : NULL;
    }
    conclude(request, reason, out);
    out->bytes = answer.bytes;
    return rc == -ENOMEM ? -ENOMEM : 0;
}

/* leash__scan_memory calls this, in entry.S. What waits for another process must not be left by a cancellation. */
int leash__scan_from(const struct leash__scan_request *request, struct leash_scan_result *out, const char *sp)
{
    uint64_t began = leash__clock_system();
    int cancelstate;
    *out = (struct leash_scan_result){.reason = ""};
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelstate);
    leash__pause_begin();
    int rc = scan(request, out, sp);
    leash__pause_end();
    pthread_setcancelstate(cancelstate, NULL);
    out->pause_ns = leash__clock_system() - began;
    return rc;
}

bool leash__scan_answer(const struct leash__scan_request *request, struct leash_scan_result *out, uint64_t *ended_ns)
{
    struct leash__answer answer = answer_to(request);
    int rc = leash__search_fetch(*request->later, &answer);
    if (rc == -EAGAIN)
        return false;
    *request->later = NULL;
    conclude(request, rc < 0 ? leash__scan_refused(rc, 0, 0) : NULL, out);
    out->bytes = answer.bytes;
    *ended_ns = rc < 0 ? leash__clock_system() : answer.ended_ns;
    return true;
}

void leash__scan_drop(const struct leash__scan_request *request)
{
    int cancelstate;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelstate);
    leash__search_drop(*request->later);
    pthread_setcancelstate(cancelstate, NULL);
    *request->later = NULL;
}
