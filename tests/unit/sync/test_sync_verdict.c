/* What is told of locks and semaphores that were not given back, without a trace and to one; and to one, of what is
 * awaited inside of generators. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <ports.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>

#include "sink.h"

/* Every leak as "class:severity:name ", in the order in which they were told. */
static char told[1024];

void __wrap_leash__leak_found(const struct leash__leak *leak);
void __wrap_leash__leak_found(const struct leash__leak *leak)
{
    size_t length = strlen(told);
    snprintf(told + length, sizeof told - length, "%s:%c:%s ", leak->class, leak->severity, leak->name);
}

struct things {
    leash_lock_t lock;
    leash_condition_t condition;
    leash_semaphore_t semaphore;
};

static struct things things;

static void run_told(leash_fn_t body)
{
    things = (struct things){.lock = LEASH_LOCK_INIT("jobs"),
                             .condition = LEASH_CONDITION_INIT("changed"),
                             .semaphore = LEASH_SEMAPHORE_INIT("places", 2)};
    told[0] = '\0';
    run_virtual(body, &things);
}

static bool was_judged(unsigned subject, unsigned fact)
{
    bool found = false;
    for (size_t i = 0; i < sink_count_of(LEASH_EV_JUDGED); i++) {
        const struct sink_event *event = sink_find(LEASH_EV_JUDGED, i);
        found |= event->b == subject && (event->c & fact);
    }
    return found;
}

/* What is told without a trace; and that a trace is told the fact, if there is one. */
static void check(leash_fn_t body, const char *expected, unsigned subject, unsigned fact)
{
    run_told(body);
    assert_string_equal(told, expected);
    sink_on(false);
    run_told(body);
    assert_string_equal(told, ""); /* its rules tell */
    assert_int_equal(was_judged(subject, LEASH_FACT_HOLDS | LEASH_FACT_SHORT), fact != 0);
    assert_int_equal(was_judged(subject, fact), fact != 0);
    sink_off();
}

static int await_named(leash_fn_t fn)
{
    return leash_await(leash_create_task_named(leash_coro(fn, &things), "it"), NULL);
}

/* ---- locks ---- */

static int takes_the_lock(void *arg)
{
    struct things *all = arg;
    return leash_lock_acquire(&all->lock);
}

static int takes_and_gives_back(void *arg)
{
    struct things *all = arg;
    int rc = leash_lock_acquire(&all->lock);
    rc = rc < 0 ? rc : leash_sleep(1);
    leash_lock_release(&all->lock);
    return rc;
}

static int takes_the_conditions_lock(void *arg)
{
    struct things *all = arg;
    return leash_condition_acquire(&all->condition);
}

static int leaves_a_lock(void *arg)
{
    (void)arg;
    return await_named(takes_the_lock);
}

static int leaves_none(void *arg)
{
    (void)arg;
    return await_named(takes_and_gives_back);
}

static int leaves_a_condition(void *arg)
{
    (void)arg;
    return await_named(takes_the_conditions_lock);
}

static void test_a_lock_that_its_task_left_held(void **state)
{
    (void)state;
    check(leaves_a_lock, "lock-held:E:it ", LEASH_SUBJECT_TASK, LEASH_FACT_HOLDS);
    check(leaves_none, "", LEASH_SUBJECT_TASK, 0);
    check(leaves_a_condition, "lock-held:E:it ", LEASH_SUBJECT_TASK, LEASH_FACT_HOLDS);
}

/* ---- semaphores ---- */

static int takes_a_place(void *arg)
{
    struct things *all = arg;
    return leash_semaphore_acquire(&all->semaphore);
}

static int gives_a_place(void *arg)
{
    struct things *all = arg;
    return leash_semaphore_release(&all->semaphore);
}

static int leaves_a_place_taken(void *arg)
{
    (void)arg;
    return await_named(takes_a_place);
}

/* Who takes and who gives back need not be the same. */
static int leaves_all_places_free(void *arg)
{
    (void)arg;
    int rc = await_named(takes_a_place);
    return rc < 0 ? rc : await_named(gives_a_place);
}

static void test_a_semaphore_that_ends_short(void **state)
{
    (void)state;
    check(leaves_a_place_taken, "lock-held:W:places ", LEASH_SUBJECT_OBJECT, LEASH_FACT_SHORT);
    check(leaves_all_places_free, "", LEASH_SUBJECT_OBJECT, 0);
}

/* ---- generators ---- */

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(1);
}

static int yields_once(void *arg)
{
    int rc = leash_await(leash_coro(sleeps, NULL), NULL);
    return rc < 0 ? rc : leash_yield(arg);
}

static int takes_all(void *arg)
{
    void *value;
    leash_generator_t values = leash_generator(yields_once, arg);
    int rc = leash_await(leash_coro(sleeps, NULL), NULL); /* the first coroutine of the two */
    while (rc >= 0 && (rc = leash_next(values, &value)) > 0)
        ;
    return rc;
}

static void test_what_a_generator_awaits_is_marked(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(takes_all, &things), 0);
    assert_int_equal(sink_count_of(LEASH_EV_AWAIT_CORO), 2);
    const struct sink_event *judged = sink_find(LEASH_EV_JUDGED, 0);
    assert_non_null(judged);
    assert_int_equal(judged->a, sink_find(LEASH_EV_AWAIT_CORO, 1)->b);
    assert_int_equal(judged->b, LEASH_SUBJECT_CORO);
    assert_int_equal(judged->c, LEASH_FACT_IN_GENERATOR);
    assert_null(sink_find(LEASH_EV_JUDGED, 1));
    sink_off();
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_lock_that_its_task_left_held),
        cmocka_unit_test(test_a_semaphore_that_ends_short),
        cmocka_unit_test(test_what_a_generator_awaits_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
