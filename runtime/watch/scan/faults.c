#include "faults.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* Of the one process that reads; a snapshot has its own. */
static jmp_buf back;
static volatile bool guarded;
static volatile uintptr_t fault;

static void leave(int signal, siginfo_t *info, void *unused)
{
    (void)signal;
    (void)unused;
    if (!guarded || !info->si_addr)
        _exit(128 + signal);
    fault = (uintptr_t)info->si_addr;
    _longjmp(back, 1);
}

int leash__faults_catch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = leave;
    action.sa_flags = SA_SIGINFO | SA_NODEFER; /* it is left by a jump */
    if (sigaction(SIGSEGV, &action, NULL) < 0 || sigaction(SIGBUS, &action, NULL) < 0)
        return -errno;
    return 0;
}

uintptr_t leash__faults_guard(leash__faults_fn *fn, void *argument)
{
    fault = 0;
    if (_setjmp(back) == 0) {
        guarded = true;
        fn(argument);
    }
    guarded = false;
    return fault;
}
