/* 4.11 A semaphore of 2: of five workers two work at a time, first come, first served. */
#include <leash.h>
#include <stdio.h>

static leash_semaphore_t places = LEASH_SEMAPHORE_INIT("places", 2);
static int working, most;

static int work(void *arg)
{
    int number = *(const int *)arg;
    int rc = leash_semaphore_acquire(&places);
    if (rc < 0)
        return rc;
    printf("Worker %d begins\n", number);
    if (++working > most)
        most = working;
    rc = leash_sleep(1);
    working--;
    printf("Worker %d is done\n", number);
    leash_semaphore_release(&places);
    return rc;
}

static int app(void *unused)
{
    int numbers[] = {1, 2, 3, 4, 5};
    enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };
    (void)unused;
    double began = leash_time();
    leash_awaitable_t workers[COUNT];
    for (int i = 0; i < COUNT; i++)
        workers[i] = leash_create_task(leash_coro(work, &numbers[i]));
    int rc = leash_gather_wait_array(workers, COUNT, 0, NULL);
    if (rc < 0)
        return rc;
    printf("%.2f s in total, never more than %d at a time\n", leash_time() - began, most);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
