/* 3.3 Awaiting a task gives control to the loop; when the task ends, the loop resumes who waited for it. */
#include <leash.h>
#include <stdio.h>

static int dig_the_hole(void *unused)
{
    (void)unused;
    puts("dig_the_hole: digging");
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    puts("dig_the_hole: the hole is dug");
    return 0;
}

static int plant_a_tree(void *unused)
{
    (void)unused;
    leash_task_t digging = leash_create_task(leash_coro(dig_the_hole, NULL));
    puts("plant_a_tree: waits for the hole");
    int rc = leash_await(digging, NULL);
    if (rc < 0)
        return rc;
    puts("plant_a_tree: resumed, plants the tree");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(plant_a_tree, NULL)) < 0;
}
