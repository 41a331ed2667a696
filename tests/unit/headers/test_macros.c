/* The public macros as a C programmer nests them. The file is also compiled with every strict warning by both
 * compilers; under AddressSanitizer it shows that compound literals given as arguments live as long as the enclosing
 * block. */
#include "test.h"
#include <errno.h>
#include <leash.h>
#include <stdlib.h>

struct point {
    int x, y;
};

static int sum(void *arg)
{
    const struct point *p = arg;
    return p->x + p->y;
}

static int sum_later(void *arg)
{
    int rc = leash_sleep(0);
    return rc < 0 ? rc : sum(arg);
}

static int pointer_later(void *arg)
{
    int rc = leash_sleep(0.001);
    return rc < 0 ? rc : leash_return(arg);
}

static struct point *make_point(int x, int y)
{
    struct point *p = malloc(sizeof(*p));
    if (p)
        *p = (struct point){x, y};
    return p;
}

static int sum_and_free(void *arg)
{
    int rc = sum(arg);
    free(arg);
    return rc;
}

/* What the bodies saw; asserted after the run. */
struct seen {
    int inline_await, task, named_task, copy, own, any, future, wait_for, gather_rc, all_rc, wait_rc, failure;
    int gathered[3], returned[2], waited[2], group[6], generated, generating, eager;
    void *shielded;
};

static int creating(void *arg)
{
    struct seen *seen = arg;
    /* Names that a macro might use inside: they must not be shadowed or captured. */
    void *result = NULL, *handle = NULL, *items = NULL, *site = NULL, *fn = NULL;
    seen->inline_await = leash_await(leash_coro(sum, &(struct point){1, 2}), NULL);
    leash_task_t task = leash_create_task(leash_coro(sum_later, &(struct point){3, 4}));
    leash_task_t named = leash_create_task_named(leash_coro(sum_later, &(struct point){5, 6}), "named");
    leash_task_t eager = leash_create_task_eager(leash_coro(sum_later, &(struct point){7, 6}));
    leash_task_t eager_named = leash_create_task_eager_named(leash_coro(sum, &(struct point){8, 6}), "eager");
    seen->task = leash_await(task, &result);
    seen->named_task = leash_await(named, &handle);
    seen->eager = leash_await(eager, NULL) + leash_await(eager_named, NULL);
    seen->copy = leash_await(leash_coro_copy(sum_later, &(struct point){7, 8}, sizeof(struct point)), NULL);
    seen->own = leash_await(leash_coro_own(sum_and_free, make_point(9, 10), free), NULL);
    leash_awaitable_t any = leash_create_task(leash_coro(sum_later, &(struct point){11, 12}));
    seen->any = leash_await(any, NULL);
    leash_future_t future = leash_future();
    if (leash_future_set_result(future, &seen->future) == 0)
        seen->future = leash_await(future, &result) == 0 && result == &seen->future;
    return items || site || fn ? -EINVAL : 0;
}

static int gathering(void *arg)
{
    struct seen *seen = arg;
    struct leash_outcome *outcomes = NULL, waited[2] = {{0, NULL}, {0, NULL}};
    leash_future_t all = leash_gather(leash_coro(sum_later, &(struct point){1, 1}),
                                      leash_create_task(leash_coro(sum_later, &(struct point){2, 2})),
                                      leash_create_task_named(leash_coro(sum, &(struct point){3, 3}), "third"));
    seen->gather_rc = leash_await(all, (void **)&outcomes);
    for (int i = 0; outcomes && i < 3; i++)
        seen->gathered[i] = outcomes[i].rc;
    outcomes = NULL;
    all = leash_gather_all(leash_coro(sum, &(struct point){-EIO, 0}), leash_coro(sum, &(struct point){4, 4}));
    seen->all_rc = leash_await(all, (void **)&outcomes);
    for (int i = 0; outcomes && i < 2; i++)
        seen->returned[i] = outcomes[i].rc;
    seen->wait_rc = leash_gather_wait(waited, leash_coro(sum, &(struct point){5, 5}),
                                      leash_create_task(leash_coro(sum_later, &(struct point){6, 6})));
    for (int i = 0; i < 2; i++)
        seen->waited[i] = waited[i].rc;
    return 0;
}

