/* How many descriptors this process has open: what was opened must be closed again. */
#ifndef LEASH_TEST_DESCRIPTORS_H
#define LEASH_TEST_DESCRIPTORS_H

#include <leash.h>

/* The real clock. */
int run_really(leash_fn_t fn, void *arg);

/* cmocka's, for a test that must not leave any open (but libuv's for all loops, which are made first); for a group. */
int descriptors_group(void **state);
int descriptors_setup(void **state);
int descriptors_teardown(void **state);

#endif
