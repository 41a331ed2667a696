/* Orders for qsort() and bsearch(). */
#ifndef LEASH_INSPECTOR_ORDER_H
#define LEASH_INSPECTOR_ORDER_H

#include <stdint.h>

/* Of int64_t, upwards. */
static inline int order_numbers(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

#endif
