#include "caught.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include "dump_signal.h"
#include "interrupt.h"

static struct {
    unsigned users;
    struct sigaction before; /* valid while there are users */
} signals[NSIG];             /* by number */

static struct leash__node all = {&all, &all};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Where libuv has left the default, what was there before comes back; where it has not, others still use it. */
static void restore(int number)
{
    struct sigaction now;
    if (sigaction(number, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL)
        sigaction(number, &signals[number].before, NULL);
}

/* ---- fork ---- */

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

/* The loops are dead here, but libuv keeps one list for all of the process: what stays in it would keep it from
 * catching anew. Its own handler for the child has run, as it was registered with the first loop. */
static void after_fork_in_child(void)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&all)))
        uv_signal_stop(&LEASH__CONTAINER(node, struct leash__caught, node)->uv);
    for (int number = 1; number < NSIG; number++) {
        if (signals[number].users)
            restore(number);
        signals[number].users = 0;
    }
    pthread_mutex_unlock(&lock);
}

static void watch_forks(void)
{
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* ---- catching ---- */

/* The first two cannot be caught; the others are raised by an instruction, which would only be run again. */
static bool can_be_caught(int number)
{
    static const int never[] = {SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (number == never[i])
            return false;
    return number > 0 && number < NSIG;
}

/* What leash itself does about it must not be taken for the program's, and come back later. */
static void step_back(int number)
{
    if (number == SIGINT)
        leash__interrupt_step_back();
    else if (number == SIGUSR1)
        leash__dump_signal_step_back();
}

int leash__caught_begin(struct leash__caught *caught, uv_signal_cb fn, int number)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!can_be_caught(number))
        return -EINVAL;
    pthread_once(&once, watch_forks);
    pthread_mutex_lock(&lock);
    step_back(number);
    if (signals[number].users == 0)
        sigaction(number, NULL, &signals[number].before);
    int rc = uv_signal_start(&caught->uv, fn, number);
    if (rc == 0) {
        signals[number].users++;
        leash__list_append(&all, &caught->node);
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

void leash__caught_end(struct leash__caught *caught)
{
    pthread_mutex_lock(&lock);
    int number = caught->uv.signum;
    uv_signal_stop(&caught->uv);
    leash__list_remove(&caught->node);
    if (--signals[number].users == 0)
        restore(number);
    pthread_mutex_unlock(&lock);
}
