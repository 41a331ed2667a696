/* What will be a leak when the process ends, unless it turns out to be none: known to the process, for the loop that it
 * is of may not get to say it. */
#ifndef LEASH_CORE_SUSPECT_H
#define LEASH_CORE_SUSPECT_H

#include <stdint.h>

struct leash__leak;
struct leash__suspect;

/* Copies the leak; `scope`: of leaks, 0: none (leak_scope.h). Any thread. NULL: no memory. */
struct leash__suspect *leash__suspect_new(const struct leash__leak *leak, uint32_t scope);
/* It was none. NULL is fine. */
void leash__suspect_clear(struct leash__suspect *suspect);
/* The process ends: they are leaks. */
void leash__suspects_tell(void);
/* Before a fork, and after it in both processes; in the child they are the parent's. */
void leash__suspects_lock(void);
void leash__suspects_unlock(void);
void leash__suspects_forget(void);

#endif
