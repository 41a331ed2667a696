/* What is typed after a flag. */
#ifndef LEASH_INSPECTOR_VALUES_H
#define LEASH_INSPECTOR_VALUES_H

#include <stdbool.h>
#include <stdint.h>

/* "200ms", "2s", "0.5": seconds. */
bool value_duration(const char *text, double *seconds);
/* "+1.5s", "200ms": nanoseconds since the run began. */
bool value_instant(const char *text, int64_t *ns);
bool value_number(const char *text, int64_t least, int64_t most, int64_t *number);
/* "never-awaited,deadlock": bits. On failure *wrong is the class that there is not (at most 63 bytes), *near what may
 * have been meant or NULL. */
bool value_classes(const char *text, uint32_t *classes, char *wrong, const char **near);

#endif
