/* libleash_malloc, which a command can be run with. */
#ifndef LEASH_INSPECTOR_PRELOAD_H
#define LEASH_INSPECTOR_PRELOAD_H

#include <stdbool.h>
#include <stddef.h>

/* Where it is: in the folder of libraries that belongs to this program's own. False: it is not there. */
bool preload_find(char *path, size_t size);
/* Puts it before all else in LD_PRELOAD. */
void preload_set(const char *path);

#endif
