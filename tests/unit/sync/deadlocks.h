/* What tests of deadlocks share: runs under the virtual clock, and what they told of without a trace. */
#ifndef LEASH_TEST_DEADLOCKS_H
#define LEASH_TEST_DEADLOCKS_H

#include <leash.h>

extern char told[512];       /* "class:name ", of leaks without a trace, of the last run */
extern char told_waits[256]; /* what the last of them is said to wait for */

int run_with(leash_fn_t fn, void *arg, int on_deadlock);
int run(leash_fn_t fn, void *arg);
leash_task_t start(leash_fn_t fn, void *arg, const char *name);

#endif
