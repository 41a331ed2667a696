/* What is told of leaks without a trace, against the table of classes. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <ports.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

/* Every leak as "class(also):name ", in the order in which they were told. */
static char told[2048];
static unsigned count;

void __wrap_leash__leak_found(const struct leash__leak *leak);
void __wrap_leash__leak_found(const struct leash__leak *leak)
{
    size_t length = strlen(told);
    count++;
    snprintf(told + length, sizeof told - length, "%s%s%s%s:%s ", leak->class, *leak->also ? "(" : "", leak->also,
             *leak->also ? ")" : "", leak->name);
}

static int run_told(leash_fn_t fn, void *arg)
{
    told[0] = '\0';
    count = 0;
    return run_virtual(fn, arg);
}

static void assert_told(leash_fn_t fn, void *arg, const char *expected)
{
    run_told(fn, arg);
    assert_string_equal(told, expected);
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "broken");
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(100);
}

static int awaits(void *arg)
{
    return leash_await((leash_task_t)arg, NULL);
}

static leash_task_t start(leash_fn_t fn, void *arg, const char *name)
{
    return leash_create_task_named(leash_coro(fn, arg), name);
}

/* ---- chains and circles ---- */

static int chain(void *arg)
{
    leash_task_t last = start(sleeps, NULL, "root");
    if (arg == (void *)1)
        leash_task_daemon(last);
    for (int i = 0; i < 6; i++)
        last = start(awaits, last, "waits");
    return leash_sleep(1);
}

static void test_only_the_root_of_a_chain_is_told(void **state)
{
    (void)state;
    assert_told(chain, NULL, "pending-at-exit:root ");
    assert_told(chain, (void *)1, "pending-at-exit:waits "); /* the root may be pending: the first to wait may not */
}

static int waits_for_main(void *arg)
{
    leash_task_t first = start(awaits, leash_current_task(), "first");
    leash_task_t second = start(awaits, first, "second");
    (void)arg;
    (void)second;
    return leash_await(leash_future(), NULL);
}

static void test_main_is_a_root_at_a_standstill_only(void **state)
{
    (void)state;
    run_told(waits_for_main, NULL); /* it stands still: then the deadlock is the root */
    assert_int_equal(count, 1);
    assert_memory_equal(told, "deadlock:", 9);
}

static leash_task_t later;

static int awaits_later(void *arg)
{
    (void)arg;
    return leash_await(later, NULL);
}

static int circle(void *arg)
{
    leash_task_t a = start(awaits_later, NULL, "a"), b = start(awaits, a, "b");
    later = start(awaits, b, "c");
    leash_task_t outside = start(awaits, b, "outside");
    leash_task_t further = start(awaits, outside, "further");
    (void)arg;
    (void)further;
    return leash_sleep(1);
}

static void test_a_circle_is_told_once(void **state)
{
    (void)state;
    assert_told(circle, NULL, "deadlock(pending-at-exit):a ");
}

enum { LONG = 3000 };

static int long_chain(void *arg)
{
    leash_task_t last = start(sleeps, NULL, "root");
    for (int i = 0; i < LONG; i++)
        last = leash_create_task(leash_coro(awaits, last));
    (void)arg;
    return leash_sleep(1);
}

static void test_a_long_chain(void **state)
{
    (void)state;
    assert_told(long_chain, NULL, "pending-at-exit:root ");
}

/* ---- the classes ---- */

static int pending(void *arg)
{
    leash_task_t task = start(sleeps, NULL, "it");
    switch ((intptr_t)arg) {
    case 0:
        break;
    case 1:
        leash_detach(task);
        break;
    case 2:
        leash_task_daemon(task);
        break;
    case 3: /* what a gather or a limit takes over is pending all the same */
        leash_detach(leash_gather(task));
        break;
    case 4:
        leash_detach(leash_shield(task));
        break;
    default: /* given back in time */
        leash_wait_for(task, 0.5, NULL);
    }
    return leash_sleep(1);
}

static void test_pending(void **state)
{
    (void)state;
    assert_told(pending, (void *)0, "pending-at-exit:it ");
    assert_told(pending, (void *)1, "pending-at-exit:it ");
    assert_told(pending, (void *)2, "");
    assert_told(pending, (void *)3, "never-retrieved:future pending-at-exit:it "); /* as CPython: it was cancelled */
    assert_told(pending, (void *)4, "pending-at-exit:it ");
    assert_told(pending, (void *)5, "");
}

