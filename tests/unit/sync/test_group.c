/* leash_group_t: CPython's test_taskgroups.py in C. Order is compared with CPython itself in tests/differential. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "sink.h"

/* ---- all is well ---- */

static int two_end(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book->tasks[0] = book_add(book, group, 0.1, 42);
    book->tasks[1] = book_add(book, group, 0.2, 11);
    int rc = book_end(book, group, 0);
    book->rc[0] = leash_result(book->tasks[0], NULL);
    book->rc[1] = leash_result(book->tasks[1], NULL);
    leash_sleep(0);
    book->rc[2] = leash_result(book->tasks[0], NULL);
    book->rc[3] = leash_group_failures(group, NULL, 0);
    return rc;
}

static void test_waits_for_all_and_their_results_can_be_read(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(two_end, &book), 0);
    assert_int_equal(book.rc[0], 42);
    assert_int_equal(book.rc[1], 11);
    assert_true(book_is_about(book.end, 0.2));
    assert_int_equal(book.failed, 0);
    assert_int_equal(book.rc[2], -ESTALE); /* until the task suspends */
    assert_int_equal(book.rc[3], -ESTALE);
}

static int one_later(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book->tasks[0] = book_add(book, group, 0.1, 42);
    leash_sleep(0.15);
    book->tasks[1] = book_add(book, group, 0.2, 11);
    int rc = book_end(book, group, 7);
    book->rc[0] = leash_result(book->tasks[0], NULL); /* it had ended long before the group */
    book->rc[1] = leash_result(book->tasks[1], NULL);
    return rc;
}

static void test_tasks_may_come_while_others_run(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(one_later, &book), 7); /* the body's own code */
    assert_int_equal(book.rc[0], 42);
    assert_int_equal(book.rc[1], 11);
    assert_true(book_is_about(book.end, 0.35));
}

static int a_child_is_cancelled(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book->tasks[0] = book_add(book, group, 1, 42);
    leash_sleep(0.15);
    leash_cancel(book->tasks[0], NULL);
    book->tasks[1] = book_add(book, group, 0.2, 11);
    int rc = book_end(book, group, 0);
    book->rc[0] = leash_cancelled(book->tasks[0]);
    book->rc[1] = leash_result(book->tasks[1], NULL);
    return rc;
}

static void test_a_cancelled_child_is_no_failure(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(a_child_is_cancelled, &book), 0);
    assert_int_equal(book.rc[0], 1);
    assert_int_equal(book.rc[1], 11);
}

static void counts(void *arg)
{
    ((struct book *)arg)->count++;
}

static int empty(void *arg)
{
    struct book *book = arg;
    leash_call_soon(counts, book); /* would run if the end yielded */
    leash_group_t group = leash_group_begin();
    book->rc[0] = leash_group_end(group, 3);
    return book->count;
}

static void test_an_empty_group_ends_at_once(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(empty, &book), 0);
    assert_int_equal(book.rc[0], 3);
}

/* ---- a failure ---- */

static int one_fails(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book_add(book, group, 0.1, FIRST);
    book->tasks[1] = book_add(book, group, 1, 0);
    int rc = book_end(book, group, 0);
    book->rc[1] = leash_cancelled(book->tasks[1]);
    return rc;
}

static int task_of_one_fails(void *arg)
{
    return book_run(arg, one_fails, -1);
}

static void test_a_failure_cancels_the_siblings(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(task_of_one_fails, &book), FIRST);
    assert_int_equal(book.failed, 1);
    assert_int_equal(book.failures[0].code, FIRST);
    assert_string_equal(book.texts[0], "after 0.1 s");
    assert_string_equal(book.message, "1 of 2 tasks failed: child: EIO: after 0.1 s");
    assert_int_equal(book.count, 1);
    assert_int_equal(book.rc[1], 1);
    assert_true(book_is_about(book.end, 0.1));
}

static int three_fail_in_the_body(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    for (int i = 0; i < 3; i++)
        book->rc[i] = leash_group_spawn(group, book_child(book, 0.1, FIRST - i, 0));
    book_add(book, group, 5, 0);
    book->rc[3] = leash_sleep(10); /* cancelled by the group */
    book->rc[4] = leash_cancelling(leash_current_task());
    int rc = book_end(book, group, book->rc[3]);
    book->rc[5] = leash_cancelling(leash_current_task());
    return rc;
}

