/* Random changes for the fuzzers. FUZZ_SEED and FUZZ_ROUNDS choose; the seed is printed. */
#ifndef LEASH_TEST_MUTATE_H
#define LEASH_TEST_MUTATE_H

#include <stddef.h>
#include <stdint.h>

void mutate_seed(unsigned rounds);
/* FUZZ_ROUNDS, else the standard number. */
unsigned mutate_rounds(unsigned standard);
size_t mutate_below(size_t limit);
/* A few changes, mostly where something is; now and then the file is cut. The new size. */
size_t mutate_bytes(unsigned char *bytes, size_t size);

#endif
