/* fuzz_accept [SEED [ROUNDS]]: good files, changed at random, one seed a round. With FUZZ_VERBOSE in the environment
 * each round's seed is told before it runs, so that a failure can be run again: fuzz_accept SEED 1. */
#include "fuzz_accept.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const samples[] = {
    "# leash suppressions 1\nnever-awaited:flush_cache # c\npending-at-exit:name=heartbeat-* max=5\n"
    "never-retrieved:file=third_party/** until=2027-01-31 issue=#214 reason=\"a \\\" b\"\n*:created-by=vendor_init\n"
    "{ name=dns thread  class=pending-at-exit,unreferenced\n stack=resolve_host < ... < pool_worker < $ reason=bug 91 "
    "}\n",
    "# leash baseline 1\n# about\n\nnever-awaited 2b90f1c4 count=3 src/server.c on_shutdown\n# why\n"
    "pending-at-exit 9f3c21d8 count=2 src/pool.c worker_start\n# end\n",
};
static const char *const pieces[] = {"\n",    " ",      "\"",   "\\",     "{",      "}",         "<",    "...",
                                     "#",     "=",      ":",    "*",      "**",     "^",         "$",    "\t",
                                     "name=", "class=", "max=", "until=", "stack=", "deadlock:", "\xff", "count="};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint64_t state;

static size_t next_random(size_t below)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (size_t)(state >> 33) % below;
}

/* Changes one thing; the text never grows beyond its room. */
static size_t mutate(char *text, size_t length, size_t room)
{
    size_t at = next_random(length + 1), count = next_random(8);
    switch (next_random(4)) {
    case 0: /* another byte */
        if (at < length)
            text[at] = (char)next_random(256);
        return length;
    case 1: { /* a piece more */
        const char *piece = pieces[next_random(COUNT(pieces))];
        size_t added = strlen(piece);
        if (length + added > room)
            return length;
        memmove(text + at + added, text + at, length - at);
        memcpy(text + at, piece, added);
        return length + added;
    }
    case 2: /* some bytes less */
        count = count < length - at ? count : length - at;
        memmove(text + at, text + at + count, length - at - count);
        return length - count;
    default: /* cut */
        return next_random(10) ? length : at;
    }
}

static void run_round(uint64_t seed)
{
    char text[2048];
    state = seed * 0x9e3779b97f4a7c15ull;
    const char *sample = samples[next_random(COUNT(samples))];
    size_t length = strlen(sample);
    memcpy(text, sample, length);
    for (size_t changes = next_random(12); changes > 0; changes--)
        length = mutate(text, length, sizeof text);
    LLVMFuzzerTestOneInput((const uint8_t *)text, length);
}

int main(int argc, char **argv)
{
    const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : (uint64_t)time(NULL);
    const uint64_t rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
    setbuf(stdout, NULL);
    printf("fuzz_accept: seeds %" PRIu64 " to %" PRIu64 "\n", seed, seed + rounds - 1);
    for (uint64_t i = 0; i < rounds; i++) {
        if (getenv("FUZZ_VERBOSE"))
            fprintf(stderr, "seed %" PRIu64 "\n", seed + i);
        run_round(seed + i);
    }
    return 0;
}
