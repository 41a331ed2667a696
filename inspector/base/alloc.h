/* Memory of a short-lived command: when there is none left, the program says so and exits with 2, so that no caller
 * has to carry a failure that it could do nothing about. */
#ifndef LEASH_INSPECTOR_ALLOC_H
#define LEASH_INSPECTOR_ALLOC_H

#include <stddef.h>

void *xcalloc(size_t count, size_t size) __attribute__((returns_nonnull));
void *xrealloc(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text) __attribute__((returns_nonnull));

/* Makes room for one more element of a growing array: `array`, its `count` and its `capacity`. */
#define X_GROW(array, count, capacity)                                                                                 \
    do {                                                                                                               \
        if ((count) == (capacity)) {                                                                                   \
            (capacity) = (capacity) ? (capacity)*2 : 16;                                                               \
            (array) = xrealloc((array), (capacity), sizeof *(array));                                                  \
        }                                                                                                              \
    } while (0)

#endif
