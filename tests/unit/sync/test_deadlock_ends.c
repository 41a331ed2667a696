/* How deadlocks end, or do not, and what is told of them then: those that were cancelled, those that were none, those
 * that time limits were expected to end. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <string.h>

#include "cell.h"
#include "deadlocks.h"
#include "stuck.h"

static leash_lock_t one, two;
static leash_task_t a, b;

static int takes_both(void *arg)
{
    leash_lock_t *mine = arg ? &two : &one, *other = arg ? &one : &two;
    int rc = leash_lock_acquire(mine);
    if (rc < 0)
        return rc;
    if ((rc = leash_sleep(1)) == 0 && (rc = leash_lock_acquire(other)) == 0)
        leash_lock_release(other);
    leash_lock_release(mine);
    return rc;
}

static void take_in_a_circle(void)
{
    leash_lock_init(&one, "one");
    leash_lock_init(&two, "two");
    a = start(takes_both, NULL, "a");
    b = start(takes_both, &two, "b");
}

/* ---- cancelled ---- */

static int cancels_and_awaits(void *arg)
{
    (void)arg;
    take_in_a_circle();
    leash_sleep(5);
    leash_cancel(a, NULL);
    int rc = leash_await(a, NULL);
    return rc != -ECANCELED ? -1 : leash_await(b, NULL);
}

/* Nothing else is wrong with whoever has its name. */
static void who_was_cancelled_and_awaited_is_told_of(void **state)
{
    (void)state;
    assert_int_equal(run(cancels_and_awaits, NULL), 0);
    assert_string_equal(told, "deadlock:a ");
}

static int awaits(void *arg)
{
    return leash_await(*(leash_task_t *)arg, NULL);
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(5);
}

static int went_on;

static int ticks(void *arg)
{
    (void)arg;
    int rc = 0;
    for (int i = 0; i < 50 && rc == 0; i++, went_on++)
        rc = leash_sleep(1);
    return rc;
}

/* The cancellation reaches the one that sleeps, and goes round among the others. */
static int gathers_a_circle_and_another(void *arg)
{
    (void)arg;
    leash_detach(start(ticks, NULL, "ticks"));
    a = start(awaits, &b, "a");
    b = start(awaits, &a, "b");
    leash_awaitable_t items[] = {a, b, start(sleeps, NULL, "c")};
    return leash_gather_wait_array(items, 3, LEASH_RETURN_FAILURES, NULL);
}

static void main_is_cancelled_though_others_end_by_it(void **state)
{
    (void)state;
    went_on = 0;
    assert_int_equal(run_with(gathers_a_circle_and_another, NULL, LEASH_ON_DEADLOCK_CANCEL), -EDEADLK);
    assert_in_range(went_on, 0, 10);
}

/* ---- time limits ---- */

static int awaits_a_with_a_limit(void *arg)
{
    (void)arg;
    leash_timeout_t timeout = leash_timeout_begin(3);
    return leash_timeout_end(timeout, leash_await(a, NULL));
}

/* The cancellation goes round in it and ends nothing; nobody begins to wait any more. */
static int limits_a_circle(void *arg)
{
    (void)arg;
    a = start(awaits, &b, "a");
    b = start(awaits, &a, "b");
    start(awaits_a_with_a_limit, NULL, "limited");
    return leash_sleep(20);
}

static void a_limit_that_ends_nothing_is_no_way_out(void **state)
{
    (void)state;
    run(limits_a_circle, NULL);
    assert_non_null(strstr(told, "deadlock:a "));
}

static leash_generator_t generator;

static int yields_in_a_limit(void *arg)
{
    (void)arg;
    leash_timeout_t timeout = leash_timeout_begin(4);
    int rc = leash_yield(NULL);
    if (rc == 0)
        rc = leash_sleep(10);
    return leash_timeout_end(timeout, rc);
}

static int iterates_then_takes_both(void *arg)
{
    void *value;
    int rc = leash_next(generator, &value);
    rc = rc < 0 ? rc : takes_both(arg);
    return rc == -ECANCELED ? 0 : rc;
}

static int iterates_later(void *arg)
{
    void *value;
    (void)arg;
    int rc = leash_sleep(0.5);
    return rc < 0 ? rc : leash_next(generator, &value);
}

/* What the generator opened cancels who ran it then, though another runs it when the time has come. */
static int passes_a_generator_on(void *arg)
{
    (void)arg;
    leash_lock_init(&one, "one");
    leash_lock_init(&two, "two");
    generator = leash_generator(yields_in_a_limit, NULL);
    a = start(iterates_then_takes_both, NULL, "a");
    b = start(takes_both, &two, "b");
    int rc = leash_gather_wait(NULL, a, b, start(iterates_later, NULL, "c"));
    leash_generator_close(generator);
    return rc;
}

static void a_limit_in_a_generator_is_a_way_out(void **state)
{
    (void)state;
    assert_int_equal(run(passes_a_generator_on, NULL), 0);
    assert_null(strstr(told, "deadlock"));
}

/* ---- none ---- */

static void opens(void *lock)
{
    leash_lock_release(lock);
}

static int waits_at_a_gate(void *arg)
{
    (void)arg;
    leash_lock_init(&one, "gate");
    int rc = leash_lock_acquire(&one);
    leash_call_later(3, opens, &one);
    if (rc == 0 && (rc = leash_lock_acquire(&one)) == 0)
        leash_lock_release(&one);
    return rc;
}

static int never_joins(void *arg)
{
    (void)arg;
    a = start(waits_at_a_gate, NULL, "a");
    return leash_sleep(10);
}

