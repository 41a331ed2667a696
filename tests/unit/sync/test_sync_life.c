/* What semaphores, events, conditions and barriers have in common with all that stands in a line: the struct is the
 * program's and the state is not, one loop at a time, nothing goes while it is waited for. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>

#include "sink.h"

union object {
    leash_semaphore_t semaphore;
    leash_event_t event;
    leash_condition_t condition;
    leash_barrier_t barrier;
};

/* One that nobody can get past, how to wait for it, and how to let one task go on. */
struct kind {
    const char *name;
    union object object;
    int (*wait)(union object *object);
    int (*wake)(union object *object);
    int (*ask)(union object *object);
    int (*destroy)(union object *object);
};

static int wait_semaphore(union object *object)
{
    return leash_semaphore_acquire(&object->semaphore);
}

static int wake_semaphore(union object *object)
{
    return leash_semaphore_release(&object->semaphore);
}

static int ask_semaphore(union object *object)
{
    return leash_semaphore_value(&object->semaphore);
}

static int destroy_semaphore(union object *object)
{
    return leash_semaphore_destroy(&object->semaphore);
}

static int wait_event(union object *object)
{
    return leash_event_wait(&object->event);
}

static int wake_event(union object *object)
{
    return leash_event_set(&object->event);
}

static int ask_event(union object *object)
{
    return leash_event_is_set(&object->event);
}

static int destroy_event(union object *object)
{
    return leash_event_destroy(&object->event);
}

static int wait_condition(union object *object)
{
    int rc = leash_condition_acquire(&object->condition);
    return rc < 0 ? rc : leash_condition_wait(&object->condition);
}

static int wake_condition(union object *object)
{
    int rc = leash_condition_acquire(&object->condition);
    if (rc == 0)
        rc = leash_condition_notify(&object->condition, 1);
    int released = leash_condition_release(&object->condition);
    return rc < 0 ? rc : released;
}

static int ask_condition(union object *object)
{
    return leash_condition_locked(&object->condition);
}

static int destroy_condition(union object *object)
{
    return leash_condition_destroy(&object->condition);
}

static int wait_barrier(union object *object)
{
    return leash_barrier_wait(&object->barrier);
}

static int wake_barrier(union object *object)
{
    return leash_barrier_abort(&object->barrier);
}

static int ask_barrier(union object *object)
{
    return leash_barrier_n_waiting(&object->barrier);
}

static int destroy_barrier(union object *object)
{
    return leash_barrier_destroy(&object->barrier);
}

static const struct kind kinds[] = {
    {"semaphore",
     {.semaphore = LEASH_SEMAPHORE_INIT("it", 0)},
     wait_semaphore,
     wake_semaphore,
     ask_semaphore,
     destroy_semaphore},
    {"event", {.event = LEASH_EVENT_INIT("it")}, wait_event, wake_event, ask_event, destroy_event},
    {"condition",
     {.condition = LEASH_CONDITION_INIT("it")},
     wait_condition,
     wake_condition,
     ask_condition,
     destroy_condition},
    {"barrier", {.barrier = LEASH_BARRIER_INIT("it", 9)}, wait_barrier, wake_barrier, ask_barrier, destroy_barrier},
};

struct scene {
    const struct kind *kind;
    union object object;
    int seen[4];
};

/* Runs body(scene) for each kind; what it saw comes to look(). */
static void for_each_kind(leash_fn_t body, void (*look)(const struct scene *scene))
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct scene scene = {.kind = &kinds[i], .object = kinds[i].object};
        int rc = run_virtual(body, &scene);
        if (rc)
            print_message("of a %s\n", kinds[i].name);
        assert_int_equal(rc, 0);
        if (look)
            look(&scene);
    }
}

static int waits(void *arg)
{
    struct scene *scene = arg;
    return scene->kind->wait(&scene->object);
}

/* ---- the struct ---- */

static int waits_for_what_goes(void *arg)
{
    struct scene *scene = *(struct scene **)arg;
    return scene->kind->wait(&scene->object);
}

