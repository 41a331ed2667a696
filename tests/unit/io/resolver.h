/* A resolver of the test's own in place of the C library's, for names under ".test"; it is asked on libuv's threads. */
#ifndef LEASH_TEST_RESOLVER_H
#define LEASH_TEST_RESOLVER_H

#include <stdbool.h>

/* "fails.test" is answered with the EAI_ error of resolver_fails_with; "held.test" not until resolver_let_go;
 * "slow.test" as 127.0.0.1 after some time; "names.test" as 127.0.0.1 at once. All else is the C library's. */
void resolver_fails_with(int eai);
void resolver_hold(void);
void resolver_let_go(void);
/* How many questions about "held.test" are being held, and how many were asked of a resolver thread in all. */
unsigned resolver_holds(void);
unsigned resolver_asked(void);

#endif