static int task_of_three_fail(void *arg)
{
    return book_run(arg, three_fail_in_the_body, -1);
}

static void test_a_failure_cancels_the_body(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(task_of_three_fail, &book), FIRST);
    assert_int_equal(book.rc[3], -ECANCELED);
    assert_int_equal(book.rc[4], 1);
    assert_int_equal(book.rc[5], 0); /* the group took its request back */
    assert_int_equal(book.failed, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(book.failures[i].code, FIRST - i);
    assert_int_equal(book.count, 1);
    assert_non_null(strstr(book.message, "3 of 4 tasks failed: child: EIO: after 0.1 s; child: "));
    assert_int_equal(book.rc[6], 0); /* failed, not cancelled */
}

static int fails_with_a_failing_child(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book_add(book, group, 0.1, FIRST);
    leash_sleep(10);
    int rc = book_end(book, group, leash_fail(book->rc[0], "of the body"));
    book->rc[1] = leash_cancelling(leash_current_task());
    return rc;
}

static int task_of_both_fail(void *arg)
{
    return book_run(arg, fails_with_a_failing_child, -1);
}

static void test_body_and_child_fail(void **state)
{
    struct book book = {.rc = {OWN, -1}};
    (void)state;
    assert_int_equal(run_virtual(task_of_both_fail, &book), FIRST);
    assert_int_equal(book.rc[1], 0); /* the group took its request back */
    assert_int_equal(book.failed, 2);
    assert_int_equal(book.failures[1].code, OWN);
    assert_string_equal(book.texts[1], "of the body");
    assert_string_equal(book.message,
                        "the body and 1 of 1 tasks failed: child: EIO: after 0.1 s; body: EDOM: of the body");
    book = (struct book){.rc = {FIRST}}; /* the same code: the message is the group's all the same */
    assert_int_equal(run_virtual(task_of_both_fail, &book), FIRST);
    assert_string_equal(book.message,
                        "the body and 1 of 1 tasks failed: child: EIO: after 0.1 s; body: EIO: of the body");
}

static int body_fails(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book->tasks[0] = book_add(book, group, 1, 42);
    book->tasks[1] = book_add(book, group, 2, 11);
    if (book->count == 0)
        leash_sleep(0.1);
    int rc = book_end(book, group, leash_fail(OWN, "of the body"));
    book->rc[0] = leash_cancelled(book->tasks[0]);
    book->rc[1] = leash_cancelled(book->tasks[1]);
    return rc;
}

static int awaits_body_fails(void *arg)
{
    return book_run(arg, body_fails, -1);
}

static void test_a_failing_body_cancels_the_tasks(void **state)
{
    (void)state;
    for (int at_once = 0; at_once < 2; at_once++) {
        struct book book = {.count = at_once};
        assert_int_equal(run_virtual(awaits_body_fails, &book), OWN);
        assert_int_equal(book.failed, 1);
        assert_string_equal(book.texts[0], "of the body");
        assert_string_equal(book.message, "of the body"); /* its own: there is nothing to add */
        assert_int_equal(book.rc[0], 1);
        assert_int_equal(book.rc[1], 1);
    }
}

static int one_fails_later_than_the_end(void *arg)
{
    struct book *book = arg;
    leash_timeout_t scope = leash_timeout_begin(100);
    leash_group_t group = leash_group_begin();
    book_add(book, group, 1, FIRST);
    book->rc[0] = book_end(book, group, 0);
    book->rc[1] = leash_cancelling(leash_current_task());
    leash_uncancel(leash_current_task());
    return leash_timeout_end(scope, leash_sleep(1)); /* it goes on as if nothing had been */
}

static void test_a_failure_during_the_end(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(one_fails_later_than_the_end, &book), 0);
    assert_int_equal(book.rc[0], FIRST);
    assert_int_equal(book.rc[1], 1); /* CPython 3.11 does not take this request back */
}

/* ---- cancellation from outside ---- */

