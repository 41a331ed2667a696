/* The scan and coroutine stacks: what a suspended context holds is live from where it stopped up; what is below, and
 * what a stack that went back to the pool still shows, is dead. */
#include "fake_loop.h"
#include "planting.h"
#include "test.h"

#include <pthread.h>
#include <string.h>

/* A loop and one task beside it. Bodies note; tests assert. */
struct scene {
    struct leash__loop loop;
    struct leash__context own, task;
};

static struct scene scene;
/* Added to every number: one thread's tests leave handles on its stack, which another's scan takes as live. */
static unsigned base;

/* Bodies and other threads must not assert: the first check that fails leaves its line here. */
static int failed_line;

static void check_at(bool good, int line)
{
    if (!good && !failed_line)
        failed_line = line;
}
#define check(good) check_at((good), __LINE__)

static void begin(void (*body)(void *))
{
    memset(&scene, 0, sizeof(scene));
    check(leash__stacks_new(&scene.loop.stacks, 65536) == 0);
    leash__context_of_thread(&scene.own);
    check(leash__context_new(&scene.task, scene.loop.stacks, body, NULL) == 0);
}

/* Runs the task until it suspends; while it runs, the loop's own context is the one that does not. */
static void run(void)
{
    scene.loop.contexts[0] = &scene.own;
    scene.loop.count = 1;
    leash__context_switch(&scene.own, &scene.task);
    scene.loop.contexts[0] = &scene.task;
}

static void suspend(void)
{
    leash__context_switch(&scene.task, &scene.own);
}

static void end(void)
{
    leash__context_free(&scene.task, scene.loop.stacks);
    leash__context_of_thread_end(&scene.own);
    leash__stacks_free(scene.loop.stacks);
}

static void hold_and_suspend(void *unused)
{
    volatile char local[20];
    (void)unused;
    leave_below(base + 2);
    plant((char *)local + 1, base + 0);
    suspend();
    memset((char *)local, 0, sizeof(local));
    suspend();
    plant((char *)local + 3, base + 4);
    leash__context_exit(&scene.task, &scene.own);
}

static void suspended_task_holds_what_is_live(void **state)
{
    (void)state;
    begin(hold_and_suspend);
    run();
    check(finds(base + 0, &scene.loop));
    check(misses(base + 2, &scene.loop));
    run();
    check(misses(base + 0, &scene.loop));
    run();
    scene.loop.count = 0; /* ended, its stack not given back yet: it counts as dead */
    check(misses(base + 4, &scene.loop));
    leash__context_free(&scene.task, scene.loop.stacks);
    check(misses(base + 4, &scene.loop));
    leash__context_of_thread_end(&scene.own);
    leash__stacks_free(scene.loop.stacks);
}

static int switch_contexts(void *from, void *to)
{
    leash__context_switch(from, to);
    return 0;
}

static void hold_in_register(void *unused)
{
    (void)unused;
    for (unsigned which = 0; which < 6; which++)
        call_with_register(switch_contexts, &scene.task, &scene.own, base + 10, which);
    suspend();
}

static void suspended_task_holds_registers(void **state)
{
    (void)state;
    begin(hold_in_register);
    for (unsigned which = 0; which < 6; which++) {
        run();
        check(finds(base + 10, &scene.loop));
    }
    run();
    check(misses(base + 10, &scene.loop));
    end();
}

static void scan_inside(void *unused)
{
    volatile char local[20];
    (void)unused;
    for (;;) {
        leave_below(base + 22);
        plant((char *)local + 5, base + 20);
        check(finds(base + 20, &scene.loop) && misses(base + 22, &scene.loop));
        memset((char *)local, 0, sizeof(local));
        check(misses(base + 20, &scene.loop));
        check(finds(base + 24, &scene.loop) && misses(base + 26, &scene.loop));
        suspend();
    }
}

static void scan_from_inside_a_task(void **state)
{
    (void)state;
    volatile char local[20];
    begin(scan_inside);
    leave_below(base + 26);
    plant((char *)local + 2, base + 24);
    run();
    memset((char *)local, 0, sizeof(local));
    end();
}

/* A loop that does not say where its own stack stopped: then all of that counts. */
static void scan_inside_nameless(void *unused)
{
    (void)unused;
    scene.loop.count = 0;
    check(finds(base + 28, &scene.loop));
    suspend();
}

static void own_stack_counts_whole_where_its_end_is_not_known(void **state)
{
    (void)state;
    begin(scan_inside_nameless);
    volatile char local[20];
    plant((char *)local + 2, base + 28);
    run();
    memset((char *)local, 0, sizeof(local));
    end();
}

static void never_ran(void *unused)
{
    (void)unused;
}

/* A handle given to a context as its argument before it ever ran. */
static void context_that_never_ran_holds_its_argument(void **state)
{
    (void)state;
    begin(never_ran);
    struct leash__context fresh;
    char slot[8];
    plant(slot, base + 30);
    void *argument;
    memcpy(&argument, slot, sizeof(slot));
    check(leash__context_new(&fresh, scene.loop.stacks, never_ran, argument) == 0);
    memset(slot, 0, sizeof(slot));
    memset(&argument, 0, sizeof(argument));
    scene.loop.contexts[0] = &fresh;
    scene.loop.count = 1;
    check(finds(base + 30, &scene.loop));
    leash__context_free(&fresh, scene.loop.stacks);
    scene.loop.count = 0;
    check(misses(base + 30, &scene.loop));
    end();
}

/* The stacks of a loop that is not the request's are memory like any other. */
static void foreign_loops_stacks_count_whole(void **state)
{
    (void)state;
    begin(hold_and_suspend);
    run();
    check(finds(base + 0, NULL));
    check(finds(base + 2, NULL));
    end();
}

static void *all_on_a_thread(void *state)
{
    suspended_task_holds_what_is_live(state);
    scan_from_inside_a_task(state);
    suspended_task_holds_registers(state);
    return NULL;
}

static void the_same_on_another_thread(void **state)
{
    pthread_t thread;
    base = 100;
    assert_int_equal(pthread_create(&thread, NULL, all_on_a_thread, state), 0);
    pthread_join(thread, NULL);
}

static int nothing_failed(void **state)
{
    (void)state;
    assert_int_equal(failed_line, 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(suspended_task_holds_what_is_live, nothing_failed),
        cmocka_unit_test_teardown(suspended_task_holds_registers, nothing_failed),
        cmocka_unit_test_teardown(scan_from_inside_a_task, nothing_failed),
        cmocka_unit_test_teardown(own_stack_counts_whole_where_its_end_is_not_known, nothing_failed),
        cmocka_unit_test_teardown(context_that_never_ran_holds_its_argument, nothing_failed),
        cmocka_unit_test_teardown(foreign_loops_stacks_count_whole, nothing_failed),
        cmocka_unit_test_teardown(the_same_on_another_thread, nothing_failed),
    };
    if (scan_is_off())
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
