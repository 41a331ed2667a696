/* A loop on a thread of its own. */
#ifndef LOOP_THREAD_H
#define LOOP_THREAD_H

#include "verdict.h"

#include <pthread.h>

static inline void *loop_thread_run(void *body)
{
    leash_fn_t *app = body;
    return leash_run(leash_coro(*app, NULL)) < 0 ? body : NULL;
}

/* 0 if the run went well. */
static inline int on_a_thread(leash_fn_t app)
{
    pthread_t thread;
    void *failed = NULL;
    if (pthread_create(&thread, NULL, loop_thread_run, &app) != 0)
        return 1;
    pthread_join(thread, &failed);
    return failed != NULL;
}

#endif