static int joined(void *arg)
{
    leash_task_t task = start(nothing, NULL, "it");
    leash_awaitable_t items[] = {task};
    switch ((intptr_t)arg) {
    case 0:
        break;
    case 1: /* settles nothing */
        return leash_wait(items, 1, LEASH_ALL_COMPLETED, -1, NULL) == 1 ? 0 : -EPROTO;
    case 2:
        return leash_wait_for(task, 1, NULL);
    case 3:
        return leash_await(leash_shield(task), NULL);
    case 4:
        return leash_gather_wait(NULL, task);
    case 5: {
        struct leash_as_completed *it = leash_as_completed(items, 1, -1);
        int rc = leash_next_completed(it, NULL, NULL);
        leash_as_completed_free(it);
        return rc;
    }
    case 6:
        leash_detach(task);
        break;
    default:
        leash_unref(task);
    }
    return leash_sleep(1);
}

static void test_never_joined(void **state)
{
    (void)state;
    assert_told(joined, (void *)0, "never-joined:it ");
    assert_told(joined, (void *)1, "never-joined:it ");
    for (intptr_t i = 2; i < 7; i++)
        assert_told(joined, (void *)i, "");
    assert_told(joined, (void *)7, "never-joined:it ");
}

static int failing(void *arg)
{
    leash_task_t task = start(fails, NULL, "it");
    leash_awaitable_t items[] = {task, leash_future()};
    leash_detach(items[1]);
    switch ((intptr_t)arg) {
    case 0:
        break;
    case 1:
        leash_detach(task);
        break;
    case 2:
        leash_wait(items, 1, LEASH_ALL_COMPLETED, -1, NULL);
        break;
    case 3: /* it looks, as long as it is not all over anyway */
        leash_wait(items, 2, LEASH_FIRST_FAILURE, -1, NULL);
        break;
    case 4:
        leash_gather_wait(NULL, task);
        break;
    case 5: { /* a gather that nobody awaits has the failure then */
        leash_future_t all = leash_gather(task);
        (void)all;
        break;
    }
    case 6:
        leash_sleep(0.5);
        leash_cancel(task, NULL);
        break;
    default:
        leash_await(leash_shield(task), NULL);
    }
    return leash_sleep(1);
}

static void test_never_retrieved(void **state)
{
    (void)state;
    assert_told(failing, (void *)0, "never-retrieved:it ");
    assert_told(failing, (void *)1, "never-retrieved:it ");
    assert_told(failing, (void *)2, "never-retrieved:it ");
    assert_told(failing, (void *)3, "");
    assert_told(failing, (void *)4, "");
    assert_told(failing, (void *)5, "never-retrieved:future ");
    assert_told(failing, (void *)6, "");
    assert_told(failing, (void *)7, "");
}

static int fails_when_cancelled(void *arg)
{
    leash_sleep(100);
    while (arg)
        leash_sleep(0);
    return fails(NULL);
}

static int leaves_a_failing_one(void *arg)
{
    leash_task_t task = start(fails_when_cancelled, NULL, "it");
    leash_task_t spins = arg ? start(fails_when_cancelled, arg, "spins") : NULL;
    (void)task;
    (void)spins;
    return leash_sleep(1);
}

static void test_one_object_is_told_of_once(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    assert_told(leaves_a_failing_one, NULL, "pending-at-exit:it "); /* the clean-up looks at the outcomes */
    told[0] = '\0';
    options.cleanup_timeout = 0.02;
    run_options(leaves_a_failing_one, &options, &options); /* it does not, where it is given up */
    assert_string_equal(told, "never-retrieved(pending-at-exit):it pending-at-exit:spins ");
}

static int unused(void *arg)
{
    leash_coro_t coro = leash_coro(nothing, NULL);
    switch ((intptr_t)arg) {
    case 0:
        break;
    case 1:
        return leash_close(coro);
    case 2: { /* a creator that fails leaves it unused */
        leash_awaitable_t items[] = {coro, NULL};
        return leash_gather_array(items, 2, 0) ? -EPROTO : 0;
    }
    case 3: {
        leash_task_t task = leash_create_task(coro);
        leash_cancel(task, NULL);
        return leash_await(task, NULL) == -ECANCELED ? 0 : -EPROTO;
    }
    default:
        return leash_unref(coro);
    }
    return 0;
}

static void test_never_awaited(void **state)
{
    (void)state;
    assert_told(unused, (void *)0, "never-awaited:nothing ");
    assert_told(unused, (void *)1, "");
    assert_told(unused, (void *)2, "never-awaited:nothing ");
    assert_told(unused, (void *)3, "");
    assert_told(unused, (void *)4, "never-awaited:nothing ");
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_the_root_of_a_chain_is_told),
        cmocka_unit_test(test_main_is_a_root_at_a_standstill_only),
        cmocka_unit_test(test_a_circle_is_told_once),
        cmocka_unit_test(test_a_long_chain),
        cmocka_unit_test(test_pending),
        cmocka_unit_test(test_never_joined),
        cmocka_unit_test(test_never_retrieved),
        cmocka_unit_test(test_one_object_is_told_of_once),
        cmocka_unit_test(test_never_awaited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
