#include "scenario.h"

#include <errno.h>

#define PUT(kind, ...)     spool_put(maker, 1, LEASH_EV_##kind, __VA_ARGS__)
#define AT(now, kind, ...) spool_at(maker, 1, now, LEASH_EV_##kind, __VA_ARGS__)
#define STRING(kind, ...)  spool_string(maker, 1, LEASH_EV_##kind, __VA_ARGS__)

enum { SITE_CORO = 1, SITE_TASK, SITE_AWAIT };

static void define(struct spool_maker *maker)
{
    const uint64_t frames[] = {1, 0x1234, 1, 0x10, 1, 0x1234};
    static const char module[] = "/bin/app\0abcdef\0"
                                 "1000";
    STRING(DEF_THREAD, 0, 1, 4712, "main");
    spool_site(maker, 1, SITE_CORO, "src/app.c", 12, "app", "worker");
    spool_site(maker, 1, SITE_TASK, "src/app.c", 13, "app", "leash_coro(worker, NULL)");
    spool_text(maker, 1, LEASH_EV_DEF_MODULE, 0, 1, 4096, module, sizeof(module));
    spool_text(maker, 1, LEASH_EV_DEF_STACK, 0, 1, 3, frames, sizeof(frames));
    PUT(CORO, SITE_CORO, 1, 0, 0);
    PUT(TASK, SITE_TASK, 1, 1, 0);
    AT(100, LOOP_BEGIN, SITE_TASK, 1, 1);
    PUT(START, 0, 1, 1, 0);
}

/* A task that is named, awaited, and ends well; a coroutine on whose creation much happens before a task takes it. */
static void end_well(struct spool_maker *maker)
{
    PUT(CORO, SITE_CORO, 2, 1, 0xdead);
    PUT(CORO_FN, 0, 2, 1, 0x40);
    PUT(STACK, 0, 2, 1, LEASH_SUBJECT_CORO);
    PUT(CORO, SITE_CORO, 3, 1, 0xbeef);
    PUT(TASK, SITE_TASK, 2, 2, 1);
    STRING(NAME, 0, 2, LEASH_SUBJECT_TASK, "a name that is longer than one slot holds");
    AT(110, AWAIT_TASK, SITE_AWAIT, 1, 2);
    PUT(START, 0, 2, 1, 0);
    AT(115, RESUME, 0, 2, 0);
    AT(120, AWAIT_CORO, SITE_AWAIT, 2, 3);
    AT(121, AWAIT_SLEEP, SITE_AWAIT, 2, 20);
    AT(122, SUSPEND, 0, 2, 0);
    AT(141, WAKE, 0, 2, 0);
    AT(141, RESUME, 0, 2, 0);
    AT(142, RETURN, 0, 3, 0);
    AT(150, DONE, 0, 2, 3);
    AT(151, SUSPEND, 0, 2, 0);
    PUT(CLAIM, 0, 2, LEASH_CLAIM_SETTLED, LEASH_SUBJECT_TASK);
}

/* A gather of a task that fails and a future that is cancelled. */
static void end_badly(struct spool_maker *maker)
{
    PUT(TASK, SITE_TASK, 3, 0, 1);
    PUT(FUTURE, SITE_TASK, 1, 1, 0);
    STRING(NAME, 0, 1, LEASH_SUBJECT_FUTURE, "answer");
    PUT(OBJECT, SITE_TASK, 1, LEASH_OBJECT_GATHER, 1);
    PUT(CHILD, 0, 1, 3, LEASH_SUBJECT_TASK);
    PUT(CLAIM, SITE_TASK, 3, LEASH_CLAIM_GIVEN, LEASH_SUBJECT_TASK);
    PUT(CHILD, 0, 1, 1, LEASH_SUBJECT_FUTURE);
    AT(160, AWAIT_OBJECT, SITE_AWAIT, 1, 1);
    PUT(START, 0, 3, 1, 0);
    PUT(CORO, SITE_CORO, 4, 3, 0);
    AT(161, AWAIT_CORO, SITE_AWAIT, 3, 4);
    AT(162, AWAIT_FUTURE, SITE_AWAIT, 3, 1);
    AT(170, CANCEL_FUTURE, SITE_AWAIT, 1, 0);
    STRING(CANCEL_MESSAGE, 0, 1, LEASH_SUBJECT_FUTURE, "not needed");
    AT(170, FUTURE_CANCELLED, 0, 1, 0);
    STRING(FAILURE, SITE_AWAIT, 4, LEASH_SUBJECT_CORO, "the peer went away, and so do we");
    AT(180, RETURN, 0, 4, EPIPE);
    STRING(FAILURE, SITE_AWAIT, 3, LEASH_SUBJECT_TASK, "the peer went away, and so do we");
    AT(181, FAILED, 0, 3, EPIPE);
    PUT(JUDGED, 0, 3, LEASH_SUBJECT_TASK, LEASH_FACT_UNRETRIEVED);
    AT(182, OBJECT_DONE, 0, 1, EPIPE);
}

