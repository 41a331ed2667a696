#include "dump_signal.h"

#include <leash/scan.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>

enum { LOOPS = 64 }; /* loops beyond these answer when they wake up by themselves */

static struct leash__inbox *bells[LOOPS]; /* of loops that answer; atomic */
static unsigned requests;                 /* atomic */
static unsigned ringing;                  /* handlers that run, and may know a bell; atomic */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned joined; /* by lock */
static bool taken;      /* by lock: the handler is ours */
static struct sigaction before;

static void on_signal(int number)
{
    (void)number;
    __atomic_fetch_add(&ringing, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&requests, 1, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < LOOPS; i++) {
        struct leash__inbox *inbox = __atomic_load_n(&bells[i], __ATOMIC_SEQ_CST);
        if (inbox)
            leash__inbox_ring(inbox);
    }
    __atomic_fetch_sub(&ringing, 1, __ATOMIC_SEQ_CST);
}

static bool is_free(void)
{
    struct sigaction now;
    return sigaction(SIGUSR1, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL;
}

/* Puts `to` where `from` stands. */
static bool replace(struct leash__inbox *from, struct leash__inbox *to)
{
    for (unsigned i = 0; i < LOOPS; i++) {
        struct leash__inbox *expected = from;
        if (__atomic_compare_exchange_n(&bells[i], &expected, to, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

void leash__dump_signal_begin(struct leash__loop *loop)
{
    if (loop->options.dump != 1)
        return;
    pthread_mutex_lock(&lock);
    if (joined++ == 0 && is_free()) {
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        taken = sigaction(SIGUSR1, &action, &before) == 0;
    }
    pthread_mutex_unlock(&lock);
    loop->dumps = __atomic_load_n(&requests, __ATOMIC_RELAXED);
    if (leash__inbox_open(&loop->inbox) == 0)
        replace(NULL, &loop->inbox);
}

static void give_back(void)
{
    if (taken)
        sigaction(SIGUSR1, &before, NULL);
    taken = false;
}

void leash__dump_signal_step_back(void)
{
    pthread_mutex_lock(&lock);
    give_back();
    pthread_mutex_unlock(&lock);
}

void leash__dump_signal_end(struct leash__loop *loop)
{
    if (loop->options.dump != 1)
        return;
    if (replace(&loop->inbox, NULL))
        while (__atomic_load_n(&ringing, __ATOMIC_SEQ_CST) > 0)
            sched_yield(); /* on another thread: it may still ring this bell */
    pthread_mutex_lock(&lock);
    if (--joined == 0)
        give_back();
    pthread_mutex_unlock(&lock);
}

void leash__dump_signal_answer(struct leash__loop *loop)
{
    unsigned now = __atomic_load_n(&requests, __ATOMIC_RELAXED);
    if (loop->dumps == now)
        return;
    loop->dumps = now;
    leash_dump(stderr);
}
