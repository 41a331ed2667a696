/* Allocations that fail by countdown, of whatever thread. CMake: leash_test_no_memory(). */
#ifndef LEASH_TEST_NO_MEMORY_H
#define LEASH_TEST_NO_MEMORY_H

#include <stdbool.h>

/* The n-th allocation from now on fails, and no other; 0: none does. */
void no_memory_at(long n);
/* The n-th and all that follow fail; 0: none does. */
void no_memory_from(long n);
/* How many have failed since one was told to. */
long no_memory_failed(void);
/* For a test's own wrappers, of what else may fail: whether this call has to (errno is ENOMEM then). */
bool no_memory_now(void);

#endif
