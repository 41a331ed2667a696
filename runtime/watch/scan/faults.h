/* Reading memory that may not be there, in a process of the runtime's own (looker.h): its handlers for SIGSEGV and
 * SIGBUS leave the read, whatever it met: a guard page, a page behind its file's end, one that another thread took
 * away. Protection keys forbid it nothing. */
#ifndef LEASH_WATCH_FAULTS_H
#define LEASH_WATCH_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

/* Sets the handlers. In a snapshot SIGBUS ends the process: a huge page may have been taken from it for its parent.
 * 0, -errno. */
int leash__faults_catch(bool in_snapshot);
/* Calls fn(argument). 0; else fn was left in its middle, and this is the address that could not be read. A fault
 * outside ends the process. One at a time. */
typedef void leash__faults_fn(void *argument);
uintptr_t leash__faults_guard(leash__faults_fn *fn, void *argument);

#endif
