/* Handles of threads that have ended. Their stacks are kept by the C library for the next thread, with what
 * was on them. */
#include "verdict.h"

#include <pthread.h>

static leash_task_t handed_over;
static __thread leash_task_t of_this_thread;

static void *hold_and_end(void *in_storage)
{
    leash_task_t held = handed_over;
    handed_over = NULL;
    keep(&held);
    if (in_storage)
        of_this_thread = held;
    keep(&of_this_thread);
    return NULL;
}

static int hand_over(void *in_storage)
{
    pthread_t thread;
    handed_over = leash_create_task(leash_coro(forever, NULL)); /* LIMIT unreferenced or pending-at-exit 1 - the stack
        of an ended thread is kept for the next one */
    if (pthread_create(&thread, NULL, hold_and_end, in_storage) != 0)
        return -EAGAIN;
    pthread_join(thread, NULL);
    return leash_sleep(1);
}

static int stack_of_an_ended_thread(void *unused)
{
    (void)unused;
    return hand_over(NULL);
}

static int storage_of_an_ended_thread(void *unused)
{
    (void)unused;
    return hand_over(&handed_over);
}

CASES(CASE(stack_of_an_ended_thread), CASE(storage_of_an_ended_thread))
