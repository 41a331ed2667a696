#include "barriers.h"

#include "test.h"

#include <errno.h>

#include "sink.h"

int wait_at(struct actor *actor, leash_barrier_t *barrier)
{
    int rc = leash_barrier_wait(barrier);
    if (rc >= 0)
        tell(&actor->scene->story, "%c%d", actor->name, rc);
    else
        tell(&actor->scene->story, "%c %s", actor->name,
             rc == -EPIPE       ? "broken"
             : rc == -ECANCELED ? "cancelled"
                                : "refused");
    return rc;
}

int waits(void *arg)
{
    struct actor *actor = arg;
    return wait_at(actor, &actor->scene->barrier);
}

leash_task_t start(struct scene *scene, char name, leash_fn_t fn)
{
    struct actor actor = {scene, name};
    return leash_create_task(leash_coro_copy(fn, &actor, sizeof actor));
}

int all(struct scene *scene, const char *names, leash_fn_t fn)
{
    leash_awaitable_t tasks[PARTIES];
    size_t count = strlen(names);
    for (size_t i = 0; i < count; i++)
        tasks[i] = start(scene, names[i], fn);
    return leash_gather_wait_array(tasks, count, LEASH_RETURN_FAILURES, NULL);
}

void tell_state(struct scene *scene)
{
    tell(&scene->story, "%d/%d%s", leash_barrier_n_waiting(&scene->barrier), leash_barrier_parties(&scene->barrier),
         leash_barrier_broken(&scene->barrier) == 1 ? " broken" : "");
}

void check(leash_fn_t body, int parties, const char *expected)
{
    struct scene scene = {.barrier = LEASH_BARRIER_INIT("phase", parties), .other = LEASH_BARRIER_INIT("other", 5)};
    int rc = run_virtual(body, &scene);
    assert_string_equal(scene.story.words, expected);
    assert_int_equal(rc, 0);
}