/* It lies on main's stack, and main is gone when the clean-up cancels those who wait. */
static int main_leaves(void *arg)
{
    struct scene here = *(struct scene *)arg, *scene = &here;
    for (int i = 0; i < 3; i++)
        leash_detach(leash_create_task(leash_coro_copy(waits_for_what_goes, &scene, sizeof scene)));
    leash_sleep(0);
    memset(&here, 0xa5, sizeof here);
    return 0;
}

static void test_the_struct_may_go(void **state)
{
    (void)state;
    for_each_kind(main_leaves, NULL);
}

/* ---- destroy ---- */

static int destroys(void *arg)
{
    struct scene *scene = arg;
    const struct kind *kind = scene->kind;
    leash_task_t task = leash_create_task(leash_coro(waits, scene));
    leash_sleep(0);
    scene->seen[0] = kind->destroy(&scene->object);
    kind->wake(&scene->object);
    scene->seen[1] = kind->destroy(&scene->object); /* it was woken, but has not gone yet */
    leash_await(task, NULL);
    leash_condition_release(&scene->object.condition); /* where it is one; else it is told so */
    scene->seen[2] = kind->destroy(&scene->object);
    scene->seen[3] = kind->destroy(&scene->object); /* there is none any more */
    return 0;
}

static void is_refused_while_in_use(const struct scene *scene)
{
    assert_int_equal(scene->seen[0], -EBUSY);
    assert_int_equal(scene->seen[1], -EBUSY);
    assert_int_equal(scene->seen[2], 0);
    assert_int_equal(scene->seen[3], 0);
}

static void test_destroy_refuses_while_in_use(void **state)
{
    (void)state;
    for_each_kind(destroys, is_refused_while_in_use);
}

/* ---- loops and threads ---- */

static int elsewhere(void *arg)
{
    struct scene *scene = arg;
    scene->seen[0] = scene->kind->wait(&scene->object);
    scene->seen[1] = scene->kind->wake(&scene->object);
    scene->seen[2] = scene->kind->destroy(&scene->object);
    return 0;
}

static void *run_elsewhere(void *arg)
{
    run_virtual(elsewhere, arg);
    return NULL;
}

static int shares(void *arg)
{
    struct scene *scene = arg;
    pthread_t thread;
    scene->kind->ask(&scene->object);
    pthread_create(&thread, NULL, run_elsewhere, scene);
    pthread_join(thread, NULL);
    return scene->kind->ask(&scene->object);
}

static void is_refused_elsewhere(const struct scene *scene)
{
    for (int i = 0; i < 3; i++)
        assert_int_equal(scene->seen[i], -EPERM);
}

static void test_another_loop_is_refused(void **state)
{
    (void)state;
    for_each_kind(shares, is_refused_elsewhere);
}

/* ---- misuse ---- */

static void test_outside_of_tasks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        union object object = kinds[i].object;
        assert_int_equal(kinds[i].wait(&object), -EPERM);
        assert_int_equal(kinds[i].wait(NULL), -EPERM);
        assert_int_equal(kinds[i].ask(&object), 0);
        assert_int_equal(kinds[i].destroy(&object), 0);
    }
}

static void test_null(void **state)
{
    char text[64];
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_int_equal(kinds[i].ask(NULL), -EINVAL);
        snprintf(text, sizeof text, "the %s is NULL", kinds[i].name);
        assert_non_null(strstr(leash_last_error(), text));
        assert_int_equal(kinds[i].destroy(NULL), -EINVAL);
    }
    assert_int_equal(leash_semaphore_release(NULL), -EINVAL);
    assert_int_equal(leash_semaphore_locked(NULL), -EINVAL);
    assert_int_equal(leash_event_set(NULL), -EINVAL);
    assert_int_equal(leash_event_clear(NULL), -EINVAL);
    assert_int_equal(leash_condition_release(NULL), -EINVAL);
    assert_int_equal(leash_condition_notify(NULL, 1), -EINVAL);
    assert_int_equal(leash_condition_notify_all(NULL), -EINVAL);
    assert_int_equal(leash_barrier_reset(NULL), -EINVAL);
    assert_int_equal(leash_barrier_abort(NULL), -EINVAL);
    assert_int_equal(leash_barrier_parties(NULL), -EINVAL);
    assert_int_equal(leash_barrier_broken(NULL), -EINVAL);
}

