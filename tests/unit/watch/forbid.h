/* A system that refuses: seccomp filters for the tests. */
#ifndef LEASH_TEST_FORBID_H
#define LEASH_TEST_FORBID_H

#include <stdbool.h>

/* From now on these two system calls (`second` 0: the first alone) of this thread, and of all that it starts, threads
 * and programs, end in `action`, a SECCOMP_RET_. */
bool filter_calls(unsigned first, unsigned second, unsigned action);
/* They answer EPERM. */
bool forbid_calls(unsigned first, unsigned second);

#endif
