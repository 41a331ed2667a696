#include "sigpipe.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned users; /* by lock */
static bool is_ours;   /* by lock: it was SIG_DFL before */

static bool is(void (*handler)(int))
{
    struct sigaction now;
    return sigaction(SIGPIPE, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == handler;
}

static void set(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    sigaction(SIGPIPE, &action, NULL);
}

void leash__sigpipe_begin(void)
{
    pthread_mutex_lock(&lock);
    if (users++ == 0) {
        is_ours = is(SIG_DFL);
        if (is_ours)
            set(SIG_IGN);
    }
    pthread_mutex_unlock(&lock);
}

void leash__sigpipe_end(void)
{
    pthread_mutex_lock(&lock);
    if (--users == 0 && is_ours && is(SIG_IGN))
        set(SIG_DFL);
    pthread_mutex_unlock(&lock);
}
