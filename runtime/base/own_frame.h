/* Functions of the runtime that are on a stack while the program's own code runs: they call it. Backtraces leave them
 * out, wherever they stand (record/backtrace). What a public function calls needs no mark. */
#ifndef LEASH_BASE_OWN_FRAME_H
#define LEASH_BASE_OWN_FRAME_H

#define LEASH__OWN_FRAME __attribute__((noinline, section("leash_calls")))

/* What a public function ends in, and waits in: that one's frame may be gone then. It counts as public itself. */
#define LEASH__LAST_FRAME __attribute__((noinline, section("leash_api")))

#endif
