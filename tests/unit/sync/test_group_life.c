/* leash_group_t as a C program meets it: handles, groups left open, misuse, the end of the run, the trace. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>
#include <types.h>

#include "book.h"
#include "sink.h"

/* ---- handles, claims, locals ---- */

static struct leash_local local = LEASH_LOCAL_INIT;

static int sets_local(void *arg)
{
    struct book *book = arg;
    leash_sleep(0);
    book->rc[1] = leash_local_get(&local) == book;
    return leash_local_set(&local, NULL);
}

static int names_and_locals(void *arg)
{
    struct book *book = arg;
    leash_local_set(&local, book);
    leash_group_t group = leash_group_begin();
    leash_task_t task = leash_group_create_task_named(group, leash_coro(sets_local, book), "yolo");
    book->rc[0] = strcmp(leash_task_name(task), "yolo");
    book->rc[2] = leash_await(task, NULL); /* a member may be awaited in the body */
    book->rc[3] = leash_local_get(&local) == book;
    return book_end(book, group, 0);
}

static void test_names_and_locals(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(names_and_locals, &book), 0);
    assert_int_equal(book.rc[0], 0);
    assert_int_equal(book.rc[1], 1);
    assert_int_equal(book.rc[2], 0);
    assert_int_equal(book.rc[3], 1);
}

static int notes_itself(void *arg)
{
    struct book *book = arg;
    book->tasks[0] = leash_current_task();
    return 0;
}

static int claims(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    leash_task_t kept = book_add(book, group, 0, 1), given = book_add(book, group, 0, 2);
    leash_task_t detached = book_add(book, group, 0, 3), ref = book_add(book, group, 0, 4);
    if (leash_unref(given) || leash_detach(detached) || leash_ref(ref) ||
        leash_group_spawn(group, leash_coro(notes_itself, book)))
        return -EPROTO;
    leash_sleep(0.1);
    book->rc[0] = leash_cancelled(given);
    book->rc[1] = leash_cancelled(detached);
    book->rc[2] = leash_cancelled(book->tasks[0]);
    int rc = book_end(book, group, 0);
    book->rc[3] = leash_cancelled(kept);
    leash_sleep(0);
    book->rc[4] = leash_cancelled(kept);
    book->rc[5] = leash_result(ref, NULL);
    leash_unref(ref);
    return rc;
}

static void test_what_is_given_back_goes_early_and_the_rest_with_the_group(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(claims, &book), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(book.rc[i], -ESTALE);
    assert_int_equal(book.rc[3], 0);
    assert_int_equal(book.rc[4], -ESTALE);
    assert_int_equal(book.rc[5], 4);
}

/* ---- left open ---- */

static int leaves_it_open(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book_add(book, group, 1, book->rc[0]);
    book_add(book, group, 2, 0);
    return book->rc[1];
}

static int awaits_who_leaves_it_open(void *arg)
{
    struct book *book = arg;
    int rc = leash_await(leash_coro(leaves_it_open, book), NULL);
    book->end = leash_time();
    book->failed = (int)leash_all_tasks(NULL, 0) - 1;
    return rc;
}

static void test_a_group_left_open_ends_with_its_body(void **state)
{
    (void)state;
    struct book book = {.rc = {0, 9}};
    assert_int_equal(run_virtual(awaits_who_leaves_it_open, &book), 9);
    assert_true(book_is_about(book.end, 2));
    assert_int_equal(book.failed, 0);
    book = (struct book){.rc = {FIRST, 9}};
    assert_int_equal(run_virtual(awaits_who_leaves_it_open, &book), FIRST);
    assert_true(book_is_about(book.end, 1));
    book = (struct book){.rc = {0, OWN}};
    assert_int_equal(run_virtual(awaits_who_leaves_it_open, &book), OWN);
    assert_true(book_is_about(book.end, 0));
    assert_int_equal(book.count, 0); /* they were cancelled before they ran */
}

static int cancels_who_leaves_it_open(void *arg)
{
    return book_run(arg, leaves_it_open, 0.5);
}

static void test_cancelled_at_the_end_of_a_group_left_open(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(cancels_who_leaves_it_open, &book), -ECANCELED);
    assert_int_equal(book.rc[6], 1);
    assert_int_equal(book.count, 2);
}

static int opens_three(void *arg)
{
    struct book *book = arg;
    leash_group_t a = leash_group_begin(), b = leash_group_begin();
    leash_timeout_t scope = leash_timeout_begin(1.5);
    leash_group_t c = leash_group_begin();
    book_add(book, a, 1, 0);
    book_add(book, b, 2, 0);
    book_add(book, c, 3, 0);
    book->rc[0] = leash_group_end(a, 0); /* in any order */
    book->rc[1] = leash_time() == 1;
    (void)scope;
    return 0; /* c is cut short by the timeout, and b cancelled by that failure */
}

