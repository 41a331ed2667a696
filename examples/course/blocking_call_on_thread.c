/* 4.18 The way out of the trap: the call blocks a thread of the pool, and the loop goes on. */
#include <leash.h>
#include <stdio.h>
#include <time.h>

static double began;

static int heartbeat(void *unused)
{
    (void)unused;
    for (int i = 1; i <= 3; i++) {
        int rc = leash_sleep(0.1);
        if (rc < 0)
            return rc;
        printf("Heartbeat %d at %.2f s\n", i, leash_time() - began);
    }
    return 0;
}

/* Stands for a library that knows nothing of the loop. */
static int query_database(void)
{
    nanosleep(&(struct timespec){0, 500000000}, NULL);
    return 42;
}

static int query_job(void *unused)
{
    (void)unused;
    return query_database();
}

static int report(void *unused)
{
    (void)unused;
    puts("The query begins");
    int answer = leash_await(leash_to_thread(query_job, NULL), NULL);
    if (answer < 0)
        return answer;
    printf("The query is over: %d\n", answer);
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    began = leash_time();
    return leash_gather_wait(NULL, leash_coro(heartbeat, NULL), leash_coro(report, NULL));
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