static void what_was_none_leaves_no_words(void **state)
{
    (void)state;
    assert_int_equal(run(never_joins, NULL), 0);
    assert_string_equal(told, "never-joined:a ");
    assert_string_equal(told_waits, "");
}

/* What is said of them is taken back; main is not cancelled for it. */
static leash_future_t shield;

static void sets(void *arg)
{
    (void)arg;
    leash_future_set_result(shield, NULL);
}

static int waits_for_a_shield(void *arg)
{
    (void)arg;
    b = start(awaits, &a, "b");
    shield = leash_shield(b);
    leash_call_later(3, sets, NULL);
    return leash_await(leash_gather(shield), NULL);
}

static int awaits_one_that_does(void *body)
{
    a = start(*(leash_fn_t *)body, NULL, "a");
    return leash_await(a, NULL);
}

static void nothing_is_done_about_what_may_be_none(void **state)
{
    leash_fn_t bodies[] = {waits_at_a_gate, waits_for_a_shield};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_int_equal(run_with(awaits_one_that_does, &bodies[i], LEASH_ON_DEADLOCK_CANCEL), 0);
        assert_null(strstr(told, "deadlock"));
    }
}

/* ---- of many ---- */

enum { MANY = 300 };
static leash_task_t many[MANY];
static size_t edges_left;

static int takes_one(void *arg)
{
    (void)arg;
    int rc = leash_lock_acquire(&one);
    if (rc == 0)
        leash_lock_release(&one);
    return rc;
}

static int gathers_with_the_lock(void *arg)
{
    (void)arg;
    int rc = leash_lock_acquire(&one);
    if (rc == 0)
        rc = leash_gather_wait_array((leash_awaitable_t *)many, MANY, 0, NULL);
    leash_lock_release(&one);
    return rc;
}

static size_t edges_from(const struct leash__stuck *stuck, leash_task_t task)
{
    size_t count = 0;
    const struct leash__wait_graph *graph = &stuck->graph;
    for (size_t i = 0; i < graph->count; i++)
        if (leash__cell_handle(graph->nodes[i].cell, LEASH__HANDLE_TASK) == (void *)task)
            for (uint32_t at = graph->nodes[i].out; at != LEASH__NO_EDGE; at = graph->edges[at].next_out)
                count++;
    return count;
}

/* Each of them asks whom it waits for. */
static int waits_for_many(void *arg)
{
    (void)arg;
    leash_lock_init(&one, "one");
    a = start(gathers_with_the_lock, NULL, "a");
    for (int i = 0; i < MANY; i++)
        many[i] = start(takes_one, NULL, NULL);
    leash_sleep(1);
    struct leash__stuck stuck;
    if (leash__stuck_look(&stuck, leash__running(), false) == 0) {
        for (size_t i = 0; i < stuck.graph.count; i++)
            if (leash__wait_node_task(&stuck.graph.nodes[i]))
                leash__stuck_next(&stuck, leash__wait_node_task(&stuck.graph.nodes[i]));
        edges_left = edges_from(&stuck, a);
        leash__stuck_free(&stuck);
    }
    leash_cancel(a, NULL);
    return 0;
}

static void who_waits_for_many_is_asked_at_length_once(void **state)
{
    (void)state;
    run(waits_for_many, NULL);
    assert_int_equal(edges_left, 1);
}

static leash_semaphore_t parts;
static leash_future_t all;
static size_t edges;

static int keeps_a_part(void *arg)
{
    (void)arg;
    int rc = leash_semaphore_acquire(&parts);
    if (rc == 0)
        rc = leash_await(a, NULL);
    leash_semaphore_release(&parts);
    return rc;
}

static int wants_a_part(void *arg)
{
    (void)arg;
    int rc = leash_semaphore_acquire(&parts);
    if (rc == 0)
        leash_semaphore_release(&parts);
    return rc;
}

static int awaits_all(void *arg)
{
    (void)arg;
    return leash_await(all, NULL);
}

/* A hundred keep what a hundred want, and another hundred wait for all those who keep it. */
static int waits_of_many_for_many(void *arg)
{
    enum { EACH = MANY / 3 };
    (void)arg;
    leash_semaphore_init(&parts, "parts", EACH);
    a = start(sleeps, NULL, "a");
    for (int i = 0; i < MANY; i++)
        many[i] = start(i < EACH ? keeps_a_part : i < 2 * EACH ? wants_a_part : awaits_all, NULL, NULL);
    all = leash_gather_array((leash_awaitable_t *)many, EACH, 0);
    leash_sleep(1);
    struct leash__stuck stuck;
    if (leash__stuck_look(&stuck, leash__running(), true) == 0) {
        edges = stuck.graph.edges_count;
        leash__stuck_free(&stuck);
    }
    leash_wait((leash_awaitable_t *)many, MANY, LEASH_ALL_COMPLETED, -1, NULL);
    return 0;
}

static void what_many_wait_for_is_named_once(void **state)
{
    (void)state;
    run(waits_of_many_for_many, NULL);
    assert_in_range(edges, MANY, 2 * MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_cancelled_and_awaited_is_told_of),
        cmocka_unit_test(main_is_cancelled_though_others_end_by_it),
        cmocka_unit_test(a_limit_that_ends_nothing_is_no_way_out),
        cmocka_unit_test(a_limit_in_a_generator_is_a_way_out),
        cmocka_unit_test(what_was_none_leaves_no_words),
        cmocka_unit_test(nothing_is_done_about_what_may_be_none),
        cmocka_unit_test(who_waits_for_many_is_asked_at_length_once),
        cmocka_unit_test(what_many_wait_for_is_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
