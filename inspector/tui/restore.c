#include "restore.h"

#include <stdbool.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios modes;
static bool has_modes;
static char farewell[256]; /* leaves the mouse, the colours, the hidden cursor, the second screen */
static volatile sig_atomic_t armed;
static char stack[64 * 1024]; /* a crash may be of the other one */

void restore_prepare(void)
{
    has_modes = tcgetattr(STDIN_FILENO, &modes) == 0;
}

static void on_crash(int number)
{
    if (armed) {
        armed = 0;
        (void)!write(STDOUT_FILENO, farewell, strlen(farewell));
        if (has_modes)
            tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    }
    raise(number); /* with the default action: SA_RESETHAND */
}

void restore_arm(const char *bytes)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    snprintf(farewell, sizeof farewell, "%s", bytes);
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(
            numbers[i],
            &(struct sigaction){.sa_handler = on_crash, .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK | SA_NODEFER)},
            NULL);
    armed = 1;
}

void restore_disarm(void)
{
    armed = 0;
}