static int five_sleep(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    for (int i = 0; i < 5; i++)
        book->tasks[i] = book_add(book, group, 5, 0);
    return book_end(book, group, 0);
}

static int cancels_five(void *arg)
{
    return book_run(arg, five_sleep, 0.1);
}

static void test_cancelled_while_it_ends(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(cancels_five, &book), -ECANCELED);
    assert_int_equal(book.count, 5);
    assert_int_equal(book.failed, 0);
    assert_int_equal(book.rc[6], 1);
    assert_string_equal(book.message, "from outside");
}

static int five_sleep_and_so_does_the_body(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    for (int i = 0; i < 5; i++)
        book_add(book, group, 5, 0);
    int rc = leash_sleep(10);
    if (rc < 0)
        book->count += 10;
    return book_end(book, group, rc);
}

static int cancels_the_body(void *arg)
{
    return book_run(arg, five_sleep_and_so_does_the_body, 0.1);
}

static void test_cancelled_in_the_body(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(cancels_the_body, &book), -ECANCELED);
    assert_int_equal(book.count, 15);
    assert_int_equal(book.rc[6], 1);
    assert_string_equal(book.message, "from outside");
}

static int five_turn_it_into_failures(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    for (int i = 0; i < 5; i++) {
        book_add(book, group, 10, 0);
        book->rc[i] = leash_group_spawn(group, book_child(book, 10, 0, SECOND));
    }
    int rc = book_end(book, group, leash_sleep(10));
    book->rc[5] = leash_cancelling(leash_current_task());
    return rc;
}

static int cancels_those_who_fail(void *arg)
{
    return book_run(arg, five_turn_it_into_failures, 0.1);
}

static void test_failures_go_before_a_cancellation(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(cancels_those_who_fail, &book), SECOND);
    assert_int_equal(book.failed, 5);
    assert_int_equal(book.rc[5], 1); /* the one from outside: the group asked for nothing */
    assert_int_equal(book.rc[6], 0);
    assert_string_equal(book.message,
                        "5 of 10 tasks failed: child: EBADF: when cancelled; child: EBADF: when cancelled; "
                        "child: EBADF: when cancelled; child: EBADF: when cancelled; and 1 more");
}

static int body_turns_it_into_a_failure(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    int rc = leash_sleep(10);
    book->count += rc == -ECANCELED ? 10 : 0;
    return book_end(book, group, leash_fail(OWN, "instead"));
}

static int cancels_who_hides_it(void *arg)
{
    return book_run(arg, body_turns_it_into_a_failure, 0.1);
}

static int just_sleeps(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    int rc = leash_sleep(10);
    book->count += rc == -ECANCELED ? 10 : 0;
    return book_end(book, group, rc);
}

static int cancels_who_sleeps(void *arg)
{
    return book_run(arg, just_sleeps, 0.1);
}

static void test_cancelled_without_tasks(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(cancels_who_sleeps, &book), -ECANCELED);
    assert_int_equal(book.count, 10);
    assert_int_equal(run_virtual(cancels_who_hides_it, &book), OWN);
    assert_int_equal(book.count, 20);
    assert_string_equal(book.message, "instead");
}

/* The body is cancelled, and a child fails before it has handed that over. */
static int crashes_while_the_body_cleans_up(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book_add(book, group, 0.3, FIRST);
    int rc = leash_sleep(10);
    if (rc < 0)
        book->rc[0] = leash_sleep(0.5); /* cut short by the child's failure */
    return book_end(book, group, rc);
}

static int cancels_before_the_crash(void *arg)
{
    return book_run(arg, crashes_while_the_body_cleans_up, 0.1);
}

static int awaits_the_crash(void *arg)
{
    return leash_await(leash_create_task(leash_coro(crashes_while_the_body_cleans_up, arg)), NULL);
}

static int cancels_who_awaits_the_crash(void *arg)
{
    return book_run(arg, awaits_the_crash, 0.1);
}

static void test_a_child_fails_while_a_cancelled_body_cleans_up(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(cancels_before_the_crash, &book), FIRST);
    assert_int_equal(book.rc[0], -ECANCELED);
    assert_int_equal(book.failed, 1);
    assert_int_equal(run_virtual(cancels_who_awaits_the_crash, &book), FIRST);
}