static void test_scopes_left_open_are_closed_from_the_inside_out(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(opens_three, &book), -ETIMEDOUT);
    assert_int_equal(book.rc[0], 0);
    assert_int_equal(book.rc[1], 1);
    assert_int_equal(book.count, 2);
}

/* ---- misuse ---- */

static int ends_the_others(void *arg)
{
    struct book *book = arg;
    book->rc[0] = leash_group_end(book->group, 0);
    return 0;
}

static void calls_from_the_loop(void *arg)
{
    struct book *book = arg;
    book->rc[1] = leash_group_begin() ? 0 : -errno;
    book->rc[2] = leash_group_end(book->group, 0);
    book->rc[3] = leash_group_spawn(book->group, book_child(book, 0, 0, 0)); /* this is fine */
}

static int misuses(void *arg)
{
    struct book *book = arg;
    leash_timeout_t scope = leash_timeout_begin(-1);
    book->group = leash_group_begin();
    leash_await(leash_create_task(leash_coro(ends_the_others, book)), NULL);
    leash_call_soon(calls_from_the_loop, book);
    leash_sleep(0);
    book->rc[4] = leash_group_failures((leash_group_t)scope, NULL, 0);
    book->rc[5] = leash_group_create_task(book->group, NULL) ? 0 : -errno;
    book->rc[6] = leash_await((void *)book->group, NULL);
    leash_coro_t used = book_child(book, 0, 0, 0);
    leash_await(used, NULL);
    book->rc[7] = leash_group_spawn(book->group, used);
    book->failed = leash_group_end(book->group, 0);
    return leash_timeout_end(scope, 0);
}

static void test_misuse(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_null(leash_group_begin());
    assert_int_equal(errno, EPERM);
    assert_int_equal(leash_group_end(NULL, 0), -EPERM);
    assert_int_equal(leash_group_failures(NULL, NULL, 0), -EINVAL);
    assert_int_equal(run_virtual(misuses, &book), 0);
    assert_int_equal(book.rc[0], -EINVAL);
    assert_int_equal(book.rc[1], -EPERM);
    assert_int_equal(book.rc[2], -EPERM);
    assert_int_equal(book.rc[3], 0);
    for (int i = 4; i < 8; i++)
        assert_int_equal(book.rc[i], -EINVAL);
    assert_int_equal(book.failed, 0);
}

/* ---- the end of the run ---- */

static int never_ends(void *arg)
{
    leash_group_t group = leash_group_begin();
    book_add(arg, group, 1000, 0);
    leash_future_t never = leash_future();
    int rc = leash_await(never, NULL);
    leash_unref(never);
    return rc;
}

static int leaves_it_to_the_run(void *arg)
{
    struct book *book = arg;
    book->tasks[0] = leash_create_task(leash_coro(never_ends, book));
    return leash_sleep(1);
}

static void test_the_clean_up_ends_a_group(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(leaves_it_to_the_run, &book), 0);
    assert_int_equal(book.count, 1);
}

static int stands_still(void *arg)
{
    leash_group_t group = leash_group_begin();
    leash_future_t never = leash_future();
    book_add(arg, group, 0, 0);
    leash_sleep(0.5);
    int rc = leash_group_end(group, leash_await(never, NULL));
    leash_unref(never);
    return rc;
}

static void test_a_group_that_never_ends_is_freed(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(stands_still, &book), -EDEADLK);
}

/* ---- what the trace and the dump tell ---- */

static int traced(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin_named("jobs");
    book_add(book, group, 1, FIRST);
    book_add(book, group, 5, 0);
    book->rc[0] = leash_group_end(group, leash_sleep(10));
    group = leash_group_begin();
    book_add(book, group, 1, SECOND);
    book_add(book, group, 1, SECOND); /* is over when the first one's end is seen: nobody cancels it */
    book->rc[1] = leash_group_end(group, 0);
    group = leash_group_begin();
    book->rc[2] = leash_group_spawn(group, book_child(book, 0, 0, 0));
    return leash_group_end(group, 0);
}

