/* Live handles of other threads: on their stacks, in their thread-local storage, in their registers. */
#include "verdict.h"

#include <pthread.h>
#include <semaphore.h>

static leash_task_t handed_over;
static sem_t has_it, may_go;
static volatile int go;
static __thread leash_task_t of_this_thread;

static void *hold_on_its_stack(void *unused)
{
    leash_task_t held = handed_over;
    handed_over = NULL;
    keep(&held);
    sem_post(&has_it);
    sem_wait(&may_go);
    keep(&held);
    return unused;
}

static void *hold_in_its_storage(void *unused)
{
    of_this_thread = handed_over;
    handed_over = NULL;
    keep(&of_this_thread);
    sem_post(&has_it);
    sem_wait(&may_go);
    return unused;
}

/* In one register while it runs, and nowhere else. */
static void *hold_in_a_register(void *unused)
{
    register leash_task_t held = handed_over;
    handed_over = NULL;
    sem_post(&has_it);
#if defined(__x86_64__)
    __asm__ volatile("movq %0, %%xmm9\n xor %0, %0\n 1: pause\n cmpl $0, %1\n je 1b\n movq %%xmm9, %0"
                     : "+r"(held)
                     : "m"(go)
                     : "xmm9", "memory", "cc");
#else
    __asm__ volatile("fmov d9, %0\n mov %0, 0\n 1: yield\n ldr w9, %1\n cbz w9, 1b\n fmov %0, d9"
                     : "+r"(held)
                     : "m"(go)
                     : "d9", "x9", "memory");
#endif
    __asm__ volatile("" ::"r"(held));
    return unused;
}

static void *(*holder)(void *);
static pthread_t thread;

static int hand_over(void *unused)
{
    (void)unused;
    handed_over = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in on_its_stack,
        in_its_storage, in_its_register */
    if (pthread_create(&thread, NULL, holder, NULL) != 0)
        return -EAGAIN;
    sem_wait(&has_it);
    return leash_sleep(1);
}

static int held_by(void *(*body)(void *))
{
    holder = body;
    sem_init(&has_it, 0, 0);
    sem_init(&may_go, 0, 0);
    int rc = leash_run(leash_coro(hand_over, NULL));
    sem_post(&may_go);
    go = 1;
    pthread_join(thread, NULL);
    return rc < 0;
}

static int on_its_stack(void)
{
    return held_by(hold_on_its_stack);
}

static int in_its_storage(void)
{
    return held_by(hold_in_its_storage);
}

static int in_its_register(void)
{
    return held_by(hold_in_a_register);
}

CASES(PLAIN_CASE(on_its_stack), PLAIN_CASE(in_its_storage), PLAIN_CASE(in_its_register))
