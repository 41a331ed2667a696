/* leash_barrier_t: reset and abort, in every state. The stories are those that CPython 3.11 tells. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <leash/cmocka.h>

#include "barriers.h"

/* ---- reset ---- */

static int resets_an_empty_one(void *arg)
{
    struct scene *scene = arg;
    leash_barrier_abort(&scene->barrier);
    tell(&scene->story, "%s", leash_barrier_wait(&scene->barrier) == -EPIPE ? "refused" : "wrong");
    tell_state(scene);
    int rc = leash_barrier_reset(&scene->barrier);
    tell_state(scene);
    return rc ? rc : leash_barrier_wait(&scene->barrier);
}

static void test_reset(void **state)
{
    (void)state;
    check(resets_an_empty_one, 1, "refused, 0/1 broken, 0/1");
}

static int resets_while_they_wait(void *arg)
{
    struct scene *scene = arg;
    leash_task_t tasks[] = {start(scene, 'a', waits), start(scene, 'b', waits), start(scene, 'c', waits),
                            start(scene, 'd', waits)};
    leash_sleep(0);
    leash_barrier_reset(&scene->barrier);
    leash_task_t late = start(scene, 'l', waits);
    tell_state(scene);
    for (int i = 0; i < 4; i++)
        leash_await(tasks[i], NULL);
    leash_sleep(0);
    tell_state(scene); /* l came in when all had left */
    leash_cancel(late, NULL);
    leash_await(late, NULL);
    return 0;
}

static void test_reset_while_they_wait(void **state)
{
    (void)state;
    check(resets_while_they_wait, PARTIES, "0/5, a broken, b broken, c broken, d broken, 1/5, l cancelled");
}

/* Half of them are out when one resets it: the others were let through, but hear of the reset. */
static int resets_half_way(void *arg)
{
    struct actor *actor = arg;
    if (waits(arg) >= 0 && ++actor->scene->passed == 3)
        leash_barrier_reset(&actor->scene->barrier);
    return 0;
}

static int half_drained(void *arg)
{
    struct scene *scene = arg;
    int rc = all(scene, "abcde", resets_half_way);
    tell_state(scene);
    return rc < 0 ? rc : all(scene, "vwxyz", waits); /* it is whole again */
}

static void test_reset_when_half_are_out(void **state)
{
    (void)state;
    check(half_drained, PARTIES, "e4, a0, b1, c broken, d broken, 0/5, z4, v0, w1, x2, y3");
}

/* The same; and those who are out come again before the reset, those who are not after it. */
static int resets_and_comes_again(void *arg)
{
    struct actor *actor = arg;
    if (waits(arg) >= 0 && ++actor->scene->passed > 2)
        leash_barrier_reset(&actor->scene->barrier);
    return waits(arg) >= 0 ? 0 : -EPROTO;
}

static int half_drained_half_blocking(void *arg)
{
    struct scene *scene = arg;
    int rc = all(scene, "abcde", resets_and_comes_again);
    tell_state(scene);
    return rc;
}

static void test_reset_when_half_wait_to_come_in(void **state)
{
    (void)state;
    check(half_drained_half_blocking, PARTIES, "e4, a0, b1, c broken, d broken, c4, d0, e1, a2, b3, 0/5");
}

static int broken_then_again(void *arg)
{
    waits(arg);
    return waits(arg);
}

static int resets_before_they_come_again(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, 'a', broken_then_again), b = start(scene, 'b', broken_then_again);
    leash_sleep(0);
    leash_barrier_reset(&scene->barrier);
    leash_sleep(0);
    leash_task_t c = start(scene, 'c', waits);
    leash_gather_wait(NULL, a, b, c);
    tell_state(scene);
    return 0;
}

static void test_reset_and_waiting_again(void **state)
{
    (void)state;
    check(resets_before_they_come_again, 3, "a broken, b broken, c2, b0, a1, 0/3");
}

/* The last one that leaves resets it: nobody is in any more, those who wait to come in come in. */
static int last_one_resets(void *arg)
{
    struct actor *actor = arg;
    int first = waits(arg);
    if (first >= 0 && ++actor->scene->passed == PARTIES)
        leash_barrier_reset(&actor->scene->barrier);
    int second = waits(arg), third = waits(arg);
    return first < 0 || second < 0 || third < 0 ? -EPROTO : 0;
}

static int reset_by_the_last(void *arg)
{
    struct scene *scene = arg;
    int rc = all(scene, "abcde", last_one_resets);
    tell_state(scene);
    return rc;
}

static void test_reset_when_the_last_has_left(void **state)
{
    (void)state;
    check(reset_by_the_last, PARTIES, "e4, a0, b1, c2, d3, c4, d0, e1, a2, b3, a4, b0, c1, d2, e3, 0/5");
}

/* ---- abort ---- */