static void set_futures(struct spool_maker *maker)
{
    PUT(FUTURE, SITE_TASK, 3, 1, 0);
    PUT(FUTURE, SITE_TASK, 4, 1, 0);
    AT(190, AWAIT_FUTURE, SITE_AWAIT, 1, 3);
    AT(191, FUTURE_DONE, 0, 3, 0);
    AT(192, AWAIT_FUTURE, SITE_AWAIT, 1, 4);
    STRING(FAILURE, SITE_AWAIT, 4, LEASH_SUBJECT_FUTURE, "");
    AT(193, FUTURE_FAILED, 0, 4, ENOENT);
}

static void cancel(struct spool_maker *maker)
{
    PUT(TASK, SITE_TASK, 4, 0, 1);
    PUT(START, 0, 4, 1, 0);
    AT(200, AWAIT_SLEEP, SITE_AWAIT, 4, 1000);
    AT(201, CANCEL_TASK, SITE_AWAIT, 4, 1);
    STRING(CANCEL_MESSAGE, 0, 4, LEASH_SUBJECT_TASK, "stop");
    AT(202, CANCEL_TIMEOUT, 0, 4, 7);
    AT(203, WAKE, 0, 4, ECANCELED);
    AT(203, DELIVERED, 0, 4, 0);
    AT(204, UNCANCEL, 0, 4, 1);
    AT(205, AWAIT_SLEEP, SITE_AWAIT, 4, 10);
    AT(209, CANCELLED, 0, 4, 0);
    STRING(MISUSE, SITE_AWAIT, 1, LEASH_MISUSE_AWAITED_TWICE, "coroutine 4 was awaited before");
}

/* A semaphore that two hold, one of them for good; what else is asked of objects. */
static void hold(struct spool_maker *maker)
{
    PUT(OBJECT, SITE_TASK, 2, LEASH_OBJECT_SEMAPHORE, 1);
    PUT(FIRST_USE, 0, 2, 1, 0);
    PUT(LIMIT, 0, 2, 2, 0);
    STRING(NAME, 0, 2, LEASH_SUBJECT_OBJECT, "slots");
    AT(210, ACQUIRED, SITE_AWAIT, 1, 2);
    AT(211, ACQUIRED, SITE_AWAIT, 4, 2);
    AT(212, RELEASED, SITE_AWAIT, 1, 2);
    PUT(OBJECT, SITE_TASK, 3, LEASH_OBJECT_QUEUE, 1);
    PUT(STACK, 0, 3, 1, LEASH_SUBJECT_OBJECT);
    AT(213, ACQUIRED, SITE_AWAIT, 1, 3);
    AT(220, SET, SITE_AWAIT, 3, 1);
    AT(221, CLEARED, SITE_AWAIT, 3, 1);
    AT(222, NOTIFIED, SITE_AWAIT, 3, 0);
    AT(223, PUT, SITE_AWAIT, 3, 1);
    AT(224, GOT, SITE_AWAIT, 3, 1);
    AT(225, SHUT, SITE_AWAIT, 3, 1);
    PUT(JUDGED, 0, 3, LEASH_SUBJECT_OBJECT, LEASH_FACT_ITEMS_LEFT);
    AT(226, OBJECT_DONE, 0, 3, 0);
}

/* A test within another one, and what was made in it. */
static void test(struct spool_maker *maker)
{
    STRING(TEST_BEGIN, SITE_TASK, 1, 0, "group");
    STRING(TEST_BEGIN, SITE_TASK, 2, 1, "case");
    PUT(TEST_MEMBER, 0, 1, 2, LEASH_SUBJECT_TASK);
    PUT(TEST_MEMBER, 0, 3, 1, LEASH_SUBJECT_OBJECT);
    AT(227, TEST_END, 0, 2, 1);
}

static void block(struct spool_maker *maker)
{
    AT(230, BLOCK, 0, 1, 1);
    PUT(BLOCK_OF, 0, 1, 1, 1);
    PUT(BLOCK_FOR, 0, 1, 100000, LEASH_BLOCK_RUNNING);
    PUT(BLOCK_LATE, 0, 1, 2, 1);
    AT(240, BLOCK_END, 0, 1, 200000);
    AT(250, BLOCK, 0, 2, 1); /* for good */
    PUT(BLOCK_OF, 0, 2, 0, 0);
    PUT(BLOCK_FOR, 0, 2, 100000, LEASH_BLOCK_ITERATION);
}

