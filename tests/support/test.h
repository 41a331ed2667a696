/* What cmocka needs, in one include. Bodies of tasks must not assert: a failing assertion jumps off the coroutine's
 * stack. They write down what they saw, and the test asserts after leash_run. */
#ifndef LEASH_TEST_H
#define LEASH_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#endif
