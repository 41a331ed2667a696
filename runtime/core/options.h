/* Options: what leash_run was given, what LEASH_OPTIONS says, and what holds when neither says anything. */
#ifndef LEASH_CORE_OPTIONS_H
#define LEASH_CORE_OPTIONS_H

#include <leash/loop.h>

#define LEASH_STACK_SIZE_DEFAULT ((size_t)64 << 10)
#define LEASH_SPOOL_SIZE_DEFAULT ((size_t)256 << 20)

/* Fills `out` with the options in force: those of `given` (may be NULL), else those of LEASH_OPTIONS, else the
 * defaults. No field is left "not set", but `threads` (0: as many as there are processors for), and `trace`: NULL if no
 * trace is asked for (LEASH_TRACE is heeded too; it beats trace= in LEASH_OPTIONS). The environment is read once a
 * process; what is wrong with it is named on stderr then. Strings of the environment live as long as the process, those
 * of `given` as long as the caller keeps them. 0; -EINVAL: `given` does not begin with a plausible size. */
int leash__options_effective(const struct leash_options *given, struct leash_options *out);

#endif