/* Cancelled again and again while the group aborts: it waits on for what it cancelled. */
static int is_slow_to_go(void *arg)
{
    struct book *book = arg;
    int rc = leash_sleep(10);
    for (int i = 0; i < 3; i++)
        leash_sleep(1);
    book->count++;
    return rc;
}

static int waits_for_the_slow(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book->rc[0] = leash_group_spawn(group, leash_coro(is_slow_to_go, book));
    return book_end(book, group, 0);
}

static int cancels_thrice(void *arg)
{
    struct book *book = arg;
    leash_task_t task = leash_create_task(leash_coro(waits_for_the_slow, book));
    for (int i = 0; i < 3; i++) {
        leash_sleep(0.5);
        leash_cancel(task, i ? "later" : "first");
    }
    int rc = leash_await(task, NULL);
    snprintf(book->message, sizeof book->message, "%s", leash_cancel_message(task));
    return rc;
}

static void test_cancelled_more_than_once(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(cancels_thrice, &book), -ECANCELED);
    assert_int_equal(book.count, 1);
    assert_true(book_is_about(book.end, 0.5 + 3));
    assert_string_equal(book.message, "first");
}

static int limited(void *arg)
{
    struct book *book = arg;
    leash_timeout_t scope = leash_timeout_begin(1);
    leash_group_t group = leash_group_begin();
    book_add(book, group, 10, 0);
    return leash_timeout_end(scope, book_end(book, group, 0));
}

static int limited_within(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book_add(book, group, 10, 0);
    leash_timeout_t scope = leash_timeout_begin(1);
    return book_end(book, group, leash_timeout_end(scope, leash_sleep(10)));
}

static void test_timeouts_around_and_within(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(limited, &book), -ETIMEDOUT);
    assert_int_equal(book.count, 1);
    assert_int_equal(book.failed, 0);
    assert_int_equal(run_virtual(limited_within, &book), -ETIMEDOUT);
    assert_int_equal(book.count, 2);
    assert_int_equal(book.failed, 1);
}

/* ---- groups in groups ---- */

struct nested {
    struct book *book;
    double outer_seconds, inner_seconds;
    int outer_code, inner_code, inner_when_cancelled;
    bool outer_has_a_child, body_sleeps;
};

static int nested_groups(void *arg)
{
    struct nested *how = arg;
    struct book *book = how->book;
    leash_group_t outer = leash_group_begin(), inner;
    if (how->outer_has_a_child)
        book_add(book, outer, how->outer_seconds, how->outer_code);
    inner = leash_group_begin();
    for (int i = 0; i < 2; i++)
        book->rc[0] =
            leash_group_spawn(inner, book_child(book, how->inner_seconds, how->inner_code, how->inner_when_cancelled));
    int rc = leash_group_end(inner, how->body_sleeps ? leash_sleep(10) : 0);
    book->rc[1] = leash_group_failures(inner, NULL, 0);
    return book_end(book, outer, rc);
}

static int cancels_nested(void *arg)
{
    struct nested *how = arg;
    struct book *book = how->book;
    leash_task_t task = leash_create_task(leash_coro(nested_groups, how));
    leash_sleep(0.05);
    if (how->body_sleeps)
        leash_cancel(task, NULL);
    int rc = leash_await(task, NULL);
    struct leash_failure failure;
    if (leash_failure(task, &failure) == 0)
        snprintf(book->message, sizeof book->message, "%s", failure.message);
    return rc;
}

static void test_inner_failures_reach_the_outer_group_as_the_bodys(void **state)
{
    (void)state;
    for (int child = 0; child < 2; child++) {
        struct book book = {.count = 0};
        struct nested how = {.book = &book,
                             .inner_seconds = 10,
                             .inner_when_cancelled = SECOND,
                             .outer_has_a_child = child,
                             .outer_seconds = 10,
                             .body_sleeps = true};
        assert_int_equal(run_virtual(cancels_nested, &how), SECOND);
        assert_int_equal(book.rc[1], 2);
        assert_int_equal(book.failed, 1);
        assert_memory_equal(book.texts[0], "2 of 2 tasks failed: ", 21);
        assert_string_equal(book.message,
                            "2 of 2 tasks failed: child: EBADF: when cancelled; child: EBADF: when cancelled");
        assert_int_equal(book.count, 2 + child);
    }
}

