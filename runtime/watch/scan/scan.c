/* The scan for handles that nobody keeps. Its first tier searches all live memory; where libleash_malloc tells of the
 * blocks of malloc, the second counts a block only if something leads to it. */
#include "blocks_view.h"
#include "faults.h"
#include "looker.h"
#include "search.h"
#include "stopper.h"

#include <errno.h>
#include <leash/scan.h>
#include <string.h>
#include <sys/stat.h>
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

static bool other_threads_run(void)
{
    struct stat tasks;
    return stat("/proc/self/task", &tasks) < 0 || tasks.st_nlink > 3; /* ".", "..", and one a thread */
}

/* ---- by a process of its own ---- */

/* What a looker leaves behind: the answer and its arrays in one piece. */
static size_t answer_size(const struct leash__scan_request *request)
{
    return sizeof(struct leash__answer) + request->count * (sizeof(uint32_t) + 1);
}

static bool search_there(void *shared, void *argument)
{
    struct leash__order order = *(const struct leash__order *)argument;
    struct leash__answer *answer = shared;
    uint32_t *keepers = (uint32_t *)(answer + 1);
    if (order.forked && __atomic_load_n(order.blocks->moving, __ATOMIC_RELAXED))
        return false;
    answer->found = (unsigned char *)(keepers + order.request->count);
    answer->keepers = order.request->tasks ? keepers : NULL;
    order.directly = leash__faults_catch() == 0;
    leash__search(&order, answer);
    return true;
}

static void take_answer(struct leash__answer *answer, const struct leash__answer *seen, size_t count)
{
    memcpy(answer->found, seen->found, count);
    if (answer->keepers)
        memcpy(answer->keepers, seen->keepers, count * sizeof(*answer->keepers));
    answer->bytes += seen->bytes;
}

static int answer_of(struct leash__looker *looker, struct leash__answer *answer, size_t count)
{
    int rc = leash__looker_wait(looker);
    const struct leash__answer *seen = looker->shared;
    if (rc == 0)
        rc = seen->rc;
    if (rc == 0)
        take_answer(answer, seen, count);
    return rc;
}

/* Nobody else runs that changes what is searched. Where no process can be made, by this one. */
static int search_beside(struct leash__order *order, struct leash__answer *answer)
{
    struct leash__looker looker;
    int rc = leash__looker_begin(&looker, LEASH_LOOK_BESIDE, answer_size(order->request), search_there, order);
    rc = rc == 0 ? answer_of(&looker, answer, order->request->count) : rc;
    leash__looker_free(&looker);
    if (rc == 0)
        return 0;
    leash__search(order, answer);
    return answer->rc;
}

/* ---- the first tier ---- */

static int search_all_memory(struct leash__order *order, struct leash__answer *answer)
{
    int rc = leash__threads_stop(&order->stopper);
    if (rc < 0)
        return rc;
    rc = search_beside(order, answer);
    return leash__threads_resume(order->stopper) ? rc : -ECANCELED;
}

/* ---- the second ---- */

/* 0; -EBUSY: there was nothing to be seen, another look may do; another errno. */
static int look(struct leash__order *order, struct leash__answer *answer)
{
    struct leash__looker looker;
    int rc = leash__threads_stop(&order->stopper);
    if (rc < 0)
        return rc;
    rc = leash__looker_begin(&looker, LEASH_LOOK_SNAPSHOT, answer_size(order->request), search_there, order);
    bool stood_still = leash__threads_resume(order->stopper);
    if (rc == 0)
        rc = answer_of(&looker, answer, order->request->count);
    leash__looker_free(&looker);
    return rc == 0 && !stood_still ? -ECANCELED : rc;
}

/* While there are other threads, in a snapshot: one that is stopped may be in the middle of malloc, and one is never
 * stopped. False: it could not be done. */
static bool search_reached(struct leash__order *order, struct leash__answer *answer)
{
    enum { TRIES = 6 };
    int rc = -EBUSY;
    if (!order->blocks)
        return false;
    if (!other_threads_run())
        return search_beside(order, answer) == 0;
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
        reason = rc < 0 ? failure_reason(rc) : NULL;
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
