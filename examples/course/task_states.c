/* 4.6 What can be asked about tasks: which one runs, which there are, what they are called, whether they are done or
 * were cancelled. */
#include <leash.h>
#include <stdio.h>

static int twice(void *arg)
{
    int n = *(const int *)arg;
    printf("%s begins\n", leash_task_name(leash_current_task()));
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    printf("%s is done\n", leash_task_name(leash_current_task()));
    return n * 2;
}

static const char *yes_or_no(int answer)
{
    return answer == 1 ? "yes" : "no";
}

static void print_state(const char *when, leash_task_t task)
{
    printf("%s: done %s, cancelled %s\n", when, yes_or_no(leash_done(task)), yes_or_no(leash_cancelled(task)));
}

static void print_all_tasks(void)
{
    enum { MOST = 8 };
    leash_task_t tasks[MOST];
    size_t count = leash_all_tasks(tasks, MOST);
    printf("All tasks (%zu):", count);
    for (size_t i = 0; i < count && i < MOST; i++)
        printf(" %s", leash_task_name(tasks[i]));
    puts("");
}

static int app(void *unused)
{
    (void)unused;
    leash_task_set_name(leash_current_task(), "main task");
    printf("Current task: %s\n", leash_task_name(leash_current_task()));
    leash_task_t task = leash_create_task_named(leash_coro(twice, &(int){5}), "task 5");
    print_all_tasks();
    print_state("Before", task);
    int rc = leash_await(task, NULL);
    if (rc < 0)
        return rc;
    printf("Result: %d\n", rc);
    print_state("After", task);
    print_all_tasks();
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
