/* 0.3 Two tasks run at the same time; awaited one after the other, both are done before main is. */
#include <leash.h>
#include <stdio.h>

static int download(void *unused)
{
    (void)unused;
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    puts("Task 1: data downloaded");
    return 0;
}

static int save(void *unused)
{
    (void)unused;
    int rc = leash_sleep(2);
    if (rc < 0)
        return rc;
    puts("Task 2: file saved");
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    double began = leash_time();
    leash_task_t downloading = leash_create_task(leash_coro(download, NULL));
    leash_task_t saving = leash_create_task(leash_coro(save, NULL));

    int rc = leash_await(downloading, NULL);
    if (rc < 0)
        return rc;
    rc = leash_await(saving, NULL);
    if (rc < 0)
        return rc;
    puts("all done, the program can end safely");
    printf("%.2f s in total\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
