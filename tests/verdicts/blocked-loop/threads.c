/* OPTIONS blocked_ms=200 */
/* In a loop on a thread of its own. A thread that blocks beside the loop blocks nothing. */
#include "blocked-loop/block.h"
#include "loop_thread.h"

static int sleep_long(void *unused)
{
    (void)unused;
    block(400);
    return 0;
}

static int blocks(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(sleep_long, NULL)), NULL); /* LEAK blocked-loop 1 in blocks_there */
}

static int works(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(work, NULL)), NULL);
}

static void *block_beside(void *unused)
{
    block(400);
    return unused;
}

static int blocks_there(void)
{
    return on_a_thread(blocks);
}

static int thread_blocks_beside(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, block_beside, NULL) != 0)
        return 1;
    int rc = on_a_thread(works);
    pthread_join(thread, NULL);
    return rc;
}

CASES(PLAIN_CASE(blocks_there), PLAIN_CASE(thread_blocks_beside))
