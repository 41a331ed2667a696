/* make_big_trace TASKS FILE: writes a trace of that many tasks and about as many awaits (10000000: 1 GB, a minute). */
#include "big_trace.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    uint64_t tasks = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
    if (!tasks) {
        fprintf(stderr, "usage: make_big_trace TASKS FILE\n");
        return 2;
    }
    big_trace_make(argv[2], tasks);
    return 0;
}
