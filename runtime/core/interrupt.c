#include "interrupt.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cancel.h"
#include "failure.h"
#include "future.h"

/* Of the one loop that takes the signal; NULL: none does. Atomic. */
static struct leash__inbox *bell;
static unsigned count; /* since the loop began; atomic */
static struct sigaction before;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of whoever takes the signal or gives it back */

/* The loop may be deaf: the third one finds the signal's default, which ends the process. */
static void on_signal(int number)
{
    struct leash__inbox *inbox = __atomic_load_n(&bell, __ATOMIC_RELAXED);
    if (__atomic_add_fetch(&count, 1, __ATOMIC_RELAXED) == 2)
        signal(number, SIG_DFL);
    if (inbox)
        leash__inbox_ring(inbox);
}

static bool is_free(void)
{
    struct sigaction now;
    return sigaction(SIGINT, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL;
}

static bool is_first_thread(void)
{
    return (pid_t)syscall(SYS_gettid) == getpid();
}

void leash__interrupt_begin(struct leash__loop *loop)
{
    if (!loop->options.sigint || !is_first_thread() || !is_free() || leash__inbox_open(&loop->inbox) < 0)
        return;
    pthread_mutex_lock(&lock);
    __atomic_store_n(&count, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&bell, &loop->inbox, __ATOMIC_RELAXED);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    loop->takes_sigint = sigaction(SIGINT, &action, &before) == 0;
    pthread_mutex_unlock(&lock);
}

/* What the program has put there meanwhile stays. */
static void give_back(void)
{
    struct sigaction now;
    if (!__atomic_load_n(&bell, __ATOMIC_RELAXED))
        return;
    if (sigaction(SIGINT, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == on_signal)
        sigaction(SIGINT, &before, NULL);
    __atomic_store_n(&bell, NULL, __ATOMIC_RELAXED);
}

void leash__interrupt_step_back(void)
{
    pthread_mutex_lock(&lock);
    give_back();
    pthread_mutex_unlock(&lock);
}

/* The lock may have been another thread's. */
void leash__interrupt_forget(void)
{
    pthread_mutex_init(&lock, NULL);
    give_back();
}

void leash__interrupt_end(struct leash__loop *loop)
{
    if (loop->takes_sigint)
        leash__interrupt_step_back();
    loop->takes_sigint = false;
}

void leash__interrupt_answer(struct leash__loop *loop)
{
    unsigned now = loop->takes_sigint ? __atomic_load_n(&count, __ATOMIC_RELAXED) : 0;
    if (now > 0 && loop->interrupts == 0 && !leash__fut_done(&loop->main->cell.fut)) {
        struct leash__failure *message = leash__failure_text(-ECANCELED, "SIGINT");
        leash__cancel_main(loop, message);
        leash__failure_unref(message);
    }
    if (now > 1)
        loop->stop = true;
    loop->interrupts = now;
}
