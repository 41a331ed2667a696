/* 5.6 A handle that is kept only in a struct which was freed, or leaked, or in a global, or by a thread. */
#include "verdict.h"

#include <pthread.h>
#include <semaphore.h>

struct session {
    char user[32];
    leash_task_t task;
};

static struct session *session;
static leash_task_t global;
static sem_t has_it, may_go;

static __attribute__((noinline)) leash_task_t start(void)
{
    return leash_create_task(leash_coro(forever, NULL)); /* TIER2 unreferenced or pending-at-exit 1 in freed, leaked -
        its bytes are still there; LEAK pending-at-exit 1 in in_a_global, in_a_thread */
}

static __attribute__((noinline)) int begin_session(void)
{
    session = calloc(1, sizeof(*session));
    if (!session)
        return -ENOMEM;
    session->task = start();
    return 0;
}

static int freed(void *unused)
{
    (void)unused;
    int rc = begin_session();
    free(session);
    session = NULL;
    return rc < 0 ? rc : leash_sleep(1);
}

static int leaked(void *unused)
{
    (void)unused;
    int rc = begin_session();
    session = NULL;
    return rc < 0 ? rc : leash_sleep(1);
}

static int in_a_global(void *unused)
{
    (void)unused;
    global = start();
    keep(&global);
    return leash_sleep(1);
}

static void *hold(void *unused)
{
    leash_task_t held = global;
    global = NULL;
    keep(&held);
    sem_post(&has_it);
    sem_wait(&may_go);
    keep(&held);
    return unused;
}

static pthread_t holder;

static int give_to_a_thread(void *unused)
{
    (void)unused;
    global = start();
    keep(&global);
    if (pthread_create(&holder, NULL, hold, NULL) != 0)
        return -EAGAIN;
    sem_wait(&has_it);
    return leash_sleep(1);
}

static int in_a_thread(void)
{
    sem_init(&has_it, 0, 0);
    sem_init(&may_go, 0, 0);
    int rc = leash_run(leash_coro(give_to_a_thread, NULL));
    sem_post(&may_go);
    pthread_join(holder, NULL);
    return rc < 0;
}

CASES(CASE(freed), CASE(leaked), CASE(in_a_global), PLAIN_CASE(in_a_thread))
