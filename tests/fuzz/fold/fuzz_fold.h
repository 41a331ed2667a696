/* One input: what may be a spool. */
#ifndef LEASH_FUZZ_FOLD_H
#define LEASH_FUZZ_FOLD_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
