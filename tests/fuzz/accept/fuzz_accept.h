/* One input: what may be a file of suppressions, or a baseline. */
#ifndef LEASH_FUZZ_ACCEPT_H
#define LEASH_FUZZ_ACCEPT_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
