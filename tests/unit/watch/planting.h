/* Planting handles for the scan to find. A test holds numbers only: the handle of a number exists where the test plants
 * it, and in the request, nowhere else. */
#ifndef PLANTING_H
#define PLANTING_H

#include <leash/scan.h>
#include <stdbool.h>
#include <stdint.h>

struct leash__loop;

/* Number `number`'s handle, in its whole for the callee's callers to put somewhere. */
uint64_t handle_of(unsigned number);
/* Writes it to any byte offset. */
void plant(void *where, unsigned number);

/* That the scans may stop other threads by; 0: none. */
extern int stop_signal;
/* What the last scan said. */
extern struct leash_scan_result scanned;
/* Scans for the handles of `count` numbers from `first` on, on this thread. Bit i of the answer: first + i was found.
 * At most 32. */
uint32_t scan_for(unsigned first, unsigned count, struct leash__loop *loop);
/* The same for one number, which must be found while its neighbour, planted nowhere, must not: the control. */
bool finds(unsigned number, struct leash__loop *loop);
bool misses(unsigned number, struct leash__loop *loop);
/* A sanitizer or Valgrind turned the scan off, or it could not be made. */
bool scan_is_off(void);
/* The request behind scan_for, for callers that call leash__scan_memory themselves. */
const struct leash__scan_request *prepare(unsigned first, unsigned count, struct leash__loop *loop);
uint32_t answer(void);

/* Calls fn(a, b) while the handle of `number` is in one callee-saved register (which: 0 to 5; 6: in none) and nowhere
 * else. */
typedef int call_fn(void *a, void *b);
int call_with_register(call_fn *fn, void *a, void *b, unsigned number, unsigned which);
/* Leaves a handle many times on the stack, well below the caller (a frame has holes, and in those of the next calls it
 * would be live again). */
void leave_below(unsigned number);

#endif
