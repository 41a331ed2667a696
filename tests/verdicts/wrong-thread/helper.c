/* A helper that logs through a queue of the loop, called from wherever. */
#include "wrong-thread/guests.h"

static leash_queue_t lines = LEASH_QUEUE_INIT("lines", 0);
static leash_loop_t loop;

static int log_line(const char *text)
{
    return leash_queue_put_nowait(&lines, (void *)text); /* LEAK wrong-thread 1 in from_anywhere */
}

static void log_in_loop(void *text)
{
    log_line(text);
}

static int log_directly(void *text)
{
    return log_line(text);
}

static int log_safely(void *text)
{
    return leash_call_soon_threadsafe(loop, log_in_loop, text);
}

static int one_line(int (*log)(void *text), int refused)
{
    loop = leash_running_loop();
    if (log_line("from the loop") < 0 || have_guest(log, "from a thread") != (refused ? -EPERM : 0))
        return -EPROTO;
    for (int i = 0; i < 2 - refused; i++)
        leash_queue_get(&lines, NULL);
    return 0;
}

static int from_anywhere(void *unused)
{
    (void)unused;
    return one_line(log_directly, 1);
}

static int through_the_loop(void *unused)
{
    (void)unused;
    return one_line(log_safely, 0);
}

CASES(CASE(from_anywhere), CASE(through_the_loop))