static int aborts(void *arg)
{
    struct scene *scene = arg;
    leash_task_t a = start(scene, 'a', waits), b = start(scene, 'b', waits);
    leash_sleep(0);
    leash_barrier_abort(&scene->barrier);
    tell_state(scene);
    int at_once = leash_barrier_wait(&scene->barrier);
    int said = strstr(leash_last_error(), "barrier \"phase\" is broken") != NULL;
    int first = leash_await(a, NULL), second = leash_await(b, NULL);
    tell_state(scene);
    return at_once == -EPIPE && said && first == -EPIPE && second == -EPIPE ? 0 : -EPROTO;
}

static void test_abort(void **state)
{
    (void)state;
    check(aborts, PARTIES, "0/5 broken, a broken, b broken, 0/5 broken");
}

/* Three are out, of which two wait to come in again, when the third breaks it. */
static int aborts_half_way(void *arg)
{
    struct actor *actor = arg;
    if (waits(arg) < 0)
        return 0;
    if (++actor->scene->passed > 2)
        return leash_barrier_abort(&actor->scene->barrier);
    return waits(arg) == -EPIPE ? 0 : -EPROTO;
}

static int aborted_half_way(void *arg)
{
    struct scene *scene = arg;
    int rc = all(scene, "abcde", aborts_half_way);
    tell_state(scene);
    return rc;
}

static void test_abort_when_half_are_out(void **state)
{
    (void)state;
    check(aborted_half_way, PARTIES, "e4, a0, b1, c broken, d broken, e broken, a broken, 0/5 broken");
}

/* One fails between two phases, and breaks what the others wait at; then all agree to go on. */
static int fails_and_breaks(void *arg)
{
    struct actor *actor = arg;
    struct scene *scene = actor->scene;
    int first = leash_barrier_wait(&scene->barrier);
    if (first == PARTIES / 2)
        leash_barrier_abort(&scene->barrier);
    else if (first >= 0)
        wait_at(actor, &scene->barrier);
    else
        tell(&scene->story, "%c let through, broken", actor->name);
    return 0;
}

static int one_fails(void *arg)
{
    struct scene *scene = arg;
    int rc = all(scene, "abcde", fails_and_breaks);
    tell_state(scene);
    return rc;
}

static void test_one_that_fails_breaks_it(void **state)
{
    (void)state;
    check(one_fails, PARTIES, "d let through, broken, e broken, a broken, b broken, 0/5 broken");
}

static int fails_and_mends(void *arg)
{
    struct actor *actor = arg;
    struct scene *scene = actor->scene;
    fails_and_breaks(arg);
    if (leash_barrier_wait(&scene->other) == PARTIES / 2)
        leash_barrier_reset(&scene->barrier);
    leash_barrier_wait(&scene->other);
    return waits(arg) >= 0 ? 0 : -EPROTO;
}

static int one_mends(void *arg)
{
    struct scene *scene = arg;
    int rc = all(scene, "abcde", fails_and_mends);
    tell_state(scene);
    return rc;
}

static void test_one_that_fails_breaks_it_and_another_mends_it(void **state)
{
    (void)state;
    check(one_mends, PARTIES, "d let through, broken, e broken, a broken, b broken, d4, e0, a1, b2, c3, 0/5");
}

/* filling, draining, resetting with newcomers, broken: what shows of each. */
static int all_states(void *arg)
{
    struct scene *scene = arg;
    leash_awaitable_t tasks[9];
    for (int i = 0; i < 2; i++)
        tasks[i] = start(scene, (char)('a' + i), waits);
    leash_sleep(0);
    tell_state(scene);
    for (int i = 2; i < 5; i++)
        tasks[i] = start(scene, (char)('a' + i), waits);
    leash_sleep(0);
    tell_state(scene); /* drains: all but e are on their way */
    for (int i = 5; i < 7; i++)
        tasks[i] = start(scene, (char)('a' + i), waits);
    leash_barrier_reset(&scene->barrier);
    tell_state(scene);
    for (int i = 7; i < 9; i++)
        tasks[i] = start(scene, (char)('a' + i), waits);
    leash_barrier_abort(&scene->barrier);
    tell_state(scene);
    return leash_gather_wait_array(tasks, 9, LEASH_RETURN_FAILURES, NULL);
}

static void test_all_states(void **state)
{
    (void)state;
    check(all_states, PARTIES,
          "2/5, e4, 0/5, 0/5, 0/5 broken, a broken, b broken, c broken, d broken, f broken, g broken, h broken, i "
          "broken");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_reset),
        leash_cmocka_unit_test(test_reset_while_they_wait),
        leash_cmocka_unit_test(test_reset_when_half_are_out),
        leash_cmocka_unit_test(test_reset_when_half_wait_to_come_in),
        leash_cmocka_unit_test(test_reset_and_waiting_again),
        leash_cmocka_unit_test(test_reset_when_the_last_has_left),
        leash_cmocka_unit_test(test_abort),
        leash_cmocka_unit_test(test_abort_when_half_are_out),
        leash_cmocka_unit_test(test_one_that_fails_breaks_it),
        leash_cmocka_unit_test(test_one_that_fails_breaks_it_and_another_mends_it),
        leash_cmocka_unit_test(test_all_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