static int grouping(void *arg)
{
    struct seen *seen = arg;
    struct leash_failure failures[2];
    leash_group_t group = leash_group_begin(), named = leash_group_begin_named("named");
    leash_task_t task = leash_group_create_task(group, leash_coro(sum_later, &(struct point){1, 2}));
    leash_task_t second =
        leash_group_create_task_named(named, leash_coro_copy(sum, &(struct point){3, 4}, sizeof(struct point)), "sum");
    seen->group[1] = leash_group_end(named, 0);
    seen->group[2] = leash_result(second, NULL);
    seen->group[0] = leash_group_spawn(group, leash_coro(sum, &(struct point){-EIO, 0}));
    seen->group[3] = leash_group_end(group, 0);
    seen->group[4] = leash_group_failures(group, failures, 2);
    seen->group[5] = leash_cancelled(task);
    return 0;
}

static int points(void *arg)
{
    struct point p = *(struct point *)arg;
    int rc = 0;
    for (; p.x < p.y && rc >= 0; p.x++)
        rc = leash_yield(&p);
    return rc;
}

static int generating(void *arg)
{
    struct seen *seen = arg;
    struct point *outer, *inner;
    void *any;
    leash_generator_t all = leash_generator(points, &(struct point){0, 3});
    leash_for_each (all, outer)
        leash_for_each (leash_generator_copy(points, &(struct point){outer->x, 9}, sizeof(struct point)), inner)
            if (seen->generated++, 1)
                break;
    all = leash_generator_own(sum_and_free, make_point(-5, -6), free);
    leash_for_each (all, any)
        seen->generated = -1;
    return leash_generator_close(all);
}

static int failing(void *arg)
{
    (void)arg;
    return leash_fail(-EINVAL, "no host in request %d", 7);
}

static int app(void *arg)
{
    struct seen *seen = arg;
    int rc = leash_await(leash_coro(creating, seen), NULL);
    if (rc >= 0)
        rc = leash_await(leash_coro(gathering, seen), NULL);
    if (rc >= 0)
        rc = leash_await(leash_coro(grouping, seen), NULL);
    seen->generating = leash_await(leash_coro(generating, seen), NULL);
    seen->wait_for =
        leash_wait_for(leash_shield(leash_create_task(leash_coro(pointer_later, seen))), 10, &seen->shielded);
    seen->failure = leash_await(leash_coro(failing, NULL), NULL);
    return rc;
}

static void macros_nest_and_literals_live(void **state)
{
    (void)state;
    struct seen seen = {0};
    assert_int_equal(leash_run_with(leash_coro(app, &seen), &(struct leash_options)LEASH_OPTIONS_INIT, NULL), 0);
    assert_int_equal(seen.inline_await, 3);
    assert_int_equal(seen.task, 7);
    assert_int_equal(seen.named_task, 11);
    assert_int_equal(seen.eager, 27);
    assert_int_equal(seen.copy, 15);
    assert_int_equal(seen.own, 19);
    assert_int_equal(seen.any, 23);
    assert_int_equal(seen.future, 1);
    assert_int_equal(seen.gather_rc, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(seen.gathered[i], 2 * (i + 1));
    assert_int_equal(seen.all_rc, 0);
    assert_int_equal(seen.returned[0], -EIO);
    assert_int_equal(seen.returned[1], 8);
    assert_int_equal(seen.wait_rc, 0);
    assert_int_equal(seen.waited[0], 10);
    assert_int_equal(seen.waited[1], 12);
    assert_int_equal(seen.wait_for, 0);
    assert_ptr_equal(seen.shielded, &seen);
    assert_int_equal(seen.failure, -EINVAL);
    const int group[6] = {0, 0, 7, -EIO, 1, 0};
    assert_memory_equal(seen.group, group, sizeof group);
    assert_int_equal(seen.generated, 3);
    assert_int_equal(seen.generating, -11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(macros_nest_and_literals_live)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
