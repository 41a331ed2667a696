/* Where task_done is used, it is owed for each item that was got: a join would wait for ever. */
#include "verdict.h"

static leash_queue_t jobs = LEASH_QUEUE_INIT("jobs", 0); /* LEAK items-left 1 in one_owed */
static int job;

static int do_two_tell(int count)
{
    for (int i = 0; i < 2; i++)
        leash_queue_put(&jobs, &job);
    for (int i = 0; i < 2; i++) {
        int rc = leash_queue_get(&jobs, NULL);
        if (rc < 0)
            return rc;
        if (i < count)
            leash_queue_task_done(&jobs);
    }
    return 0;
}

static int one_owed(void *unused)
{
    (void)unused;
    return do_two_tell(1);
}

static int all_told(void *unused)
{
    (void)unused;
    int rc = do_two_tell(2);
    return rc < 0 ? rc : leash_queue_join(&jobs);
}

static int not_used(void *unused)
{
    (void)unused;
    return do_two_tell(0);
}

CASES(CASE(one_owed), CASE(all_told), CASE(not_used))
