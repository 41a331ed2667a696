#include "random.h"

void pattern_fill(uint64_t key, uint64_t position, unsigned char *data, size_t n)
{
    for (size_t i = 0; i < n; i++)
        data[i] = pattern_byte(key, position + i);
}

size_t pattern_check(uint64_t key, uint64_t position, const unsigned char *data, size_t n)
{
    size_t i = 0;
    while (i < n && data[i] == pattern_byte(key, position + i))
        i++;
    return i;
}