static void test_events(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(traced, &book), 0);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0), *done = sink_find(LEASH_EV_OBJECT_DONE, 0);
    assert_int_equal(made->b, LEASH_OBJECT_GROUP);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, "jobs");
    assert_int_equal(sink_count_of(LEASH_EV_CHILD), 5);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(sink_find(LEASH_EV_CHILD, i)->a, made->a);
        assert_int_equal(sink_find(LEASH_EV_CHILD, i)->b, sink_find(LEASH_EV_TASK, i + 1)->a);
    }
    assert_int_equal(done->a, made->a);
    assert_int_equal(done->b, EIO);
    /* The sibling, then main, by the group; then main again, by the second one. */
    assert_int_equal(sink_count_of(LEASH_EV_CANCEL_TASK), 3);
    assert_int_equal(sink_find(LEASH_EV_CANCEL_TASK, 0)->a, sink_find(LEASH_EV_CHILD, 1)->b);
    assert_int_equal(sink_find(LEASH_EV_CANCEL_TASK, 1)->a, sink_find(LEASH_EV_TASK, 0)->a);
    assert_int_equal(sink_find(LEASH_EV_CANCEL_TASK, 1)->b, 0);
    assert_int_equal(sink_count_of(LEASH_EV_DELIVERED), 3);
    assert_int_equal(sink_count_of(LEASH_EV_UNCANCEL), 2); /* also what CPython leaves in the count */
    assert_int_equal(sink_find(LEASH_EV_UNCANCEL, 1)->b, 0);
    assert_int_equal(sink_count_of(LEASH_EV_AWAIT_OBJECT), 3);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 0);
    sink_off();
}

static int never_awaits_the_refused(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    leash_group_end(group, 0);
    book->rc[0] = leash_group_spawn(group, book_child(book, 0, 0, 0));
    return 0;
}

static void test_a_refused_coroutine_is_never_awaited(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(never_awaits_the_refused, &book), 0);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 1);
    assert_int_equal(sink_find(LEASH_EV_JUDGED, 0)->c, LEASH_FACT_NEVER_AWAITED);
    sink_off();
}

/* After a group that failed while it ended, a request stays in the count: it is no excuse for being pending. */
static int is_pending_after_a_group(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book_add(book, group, 1, FIRST);
    leash_group_end(group, 0);
    return leash_sleep(1000);
}

static int leaves_it_pending(void *arg)
{
    struct book *book = arg;
    book->tasks[0] = leash_create_task(leash_coro(is_pending_after_a_group, book));
    leash_sleep(2);
    book->count = leash_cancelling(book->tasks[0]);
    return 0;
}

static void test_a_spent_cancellation_excuses_nobody(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(leaves_it_pending, &book), 0);
    assert_int_equal(book.count, 1);
    assert_int_equal(sink_find(LEASH_EV_JUDGED, 0)->c & (LEASH_FACT_PENDING | LEASH_FACT_CANCELLED),
                     LEASH_FACT_PENDING);
    sink_off();
}

/* What rules must know: who waits for a group to end swallows no cancellation. */
static int looks_at_main(void *arg)
{
    ((struct book *)arg)->count = (int)leash__running()->main->deferring;
    return 0;
}

static int is_looked_at(void *arg)
{
    leash_group_t group = leash_group_begin();
    int rc = leash_group_spawn(group, leash_coro(looks_at_main, arg));
    rc = leash_group_end(group, rc);
    return rc < 0 ? rc : (int)leash__running()->main->deferring;
}

static void test_who_waits_for_the_end_is_marked(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(is_looked_at, &book), 0);
    assert_int_equal(book.count, 1);
}

static int dumps(void *arg)
{
    struct book *book = arg;
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    snprintf(book->message, sizeof book->message, "%s", strstr(text, "for group \"jobs\" at ") ? "dumped" : text);
    free(text);
    return 0;
}

static int is_dumped(void *arg)
{
    leash_group_t group = leash_group_begin_named("jobs");
    int rc = leash_group_spawn(group, leash_coro(dumps, arg));
    return leash_group_end(group, rc);
}

static void test_dump(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(is_dumped, &book), 0);
    assert_string_equal(book.message, "dumped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_locals),
        cmocka_unit_test(test_what_is_given_back_goes_early_and_the_rest_with_the_group),
        cmocka_unit_test(test_a_group_left_open_ends_with_its_body),
        cmocka_unit_test(test_cancelled_at_the_end_of_a_group_left_open),
        cmocka_unit_test(test_scopes_left_open_are_closed_from_the_inside_out),
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_the_clean_up_ends_a_group),
        cmocka_unit_test(test_a_group_that_never_ends_is_freed),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_a_refused_coroutine_is_never_awaited),
        cmocka_unit_test(test_a_spent_cancellation_excuses_nobody),
        cmocka_unit_test(test_who_waits_for_the_end_is_marked),
        cmocka_unit_test(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