/* What leaks, and the end. */
static void leak(struct spool_maker *maker)
{
    const uint64_t numbers[] = {123456, 789};
    PUT(CORO, SITE_CORO, 5, 1, 0);
    PUT(CORO, SITE_CORO, 6, 1, 0);
    PUT(CLAIM, SITE_AWAIT, 6, LEASH_CLAIM_CLOSED, LEASH_SUBJECT_CORO);
    PUT(TASK, SITE_TASK, 5, 0, 1);
    PUT(STACK, 0, 5, 1, LEASH_SUBJECT_TASK);
    PUT(TASK, SITE_TASK, 6, 0, 1);
    PUT(CLAIM, SITE_AWAIT, 6, LEASH_CLAIM_DAEMON, LEASH_SUBJECT_TASK);
    PUT(FUTURE, SITE_TASK, 2, 1, 0);
    PUT(STACK, 0, 2, 1, LEASH_SUBJECT_FUTURE);
    PUT(START, 0, 5, 1, 0);
    AT(300, AWAIT_SLEEP, SITE_AWAIT, 5, 10000000);
    AT(301, DONE, 0, 1, 0);
    AT(301, LOOP_MAIN_ENDED, 0, 1, 0);
    AT(302, SCAN, 0, 1, 1);
    AT(303, LOST, 0, 5, 1);
    PUT(KEPT, 0, 5, 5, 0);
    AT(303, HELD, 0, 6, 1);
    spool_text(maker, 1, LEASH_EV_SCAN_END, 0, 1, LEASH_SCAN_COMPLETE, numbers, sizeof(numbers));
    PUT(JUDGED, 0, 5, LEASH_SUBJECT_TASK, LEASH_FACT_PENDING | LEASH_FACT_UNSETTLED | LEASH_FACT_LOST);
    PUT(JUDGED, 0, 6, LEASH_SUBJECT_TASK, LEASH_FACT_PENDING | LEASH_FACT_DAEMON);
    PUT(STOOD, 0, 5, 1, 0);
    AT(304, CANCEL_CLEANUP, 0, 5, 1);
    AT(305, WAKE, 0, 5, ECANCELED);
    AT(305, DELIVERED, 0, 5, 0);
    AT(306, CANCELLED, 0, 5, 0);
    PUT(JUDGED, 0, 5, LEASH_SUBJECT_CORO, LEASH_FACT_NEVER_AWAITED);
    PUT(JUDGED, 0, 2, LEASH_SUBJECT_TASK, LEASH_FACT_UNSETTLED);
    AT(310, LOOP_END, 0, 1, LEASH_LOOP_COMPLETE);
    STRING(NAME, 0, 2, LEASH_SUBJECT_TASK, "renamed when it was over");
}

static void lock_up(struct spool_maker *maker)
{
    for (uint64_t id = 7; id <= 8; id++) {
        PUT(CORO, SITE_CORO, id, 1, 0);
        PUT(TASK, SITE_TASK, id, id, 1);
        PUT(START, 0, id, 1, 0);
    }
    AT(306, AWAIT_TASK, SITE_AWAIT, 7, 8);
    AT(306, AWAIT_TASK, SITE_AWAIT, 8, 7);
    AT(307, DEADLOCK, 0, 1, LEASH_DEADLOCK_CYCLE);
    PUT(DEADLOCK_TASK, SITE_AWAIT, 1, 7, 1);
    PUT(DEADLOCK_TASK, 0, 1, 8, 2);
    AT(308, CANCEL_TASK, SITE_AWAIT, 7, 0);
    AT(308, CANCEL_AWAITED, 0, 8, 7);
    AT(309, DEADLOCK_OVER, 0, 1, LEASH_DEADLOCK_CANCELLED);
    AT(309, DEADLOCK, 0, 2, LEASH_DEADLOCK_OUTSIDE);
    PUT(DEADLOCK_TASK, 0, 2, 7, 1);
    AT(310, CANCELLED, 0, 8, 0);
    AT(310, CANCELLED, 0, 7, 0);
}

void scenario_all_kinds(struct spool_maker *maker)
{
    define(maker);
    end_well(maker);
    end_badly(maker);
    set_futures(maker);
    cancel(maker);
    hold(maker);
    test(maker);
    block(maker);
    leak(maker);
    lock_up(maker);
}

void scenario_many(struct spool_maker *maker, uint32_t thread, uint64_t first, unsigned tasks)
{
    uint64_t now = 1000;
    for (uint64_t id = first; id < first + tasks; id++) {
        spool_put(maker, thread, LEASH_EV_CORO, SITE_CORO, id, 0, id << 4);
        spool_put(maker, thread, LEASH_EV_TASK, SITE_TASK, id, id, 0);
        spool_put(maker, thread, LEASH_EV_START, 0, id, thread, 0);
        spool_at(maker, thread, ++now, LEASH_EV_AWAIT_SLEEP, SITE_AWAIT, id, 10);
        if (id > first + 3)
            spool_at(maker, thread, ++now, LEASH_EV_AWAIT_TASK, SITE_AWAIT, id - 1, id - 3);
        if (id > first + 5 && id % 7)
            spool_at(maker, thread, ++now, LEASH_EV_DONE, 0, id - 4, 0);
    }
}
