/* What a program itself accepts of what `leash check` would find in its traces. */
#ifndef LEASH_SUPPRESS_H
#define LEASH_SUPPRESS_H

#include <leash/site.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A program that defines it (the library does not) has what it returns written into each of its traces: text as in a
 * file of suppressions, "pending-at-exit:name=heartbeat-*\n", of at most 64 KiB, that outlives the call; NULL: none. It
 * is called once a trace, on the thread that begins it, before anything is recorded, and must call nothing of leash. */
LEASH_API const char *
__leash_default_suppressions(void); /* the name that LeakSanitizer's users know, with ours in it */

#ifdef __cplusplus
}
#endif
#endif
