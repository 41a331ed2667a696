#ifndef LEASH_TEST_OPEN_DESCRIPTORS_H
#define LEASH_TEST_OPEN_DESCRIPTORS_H

/* How many descriptors this process has open, and some that are always the same: to be compared with an earlier count.
 */
int open_descriptors(void);

#endif
