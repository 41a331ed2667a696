#include "free_signal.h"

#include <stdint.h>
#include <string.h>

static uint64_t taken; /* bit a signal, the first at 1; atomic: two that look at once find one disposition */

static uint64_t bit(int number)
{
    return UINT64_C(1) << (number - 1);
}

static bool is_default(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL;
}

bool leash__signal_take(int number, leash__signal_fn *fn)
{
    struct sigaction ours = {.sa_sigaction = fn, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
    memset(&ours.sa_mask, 0xff, sizeof ours.sa_mask); /* sigfillset leaves libc's own out */
    if (__atomic_fetch_or(&taken, bit(number), __ATOMIC_ACQUIRE) & bit(number))
        return false;
    if (is_default(number) && sigaction(number, &ours, NULL) == 0)
        return true;
    __atomic_fetch_and(&taken, ~bit(number), __ATOMIC_RELEASE);
    return false;
}

void leash__signal_give_back(int number, leash__signal_fn *fn)
{
    struct sigaction now, before = {.sa_handler = SIG_DFL};
    if (sigaction(number, NULL, &now) == 0 && now.sa_flags & SA_SIGINFO && now.sa_sigaction == fn)
        sigaction(number, &before, NULL);
    __atomic_fetch_and(&taken, ~bit(number), __ATOMIC_RELEASE);
}
