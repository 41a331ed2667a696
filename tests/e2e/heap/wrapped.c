/* A program that is linked statically, with malloc wrapped: what it and its libc allocate is told of. */
#include <blocks.h>

#include <stdlib.h>
#include <string.h>

static int is_told(const void *block)
{
    const struct leash__region *region = leash_malloc_blocks()->regions[(uintptr_t)block >> LEASH_REGION_SHIFT];
    size_t bit = ((uintptr_t)block & ((UINT64_C(1) << LEASH_REGION_SHIFT) - 1)) / LEASH_BLOCK_ALIGN;
    return region && region->starts[bit >> 6] >> (bit & 63) & 1;
}

int main(void)
{
    char *own = malloc(100), *of_libc = strdup("text"), *larger = realloc(malloc(10), 100000);
    if (!own || !of_libc || !larger)
        return 1;
    int good = is_told(own) && is_told(of_libc) && is_told(larger) && *leash_malloc_blocks()->complete;
    volatile uintptr_t was = (uintptr_t)own;
    free(own);
    good &= !is_told((void *)was);
    free(of_libc);
    free(larger);
    return good ? 0 : 2;
}
