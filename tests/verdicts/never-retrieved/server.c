/* One handler of many fails while the server goes on, and nobody asks; a group's failures are asked for. */
#include "verdict.h"

static int handle(void *request)
{
    int rc = leash_sleep(0.1);
    if (rc == 0 && *(int *)request == 7)
        return leash_fail(-EBADMSG, "request %d has no body", *(int *)request);
    return rc;
}

static int handlers_let_go(void *unused)
{
    static int requests[10];
    (void)unused;
    for (int i = 0; i < 10; i++) {
        requests[i] = i;
        leash_task_t task =
            leash_create_task(leash_coro(handle, &requests[i])); /* LEAK never-retrieved 1 in handlers_let_go */
        leash_detach(task);
    }
    return leash_sleep(1);
}

static int handlers_in_a_group(void *unused)
{
    static int requests[10];
    int rc = 0;
    (void)unused;
    leash_group_t group = leash_group_begin();
    for (int i = 0; i < 10 && rc == 0; i++) {
        requests[i] = i;
        rc = leash_group_spawn(group, leash_coro(handle, &requests[i]));
    }
    return leash_group_end(group, rc) == -EBADMSG ? 0 : -EPROTO;
}

CASES(CASE(handlers_let_go), CASE(handlers_in_a_group))
