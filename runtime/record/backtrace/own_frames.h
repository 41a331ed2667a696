/* Which frames of a stack are the runtime's own. */
#ifndef LEASH_RECORD_OWN_FRAMES_H
#define LEASH_RECORD_OWN_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes them out of addresses[count] (return addresses less one, innermost first) and returns how many remain. In the
 * shared library the runtime is all that lies in its file. Linked statically, it is what the innermost call of a
 * public function contains, every other public function and every one marked LEASH__OWN_FRAME, and a coroutine's
 * trampoline with what is beyond; `skip` frames, where there are no public functions. The caller holds
 * leash__definitions_lock. */
size_t leash__own_frames_cut(uintptr_t *addresses, size_t count, unsigned skip);

/* The same of a stack whose inner end is not the runtime's, but the program's or a library's. */
size_t leash__own_frames_leave_out(uintptr_t *addresses, size_t count);
/* Whether a coroutine's stack ends with this address. */
bool leash__own_frames_end(uintptr_t address);

#endif