/* Of another type, or never initialised. */
static void test_what_is_something_else(void **state)
{
    leash_lock_t lock = LEASH_LOCK_INIT("lock");
    (void)state;
    assert_int_equal(leash_lock_locked(&lock), 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        union object object = kinds[i].object;
        object.condition.object.state = lock.object.state; /* all of them begin with it */
        assert_int_equal(kinds[i].destroy(&object), -EINVAL);
        assert_non_null(strstr(leash_last_error(), "it is a lock"));
        object.condition.object.state = &object;
        assert_int_equal(kinds[i].destroy(&object), -EINVAL);
    }
    assert_int_equal(leash_lock_destroy(&lock), 0);
}

/* ---- the dump ---- */

static int dumps(void *arg)
{
    struct scene *scene = arg;
    char expected[64], *text = NULL;
    size_t size;
    leash_task_t task = leash_create_task(leash_coro(waits, scene));
    leash_sleep(0);
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    snprintf(expected, sizeof expected, "for %s \"it\" at ", scene->kind->name);
    int told = strstr(text, expected) != NULL;
    free(text);
    scene->kind->wake(&scene->object);
    leash_await(task, NULL);
    return told ? 0 : -EPROTO;
}

static void test_the_dump_names_it(void **state)
{
    (void)state;
    for_each_kind(dumps, NULL);
}

/* ---- stacks of their making ---- */

static leash_lock_t declared = LEASH_LOCK_INIT("declared");

static int yields_nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int makes_objects(void *arg)
{
    leash_lock_t made;
    (void)arg;
    leash_lock_init(&made, "made");
    leash_generator_t generator = leash_generator(yields_nothing, NULL);
    leash_lock_locked(&declared);
    leash_lock_locked(&made);
    leash_lock_locked(&declared);
    leash_lock_destroy(&made);
    leash_lock_destroy(&declared);
    return leash_generator_close(generator);
}

static int run_with_stacks(int on)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.stacks = on;
    sink_on(false);
    return run_options(makes_objects, NULL, &options);
}

/* What the trace is told of the n-th object: STACK, FIRST_USE or neither, and which stack. */
static void expect_stack(size_t n, unsigned kind, uint64_t stack)
{
    const struct sink_event *object = sink_find(LEASH_EV_OBJECT, n), *found = NULL;
    assert_non_null(object);
    for (size_t i = 0; i < sink_count(); i++) {
        const struct sink_event *event = sink_event(i);
        bool of_objects =
            event->kind == LEASH_EV_FIRST_USE || (event->kind == LEASH_EV_STACK && event->c == LEASH_SUBJECT_OBJECT);
        if (of_objects && event->a == object->a) {
            assert_null(found); /* one stack each */
            found = event;
        }
    }
    assert_int_equal(found ? found->kind : 0, kind);
    assert_true(!found || found->b == stack);
}

/* Stacks are numbered as they are asked for: that of leash_lock_init is told when the lock is used. */
static void test_the_trace_is_told_how_it_was_made(void **state)
{
    (void)state;
    assert_int_equal(run_with_stacks(1), 0);
    const struct sink_event *coro = sink_find(LEASH_EV_STACK, 0);
    assert_non_null(coro); /* main's; its task has another */
    uint64_t before = coro->b + 1;
    expect_stack(0, LEASH_EV_STACK, before + 2);
    expect_stack(1, LEASH_EV_FIRST_USE, before + 3);
    expect_stack(2, LEASH_EV_STACK, before + 1);
    assert_int_equal(sink_count_of(LEASH_EV_OBJECT), 3);
    sink_off();
}

static void test_or_not_told_unless_it_asks(void **state)
{
    (void)state;
    assert_int_equal(run_with_stacks(0), 0);
    for (size_t i = 0; i < 3; i++)
        expect_stack(i, 0, 0);
    sink_off();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_struct_may_go),
        cmocka_unit_test(test_destroy_refuses_while_in_use),
        cmocka_unit_test(test_another_loop_is_refused),
        cmocka_unit_test(test_outside_of_tasks),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_what_is_something_else),
        cmocka_unit_test(test_the_dump_names_it),
        cmocka_unit_test(test_the_trace_is_told_how_it_was_made),
        cmocka_unit_test(test_or_not_told_unless_it_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
