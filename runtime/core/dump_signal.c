#include "dump_signal.h"

#include <errno.h>
#include <leash/scan.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LOOPS = 64 }; /* loops beyond these answer when they wake up by themselves */

static int tids[LOOPS];   /* of threads whose loops answer; 0: free; atomic */
static unsigned requests; /* atomic */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned joined; /* by lock */
static bool taken;      /* by lock: the handler is ours */
static struct sigaction before;

static int own_tid(void)
{
    return (int)syscall(SYS_gettid);
}

/* The kernel gives a process's signal to any thread: the first that gets it passes it on to those that may sleep. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    int saved = errno, own = own_tid(), pid = getpid();
    (void)context;
    if (info->si_code == SI_TKILL && info->si_pid == pid)
        return;
    __atomic_fetch_add(&requests, 1, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < LOOPS; i++) {
        int tid = __atomic_load_n(&tids[i], __ATOMIC_RELAXED);
        if (tid && tid != own)
            syscall(SYS_tgkill, pid, tid, number);
    }
    errno = saved;
}

static bool is_free(void)
{
    struct sigaction now;
    return sigaction(SIGUSR1, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL;
}

void leash__dump_signal_begin(struct leash__loop *loop)
{
    if (loop->options.dump != 1)
        return;
    pthread_mutex_lock(&lock);
    if (joined++ == 0 && is_free()) {
        struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
        sigemptyset(&action.sa_mask);
        taken = sigaction(SIGUSR1, &action, &before) == 0;
    }
    pthread_mutex_unlock(&lock);
    loop->dumps = __atomic_load_n(&requests, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < LOOPS; i++) {
        int none = 0;
        if (__atomic_compare_exchange_n(&tids[i], &none, own_tid(), false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            return;
    }
}

void leash__dump_signal_end(struct leash__loop *loop)
{
    if (loop->options.dump != 1)
        return;
    for (unsigned i = 0; i < LOOPS; i++) {
        int own = own_tid();
        if (__atomic_compare_exchange_n(&tids[i], &own, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            break;
    }
    pthread_mutex_lock(&lock);
    if (--joined == 0 && taken) {
        sigaction(SIGUSR1, &before, NULL);
        taken = false;
    }
    pthread_mutex_unlock(&lock);
}

static bool asked(const struct leash__loop *loop)
{
    return loop->dumps != __atomic_load_n(&requests, __ATOMIC_RELAXED);
}

void leash__dump_signal_answer(struct leash__loop *loop)
{
    if (!asked(loop))
        return;
    loop->dumps = __atomic_load_n(&requests, __ATOMIC_RELAXED);
    leash_dump(stderr);
}

bool leash__dump_signal_asleep(struct leash__loop *loop, sigset_t *mask)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &blocked, mask);
    return !asked(loop);
}

void leash__dump_signal_awake(const sigset_t *mask)
{
    pthread_sigmask(SIG_SETMASK, mask, NULL);
}
