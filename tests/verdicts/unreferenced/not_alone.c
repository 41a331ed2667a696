/* What somebody waits for is not lost, though nobody has its handle: it is pending. Who waits for it is a victim only
 * where it is held. */
#include "verdict.h"

static int waits_for_another(void *unused)
{
    (void)unused;
    leash_task_t inner = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in waited_for */
    return leash_await(inner, NULL);
}

static void note(void *handle, void *unused)
{
    (void)handle;
    (void)unused;
}

static int waited_for(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(waits_for_another, NULL)); /* LEAK unreferenced 1 in waited_for */
    return leash_sleep(1);
}

static void start_with_callback(void)
{
    leash_task_t task = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in called_back */
    leash_add_done_callback(task, note, NULL);
}

static int called_back(void *unused)
{
    (void)unused;
    start_with_callback();
    return leash_sleep(1);
}

static int found_again_by_name(void *unused)
{
    leash_task_t all[4];
    (void)unused;
    leash_task_set_name(leash_create_task(leash_coro(work, NULL)), "wanted");
    size_t count = leash_all_tasks(all, 4);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(leash_task_name(all[i]), "wanted") == 0)
            return leash_await(all[i], NULL);
    }
    return -ENOENT;
}

CASES(CASE(waited_for), CASE(called_back), CASE(found_again_by_name))