static void test_an_outer_failure_cancels_the_inner_group(void **state)
{
    struct book book = {.count = 0};
    struct nested how = {
        .book = &book, .inner_seconds = 10, .outer_has_a_child = true, .outer_seconds = 0.1, .outer_code = FIRST};
    (void)state;
    assert_int_equal(run_virtual(cancels_nested, &how), FIRST);
    assert_int_equal(book.rc[1], 0); /* cancelled, without failures */
    assert_int_equal(book.failed, 1);
    assert_string_equal(book.message, "1 of 1 tasks failed: child: EIO: after 0.1 s");
}

static void test_an_inner_failure_cancels_the_outer_tasks(void **state)
{
    struct book book = {.count = 0};
    struct nested how = {.book = &book,
                         .inner_seconds = 0.1,
                         .inner_code = SECOND,
                         .outer_has_a_child = true,
                         .outer_seconds = 10,
                         .outer_code = FIRST};
    (void)state;
    assert_int_equal(run_virtual(cancels_nested, &how), SECOND);
    assert_int_equal(book.rc[1], 2);
    assert_int_equal(book.failed, 1);
    assert_int_equal(book.count, 1);
}

/* ---- tasks that make tasks ---- */

static int makes_two(void *arg)
{
    struct book *book = arg;
    leash_sleep(0.1);
    int rc = leash_group_spawn(book->group, book_child(book, 0.1, 0, 0));
    return rc < 0 ? rc : leash_group_spawn(book->group, book_child(book, 0.2, 0, 0));
}

static int a_child_spawns(void *arg)
{
    struct book *book = arg;
    book->group = leash_group_begin();
    int rc = leash_group_spawn(book->group, leash_coro(makes_two, book));
    return book_end(book, book->group, rc);
}

static void test_a_child_adds_tasks_while_the_group_ends(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(a_child_spawns, &book), 0);
    assert_true(book_is_about(book.end, 0.3));
}

static int hydra(void *arg)
{
    struct book *book = arg;
    book->count++;
    int rc = leash_sleep(0.01);
    if (rc < 0)
        return rc;
    for (int i = 0; i < 2; i++) {
        leash_coro_t head = leash_coro(hydra, book);
        if (leash_group_spawn(book->group, head) < 0)
            leash_close(head);
    }
    return 0;
}

static int hercules(void *arg)
{
    struct book *book = arg;
    while (book->count < 10) {
        int rc = leash_sleep(0.015);
        if (rc < 0)
            return rc;
    }
    return FIRST;
}

static int many_heads(void *arg)
{
    struct book *book = arg;
    book->group = leash_group_begin();
    book->rc[0] = leash_group_spawn(book->group, leash_coro(hydra, book));
    book->rc[1] = leash_group_spawn(book->group, leash_coro(hercules, book));
    return book_end(book, book->group, 0);
}

static void test_a_failure_ends_those_who_multiply(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(many_heads, &book), FIRST);
    assert_int_equal(book.failed, 1);
    assert_true(book.count >= 10);
}

static int adds_when_cancelled(void *arg)
{
    struct book *book = arg;
    int rc = leash_sleep(1);
    if (rc != -ECANCELED)
        return -EPROTO;
    leash_coro_t coro = book_child(book, 0.001, FIRST, 0);
    book->rc[0] = leash_group_create_task(book->group, coro) ? 0 : -errno;
    book->rc[1] = leash_group_spawn(book->group, coro);
    snprintf(book->message, sizeof book->message, "%s", leash_last_error());
    book->rc[2] = leash_await(coro, NULL); /* it is still unused */
    return rc;
}

static int adds_to_an_aborting_group(void *arg)
{
    struct book *book = arg;
    book->group = leash_group_begin_named("jobs");
    book_add(book, book->group, 0.001, FIRST);
    book->rc[3] = leash_group_spawn(book->group, leash_coro(adds_when_cancelled, book));
    return book_end(book, book->group, 0);
}

