#include "mutate.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

size_t mutate_below(size_t limit)
{
    return (size_t)(next_random() % limit);
}

/* At most `most` bytes from `at` on, at least one. */
static size_t length_within(size_t size, size_t at, size_t most)
{
    return 1 + mutate_below(size - at < most ? size - at : most);
}

/* Mostly where something is, more often than not far from the header. */
static size_t place(const unsigned char *bytes, size_t size)
{
    size_t at = mutate_below(mutate_below(16) == 0 && size > 100 ? 100 : size);
    for (size_t tries = 0; tries < 64 && bytes[at] == 0; tries++)
        at = mutate_below(size);
    return at;
}

static void change(unsigned char *bytes, size_t size)
{
    size_t at = place(bytes, size), from = mutate_below(size);
    switch (mutate_below(4)) {
    case 0:
        bytes[at] = (unsigned char)next_random();
        break;
    case 1:
        bytes[at] ^= (unsigned char)(1u << mutate_below(8));
        break;
    case 2:
        memmove(bytes + at, bytes + from, length_within(size, at > from ? at : from, 16));
        break;
    default:
        memset(bytes + at, (int)mutate_below(256), length_within(size, at, 8));
        break;
    }
}

size_t mutate_bytes(unsigned char *bytes, size_t size)
{
    for (size_t changes = 1 + mutate_below(4); changes > 0; changes--)
        change(bytes, size);
    return mutate_below(10) == 0 ? mutate_below(size) : size;
}

void mutate_seed(unsigned rounds)
{
    const char *seed = getenv("FUZZ_SEED");
    random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL) * 2654435761u + (uint64_t)getpid();
    random_state += random_state == 0;
    print_message("FUZZ_SEED=%llu FUZZ_ROUNDS=%u\n", (unsigned long long)random_state, rounds);
}

unsigned mutate_rounds(unsigned standard)
{
    const char *rounds = getenv("FUZZ_ROUNDS");
    return rounds ? (unsigned)atoi(rounds) : standard;
}
