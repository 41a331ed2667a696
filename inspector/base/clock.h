/* What the inspector's own time is measured with: how long a query took, when to look again. */
#ifndef LEASH_INSPECTOR_CLOCK_H
#define LEASH_INSPECTOR_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some moment; it never goes back. */
int64_t clock_now_ns(void);

#endif