static void test_no_tasks_after_a_failure(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(adds_to_an_aborting_group, &book), FIRST);
    assert_int_equal(book.failed, 1);
    assert_int_equal(book.rc[0], -EINVAL);
    assert_int_equal(book.rc[1], -EINVAL);
    assert_int_equal(book.rc[2], FIRST);
    assert_non_null(strstr(book.message, "group \"jobs\": it is aborting"));
}

static int adds_to_what_is_over(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    book->rc[0] = leash_group_end(group, 0);
    leash_coro_t coro = book_child(book, 0, 5, 0);
    book->rc[1] = leash_group_create_task(group, coro) ? 0 : -errno;
    book->rc[2] = leash_group_end(group, 0);
    leash_sleep(0);
    book->rc[3] = leash_group_create_task(group, coro) ? 0 : -errno;
    book->rc[4] = leash_group_end(group, 0);
    return leash_await(coro, NULL);
}

static void test_no_tasks_when_it_is_over(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(adds_to_what_is_over, &book), 5);
    assert_int_equal(book.rc[1], -EINVAL);
    assert_int_equal(book.rc[2], -EINVAL);
    assert_int_equal(book.rc[3], -ESTALE);
    assert_int_equal(book.rc[4], -ESTALE);
}

static int many_in_turn(void *arg)
{
    struct book *book = arg;
    leash_group_t group = leash_group_begin();
    for (int i = 0; i < 10; i++) {
        leash_sleep(0.1);
        if (leash_group_spawn(group, book_child(book, 0.3, 0, 0)) < 0)
            return -EPROTO;
        if (i == 5)
            book->count = (int)leash_all_tasks(NULL, 0) - 1; /* without main */
    }
    leash_sleep(1.35);
    book->rc[0] = (int)leash_all_tasks(NULL, 0) - 1;
    return book_end(book, group, 0);
}

static void test_many_come_and_go(void **state)
{
    struct book book = {.count = 0};
    (void)state;
    assert_int_equal(run_virtual(many_in_turn, &book), 0);
    assert_true(book.count < 5);
    assert_int_equal(book.rc[0], 0);
    assert_true(book_is_about(book.end, 2.35));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_waits_for_all_and_their_results_can_be_read),
        leash_cmocka_unit_test(test_tasks_may_come_while_others_run),
        leash_cmocka_unit_test(test_a_cancelled_child_is_no_failure),
        leash_cmocka_unit_test(test_an_empty_group_ends_at_once),
        leash_cmocka_unit_test(test_a_failure_cancels_the_siblings),
        leash_cmocka_unit_test(test_a_failure_cancels_the_body),
        leash_cmocka_unit_test(test_body_and_child_fail),
        leash_cmocka_unit_test(test_a_failing_body_cancels_the_tasks),
        leash_cmocka_unit_test(test_a_failure_during_the_end),
        leash_cmocka_unit_test(test_cancelled_while_it_ends),
        leash_cmocka_unit_test(test_cancelled_in_the_body),
        leash_cmocka_unit_test(test_failures_go_before_a_cancellation),
        leash_cmocka_unit_test(test_cancelled_without_tasks),
        leash_cmocka_unit_test(test_a_child_fails_while_a_cancelled_body_cleans_up),
        leash_cmocka_unit_test(test_cancelled_more_than_once),
        leash_cmocka_unit_test(test_timeouts_around_and_within),
        leash_cmocka_unit_test(test_inner_failures_reach_the_outer_group_as_the_bodys),
        leash_cmocka_unit_test(test_an_outer_failure_cancels_the_inner_group),
        leash_cmocka_unit_test(test_an_inner_failure_cancels_the_outer_tasks),
        leash_cmocka_unit_test(test_a_child_adds_tasks_while_the_group_ends),
        leash_cmocka_unit_test(test_a_failure_ends_those_who_multiply),
        leash_cmocka_unit_test(test_no_tasks_after_a_failure),
        leash_cmocka_unit_test(test_no_tasks_when_it_is_over),
        leash_cmocka_unit_test(test_many_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
