#include "faults.h"

#ifdef __x86_64__
#include <cpuid.h>
#endif
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

/* The kernel gives a handler the keys that a process begins with: what the program had opened would be closed. */
static void open_all_keys(void)
{
#ifdef __x86_64__
    const unsigned os_keeps_keys = 1u << 4;
    unsigned a, b, c, d;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (c & os_keeps_keys))
        __asm__ volatile(".byte 0x0f, 0x01, 0xef" ::"a"(0), "c"(0), "d"(0)); /* wrpkru */
#endif
}

int leash__faults_catch(bool in_snapshot)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = leave;
    action.sa_flags = SA_SIGINFO | SA_NODEFER; /* it is left by a jump */
    if (sigaction(SIGSEGV, &action, NULL) < 0)
        return -errno;
    if (in_snapshot)
        action = (struct sigaction){.sa_handler = SIG_DFL};
    if (sigaction(SIGBUS, &action, NULL) < 0)
        return -errno;
    open_all_keys();
    return 0;
}

uintptr_t leash__faults_guard(leash__faults_fn *fn, void *argument)
{
    fault = 0;
    if (_setjmp(back) == 0) {
        guarded = true;
        fn(argument);
    } else {
        open_all_keys();
    }
    guarded = false;
    return fault;
}
