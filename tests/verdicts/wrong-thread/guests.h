/* A thread that a task waits for: it calls what it must not, and then tells the loop properly that it is done. */
#ifndef GUESTS_H
#define GUESTS_H

#include "verdict.h"

#include <pthread.h>

struct guest {
    int (*visit)(void *arg); /* on the other thread */
    void *arg;
    int rc; /* of visit */
    leash_loop_t loop;
    leash_event_t left;
};

static inline void guest_left(void *argument)
{
    struct guest *guest = argument;
    leash_event_set(&guest->left);
}

static inline void *guest_run(void *argument)
{
    struct guest *guest = argument;
    guest->rc = guest->visit(guest->arg);
    leash_call_soon_threadsafe(guest->loop, guest_left, guest);
    return NULL;
}

/* Runs visit(arg) on another thread while the loop goes on; what it returned. */
static inline int have_guest(int (*visit)(void *arg), void *arg)
{
    struct guest guest = {.visit = visit, .arg = arg, .loop = leash_running_loop()};
    pthread_t thread;
    leash_event_init(&guest.left, "left");
    if (!guest.loop || pthread_create(&thread, NULL, guest_run, &guest) != 0)
        return -EAGAIN;
    int rc = leash_event_wait(&guest.left);
    pthread_join(thread, NULL);
    leash_event_destroy(&guest.left);
    return rc < 0 ? rc : guest.rc;
}

#endif
