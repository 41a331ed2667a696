/* Giving the terminal back in a crash, with nothing but what a signal handler may use. */
#ifndef LEASH_INSPECTOR_RESTORE_H
#define LEASH_INSPECTOR_RESTORE_H

/* Before the terminal is taken: how it was. */
void restore_prepare(void);
/* While it is taken: SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT send it `farewell` (at most 255 bytes), and
 * give it back as it was, before they end the program. */
void restore_arm(const char *farewell);
void restore_disarm(void);

#endif
