#include "conditions.h"

#include "test.h"

#include <errno.h>

#include "sink.h"

struct actor {
    struct scene *scene;
    const char *name;
};

static void tell_outcome(struct scene *scene, const char *name, int rc)
{
    tell(&scene->story, rc >= 0 ? "%s on" : rc == -ECANCELED ? "%s cancelled" : "%s refused", name);
}

int waits(void *arg)
{
    struct actor *actor = arg;
    int rc = leash_condition_acquire(&actor->scene->condition);
    if (rc == 0)
        rc = leash_condition_wait(&actor->scene->condition);
    tell_outcome(actor->scene, actor->name, rc);
    return rc;
}

int waits_and_releases(void *arg)
{
    struct actor *actor = arg;
    int rc = waits(arg), released = leash_condition_release(&actor->scene->condition);
    return rc < 0 ? rc : released;
}

int is_ready(void *arg)
{
    struct scene *scene = arg;
    scene->asked++;
    return scene->ready;
}

int waits_until_ready(void *arg)
{
    struct actor *actor = arg;
    struct scene *scene = actor->scene;
    leash_condition_acquire(&scene->condition);
    int rc = leash_condition_wait_for(&scene->condition, is_ready, scene);
    tell(&scene->story, "%s %d", actor->name, rc);
    leash_condition_release(&scene->condition);
    return 0;
}

leash_task_t start_with(struct scene *scene, const char *name, leash_fn_t fn)
{
    struct actor actor = {scene, name};
    return leash_create_task_named(leash_coro_copy(fn, &actor, sizeof actor), name);
}

void tell_lock(struct scene *scene)
{
    tell(&scene->story, leash_condition_locked(&scene->condition) ? "locked" : "free");
}

int notify(struct scene *scene, int n)
{
    leash_condition_acquire(&scene->condition);
    int woken = leash_condition_notify(&scene->condition, n);
    leash_condition_release(&scene->condition);
    return woken;
}

void check(leash_fn_t body, const char *expected)
{
    struct scene scene = {.condition = LEASH_CONDITION_INIT("changed"), .lock = LEASH_LOCK_INIT("box")};
    int rc = run_virtual(body, &scene);
    assert_string_equal(scene.story.words, expected);
    assert_int_equal(rc, 0);
}
