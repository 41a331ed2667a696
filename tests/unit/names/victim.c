/* Code whose frames are to be named. Every function answers with an address inside itself, and the line it stands in.
 */
#include "victim.h"

__attribute__((noinline)) static void *caller(void)
{
    return __builtin_return_address(0);
}

/* A return address, less one: it lies in the call. */
#define HERE(line) (*(line) = __LINE__, (void *)((char *)caller() - 1))

void *victim_plain(int *line)
{
    void *here = HERE(line);
    *line += 0;
    return here;
}

__attribute__((noinline)) static void *victim_static(int *line)
{
    void *here = HERE(line);
    *line += 0;
    return here;
}

void *victim_calls_static(int *line)
{
    void *here = victim_static(line);
    *line += 0;
    return here;
}

__attribute__((always_inline)) static inline void *victim_inlined(int *line)
{
    return HERE(line);
}

void *victim_outer(int *line)
{
    void *here = victim_inlined(line);
    *line += 0;
    return here;
}
