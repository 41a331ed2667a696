/* Allocations that fail by countdown. The test links no_memory.c and is linked with
 *     -Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=strdup -Wl,--wrap=mmap */
#ifndef LEASH_TEST_NO_MEMORY_H
#define LEASH_TEST_NO_MEMORY_H

/* The n-th allocation from now on fails, and no other; 0: none does. */
void no_memory_at(long n);
/* How many have failed since then. */
long no_memory_failed(void);

#endif
