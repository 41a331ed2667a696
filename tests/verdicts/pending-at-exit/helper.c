/* A service that a helper starts and nobody stops; its clean twin has a stop that cancels and awaits. */
#include "verdict.h"

static struct service {
    leash_task_t task;
    int requests;
} service;

static int serve(void *argument)
{
    struct service *self = argument;
    for (;;) {
        int rc = leash_sleep(1);
        if (rc < 0)
            return rc;
        self->requests++;
    }
}

static void service_start(struct service *self)
{
    self->task = leash_create_task(leash_coro(serve, self)); /* LEAK pending-at-exit 1 in never_stopped */
    keep(self);
}

static int service_stop(struct service *self)
{
    leash_cancel(self->task, "the service stops");
    return leash_await(self->task, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static int never_stopped(void *unused)
{
    (void)unused;
    service_start(&service);
    return leash_sleep(10);
}

static int stopped(void *unused)
{
    (void)unused;
    service_start(&service);
    int rc = leash_sleep(10);
    return rc < 0 ? rc : service_stop(&service);
}

CASES(CASE(never_stopped), CASE(stopped))
